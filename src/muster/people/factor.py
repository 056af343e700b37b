"""What a person can prove themselves with beside the password, and who must be able to (pure)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.base.access import Level
from muster.kit.errors import Fault

FEW_CODES = 3
"""So many recovery codes or fewer are worth a warning."""

NOBODY = "nobody"
REQUIRED_FOR = {
    NOBODY: None,
    "administrators": Level.ADMINISTRATOR,
    "managers": Level.MANAGER,
    "everybody": Level.VIEWER,
}
"""Who must have a second factor, and from which level on."""

WORDS = {
    NOBODY: "Nobody",
    "administrators": "Administrators",
    "managers": "Managers and above",
    "everybody": "Everybody",
}
LONGEST_GRACE = 90


@dataclass(frozen=True, slots=True)
class Passkey:
    """A passkey as its owner sees it."""

    id: UUID
    name: str
    created_at: datetime
    last_used_at: datetime | None


@dataclass(frozen=True, slots=True)
class Factors:
    """What somebody has. `codes_left` are recovery codes; they are no factor of their own."""

    app: bool
    passkeys: tuple[Passkey, ...]
    codes_left: int

    @property
    def any(self) -> bool:
        """Whether signing in takes a second step."""
        return self.app or bool(self.passkeys)

    @property
    def few_codes(self) -> bool:
        """Whether recovery codes run out."""
        return self.any and self.codes_left <= FEW_CODES

    @property
    def words(self) -> str:
        """What there is, in a few words."""
        named = [
            *(["authenticator app"] if self.app else []),
            *([_passkeys(len(self.passkeys))] if self.passkeys else []),
        ]
        return " and ".join(named) or "none"


@dataclass(frozen=True, slots=True)
class Requirement:
    """Who must have a second factor, since when, and the days that there are to set one up."""

    who: str = NOBODY
    grace: int = 7
    since: datetime | None = None

    def due(self, level: Level, here_since: datetime) -> datetime | None:
        """By when somebody of that level must have one; None where they need not."""
        least = REQUIRED_FOR[self.who]
        if least is None or level < least or self.since is None:
            return None
        return max(self.since, here_since) + timedelta(days=self.grace)


def requirement_faults(who: str, grace: int) -> list[Fault]:
    """Everything wrong with a requirement."""
    faults = []
    if who not in REQUIRED_FOR:
        rule = f"`{who:.40}` does not say who must have a second factor."
        faults.append(Fault("second_factor_for", rule, f"Choose one of {', '.join(REQUIRED_FOR)}."))
    if not 0 <= grace <= LONGEST_GRACE:
        faults.append(Fault("grace_days", f"There are 0 to {LONGEST_GRACE} days of grace.", "Write 7."))
    return faults


def _passkeys(count: int) -> str:
    return "a passkey" if count == 1 else f"{count} passkeys"
