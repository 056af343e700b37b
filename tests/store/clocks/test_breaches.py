"""A clock is its owner's: at a breach the owner of its kind acts, once, and nobody else."""

from datetime import timedelta
from typing import Any

from tests.conftest import MovableClock

from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.database import Database
from muster.base.live import LiveHub
from muster.base.ports import Ports
from muster.base.unit import Unit
from muster.clocks import actions, store
from muster.clocks.actions import OnBreach
from muster.clocks.clock import ClockKind, ClockSpec, RunningClock

APPROVE = ClockKind("approve", "governance")
REPORT = ClockKind("report", "learning")
SUBJECT = "incident:1"


class Calls:
    """Who acted on which clock."""

    def __init__(self, name: str) -> None:
        self.name, self.about = name, list[str]()

    async def act(self, unit: Unit, clock: RunningClock) -> None:
        self.about.append(clock.about)


def opened(database: Database, clock: MovableClock, *handlers: OnBreach) -> Database:
    return Database(database.pool, clock, Bus(Ports(handlers)), LiveHub())


async def test_only_the_owner_of_a_kind_acts_on_a_breach(database: Database, clock: MovableClock) -> None:
    mine, theirs = Calls("mine"), Calls("theirs")
    owned = opened(database, clock, OnBreach(APPROVE, mine.act), OnBreach(REPORT, theirs.act))
    async with owned.unit(SYSTEM) as unit:
        due = unit.now + timedelta(hours=1)
        await actions.start(unit, [ClockSpec(SUBJECT, APPROVE, "Approve", due, about="grant-7")])
        (running,) = (await store.running(unit.conn, [SUBJECT]))[SUBJECT]
        for _ in range(2):
            if breached := await store.breach(unit.conn, running.id, unit.now):
                await actions.breach(unit, breached)
    assert (mine.about, theirs.about) == (["grant-7"], [])


async def test_a_subject_has_one_clock_of_a_kind_for_each_thing_that_it_is_about(
    database: Database, clock: MovableClock
) -> None:
    async with opened(database, clock).unit(SYSTEM) as unit:
        due: Any = unit.now + timedelta(hours=1)
        specs = [ClockSpec(SUBJECT, APPROVE, "Approve", due, about=about) for about in ("a", "b", "a")]
        assert [started.about for started in await actions.start(unit, specs)] == ["a", "b"]
        await actions.start(unit, [ClockSpec(SUBJECT, REPORT, "Report", due)])
        await actions.meet(unit, [SUBJECT], APPROVE, "a")
        await actions.drop(unit, [SUBJECT], REPORT)
        (left,) = (await store.running(unit.conn, [SUBJECT]))[SUBJECT]
        assert (left.kind, left.about, left.is_of(APPROVE), left.is_of(REPORT)) == ("approve:b", "b", True, False)
        assert [found.about for found in await store.of_kind(unit.conn, APPROVE)] == ["b"]
