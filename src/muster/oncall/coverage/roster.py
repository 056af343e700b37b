"""Who is on call and why, as values: coverage, spans, and a schedule through time (R72)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum

from muster.oncall.calendars.calendar import Calendar
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import Schedule


class Cause(StrEnum):
    """What decided a span."""

    OVERRIDE = "override"
    LAYER = "layer"
    UNCOVERED = "uncovered"
    NO_SCHEDULE = "no_schedule"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why these people: `name` is the layer's name or the override's id, `by` and `note` are the override's.

    The `note` of a layer says what is particular: the title of an imported shift, or for whom somebody stands in.
    """

    cause: Cause
    name: str = ""
    by: str = ""
    note: str = ""

    def sentence(self) -> str:
        """The reason as people read it."""
        if self.cause is Cause.LAYER:
            return f"Layer {self.name} has this turn{f': {self.note}' if self.note else ''}."
        if self.cause is Cause.OVERRIDE:
            return f"An override{f' by {self.by}' if self.by else ''} says so{f': {self.note}' if self.note else '.'}"
        if self.cause is Cause.UNCOVERED:
            return "No layer and no override covers this time."
        return "The schedule did not exist at this time."


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who is on call, possibly several together or nobody, and why; `shadows` learn beside them and cover nothing."""

    people: tuple[str, ...]
    reason: Reason
    shadows: tuple[str, ...] = ()


UNCOVERED = Coverage((), Reason(Cause.UNCOVERED))
NO_SCHEDULE = Coverage((), Reason(Cause.NO_SCHEDULE))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `[start, end)` (aware UTC) with one coverage."""

    start: datetime
    end: datetime
    coverage: Coverage

    @property
    def people(self) -> tuple[str, ...]:
        """Who is on call; empty in a gap."""
        return self.coverage.people

    @property
    def shadows(self) -> tuple[str, ...]:
        """Who learns beside them."""
        return self.coverage.shadows

    @property
    def is_gap(self) -> bool:
        """Whether nobody is on call."""
        return not self.coverage.people


@dataclass(frozen=True, slots=True)
class Version:
    """A schedule's definition in force from `since` until the next version; None after it was deleted.

    `calendars` are those that its layers name, by name, with the content that they had then. One that is not there has no
    holidays and no shifts.
    """

    since: datetime
    schedule: Schedule | None
    calendars: Mapping[str, Calendar] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Roster:
    """One schedule through time: its versions by rising `since`, and its overrides in the order in which they were made.

    Each version answers for its own time only: an edit never changes who was on call before it.
    """

    versions: tuple[Version, ...]
    overrides: tuple[Override, ...] = ()

    @classmethod
    def of(
        cls,
        schedule: Schedule,
        overrides: Iterable[Override] = (),
        calendars: Mapping[str, Calendar] | None = None,
    ) -> "Roster":
        """A roster whose one version was always in force: for previews and dry runs."""
        return cls((Version(datetime.min.replace(tzinfo=UTC), schedule, calendars or {}),), tuple(overrides))

    @property
    def current(self) -> Schedule | None:
        """The newest definition."""
        return self.versions[-1].schedule if self.versions else None

    @property
    def people(self) -> frozenset[str]:
        """Everybody whom any version, calendar or override names."""
        named = {override.person for override in self.overrides if override.person}
        for version in self.versions:
            named.update(version.schedule.people if version.schedule else ())
            named.update(
                person
                for calendar in version.calendars.values()
                for shift in calendar.shifts
                for person in shift.people
            )
        return frozenset(named)
