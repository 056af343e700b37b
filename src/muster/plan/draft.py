"""A plan as written, before it is known to be valid: cross-checks read it without tripping over its other faults."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from muster.kit.errors import Fault
from muster.kit.yamldoc import Document, Path
from muster.plan.check_kind import CheckKind, references_in_checks
from muster.plan.model.authority import USUAL_LEVELS
from muster.plan.model.fields import TARGET_KINDS
from muster.plan.model.plan import Plan
from muster.plan.model.reference import Reference, references
from muster.plan.model.roles import USUAL_ROLES
from muster.plan.model.severities import USUAL_CATEGORIES, usual_severities
from muster.plan.section import PlanSection, references_in


@dataclass(frozen=True)
class Draft:
    """The normalised data of one document with its places; whatever has the wrong shape is passed over."""

    data: dict[str, Any]
    document: Document
    sections: tuple[PlanSection, ...] = ()
    kinds: tuple[CheckKind, ...] = ()
    faults: list[Fault] = field(default_factory=list)
    warnings: list[Fault] = field(default_factory=list)

    def refuse(self, path: Path, rule: str, fix: str = "", *, key: bool = False) -> None:
        """Note a fault at `path`."""
        self.faults.append(self.document.fault(path, rule, fix, key=key))

    def warn(self, path: Path, rule: str, fix: str = "", *, key: bool = False) -> None:
        """Note something that does not hinder publishing."""
        self.warnings.append(self.document.fault(path, rule, fix, key=key))

    def mapping(self, *path: str) -> dict[str, Any]:
        """The mapping at `path`, or an empty one."""
        here: Any = self.data
        for step in path:
            here = here.get(step) if isinstance(here, dict) else None
        return here if isinstance(here, dict) else {}

    def items(self, section: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The mappings of a list section with their numbers."""
        items = self.data.get(section)
        for number, item in enumerate(items if isinstance(items, list) else []):
            if isinstance(item, dict):
                yield number, item

    @property
    def severities(self) -> list[str]:
        """The severities' names."""
        return list(self.mapping("severities")) or list(usual_severities())

    @property
    def categories(self) -> list[str]:
        """The categories' names."""
        names = self.data.get("categories")
        return [str(name) for name in names] if isinstance(names, list) and names else list(USUAL_CATEGORIES)

    @property
    def levels(self) -> list[str]:
        """The levels of authority."""
        names = self.mapping("authority").get("levels")
        return [str(name) for name in names] if isinstance(names, list) and names else list(USUAL_LEVELS)

    @property
    def roles(self) -> list[str]:
        """The roles of the plan and those that every incident has."""
        return [*self.mapping("roles"), *(role for role in USUAL_ROLES if role not in self.mapping("roles"))]

    @property
    def policies(self) -> dict[str, Any]:
        """The escalation policies, each as written."""
        return self.mapping("escalation")

    def steps(self, policy: str) -> Iterator[tuple[int, dict[str, Any]]]:
        """The steps of one policy that have the shape of a step."""
        steps = self.policies.get(policy)
        for number, step in enumerate(steps if isinstance(steps, list) else []):
            if isinstance(step, dict):
                yield number, step

    def finals(self) -> Iterator[tuple[Path, dict[str, Any]]]:
        """The rounds that follow a policy's last step; a single one may stand without a list."""
        found, path = self.mapping("paging").get("final"), ("paging", "final")
        if isinstance(found, dict):
            yield path, found
        for number, final in enumerate(found if isinstance(found, list) else []):
            if isinstance(final, dict):
                yield (*path, number), final

    def targets(self, path: Path, value: Any) -> Iterator[tuple[Path, str, str]]:
        """The targets in a `notify` or `held_by`, as (path, kind, name); those that name no kind are passed over."""
        for where, name in texts(path, value):
            kind, colon, rest = name.partition(":")
            if colon and kind in TARGET_KINDS:
                yield where, kind, rest.strip()

    @cached_property
    def references(self) -> tuple[Reference, ...]:
        """Every name that the plan uses, as the model marks them."""
        return (
            *references(Plan, self.data),
            *references_in(self.sections, self.mapping("kept")),
            *references_in_checks(self.kinds, self.data.get("closure")),
        )


def texts(path: Path, value: Any) -> Iterator[tuple[Path, str]]:
    """The texts of a list, or the one that stands in its place, with their paths."""
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        yield from (((*path, number), text) for number, text in enumerate(value) if isinstance(text, str))
