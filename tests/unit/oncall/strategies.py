"""Schedules, overrides and nights on which clocks jump, for property tests."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple

import whenever
from hypothesis import strategies as st

from muster.oncall.calendars.calendar import Calendar, CalendarKind, CalendarShift
from muster.oncall.coverage.roster import Roster
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import HandOff, HolidayRule, Holidays, Layer, Rotate, Schedule, Stay, Window

ODD_ZONES = (
    "Europe/Stockholm",
    "America/New_York",
    "Australia/Lord_Howe",
    "Pacific/Apia",
    "Antarctica/Troll",
    "Africa/Casablanca",
    "America/St_Johns",
    "Asia/Kathmandu",
    "Pacific/Chatham",
    "Asia/Gaza",
    "Atlantic/Azores",
    "Pacific/Kwajalein",
    "UTC",
)
ZONES = sorted(zone for zone in whenever.available_timezones())
PEOPLE = ("ana", "bo", "cy", "dee")
HOLIDAYS, SHIFTS = "holidays", "shifts"


class Night(NamedTuple):
    """A schedule with all that decides who is on call, and a time to look at."""

    schedule: Schedule
    overrides: tuple[Override, ...]
    start: datetime
    end: datetime
    calendars: Mapping[str, Calendar] = {}

    @property
    def roster(self) -> Roster:
        return Roster.of(self.schedule, self.overrides, self.calendars)


zones = st.sampled_from(ODD_ZONES) | st.sampled_from(ZONES)
clocks = st.builds(time, st.integers(0, 23), st.sampled_from((0, 15, 30, 45))) | st.builds(
    time, st.integers(0, 3), st.integers(0, 59)
)
turns = (
    st.lists(st.lists(st.sampled_from(PEOPLE), min_size=0, max_size=2, unique=True).map(tuple), min_size=1, max_size=4)
    .filter(any)
    .map(tuple)
)


def transition_after(zone: str, instant: datetime) -> datetime:
    """The next change of the zone's clocks within 15 months, or the instant itself where there is none."""
    change = whenever.Instant(instant).to_tz(zone).next_transition()
    found = change.to_instant().to_stdlib() if change else instant
    return found if found - instant < timedelta(days=460) else instant


@st.composite
def windows(draw: st.DrawFn) -> Window:
    start, end = draw(clocks), draw(clocks)
    later = draw(st.integers(0, 6))
    return Window(draw(st.integers(0, 6)), start, later or int(end <= start), end)


@st.composite
def stays(draw: st.DrawFn, layer_turns: tuple[tuple[str, ...], ...], around: date) -> tuple[Stay, ...]:
    """Joins and leaves near a day, of some of those who stand in the turns."""
    found = []
    days = st.integers(-40, 4).map(lambda number: around + timedelta(days=number))
    for place, people in enumerate(layer_turns):
        for person in people:
            if draw(st.booleans()):
                first, last = draw(st.none() | days), draw(st.none() | days)
                if first and last and last < first:
                    first, last = last, first
                if first or last:
                    found.append(Stay(place, person, first, last))
    return tuple(found)


@st.composite
def layers(draw: st.DrawFn, zone: str, around: datetime, name: str) -> Layer:
    rotate = draw(st.sampled_from(Rotate))
    days = {Rotate.WEEKLY: st.integers(0, 6), Rotate.MONTHLY: st.integers(1, 31)}
    local = around.replace(tzinfo=None, hour=0, minute=0, second=0, microsecond=0)
    start = local - timedelta(days=draw(st.integers(-2, 400)), minutes=-draw(st.integers(0, 1439)))
    end = start + timedelta(minutes=draw(st.integers(1, 600_000))) if draw(st.booleans()) else None
    open_at = tuple(draw(st.lists(windows(), max_size=3)))
    rule = draw(st.none() | st.sampled_from(HolidayRule))
    holidays = Holidays(HOLIDAYS, rule) if rule else None
    shadow = draw(st.integers(0, 4)) == 0
    if draw(st.integers(0, 5)) == 0:
        begin = datetime(1990, 1, 1)
        hand_off = HandOff(time(0))
        return Layer(name, (), Rotate.DAILY, 1, hand_off, zone, begin, end, open_at, (), holidays, shadow, SHIFTS)
    taken = draw(turns)
    return Layer(
        name=name,
        turns=taken,
        rotate=rotate,
        every=draw(st.integers(1, 5)),
        hand_off=HandOff(draw(clocks), draw(days[rotate]) if rotate in days else None),
        zone=zone,
        start=start,
        end=end,
        windows=open_at,
        stays=draw(st.just(()) | stays(taken, local.date())),
        holidays=holidays,
        shadow=shadow,
    )


@st.composite
def calendars(draw: st.DrawFn, around: datetime) -> dict[str, Calendar]:
    """A calendar of holidays and one of shifts, both near an instant, in whole minutes."""
    day = around.date()
    run = draw(st.integers(1, 9))
    first = draw(st.integers(-30, 3))
    days = {day + timedelta(days=first + number): "a shutdown" for number in range(run)}
    days |= {day + timedelta(days=number): "a day" for number in draw(st.lists(st.integers(-60, 3), max_size=12))}
    entries = []
    for number in range(draw(st.integers(0, 4))):
        begins = around + timedelta(minutes=draw(st.integers(-3000, 3000)))
        ends = begins + timedelta(minutes=draw(st.integers(1, 3000)))
        if draw(st.booleans()):
            begins, ends = begins.replace(tzinfo=None), ends.replace(tzinfo=None)
        people = draw(st.lists(st.sampled_from(PEOPLE), max_size=2, unique=True))
        entries.append(CalendarShift(begins, ends, tuple(people), f"shift {number}"))
    return {
        HOLIDAYS: Calendar(HOLIDAYS, CalendarKind.HOLIDAYS, days),
        SHIFTS: Calendar(SHIFTS, CalendarKind.SHIFTS, shifts=tuple(entries)),
    }


@st.composite
def nights(draw: st.DrawFn) -> Night:
    """A schedule, its overrides, calendars and up to two days around a change of its clocks, in whole minutes."""
    zone = draw(zones)
    some_day = datetime(1993, 1, 1, tzinfo=UTC) + timedelta(days=draw(st.integers(0, 40 * 365)))
    middle = transition_after(zone, some_day).replace(second=0, microsecond=0)
    start = middle - timedelta(minutes=draw(st.integers(0, 1440)))
    end = start + timedelta(minutes=draw(st.integers(1, 2000)))
    other = draw(st.just(zone) | zones)
    count = draw(st.integers(1, 3))
    made = tuple(draw(layers(zone if number else other, middle, f"layer-{number}")) for number in range(count))
    overrides = []
    for number in range(draw(st.integers(0, 3))):
        begins = start + timedelta(minutes=draw(st.integers(-1000, 1000)))
        length = timedelta(minutes=draw(st.integers(1, 1000)))
        overrides.append(Override(draw(st.sampled_from((*PEOPLE, None))), begins, begins + length, str(number)))
    return Night(Schedule("s", zone, made), tuple(overrides), start, end, draw(calendars(middle)))
