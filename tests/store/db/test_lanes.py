"""No visitor takes the connections of the intake or of paging, and whoever waits too long is told why."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tests.conftest import MovableClock

from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.database import Database, take_time
from muster.base.db.lanes import LIMITS, Lane, Limits, shares
from muster.base.db.pool import Busy, DatabaseUnreachable, connect_pool
from muster.base.live import LiveHub
from muster.base.work import Job, Leased, Runner, enqueue
from muster.kit.errors import Unavailable
from muster.operations.actions.vitals import Vitals


@pytest.fixture
async def lanes(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Database]:
    """A database with connections of its own for each lane."""
    database = await Database.over(connect, clock, Bus(), LiveHub(), size=4, statement_cache=256)
    database.limits = Limits(acquire=0.1)
    yield database
    await database.close()


@pytest.mark.parametrize("size", [1, 3, 4, 6, 7, 16, 100])
def test_every_lane_has_its_share(size: int) -> None:
    found = shares(size)
    assert set(found) == set(Lane)
    assert min(found.values()) >= 1
    assert sum(found.values()) == max(3, size)


async def test_visitors_fill_their_own_lane_only(lanes: Database) -> None:
    async with contextlib.AsyncExitStack() as stack:
        for _ in range(shares(4)[Lane.VISITORS]):
            await asyncio.create_task(_hold(lanes, stack))
        assert lanes.full
        with pytest.raises(Busy, match="Try again"):
            async with lanes.read():
                pass
        for lane in (Lane.INTAKE, Lane.WORK):
            async with lanes.lane(lane).unit(SYSTEM) as unit:
                assert await unit.conn.fetchval("SELECT 1") == 1
        vitals = Vitals(work=lanes.lane(Lane.WORK), intake=lanes.lane(Lane.INTAKE))
        assert (await vitals.away(), vitals.sick()) == ("", [])
    async with lanes.read() as conn:
        assert await conn.fetchval("SELECT 1") == 1


async def test_a_process_whose_own_lanes_are_stuck_is_sick(lanes: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("muster.operations.actions.vitals.STUCK", 0.0)
    monkeypatch.setattr("muster.operations.actions.vitals.ANSWER_WITHIN", 0.1)
    work = lanes.lane(Lane.WORK)
    vitals = Vitals(work=work)
    async with contextlib.AsyncExitStack() as stack:
        await asyncio.create_task(_hold(work, stack))
        assert await vitals.away() == "All connections for work are busy."
        await asyncio.sleep(0)
        assert "All connections for work have been busy" in vitals.sick()[0]
    monkeypatch.setattr("muster.operations.actions.vitals.FRESH", 0.0)
    assert (await vitals.away(), vitals.sick()) == ("", [])


@pytest.mark.parametrize("lane", list(Lane))
async def test_the_limits_are_postgresqls_own(lanes: Database, lane: Lane) -> None:
    async with lanes.lane(lane).read() as conn:
        for name in LIMITS[lane].settings():
            assert await conn.fetchval(f"SHOW {name}") not in ("0", "")


async def test_behind_a_pooler_each_transaction_has_the_limits(connect: dict[str, Any], clock: MovableClock) -> None:
    """PgBouncer refuses settings that it does not know when a connection is opened."""
    database = await Database.over(connect, clock, Bus(), LiveHub(), size=4, statement_cache=0)
    async with database.read() as conn:
        assert await conn.fetchval("SHOW statement_timeout") == "15s"
    async with database.unit(SYSTEM) as unit:
        assert await unit.conn.fetchval("SHOW statement_timeout") == "15s"
        await take_time(unit.conn)
        assert await unit.conn.fetchval("SHOW statement_timeout") == "10min"
    async with database.read() as conn:
        assert await conn.fetchval("SHOW statement_timeout") == "15s"
    await database.close()


async def test_a_statement_that_takes_too_long_is_stopped_and_says_so(
    connect: dict[str, Any], clock: MovableClock
) -> None:
    limits = Limits(statement=0.1)
    pool = await connect_pool(connect, size=1, limits=limits)
    database = Database(pool, clock, Bus(), LiveHub(), limits)
    with pytest.raises(Unavailable, match="This took too long"):
        async with database.unit(SYSTEM) as unit:
            await unit.conn.execute("SELECT pg_sleep(60)")
    async with database.unit(SYSTEM) as unit:
        assert await unit.conn.fetchval("SELECT 1") == 1
    await database.close()


async def test_nothing_is_let_in_before_the_database_is_ready(lanes: Database) -> None:
    lanes.shut_for("Muster is starting.")
    for lane in Lane:
        with pytest.raises(Unavailable, match="Muster is starting"):
            async with lanes.lane(lane).read():
                pass
    lanes.shut_for("")
    async with lanes.lane(Lane.INTAKE).read() as conn:
        assert await conn.fetchval("SELECT 1") == 1


async def test_a_wrong_password_and_a_wrong_name_say_what_is_wrong(connect: dict[str, Any]) -> None:
    with pytest.raises(DatabaseUnreachable, match="Create it"):
        await connect_pool({**connect, "database": "nowhere"}, size=1)
    with pytest.raises(Unavailable, match="postgresql://user:password@host"):
        await connect_pool({"dsn": "http://example"}, size=1)


async def test_a_job_that_the_database_interrupted_is_done_as_soon_as_it_is_back(
    database: Database, clock: MovableClock
) -> None:
    """It went away while the job was in hand: the put-back cannot be written until it is back, and then it is."""
    tries: list[int] = []
    pool, tried, back = database.pool, asyncio.Event(), asyncio.Event()

    class Away:
        def acquire(self, **_: object) -> object:
            tried.set()
            raise asyncpg.CannotConnectNowError("the server is stopped")

    async def handle(leased: Leased) -> None:
        tries.append(leased.job.attempts)
        if len(tries) == 1:
            database.pool = Away()
        async with leased.finish():
            back.set()

    runner = Runner(database, "one", {"letter": handle}, alone=True)
    await runner.start()
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "a", urgent=True)])
    await tried.wait()
    tried.clear()
    await tried.wait()
    database.pool = pool
    async with asyncio.timeout(20):
        while not back.is_set():
            clock.move(timedelta(seconds=1))
            runner.wake()
            await asyncio.sleep(0.05)
    assert tries == [1, 2]
    await runner.stop()


async def _hold(database: Database, stack: contextlib.AsyncExitStack) -> None:
    await stack.enter_async_context(database.read())
