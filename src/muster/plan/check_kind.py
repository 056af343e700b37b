"""The port by which a feature brings a kind of item for the closure checklist: what a plan may say of it, and how it reads."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from muster.plan.model.closure import Check
from muster.plan.model.reference import Reference, references
from muster.plan.model.section import Section


class BareCheck(Section):
    """A check without fields of its own."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckKind:
    """A kind of item; a port (`base/ports.py`). `fields` is what an item may say besides the fields of `Check`.

    `words` makes the sentence of the plan's prose from an item and its fields.
    """

    name: str
    words: Callable[[Check, Any], str]
    fields: type[Section] = BareCheck

    def read(self, check: Check) -> Section:
        """The fields of an item.

        Raises:
            ValidationError: it was written before anybody checked it, and cannot be read.
        """
        return self.fields.model_validate(check.params)


def references_in_checks(kinds: Iterable[CheckKind], checks: Any) -> Iterator[Reference]:
    """Every name that the fields of kinds use, in items as written."""
    models = {kind.name: kind.fields for kind in kinds}
    for number, item in enumerate(checks if isinstance(checks, list) else ()):
        if isinstance(item, dict) and (model := models.get(str(item.get("check")))):
            yield from references(model, item.get("params"), ("closure", number))
