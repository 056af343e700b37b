"""The brake on guessing."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.people.throttle import (
    ACCOUNT,
    ADDRESS,
    FORGOTTEN_AFTER,
    OWN,
    PAIR,
    Bound,
    Failures,
    after_failure,
    pause,
    wait,
)

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
bounds = st.builds(Bound, st.integers(1, 50), st.timedeltas(timedelta(seconds=1), timedelta(hours=1)))
gaps = st.lists(st.timedeltas(timedelta(0), timedelta(hours=30)), max_size=60)


@given(bounds, st.integers(1, 10_000))
def test_the_pause_never_shrinks_and_never_exceeds_its_bound(bound: Bound, count: int) -> None:
    assert timedelta(0) <= pause(bound, count) <= pause(bound, count + 1) <= bound.longest


@given(bounds, st.integers(1, 100), st.timedeltas(timedelta(0), timedelta(days=2)))
def test_whoever_waits_as_told_may_try_again(bound: Bound, count: int, passed: timedelta) -> None:
    failures = Failures(count, NOW)
    at = NOW + passed
    assert wait(bound, failures, at + wait(bound, failures, at)) == timedelta(0)


@given(gaps)
def test_failures_in_a_row_are_counted_until_a_day_of_quiet(passed: list[timedelta]) -> None:
    failures, now, expected = None, NOW, 0
    for gap in passed:
        now += gap
        expected = 1 if failures is None or gap >= FORGOTTEN_AFTER else expected + 1
        failures = after_failure(failures, now)
        assert failures == Failures(expected, now)


@pytest.mark.parametrize(("bound", "most"), [(ACCOUNT, 1500), (ADDRESS, 130), (PAIR, 1500), (OWN, 1500)])
def test_a_patient_guesser_gets_few_guesses_a_day(bound: Bound, most: int) -> None:
    failures, now, guesses = None, NOW, 0
    while now < NOW + timedelta(days=1):
        guesses += 1
        failures = after_failure(failures, now)
        now += max(wait(bound, failures, now), timedelta(milliseconds=200))
    assert guesses <= most


def test_the_owner_of_an_account_waits_a_minute_at_most() -> None:
    assert wait(ACCOUNT, Failures(100_000, NOW), NOW) == timedelta(minutes=1)
