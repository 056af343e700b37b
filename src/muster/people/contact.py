"""One way to reach a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Contact:
    """`kind` names a channel ("email", "ntfy"), `address` is in that channel's form; rank 1 is tried first.

    `verified_by` tells whether the owner proved it with a code, by answering what was sent there (`use`), or an administrator
    vouched for it; empty when none did. `asked_at` is when the owner was last asked to prove it anew.
    """

    id: UUID
    person_id: UUID
    kind: str
    address: str
    rank: int
    verified_at: datetime | None
    verified_by: str
    active: bool
    asked_at: datetime | None = None

    @property
    def verified(self) -> bool:
        """Whether a page sent here was known to arrive with the right person."""
        return self.verified_at is not None

    @property
    def wanted_anew(self) -> bool:
        """Whether its owner was asked to prove it again and has not done so."""
        return self.verified_at is not None and self.asked_at is not None and self.asked_at > self.verified_at

    def reprove_at(self, every: timedelta) -> datetime | None:
        """Until when its proof is believed; None for one that was never proved."""
        return self.verified_at + every if self.verified_at else None

    def proven(self, every: timedelta, now: datetime) -> bool:
        """Whether a page sent here is known to arrive, by a proof that is not too old (R73)."""
        until = self.reprove_at(every)
        return until is not None and now < until


def masked(kind: str, address: str) -> str:
    """An address as it may be shown to others and stand in the ledger: enough to recognise, nothing to misuse.

    Of a URL only scheme and host stay, since its path often is a secret; of other addresses the first and the last letters.
    """
    if "://" in address:
        scheme, _, rest = address.partition("://")
        host = rest.split("/", 1)[0].rpartition("@")[2]
        return f"{scheme}://{host}/…"
    if kind == "email" and "@" in address:
        user, _, host = address.rpartition("@")
        return f"{user[:1]}…@{host}"
    return f"{address[:2]}…{address[-2:]}" if len(address) > 6 else "…"
