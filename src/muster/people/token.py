"""API tokens: how they read, what they may do and how long they live (pure; the randomness is handed in)."""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.base.access import Permission
from muster.kit.base64url import encode
from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean

PREFIX = "mst_"
SECRET_BYTES = 32
HINT_LENGTH = 8
USUAL_LIFE, LONGEST_LIFE = timedelta(days=90), timedelta(days=365)


@dataclass(frozen=True, slots=True)
class ApiToken:
    """A token as its owner sees it again: never the secret, only `hint`, its first characters."""

    id: UUID
    name: str
    person: str
    hint: str
    scopes: tuple[str, ...]
    created_at: datetime
    expires_at: datetime
    last_used_at: datetime | None
    revoked_at: datetime | None

    def state(self, now: datetime) -> str:
        """active, expired or revoked."""
        if self.revoked_at is not None:
            return "revoked"
        return "expired" if now >= self.expires_at else "active"


def write(secret: bytes) -> str:
    """The token that a program sends; shown once.

    Raises:
        ValueError: for fewer than SECRET_BYTES bytes.
    """
    if len(secret) < SECRET_BYTES:
        raise ValueError(f"a token is made of at least {SECRET_BYTES} bytes")
    return PREFIX + encode(secret)


def digest(token: str) -> bytes:
    """What is kept of a secret that carries 256 bits of randomness: its SHA-256. A guess gains nothing from it."""
    return hashlib.sha256(token.encode("utf-8", "surrogateescape")).digest()


def groups() -> list[str]:
    """The wildcards: `incident.*` for every permission whose name begins with `incident.`."""
    return sorted({f"{permission.partition('.')[0]}.*" for permission in Permission if "." in permission})


def scope_faults(scopes: Iterable[str]) -> list[Fault]:
    """Scopes are names of permissions, `group.*`, or `*` for all that the owner may do."""
    listed = list(scopes)
    if not listed:
        return [
            Fault("scopes", "A token without scopes may do nothing.", "List permissions, such as incident.*, or *.")
        ]
    known = ["*", *groups(), *(str(permission) for permission in Permission)]
    faults = [
        Fault(f"scopes.{index}", f"`{scope:.60}` is not a permission.", did_you_mean(scope, known))
        for index, scope in enumerate(listed)
        if scope not in known
    ]
    if len(listed) > len(known):
        faults.append(Fault("scopes", "The list repeats itself.", "List each scope once."))
    return faults


def covers(held: Iterable[str], wanted: str) -> bool:
    """Whether scopes that somebody holds include all that the scope `wanted` gives."""
    return any(scope in ("*", wanted) or (scope.endswith(".*") and wanted.startswith(scope[:-1])) for scope in held)


def expiry_faults(life: timedelta) -> list[Fault]:
    """A token ends by itself within a year."""
    if life <= timedelta(0):
        return [Fault("expires_in", "A token lives for some time.", "Write a duration such as 90d.")]
    if life > LONGEST_LIFE:
        return [Fault("expires_in", f"A token lives at most {LONGEST_LIFE.days} days.", "Write 365d or less.")]
    return []
