"""What is wrong with the people of a schedule, beyond their names: who is twice on call, cannot be reached for certain, or
carries more than a fair share of what is to come. Pure (R34, R73)."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from muster.kit.interval import Interval
from muster.oncall.checks.finding import Finding, FindingKind
from muster.oncall.coverage.roster import Roster
from muster.oncall.fairness.load import loads, unfair
from muster.oncall.schedules.notation import write_span
from muster.oncall.schedules.schedule import Schedule
from muster.oncall.shifts.shift import Shift, times_by_person

TimesByPerson = Mapping[str, Sequence[Interval]]
"""When each person is on call, by name."""


def people_findings(
    schedule: Schedule,
    roster: Roster,
    others: Mapping[str, TimesByPerson],
    doubts: Mapping[str, str],
    zones: Mapping[str, str],
    start: datetime,
    end: datetime,
) -> tuple[Finding, ...]:
    """Look at whom a roster names inside `[start, end)`.

    Args:
        others: who is on call when by each other schedule in force.
        doubts: why a page might not arrive, by person, after the person's name ("has proved no contact").
        zones: the people's own time zones.
    """
    own = times_by_person(roster, start, end)
    return (
        *_in_doubt(schedule, own, doubts),
        *_twice(schedule, own, others),
        *_unfair(schedule, own, zones),
    )


def _in_doubt(schedule: Schedule, own: TimesByPerson, doubts: Mapping[str, str]) -> Iterator[Finding]:
    for person, times in own.items():
        if person in doubts:
            begins, ends = times[0]
            sentence = f"{person} {doubts[person]}, and is on call {write_span(begins, ends, schedule.zone)}."
            yield Finding(FindingKind.UNPROVEN_PERSON, sentence, begins, ends)


def _twice(schedule: Schedule, own: TimesByPerson, others: Mapping[str, TimesByPerson]) -> Iterator[Finding]:
    for person, times in own.items():
        for name, theirs in others.items():
            both = _common(times, theirs.get(person, ()))
            if both:
                begins, ends = both[0]
                more = f", and {len(both) - 1} more times" if len(both) > 1 else ""
                when = write_span(begins, ends, schedule.zone)
                sentence = f"{person} is on call by {schedule.name} and by {name} at once {when}{more}."
                yield Finding(FindingKind.DOUBLE_BOOKING, sentence, begins, ends)


def _unfair(schedule: Schedule, own: TimesByPerson, zones: Mapping[str, str]) -> Iterator[Finding]:
    named = {name: zones[name] for name in {*schedule.people, *own} if name in zones}
    shifts = [Shift(*time, schedule.name, name) for name, times in own.items() for time in times]
    for load in unfair(loads(shifts, dict(sorted(named.items())), {})):
        yield Finding(FindingKind.UNFAIR_LOAD, f"Ahead, {load.sentence}", None, None)


def _common(one: Sequence[Interval], other: Sequence[Interval]) -> list[Interval]:
    """Where two rows of disjoint intervals in order meet."""
    both, at = [], 0
    for begins, ends in one:
        while at < len(other) and other[at][1] <= begins:
            at += 1
        following = at
        while following < len(other) and other[following][0] < ends:
            both.append((max(begins, other[following][0]), min(ends, other[following][1])))
            following += 1
    return both
