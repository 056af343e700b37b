"""The port by which a feature brings a section of the plan: its model, and how it reads.

A section's names, mentions, JSON Schema, differences and faults with their places follow from the model.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from muster.plan.model.plan import Plan
from muster.plan.model.reference import Reference, references
from muster.plan.model.section import Section
from muster.plan.part import Part

Model = TypeVar("Model", bound=Section)


@dataclass(frozen=True, slots=True)
class PlanSection:
    """A section that a feature brings.

    `name` is its key in the YAML, `model` what it may say, `prose` how it reads. A plan without it says nothing there.
    """

    name: str
    model: type[Section]
    prose: Callable[[Plan, Any], Part]


def references_in(sections: Iterable[PlanSection], data: Mapping[str, Any]) -> Iterator[Reference]:
    """Every name that sections use, in data as written, by the section's key."""
    for section in sections:
        yield from references(section.model, data.get(section.name), (section.name,))


def section_of(plan: Plan, name: str, model: type[Model]) -> Model | None:
    """What a plan says in the section of a feature; None where it says nothing. Read once for each plan.

    Raises:
        ValidationError: the section was written before anybody checked it, and cannot be read.
    """
    if name not in plan.kept:
        return None
    if name not in plan.read:
        plan.read[name] = model.model_validate(plan.kept[name])
    section = plan.read[name]
    assert isinstance(section, model)
    return section
