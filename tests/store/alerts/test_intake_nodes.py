"""Two nodes on one database: the same new alert at the same moment is one alert, told once."""

import asyncio
from collections.abc import AsyncIterator
from contextvars import Context
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, count, posted, stored
from tests.store.alerts.intakes import intake_on

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.receive import Item, LostRace, receive
from muster.alerts.happenings import AlertChange, AlertsChanged
from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.database import Database, connect_pool
from muster.base.live import LiveHub
from muster.base.unit import Unit
from muster.inbound.formats import InboundFormats


@pytest.fixture
async def elsewhere(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Database]:
    """Another node's database."""
    pool = await connect_pool(connect, size=4)
    yield Database(pool, clock, Bus(), LiveHub())
    await pool.close()


async def test_who_stores_a_new_alert_second_loses_the_race(
    intake: Intake, database: Database, elsewhere: Database, clock: MovableClock
) -> None:
    request = posted(clock.now(), "DiskFull")
    integration = await intake.integration(KEY)
    item = Item(integration, request, InboundFormats().parse(integration, request))
    async with database.unit(SYSTEM) as first:
        await receive(first, [item])

        async def second() -> None:
            async with elsewhere.unit(SYSTEM) as unit:
                await receive(unit, [item])

        # Of another node: it holds nothing of what this task holds.
        waiting = asyncio.create_task(second(), context=Context())
        while not await first.conn.fetchval("SELECT count(*) FROM pg_locks WHERE NOT granted"):
            assert not waiting.done()
            await asyncio.sleep(0.01)
    with pytest.raises(LostRace):
        await waiting
    assert len(await stored(database)) == 1


async def test_two_nodes_that_hear_the_same_storm_tell_it_once(
    intake: Intake,
    told: list[AlertChange],
    elsewhere: Database,
    database: Database,
    clock: MovableClock,
    tmp_path: Path,
) -> None:
    async def hear(unit: Unit, happening: AlertsChanged) -> None:
        unit.after_commit(lambda: told.extend(happening.changes))

    elsewhere.bus.subscribe(AlertsChanged, hear)
    other = intake_on(elsewhere, tmp_path / "other")
    names = [f"Rule{number}" for number in range(40)]
    both = [node.accept(KEY, posted(clock.now(), name)) for name in names for node in (intake, other)]
    assert {reply.status for reply in await asyncio.gather(*both)} == {200}
    assert len(await stored(database)) == 40
    assert sorted(change.alert.labels["alertname"] for change in told) == sorted(names)
    assert await count(database, "SELECT sum(signal_count) FROM alerts") == 80


async def test_an_alert_that_ended_elsewhere_is_read_in_full_again(
    intake: Intake, elsewhere: Database, database: Database, clock: MovableClock, tmp_path: Path
) -> None:
    other = intake_on(elsewhere, tmp_path / "other")
    await intake.accept(KEY, posted(clock.now(), "DiskFull"))
    await other.accept(KEY, posted(clock.now(), "DiskFull", over=True))
    await intake.accept(KEY, posted(clock.now(), "DiskFull"))
    await intake.flush_touched()
    await intake.accept(KEY, posted(clock.now(), "DiskFull"))
    (alert,) = await stored(database)
    assert (alert.active, alert.episode) == (True, 2)
