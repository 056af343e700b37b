"""The database hangs, or another node holds a lock and hangs: senders are answered, nothing is lost, nothing is told twice."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.doubles.link import Link
from tests.store.alerts.conftest import Send, stored
from tests.store.alerts.test_intake_away import replay

from muster.alerts.actions import intake as module
from muster.alerts.actions.intake import Intake
from muster.alerts.happenings import AlertChange, ChangeKind
from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.database import Database
from muster.base.db.lanes import LIMITS, Lane, Limits
from muster.base.db.locks import Lock, hold
from muster.base.db.pool import connect_pool
from muster.base.live import LiveHub
from muster.base.unit import Unit
from muster.incidents.store.incidents import lock_openings

LONG = 20.0
"""In seconds, less than any statement's own limit: what takes longer was not answered because the server was waited for."""


@pytest.fixture
async def link(connect: dict[str, Any]) -> AsyncIterator[Link]:
    async with Link(connect) as link:
        yield link


@pytest.fixture
async def database(link: Link, clock: MovableClock, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Database]:
    """The intake's connections, over a way that can be blocked; senders wait for half a second only."""
    monkeypatch.setattr(module, "PATIENCE", 0.5)
    limits = LIMITS[Lane.INTAKE]
    pool = await connect_pool(link.connect, size=4, limits=limits)
    yield Database(pool, clock, Bus(), LiveHub(), limits)
    link.go_on()
    pool.terminate()


def opened(told: list[AlertChange]) -> list[str]:
    return sorted(change.alert.labels["alertname"] for change in told if change.kind is ChangeKind.OPENED)


@pytest.mark.parametrize("only_answers", [False, True])
async def test_senders_are_answered_while_the_database_hangs(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], link: Link, only_answers: bool
) -> None:
    """Also where the batch that hung was stored after all, as with a standby that does not confirm."""
    await send("Before")
    link.hang(only_answers=only_answers)
    async with asyncio.timeout(LONG):
        replies = await asyncio.gather(*(send(f"During{number}") for number in range(3)))
        assert [reply.status for reply in replies] == [200] * 3
        assert not intake.caught_up
        # Now that it is known to hang, nobody waits for it any more.
        assert (await send("Later")).status == 200
        assert (await send("Before", over=True)).status == 200
    link.go_on()
    await replay(intake)
    assert opened(told) == ["Before", "During0", "During1", "During2", "Later"]
    assert sorted(alert.labels["alertname"] for alert in await stored(database)) == opened(told)
    assert [alert.active for alert in await stored(database) if alert.labels["alertname"] == "Before"] == [False]


async def test_whoever_comes_after_a_batch_that_hangs_does_not_stand_behind_it(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], link: Link
) -> None:
    link.hang()
    async with asyncio.timeout(LONG):
        await send("During")
        link.go_on()
        await replay(intake)
        assert (await send("After")).status == 200
    assert intake.caught_up
    assert opened(told) == ["After", "During"]


async def test_a_node_that_hangs_with_a_lock_in_hand_stops_another_for_seconds_only(
    database: Database,
    connect: dict[str, Any],
    intake: Intake,
    send: Send,
    told: list[AlertChange],
) -> None:
    async def open_incidents(unit: Unit, _: object) -> None:
        await lock_openings(unit.conn)

    database.bus.subscribe(module.AlertsChanged, open_incidents)
    limits = Limits(idle=1.5)
    pool = await connect_pool(connect, size=1, limits=limits)
    async with asyncio.timeout(LONG):
        hung = await pool.acquire()
        await hung.transaction().start()
        await hold(hung, Lock.OPENINGS)
        # From here on the other node does nothing more, as one that is stopped or cut off.
        assert (await send("During")).status == 200
        assert not intake.caught_up
        await replay(intake)
    assert opened(told) == ["During"]
    pool.terminate()


async def test_a_statement_whose_answer_is_given_up_holds_up_nobody(database: Database, link: Link) -> None:
    async with asyncio.timeout(LONG):
        link.hang()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.2), database.unit(SYSTEM) as unit:
                await unit.conn.fetchval("SELECT 1")
        link.go_on()
        async with database.read() as conn:
            assert await conn.fetchval("SELECT 1") == 1
