"""Hours of the week: an independent walk over every minute of a week agrees with the evaluator."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kit.weekhours import WeekHours, read_time, read_weekdays

MONDAY = datetime(2026, 3, 2)


@pytest.mark.parametrize(
    ("parts", "days"),
    [(["mon-fri"], {0, 1, 2, 3, 4}), (["sat-mon"], {5, 6, 0}), (["Sun", "wednesday"], {6, 2}), (["tue-tue"], {1})],
)
def test_days_are_names_and_ranges(parts: list[str], days: set[int]) -> None:
    assert read_weekdays(parts) == days


def test_what_is_no_day_or_time_is_refused_with_the_fix() -> None:
    with pytest.raises(ValueError, match=r"`mondy` is not a weekday. Did you mean `mon`"):
        read_weekdays(["mondy"])
    with pytest.raises(ValueError, match=r"`9:00` is not a time of day. Write hours"):
        read_time("9:00")


@given(st.sets(st.integers(0, 6)), st.integers(0, 23), st.integers(0, 23), st.sets(st.integers(0, 8)))
def test_every_hour_of_a_week_is_in_them_as_they_say(days: set[int], start: int, end: int, off: set[int]) -> None:
    hours = WeekHours(frozenset(days), time(start), time(end))
    days_off = {date(2026, 3, 1) + timedelta(days=each) for each in off}
    length = (end - start) % 24 or 24
    inside = set()
    for day in range(-1, 8):
        begin = MONDAY + timedelta(days=day)
        if begin.weekday() in days and begin.date() not in days_off:
            inside |= {begin + timedelta(hours=start + step) for step in range(length)}
    for hour in range(7 * 24):
        at = MONDAY + timedelta(hours=hour)
        assert hours.hold(at, days_off) == (at in inside)
        assert hours.hold(at + timedelta(minutes=59), days_off) == (at in inside)
