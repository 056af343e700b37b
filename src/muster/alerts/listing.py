"""Which alerts a list shows: filters as people and programs give them, and how much of them the database can decide."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args
from uuid import UUID

from muster.alerts.matchers import Matcher, parse_all
from muster.alerts.pattern import compile_pattern
from muster.kit.errors import Fault, Invalid
from muster.kit.nearest import did_you_mean

Status = Literal["active", "firing", "acknowledged", "resolved", "all"]
Held = Literal["", "any", "none", "silence", "maintenance", "flapping", "test"]
STATUSES: tuple[str, ...] = get_args(Status)
HOLDS: tuple[str, ...] = get_args(Held)
_FOREIGN = ("\\d", "\\w", "{")
SEVERITIES = ("critical", "high", "medium", "low")


@dataclass(frozen=True, slots=True)
class AlertFilter:
    """Everything must hold. `text` is looked for in title and label values; `held` says what may hold an alert back."""

    status: Status = "active"
    held: Held = ""
    integration_id: UUID | None = None
    severity: str = ""
    matchers: tuple[Matcher, ...] = ()
    text: str = ""
    ids: tuple[UUID, ...] | None = None

    @property
    def equal(self) -> dict[str, str]:
        """The labels that must have exactly these values: what an index answers."""
        return {
            matcher.name: matcher.value
            for matcher in self.matchers
            if matcher.value and matcher.is_equal and not matcher.is_regex
        }

    @property
    def rest(self) -> tuple[Matcher, ...]:
        """The matchers that are not among `equal`, or contradict each other there: looked at one alert at a time."""
        equal = self.equal
        return tuple(
            matcher
            for matcher in self.matchers
            if matcher.is_regex or not matcher.is_equal or not matcher.value or equal[matcher.name] != matcher.value
        )

    @property
    def decidable(self) -> bool:
        """Whether the database can decide all of it, to the last alert."""
        return all(not matcher.is_regex for matcher in self.rest)


def narrowing(matcher: Matcher) -> tuple[str, str] | None:
    """An operator and value for PostgreSQL that keep all alerts which a matcher accepts, and few others.

    The value of an absent label is empty. Where its regular expressions mean something else than ours, or may, it is
    None, or they let more pass (a line break for `.`), so that the matcher itself has the last word.
    """
    if not matcher.is_regex:
        return ("=" if matcher.is_equal else "<>"), matcher.value
    if compile_pattern(matcher.value).fast is None or any(part in matcher.value for part in _FOREIGN):
        return None
    return ("~", f"^(?:{matcher.value})$") if matcher.is_equal else ("!~", f"(?p)^(?:{matcher.value})$")


def read_filters(texts: Sequence[str]) -> tuple[Matcher, ...]:
    """The parameters `filter=alertname="DiskFull"`, each with one matcher or several.

    Raises:
        Invalid: with every one that cannot be read.
    """
    matchers: list[Matcher] = []
    faults = []
    for index, text in enumerate(texts):
        try:
            matchers += parse_all(text)
        except ValueError as error:
            faults.append(Fault(f"filter.{index}", str(error), 'Write it as alertname="DiskFull" or severity=~"c.*".'))
    if faults:
        raise Invalid("The filter cannot be read.", faults=faults)
    return tuple(matchers)


def one_of(field: str, value: str, choices: Sequence[str]) -> str:
    """A parameter with a few known values.

    Raises:
        Invalid: it is none of them.
    """
    if value not in choices:
        fault = Fault(
            field, f"`{value:.40}` is not one of the choices.", did_you_mean(value, list(filter(None, choices)))
        )
        raise Invalid("The filter cannot be read.", faults=[fault])
    return value
