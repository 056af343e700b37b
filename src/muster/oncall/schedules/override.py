"""An override: somebody, or knowingly nobody, on call for a time in place of the layers."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Override:
    """For `[start, end)` (instants) `person` alone is on call, or by `None` knowingly nobody, whatever the layers say.

    Of two that overlap, the one made later decides. `id`, `by` and `note` say which, who made it and why.
    """

    person: str | None
    start: datetime
    end: datetime
    id: str = ""
    by: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class OverrideDraft:
    """What somebody wants an override to be: `person`, or None for nobody, from `start` to `end`."""

    person: str | None
    start: datetime
    end: datetime
    note: str = ""


@dataclass(frozen=True, slots=True)
class StoredOverride:
    """An override as it was made and, where `removed_at` is set, ended early. `person` None means nobody."""

    id: UUID
    schedule: str
    person: str | None
    start: datetime
    end: datetime
    note: str
    made_by: str
    created_at: datetime
    removed_at: datetime | None = None
    removed_by: str | None = None

    @property
    def effective_end(self) -> datetime:
        """When it ends or ended to hold; at or before its start it never holds."""
        return min(self.end, self.removed_at) if self.removed_at else self.end
