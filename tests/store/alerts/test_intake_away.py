"""The database goes away while alerts come in: they are answered all the same, and dealt with in order afterwards."""

import asyncio
import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, OTHER, Send, posted, request, stored

from muster.alerts.actions.intake import Intake
from muster.alerts.actions.spool import Spool
from muster.alerts.alert import AlertStatus
from muster.alerts.happenings import AlertChange, ChangeKind
from muster.base.db.database import Database
from muster.integrations.inbound.formats import InboundFormats


class Away:
    """Stands between a database and its pool: while it is on, nobody gets a connection."""

    def __init__(self, pool: Any) -> None:
        self.pool, self.on = pool, False

    def acquire(self, *args: Any, **kwargs: Any) -> Any:
        if self.on:
            raise ConnectionRefusedError("the server is stopped")
        return self.pool.acquire(*args, **kwargs)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pool, name)


@pytest.fixture
def away(database: Database) -> Away:
    """Switches the database off and on."""
    database.pool = Away(database.pool)
    return database.pool


async def replay(intake: Intake) -> None:
    """Let the intake give back what it spooled."""
    await intake.start()
    for _ in range(500):
        if intake.caught_up:
            break
        await asyncio.sleep(0.01)
    await intake.stop()
    assert intake.caught_up


async def test_alerts_are_taken_while_the_database_is_away_and_replayed_in_order(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], away: Away, clock: MovableClock
) -> None:
    await send("Before")
    away.on = True
    for name in ("One", "Two"):
        assert (await send(name)).status == 200
        clock.move(timedelta(seconds=1))
    assert (await send("One", over=True)).status == 200
    assert (await send("Before", over=True)).status == 200
    assert not intake.caught_up
    assert [change.alert.labels["alertname"] for change in told] == ["Before"]
    away.on = False
    # A sender that comes when the database is back waits its turn behind those who came before it.
    assert (await send("Two", over=True)).status == 200
    assert not intake.caught_up
    await replay(intake)
    found = {alert.labels["alertname"]: alert for alert in await stored(database)}
    assert {name: alert.status for name, alert in found.items()} == dict.fromkeys(
        ("Before", "One", "Two"), AlertStatus.RESOLVED
    )
    assert [change.kind for change in told if change.alert.labels["alertname"] == "One"] == [
        ChangeKind.OPENED,
        ChangeKind.RESOLVED,
    ]


async def test_what_is_malformed_is_refused_also_then(
    intake: Intake, send: Send, away: Away, clock: MovableClock
) -> None:
    await send("Before")
    away.on = True
    reply = await intake.accept(KEY, request(clock.now(), b"{bad"))
    assert reply.status == 400
    assert intake.caught_up


async def test_keys_that_cannot_be_looked_up_are_taken_and_told_apart_later(
    database: Database, intake: Intake, away: Away, clock: MovableClock
) -> None:
    away.on = True
    for key in (OTHER, "no-such-key-0123456789"):
        assert (await intake.accept(key, posted(clock.now(), "DiskFull"))).status == 200
    away.on = False
    await replay(intake)
    (alert,) = await stored(database)
    assert alert.labels["alertname"] == "DiskFull"


async def test_a_kill_in_the_middle_of_spooling_loses_nothing_that_was_answered(
    database: Database, intake: Intake, send: Send, away: Away, tmp_path: Path
) -> None:
    away.on = True
    for name in ("One", "Two"):
        await send(name)
    file = tmp_path / "spool" / "intake.spool"
    with file.open("ab") as torn:
        torn.write(struct.pack("<II", 5000, 1) + b"the process died here")
    away.on = False
    again = Intake(database, InboundFormats(), Spool(tmp_path / "spool"))
    assert not again.caught_up
    await replay(again)
    assert {alert.labels["alertname"] for alert in await stored(database)} == {"One", "Two"}


async def test_replaying_twice_changes_nothing(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], away: Away, tmp_path: Path
) -> None:
    away.on = True
    await send("One")
    spooled = (tmp_path / "spool" / "intake.spool").read_bytes()
    away.on = False
    await replay(intake)
    # Killed after the commit and before the spool was emptied: the same requests come once more.
    (tmp_path / "spool" / "intake.spool").write_bytes(spooled)
    await replay(Intake(database, InboundFormats(), Spool(tmp_path / "spool")))
    assert [change.kind for change in told] == [ChangeKind.OPENED]
    (alert,) = await stored(database)
    assert (alert.episode, alert.active) == (1, True)
