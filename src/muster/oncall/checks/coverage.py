"""What is wrong with a schedule, its layers and its people: each finding is a sentence with its time (R34, R72, R73)."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta

from muster.kit.interval import Interval
from muster.kit.localtime import to_instant
from muster.oncall.calendars.calendar import Calendar
from muster.oncall.checks.finding import Finding, FindingKind
from muster.oncall.coverage.layers import times_of
from muster.oncall.coverage.roster import Cause, Roster, Span, Version
from muster.oncall.coverage.spans import layers_through, spans
from muster.oncall.fairness.load import loads, unfair
from muster.oncall.schedules.notation import write_local, write_span
from muster.oncall.schedules.schedule import Layer, Schedule
from muster.oncall.shifts.shift import Shift, times_by_person

TimesByPerson = Mapping[str, Sequence[Interval]]
"""When each person is on call, by name."""
_MOST_SHIFTS = 5
_MOST_GAPS = 5


def check(
    roster: Roster, start: datetime, end: datetime, *, active: Collection[str], inactive: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Look for trouble inside `[start, end)`; `active` and `inactive` name the persons that exist.

    Gaps are reported one by one up to five, the rest as a number. Nothing found means covered and reachable by name; who
    can be reached on which contact is for `people` and `paging` to say.
    """
    schedule = roster.current
    if schedule is None:
        return ()
    shown = spans(roster, start, end)
    return (
        *_gaps(schedule, shown),
        *_people(roster, schedule, shown, active, inactive),
        *_overlaps(roster, schedule, start, end),
        *_hidden(roster, shown, start, end),
        *layer_findings(roster.versions[-1], start, end),
    )


def _gaps(schedule: Schedule, shown: Sequence[Span]) -> Iterator[Finding]:
    gaps: list[Span] = []
    for span in shown:
        if span.is_gap and gaps and gaps[-1].end == span.start and gaps[-1].coverage.reason == span.coverage.reason:
            gaps[-1] = Span(gaps[-1].start, span.end, span.coverage)
        elif span.is_gap:
            gaps.append(span)
    if shown and all(span.is_gap for span in shown):
        sentence = f"{schedule.name} has nobody on call {write_span(shown[0].start, shown[-1].end, schedule.zone)}."
        yield Finding(FindingKind.NOBODY, sentence, shown[0].start, shown[-1].end)
        return
    for gap in gaps[:_MOST_GAPS]:
        by_choice = " An override says so." if gap.coverage.reason.cause is Cause.OVERRIDE else ""
        sentence = f"Nobody is on call {write_span(gap.start, gap.end, schedule.zone)}.{by_choice}"
        yield Finding(FindingKind.GAP, sentence, gap.start, gap.end)
    if len(gaps) > _MOST_GAPS:
        left = gaps[_MOST_GAPS:]
        follow = "gap follows" if len(left) == 1 else "gaps follow"
        sentence = f"{len(left)} more {follow} until {write_local(left[-1].end, schedule.zone)}."
        yield Finding(FindingKind.GAP, sentence, left[0].start, left[-1].end)


def _people(
    roster: Roster, schedule: Schedule, shown: Sequence[Span], active: Collection[str], inactive: Collection[str]
) -> Iterator[Finding]:
    first: dict[str, Span] = {}
    for span in shown:
        for person in (*span.people, *span.shadows):
            first.setdefault(person, span)
    ahead = {person for version in roster.versions if version.schedule for person in version.schedule.people}
    for person in dict.fromkeys((*schedule.people, *sorted(ahead), *first)):
        if person in active:
            continue
        left = person in inactive
        kind = FindingKind.INACTIVE_PERSON if left else FindingKind.UNKNOWN_PERSON
        who = f"{person}, who has left," if left else f"{person}, whom Muster does not know,"
        when = first.get(person)
        if when is None:
            yield Finding(kind, f"{who} stands in {schedule.name}.", None, None)
        else:
            yield Finding(
                kind, f"{who} is on call {write_span(when.start, when.end, schedule.zone)}.", when.start, when.end
            )


