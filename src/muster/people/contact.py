"""One way to reach a person."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """`kind` names a channel ("email", "ntfy"), `address` is in that channel's form; rank 1 is tried first.

    `verified_by` tells whether the owner proved it with a code or an administrator vouched for it; empty when neither did.
    """

    id: UUID
    person_id: UUID
    kind: str
    address: str
    rank: int
    verified_at: datetime | None
    verified_by: str
    active: bool

    @property
    def verified(self) -> bool:
        """Whether a page sent here is known to arrive with the right person."""
        return self.verified_at is not None
