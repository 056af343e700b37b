"""Refusals that a person can act on: each names what is wrong, the rule and the fix (RFC 9457 at the HTTP edge)."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong with what was sent.

    `field` is a dotted path ("layers.0.hand_off") or empty for the whole; `rule` says what must hold, `fix` what to do;
    `file`, `line` and `column` (from 1) are set where the input is a document.
    """

    field: str
    rule: str
    fix: str = ""
    file: str | None = None
    line: int | None = None
    column: int | None = None

    def sentence(self) -> str:
        """The fault on one line, as a terminal or a log shows it."""
        place = ":".join(str(part) for part in (self.file, self.line, self.column) if part is not None)
        parts = [place, self.field, f"{self.rule} {self.fix}".strip()]
        return ": ".join(part for part in parts if part)

    def as_json(self) -> dict[str, Any]:
        """The fault without its unset parts."""
        return {key: value for key, value in asdict(self).items() if value not in (None, "")}


class Broken(ValueError):
    """Raised by a reader or validator that knows the fix as well as the rule."""

    def __init__(self, rule: str, fix: str = "") -> None:
        super().__init__(f"{rule} {fix}".strip())
        self.rule, self.fix = rule, fix

    def at(self, field: str) -> Fault:
        """As a fault of a field."""
        return Fault(field, self.rule, self.fix)


MOST_FAULTS = 100
"""Faults that one answer lists; whoever mends these sends again anyway."""


def first_of(faults: Iterable[Fault], total: int | None = None) -> tuple[Fault, ...]:
    """The first faults, and a word on how many are not shown; `total` is how many there are where not all were made."""
    shown = tuple(islice(faults, MOST_FAULTS + 1)) if total else tuple(faults)
    more = (total or len(shown)) - MOST_FAULTS
    if more <= 0:
        return shown
    return *shown[:MOST_FAULTS], Fault("", f"And {more:,} more.", "Mend these first.")


class Problem(Exception):
    """A refusal with its HTTP status, a stable `kind` for programs, and sentences for people."""

    status: ClassVar[int] = 500
    kind: ClassVar[str] = "internal"

    def __init__(self, title: str, detail: str = "", faults: Iterable[Fault] = ()) -> None:
        self.title, self.detail, self.faults = title, detail, first_of(faults)
        super().__init__(title)

    def __str__(self) -> str:
        lines = [f"{self.title} {self.detail}".strip(), *(fault.sentence() for fault in self.faults)]
        return "\n".join(lines)

    def as_json(self) -> dict[str, Any]:
        """The problem details object of RFC 9457; `reasons` are its sentences, `faults` what they are about."""
        body: dict[str, Any] = {"type": f"urn:muster:problem:{self.kind}", "title": self.title, "status": self.status}
        if self.detail:
            body["detail"] = self.detail
        if self.faults:
            body["faults"] = [fault.as_json() for fault in self.faults]
        return {**body, "reasons": self.reasons()}

    def reasons(self) -> list[str]:
        """Every sentence of it, in the order in which a terminal shows them."""
        sentences = [self.title, self.detail, *(fault.sentence() for fault in self.faults)]
        return [sentence for sentence in sentences if sentence]


class Malformed(Problem):
    """The bytes are not what the format says."""

    status, kind = 400, "malformed"


class Unauthenticated(Problem):
    """Nobody, or nobody known, is asking."""

    status, kind = 401, "unauthenticated"


class Denied(Problem):
    """Somebody known asks for what they may not do; `permission` names it."""

    status, kind = 403, "denied"

    def __init__(self, title: str, detail: str = "", *, permission: str = "") -> None:
        super().__init__(title, detail)
        self.permission = permission

    def as_json(self) -> dict[str, Any]:
        return {**super().as_json(), **({"permission": self.permission} if self.permission else {})}


class SessionUnproven(Problem):
    """A sensitive deed in a session that was not proven lately."""

    status, kind = 403, "reauthentication_required"


class Unfinished(Problem):
    """Somebody must set a second factor up before anything else."""

    status, kind = 403, "second_factor_required"


class Missing(Problem):
    """What is named does not exist, or is not for the asker to see."""

    status, kind = 404, "missing"


class TooSlow(Problem):
    """The body of the request did not come in time."""

    status, kind = 408, "too-slow"


class Conflict(Problem):
    """The request is fine, the present state forbids it; the detail says which state and what would help."""

    status, kind = 409, "conflict"


class TooLarge(Problem):
    """Above a limit that protects everybody else."""

    status, kind = 413, "too-large"


class Invalid(Problem):
    """Well-formed, but one or more fields break a rule; all of them are listed."""

    status, kind = 422, "invalid"


class Throttled(Problem):
    """Too many attempts; `retry_after` is in seconds."""

    status, kind = 429, "throttled"

    def __init__(self, title: str, detail: str = "", *, retry_after: int = 60) -> None:
        super().__init__(title, detail)
        self.retry_after = retry_after


class Unavailable(Problem):
    """A part of Muster or of the outside is away; trying again later may work."""

    status, kind = 503, "unavailable"
