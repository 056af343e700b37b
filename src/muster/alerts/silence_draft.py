"""A silence as somebody asks for it, with everything that is wrong about it."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.alerts.matchers import Matcher, accepts_absence, parse_all
from muster.alerts.silence import SilenceKind
from muster.kit.errors import Fault

LONGEST = timedelta(days=90)
"""A silence that never ends hides what it was made to hide, and everything after it."""
LONGEST_COMMENT = 2000
MOST_MATCHERS = 100


@dataclass(frozen=True, slots=True)
class SilenceDraft:
    """What is wanted. `author` is who asked where that is not the actor (amtool's createdBy), `integration` a name."""

    kind: SilenceKind
    matchers: tuple[Matcher, ...]
    starts_at: datetime
    ends_at: datetime
    comment: str
    integration: str = ""
    author: str = ""

    def faults(self, now: datetime, *, comment_needed: bool = True) -> list[Fault]:
        """Everything wrong, by field."""
        faults = matcher_faults(self.matchers)
        if self.ends_at <= self.starts_at:
            faults.append(Fault("ends_at", "It ends before it begins.", "Choose an end after the start."))
        elif self.ends_at <= now:
            faults.append(Fault("ends_at", "Its end has passed already.", "Choose an end that is still to come."))
        elif self.ends_at - max(self.starts_at, now) > LONGEST:
            rule = f"It may last at most {LONGEST.days} days."
            faults.append(Fault("ends_at", rule, "Choose an earlier end and prolong it when that is needed."))
        if comment_needed and not self.comment.strip():
            faults.append(Fault("comment", "It does not say why.", "Write what is being done, or a ticket's number."))
        if len(self.comment) > LONGEST_COMMENT:
            faults.append(Fault("comment", f"The comment has at most {LONGEST_COMMENT} characters.", "Shorten it."))
        return faults


def matcher_faults(matchers: tuple[Matcher, ...]) -> list[Fault]:
    """Rules of the matchers together: at least one must narrow down what is silenced."""
    if not matchers:
        return [Fault("matchers", "It has no matcher.", 'Write at least one, such as alertname="DiskFull".')]
    if len(matchers) > MOST_MATCHERS:
        return [Fault("matchers", f"It has more than {MOST_MATCHERS} matchers.", "Make several silences.")]
    if all(accepts_absence(matcher) for matcher in matchers):
        return [Fault("matchers", "It would silence everything.", "Add a matcher that needs a label to have a value.")]
    return []


def read_matchers(text: str) -> tuple[tuple[Matcher, ...], list[Fault]]:
    """Matchers as typed, several a line separated by commas; what cannot be read is a fault of the field `matchers`."""
    matchers: list[Matcher] = []
    faults: list[Fault] = []
    for line in text.splitlines():
        try:
            matchers += parse_all(line) if line.strip() else ()
        except ValueError as error:
            faults.append(Fault("matchers", str(error)))
    return tuple(matchers), faults