def _overlaps(roster: Roster, schedule: Schedule, start: datetime, end: datetime) -> Iterator[Finding]:
    standing = [override for override in roster.overrides if override.start < end and override.end > start]
    for number, later in enumerate(standing):
        for earlier in standing[:number]:
            begins, ends = max(earlier.start, later.start), min(earlier.end, later.end)
            if begins < ends and earlier.person != later.person:
                both = f"{earlier.person or 'nobody'} and {later.person or 'nobody'}"
                when = write_span(begins, ends, schedule.zone)
                sentence = (
                    f"Overrides for {both} overlap {when}; the later one, for {later.person or 'nobody'}, decides."
                )
                yield Finding(FindingKind.OVERLAPPING_OVERRIDES, sentence, begins, ends)


def _hidden(roster: Roster, shown: Sequence[Span], start: datetime, end: datetime) -> Iterator[Finding]:
    seen = {span.coverage.reason.name for span in shown if span.coverage.reason.cause is Cause.LAYER}
    shadows = {layer.name for layer in (roster.current.layers if roster.current else ()) if layer.shadow}
    for name, pieces in layers_through(roster, start, end).items():
        if name not in seen | shadows and pieces:
            sentence = f"Layer {name} never decides: a layer after it or an override always covers its hours."
            yield Finding(FindingKind.HIDDEN_LAYER, sentence, start, end)


def layer_findings(version: Version, start: datetime, end: datetime) -> Iterator[Finding]:
    """Look at each layer of a version and the calendars that it names, for `[start, end)`."""
    if version.schedule is None:
        return
    for layer in version.schedule.layers:
        yield from _idle(layer)
    for name in version.schedule.calendars:
        yield from _calendar(version.schedule, name, version.calendars, start, end)


def _idle(layer: Layer) -> Iterator[Finding]:
    """People who join after a layer has ended, or have left before it starts."""
    for stay in layer.stays:
        if stay.first and layer.end and datetime.combine(stay.first, time()) >= layer.end:
            sentence = f"{stay.person} joins layer {layer.name} on {stay.first}, when it has ended."
            yield Finding(FindingKind.IDLE_PERSON, sentence, to_instant(layer.end, layer.zone), None)
        if stay.last and datetime.combine(stay.last + timedelta(days=1), time()) <= layer.start:
            sentence = f"{stay.person} leaves layer {layer.name} after {stay.last}, before it starts."
            yield Finding(FindingKind.IDLE_PERSON, sentence, None, None)


def _calendar(
    schedule: Schedule, name: str, calendars: Mapping[str, Calendar], start: datetime, end: datetime
) -> Iterator[Finding]:
    calendar = calendars.get(name)
    if calendar is None:
        sentence = f"The calendar {name} says nothing: it does not exist, or was never read."
        yield Finding(FindingKind.MISSING_CALENDAR, sentence, None, None)
        return
    if calendar.trouble:
        yield Finding(FindingKind.STALE_CALENDAR, calendar.trouble, None, None)
    if calendar.known_until and calendar.known_until < end.date():
        limit = to_instant(datetime.combine(calendar.known_until, time()), schedule.zone)
        sentence = f"The calendar {name} is known until {calendar.known_until} only."
        yield Finding(FindingKind.SHORT_CALENDAR, sentence, limit, end)
    strange = [
        (begins, ends, entry)
        for layer in schedule.layers
        if layer.calendar == name
        for entry in calendar.shifts
        if not entry.people
        for begins, ends in [times_of(entry, layer.zone)]
        if begins < end and ends > start
    ]
    for begins, ends, entry in strange[:_MOST_SHIFTS]:
        when = write_span(begins, ends, schedule.zone)
        sentence = f"The shift “{entry.title}” of {name} names nobody whom Muster knows, {when}."
        yield Finding(FindingKind.UNMATCHED_SHIFT, sentence, begins, ends)
    if len(strange) > _MOST_SHIFTS:
        left = strange[_MOST_SHIFTS:]
        sentence = f"{len(left)} more shifts of {name} name nobody whom Muster knows."
        yield Finding(FindingKind.UNMATCHED_SHIFT, sentence, left[0][0], left[-1][1])


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
