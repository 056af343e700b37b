"""The database goes away while alerts come in: they are answered all the same, and dealt with in order afterwards."""

import asyncio
import struct
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, OTHER, Send, count, posted, request, stored
from tests.store.alerts.intakes import intake_on

from muster.alerts.actions import spool as spool_module
from muster.alerts.actions.intake import Intake
from muster.alerts.actions.spool import Spool
from muster.alerts.actions.spool_findings import Kind
from muster.alerts.alert import AlertStatus
from muster.alerts.happenings import AlertChange, ChangeKind
from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Request
from muster.base.db.database import Database
from muster.inbound.formats import InboundFormats
from muster.kit.errors import Missing, Unavailable


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


async def test_known_keys_outlive_a_restart_and_unknown_ones_are_refused_while_the_database_is_away(
    database: Database, intake: Intake, away: Away, clock: MovableClock, tmp_path: Path
) -> None:
    await intake.learn_keys()
    away.on = True
    again = intake_on(database, tmp_path / "spool")
    assert (await again.accept(KEY, posted(clock.now(), "DiskFull"))).status == 200
    for _ in range(2):
        # The second time, something waits in the spool already.
        with pytest.raises(Missing, match="No integration has this key") as refusal:
            await again.accept("forged-key-0123456789", posted(clock.now(), "Forged"))
        assert "it is away now" in refusal.value.detail
    assert b"Forged" not in (tmp_path / "spool" / "intake.spool").read_bytes()
    away.on = False
    with pytest.raises(Missing):
        await again.accept("forged-key-0123456789", posted(clock.now(), "Forged"))
    await replay(again)
    assert [alert.labels["alertname"] for alert in await stored(database)] == ["DiskFull"]


async def test_a_damaged_list_of_keys_is_no_list(
    database: Database, intake: Intake, away: Away, clock: MovableClock, tmp_path: Path
) -> None:
    await intake.learn_keys()
    file = tmp_path / "spool" / "known-keys.json"
    for damaged in (b"", b"\0\0\0", file.read_bytes()[:-9], b"[]", b'{"sha256": 1}'):
        file.write_bytes(damaged)
        away.on = True
        again = intake_on(database, tmp_path / "spool")
        reply = await again.accept(KEY, posted(clock.now(), "DiskFull"))
        assert (reply.status, reply.body["checked"]) == (200, False)
        away.on = False
        await replay(again)
        assert again.vouches(KEY), "it is written anew"


async def test_forged_keys_never_crowd_out_real_alerts(
    database: Database, intake: Intake, send: Send, away: Away, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool_module, "LARGEST", 40_000)
    await send("Before")
    away.on = True
    answers = []
    for _ in range(20):
        try:
            answers.append((await intake.accept("forged-key-0123456789", posted(clock.now(), "Forged"))).status)
        except Unavailable as refusal:
            answers.append(refusal.status)
    assert answers[0] == 200
    assert answers[-1] == 503
    assert 2 * answers.count(200) < len(answers)
    for number in range(20):
        assert (await send(f"Real{number}")).status == 200
    away.on = False
    await replay(intake)
    assert {alert.labels["alertname"] for alert in await stored(database)} == {
        "Before",
        *(f"Real{number}" for number in range(20)),
    }


async def test_what_no_integration_owns_or_no_format_reads_is_kept_and_counted(
    database: Database,
    intake: Intake,
    away: Away,
    clock: MovableClock,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    away.on = True
    await intake.accept("no-such-key-0123456789", posted(clock.now(), "Unknown"))
    await intake.accept(OTHER, request(clock.now(), b"{bad"))
    await intake.accept(OTHER, posted(clock.now(), "BreaksItsReader"))
    await intake.accept(OTHER, posted(clock.now(), "DiskFull"))
    away.on = False
    read = InboundFormats.parse

    def parse(self: InboundFormats, integration: Integration, request: Request) -> Parsed:
        if b"BreaksItsReader" in request.body:
            raise RecursionError
        return read(self, integration, request)

    monkeypatch.setattr(InboundFormats, "parse", parse)
    await replay(intake)
    pieces = Spool(tmp_path / "spool").aside.pieces()
    assert [(piece.kind, piece.count) for piece in pieces] == [(Kind.UNKNOWN_KEY, 1), (Kind.REFUSED, 1)]
    assert b"Unknown" in pieces[0].path.read_bytes()
    assert [alert.labels["alertname"] for alert in await stored(database)] == ["DiskFull"]
    assert await count(database, "SELECT count(*) FROM signals WHERE outcome = 'malformed'") == 1


async def test_a_damaged_record_does_not_hold_up_what_lies_behind_it(
    database: Database, intake: Intake, send: Send, away: Away, tmp_path: Path
) -> None:
    await intake.learn_keys()
    away.on = True
    for number in range(6):
        await send(f"Alert{number}")
    file = tmp_path / "spool" / "intake.spool"
    damaged = bytearray(file.read_bytes())
    damaged[damaged.index(b"Alert2")] ^= 1
    file.write_bytes(damaged)
    away.on = False
    await replay(intake_on(database, tmp_path / "spool"))
    assert {alert.labels["alertname"] for alert in await stored(database)} == {
        f"Alert{number}" for number in range(6) if number != 2
    }
    (piece,) = Spool(tmp_path / "spool").aside.pieces()
    assert piece.kind is Kind.DAMAGED


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
    again = intake_on(database, tmp_path / "spool")
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
    await replay(intake_on(database, tmp_path / "spool"))
    assert [change.kind for change in told] == [ChangeKind.OPENED]
    (alert,) = await stored(database)
    assert (alert.episode, alert.active) == (1, True)
