"""Hand-off notes: what whoever follows on a schedule should know (R72)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

STANDS = timedelta(days=14)
"""A note that nobody has put aside stands this long."""

LONGEST = 5000


@dataclass(frozen=True, slots=True)
class HandOffNote:
    """A note in Markdown; it stands until somebody puts it aside or `STANDS` has passed."""

    id: UUID
    schedule: str
    author: str
    text: str
    written_at: datetime
    done_at: datetime | None = None
    done_by: str = ""

    def stands(self, now: datetime) -> bool:
        """Whether whoever is on call should still read it."""
        return self.done_at is None and now < self.written_at + STANDS
