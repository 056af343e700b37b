"""Nights, weekends and holidays on the person's own clock, against counting minute by minute; DST nights included."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.oncall.examples import utc

from muster.kit.interval import Interval
from muster.oncall.fairness.measure import ENOUGH, measure

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
ZONES = ("Europe/Lisbon", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC")


def by_minutes(times: Sequence[Interval], zone: str, holidays: set[date]) -> tuple[timedelta, ...]:
    """Length, night, weekend and holiday time, by looking at a clock on the wall every five minutes."""
    step, found = timedelta(minutes=5), [timedelta(0)] * 4
    for start, end in times:
        at = start
        while at < end:
            clock = at.astimezone(ZoneInfo(zone))
            hits = (True, clock.hour >= 23 or clock.hour < 7, clock.weekday() >= 5, clock.date() in holidays)
            found = [total + step * hit for total, hit in zip(found, hits, strict=True)]
            at += step
    return tuple(found)


@settings(max_examples=60)
@given(
    st.sampled_from(ZONES),
    st.integers(0, 364),
    st.lists(st.tuples(st.integers(0, 12 * 8), st.integers(1, 12 * 30)), min_size=1, max_size=4),
)
def test_measures_are_those_of_a_clock_on_the_wall(zone: str, day: int, steps: list[tuple[int, int]]) -> None:
    at = datetime(2026, 1, 1, tzinfo=UTC) + day * DAY
    times = []
    for pause, length in steps:
        start = at + pause * timedelta(minutes=5)
        at = start + length * timedelta(minutes=5)
        times.append((start, at))
    holidays = {(times[0][0] + DAY).date(), (times[0][0] + 40 * DAY).date()}
    found = measure(times, zone, holidays)
    assert (found.length, found.night, found.weekend, found.holiday) == by_minutes(times, zone, holidays)
    assert found.nights * ENOUGH <= found.night
    assert found.weekends * ENOUGH <= found.weekend


@pytest.mark.parametrize(
    ("start", "end", "night"),
    [
        (utc(2026, 3, 28, 22), utc(2026, 3, 29, 6), 7),
        (utc(2026, 10, 24, 21), utc(2026, 10, 25, 7), 9),
        (utc(2026, 6, 1, 21), utc(2026, 6, 2, 5), 8),
    ],
)
def test_a_night_on_which_clocks_jump_is_as_long_as_it_is(start: datetime, end: datetime, night: int) -> None:
    found = measure([(start, end)], "Europe/Berlin")
    assert (found.night, found.nights) == (night * HOUR, 1)


def test_a_week_holds_seven_nights_one_weekend_and_its_holiday() -> None:
    found = measure([(utc(2026, 5, 18, 9), utc(2026, 5, 25, 9))], "UTC", {date(2026, 5, 21), date(2026, 6, 4)})
    assert (found.length, found.nights, found.weekends, found.holidays) == (7 * DAY, 7, 1, 1)
    assert (found.night, found.weekend, found.holiday) == (56 * HOUR, 48 * HOUR, 24 * HOUR)


def test_less_than_four_hours_are_no_night_and_twice_the_same_time_is_once() -> None:
    brief = (utc(2026, 5, 18, 23), utc(2026, 5, 19, 2, 59))
    assert measure([brief], "UTC").nights == 0
    assert measure([brief, brief], "UTC").night == timedelta(hours=3, minutes=59)
    assert measure([], "UTC").length == timedelta(0)
