"""A unit is one transaction on one connection: nothing inside of it asks for another, and a trial leaves nothing behind."""

import asyncio
from typing import Any

import pytest
from tests.conftest import MovableClock

from muster.base.access import SYSTEM
from muster.base.batcher import Batcher
from muster.base.bus import Bus
from muster.base.db.database import Database, NestedUnit, connect_pool
from muster.base.live import LiveHub
from muster.base.unit import Unit


@pytest.mark.parametrize("outer", ["unit", "read", "snapshot"])
@pytest.mark.parametrize("inner", ["unit", "read", "snapshot"])
async def test_a_second_connection_is_refused_at_once(database: Database, outer: str, inner: str) -> None:
    async with opened(database, outer):
        with pytest.raises(NestedUnit):
            async with opened(database, inner):
                pass
    async with opened(database, inner):
        pass


async def test_a_task_that_one_with_a_connection_waits_for_gets_none_either(database: Database) -> None:
    """Sixteen of these at once would wait for each other for ever."""

    async def flush(items: Any) -> Any:
        async with database.unit(SYSTEM):
            return items

    batches: Batcher[int, int] = Batcher(flush)
    async with database.unit(SYSTEM):
        with pytest.raises(NestedUnit):
            await batches.submit(1)
    assert await batches.submit(1) == 1


async def test_what_runs_after_the_commit_may_take_a_connection(database: Database) -> None:
    done: list[asyncio.Task[int]] = []

    async def follow() -> int:
        async with database.read() as conn:
            return int(await conn.fetchval("SELECT 1"))

    async with database.unit(SYSTEM) as unit:
        unit.after_commit(lambda: done.append(asyncio.create_task(follow())))
    assert await done[0] == 1


async def test_units_side_by_side_need_one_connection_each(connect: dict[str, Any], clock: MovableClock) -> None:
    pool = await connect_pool(connect, size=2)
    database = Database(pool, clock, Bus(), LiveHub())

    async def once() -> int:
        async with database.unit(SYSTEM) as unit:
            return int(await unit.conn.fetchval("SELECT 1 FROM pg_sleep(0.01)"))

    assert sum(await asyncio.gather(*(once() for _ in range(20)))) == 20
    await pool.close()


async def test_a_trial_does_everything_and_keeps_nothing(database: Database) -> None:
    heard: list[str] = []
    database.live.on_topic(heard.append)
    async with database.unit(SYSTEM) as unit:
        await unit.conn.execute("CREATE TABLE tried (number int)")
        await unit.conn.execute("INSERT INTO tried VALUES (1)")
        async with unit.trial() as trial:
            await trial.conn.execute("INSERT INTO tried VALUES (2)")
            assert await trial.conn.fetchval("SELECT count(*) FROM tried") == 2
            trial.publish("tried")
            trial.after_commit(lambda: heard.append("tried and kept"))
        with pytest.raises(ZeroDivisionError):
            await fail(unit)
        unit.publish("kept")
    async with database.read() as conn:
        assert [row["number"] for row in await conn.fetch("SELECT number FROM tried")] == [1]
    assert heard == ["kept"]


async def fail(unit: Unit) -> None:
    async with unit.trial() as trial:
        await trial.conn.execute("INSERT INTO tried VALUES (3)")
        raise ZeroDivisionError


def opened(database: Database, how: str) -> Any:
    return database.unit(SYSTEM) if how == "unit" else getattr(database, how)()
