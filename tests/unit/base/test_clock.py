"""The clock goes on when the database's is set: nobody is paged late for it, and hardly early."""

from datetime import UTC, datetime, timedelta

import pytest

from muster.base.db.clock import DatabaseClock

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Both:
    """The machine's count of seconds, and the database's clock, which can be set."""

    def __init__(self) -> None:
        self.seconds, self.set_by = 1000.0, timedelta(0)
        self.clock = DatabaseClock(lambda: self.seconds)
        self.synchronise()

    def synchronise(self, recorded: datetime | None = None) -> None:
        """What happens each minute."""
        there = NINE + timedelta(seconds=self.seconds - 1000) + self.set_by
        self.clock.follow(there, self.seconds, recorded)

    def until(self, deadline: datetime) -> float:
        """How many seconds pass until the deadline, looking each second and synchronising each minute."""
        began = self.seconds
        while self.clock.now() < deadline:
            self.seconds += 1
            if (self.seconds - began) % 60 == 0:
                self.synchronise()
        return self.seconds - began


@pytest.fixture
def both() -> Both:
    return Both()


def test_it_is_the_databases_time(both: Both) -> None:
    both.seconds += 90
    assert both.clock.now() == NINE + timedelta(seconds=90)


@pytest.mark.parametrize("back", [timedelta(minutes=10), timedelta(days=400)])
def test_an_escalation_waits_no_longer_because_the_clock_was_set_back(both: Both, back: timedelta) -> None:
    deadline = both.clock.now() + timedelta(seconds=75)
    both.seconds += 10
    both.set_by = -back
    both.synchronise()
    assert both.until(deadline) <= 66
    # One that begins after the jump does not, either.
    assert both.until(both.clock.now() + timedelta(seconds=75)) <= 76


def test_an_escalation_comes_hardly_earlier_because_the_clock_was_set_forward(both: Both) -> None:
    deadline = both.clock.now() + timedelta(seconds=75)
    both.seconds += 10
    both.set_by = timedelta(minutes=10)
    both.synchronise()
    assert both.until(deadline) >= 61
    assert both.until(both.clock.now() + timedelta(seconds=75)) >= 71


@pytest.mark.parametrize("by", [timedelta(minutes=10), -timedelta(minutes=10), timedelta(milliseconds=40)])
def test_it_never_goes_back_and_comes_to_agree_with_the_database(both: Both, by: timedelta) -> None:
    both.set_by = by
    last = both.clock.now()
    for minute in range(1100):
        both.seconds += 60
        if minute % 2:
            both.synchronise()
        assert both.clock.now() > last
        last = both.clock.now()
    assert last == NINE + timedelta(minutes=1100) + by


def test_a_clock_that_was_set_back_while_muster_was_off_does_not_move_deadlines(both: Both) -> None:
    recorded = NINE + timedelta(minutes=10)
    started = DatabaseClock(lambda: both.seconds)
    started.follow(NINE, both.seconds, recorded)
    assert started.now() == recorded
    # A record from next year is no reason to live there.
    other = DatabaseClock(lambda: both.seconds)
    other.follow(NINE, both.seconds, NINE + timedelta(days=365))
    assert other.now() == NINE
