"""Shifts: for how long somebody is on call without a break, read off the coverage; no row ever holds one (R72)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.kit.interval import Interval, complement, union
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import spans

APART = timedelta(hours=20)
"""Shifts that follow each other within this make one stint: working hours of a week are not five surprises."""


@dataclass(frozen=True, slots=True, order=True)
class Shift:
    """`person` is on call by `schedule` in `[start, end)`, whatever decided each part of it."""

    start: datetime
    end: datetime
    schedule: str
    person: str

    def runs(self, instant: datetime) -> bool:
        """Whether it holds at an instant."""
        return self.start <= instant < self.end


@dataclass(frozen=True, slots=True)
class Stint:
    """Shifts of one person by one schedule that follow each other closely."""

    shifts: tuple[Shift, ...]

    @property
    def start(self) -> datetime:
        """When the first begins."""
        return self.shifts[0].start

    @property
    def end(self) -> datetime:
        """When the last ends."""
        return self.shifts[-1].end


def times_by_person(roster: Roster, start: datetime, end: datetime) -> dict[str, list[Interval]]:
    """When each person is on call inside `[start, end)`: disjoint intervals in order, those that touch joined."""
    pieces: dict[str, list[Interval]] = {}
    for span in spans(roster, start, end):
        for person in span.people:
            pieces.setdefault(person, []).append((span.start, span.end))
    return {person: union(times) for person, times in pieces.items()}


def shifts_of(name: str, roster: Roster, start: datetime, end: datetime) -> list[Shift]:
    """The shifts of everybody by one schedule, cut to `[start, end)`, by start."""
    return sorted(
        Shift(begins, ends, name, person)
        for person, times in times_by_person(roster, start, end).items()
        for begins, ends in times
    )


def shifts_by(rosters: Mapping[str, Roster], start: datetime, end: datetime) -> list[Shift]:
    """The shifts of everybody by several schedules, by start."""
    return sorted(shift for name, roster in rosters.items() for shift in shifts_of(name, roster, start, end))


def stints_of(shifts: Iterable[Shift]) -> list[Stint]:
    """Shifts joined where the same person follows themselves on the same schedule within `APART`; by start."""
    joined: dict[tuple[str, str], list[list[Shift]]] = {}
    for shift in sorted(shifts):
        runs = joined.setdefault((shift.schedule, shift.person), [])
        if runs and shift.start - runs[-1][-1].end <= APART:
            runs[-1].append(shift)
        else:
            runs.append([shift])
    stints = [Stint(tuple(run)) for runs in joined.values() for run in runs]
    return sorted(stints, key=lambda stint: stint.shifts[0])


@dataclass(frozen=True, slots=True)
class ShiftChange:
    """What a change did to one person: times won and times lost, by one schedule."""

    person: str
    schedule: str
    won: tuple[Interval, ...]
    lost: tuple[Interval, ...]


def shift_changes(name: str, before: Roster, after: Roster, start: datetime, end: datetime) -> list[ShiftChange]:
    """Whose shifts inside `[start, end)` differ between two states of a schedule, by name of the person."""
    was, now = times_by_person(before, start, end), times_by_person(after, start, end)
    changes = []
    for person in sorted({*was, *now}):
        won, lost = (
            _without(now.get(person, ()), was.get(person, ())),
            _without(was.get(person, ()), now.get(person, ())),
        )
        if won or lost:
            changes.append(ShiftChange(person, name, won, lost))
    return changes


def _without(times: Sequence[Interval], others: Sequence[Interval]) -> tuple[Interval, ...]:
    """The parts of `times` that lie in none of `others`; both are disjoint and in order."""
    return tuple(piece for begins, ends in times for piece in complement(_near(others, begins, ends), begins, ends))


def _near(times: Sequence[Interval], start: datetime, end: datetime) -> list[Interval]:
    return [time for time in times if time[0] < end and time[1] > start]
