"""Answers from memory: given only while other nodes are sure to be heard, and confirmed by the flush."""

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, Send, count, posted, stored
from tests.store.alerts.intakes import intake_on

from muster.alerts.actions.intake import Intake
from muster.alerts.alert import AlertStatus
from muster.alerts.happenings import AlertChange
from muster.base.bus import Bus
from muster.base.db.database import Database, connect_pool
from muster.base.live import LiveHub
from muster.kit.errors import Missing

SIGNALS = "SELECT count(*) FROM signals"


@pytest.fixture
async def elsewhere(
    connect: dict[str, Any], clock: MovableClock, intake: Intake, tmp_path: Path
) -> AsyncIterator[Intake]:
    """The intake of another node on the same database; the two never hear each other."""
    pool = await connect_pool(connect, size=2)
    yield intake_on(Database(pool, clock, Bus(), LiveHub()), tmp_path / "other-spool")
    await pool.close()


async def test_a_firing_that_memory_answered_after_the_end_elsewhere_fires_anew(
    database: Database, intake: Intake, elsewhere: Intake, send: Send, told: list[AlertChange], clock: MovableClock
) -> None:
    await send("DiskFull")
    clock.move(timedelta(seconds=10))
    await elsewhere.accept(KEY, posted(clock.now(), "DiskFull", over=True))
    clock.move(timedelta(seconds=1))
    assert (await send("DiskFull")).status == 200
    assert await count(database, SIGNALS) == 2, "it was answered from memory: this node had not heard of the end"
    await intake.flush_touched()
    (alert,) = await stored(database)
    assert (alert.status, alert.episode) == (AlertStatus.FIRING, 2)
    assert alert.changed_at == clock.now()
    assert [str(change.kind) for change in told] == ["opened", "opened"]


async def test_only_what_had_ended_fires_anew_out_of_a_body_of_several(
    database: Database, intake: Intake, elsewhere: Intake, clock: MovableClock
) -> None:
    first, second = posted(clock.now(), "One"), posted(clock.now(), "Two")
    both = posted(clock.now(), "One")
    both = type(both)(both.path, "POST", both.headers, {}, first.body[:-1] + b", " + second.body[1:], clock.now())
    await intake.accept(KEY, both)
    clock.move(timedelta(seconds=10))
    await elsewhere.accept(KEY, posted(clock.now(), "Two", over=True))
    clock.move(timedelta(seconds=1))
    assert intake.take_resend(KEY, both.path, both.body)
    await intake.flush_touched()
    found = {alert.labels["alertname"]: alert for alert in await stored(database)}
    assert {name: (str(alert.status), alert.episode) for name, alert in found.items()} == {
        "One": ("firing", 1),
        "Two": ("firing", 2),
    }


async def test_an_end_elsewhere_after_the_resend_stays_an_end(
    database: Database, intake: Intake, elsewhere: Intake, send: Send, clock: MovableClock
) -> None:
    await send("DiskFull")
    clock.move(timedelta(seconds=10))
    await send("DiskFull")
    clock.move(timedelta(seconds=1))
    await elsewhere.accept(KEY, posted(clock.now(), "DiskFull", over=True))
    clock.move(timedelta(seconds=1))
    await intake.flush_touched()
    (alert,) = await stored(database)
    assert alert.status is AlertStatus.RESOLVED


async def test_an_end_here_at_the_same_instant_stays_an_end(database: Database, intake: Intake, send: Send) -> None:
    await send("DiskFull")
    await send("DiskFull")
    await send("DiskFull", over=True)
    await intake.flush_touched()
    (alert,) = await stored(database)
    assert alert.status is AlertStatus.RESOLVED


async def test_what_cannot_be_written_is_confirmed_with_the_next_flush(
    database: Database, intake: Intake, elsewhere: Intake, send: Send, clock: MovableClock, monkeypatch: Any
) -> None:
    await send("DiskFull")
    clock.move(timedelta(seconds=10))
    await elsewhere.accept(KEY, posted(clock.now(), "DiskFull", over=True))
    clock.move(timedelta(seconds=1))
    await send("DiskFull")
    from muster.alerts.store import alerts

    async def away(*_: object) -> None:
        raise RuntimeError("the database is away")

    with monkeypatch.context() as broken:
        broken.setattr(alerts, "touch", away)
        with pytest.raises(RuntimeError):
            await intake.flush_touched()
    await intake.flush_touched()
    (alert,) = await stored(database)
    assert alert.status is AlertStatus.FIRING


async def test_nothing_is_answered_from_memory_while_other_nodes_are_not_heard(
    database: Database, intake: Intake, send: Send
) -> None:
    await send("DiskFull")
    request = posted(database.clock.now(), "DiskFull")
    assert intake.take_resend(KEY, request.path, request.body)
    database.live.must_prove()
    assert not intake.take_resend(KEY, request.path, request.body)
    await send("DiskFull")
    assert await count(database, SIGNALS) == 2, "it went the whole way"
    for number in (1, 2):
        database.live.heard_echo(number)
    assert database.live.proven
    assert not intake.take_resend(KEY, request.path, request.body), "what was known before may be stale"
    await send("DiskFull")
    assert intake.take_resend(KEY, request.path, request.body)


async def test_a_change_of_what_was_just_answered_is_confirmed_soon(
    database: Database, intake: Intake, elsewhere: Intake, send: Send, clock: MovableClock
) -> None:
    await send("DiskFull")
    clock.move(timedelta(seconds=10))
    await elsewhere.accept(KEY, posted(clock.now(), "DiskFull", over=True))
    clock.move(timedelta(seconds=1))
    await send("DiskFull")
    (alert,) = await stored(database)
    database.live.deliver([f"alert:{alert.id}"])
    # Not after the five seconds of an ordinary flush, and not by a wait of the test's.
    await intake._resends.due(3600)
    await intake.flush_touched()
    (alert,) = await stored(database)
    assert alert.status is AlertStatus.FIRING


async def test_a_node_that_hears_nobody_takes_nothing_for_an_integration_that_was_switched_off(
    database: Database, intake: Intake, send: Send
) -> None:
    await send("DiskFull")
    database.live.must_prove()
    async with database.read() as conn:
        await conn.execute("UPDATE integrations SET active = false WHERE name = 'prom'")
    with pytest.raises(Missing):
        await send("Another")
