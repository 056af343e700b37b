"""Sealed, verified and exported from a real database; what a superuser does behind the triggers is found."""

import asyncio
import os
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.conftest import MovableClock

from muster.base.access import SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.http import Http
from muster.base.work import Runner
from muster.kit.errors import Denied, Invalid, Unavailable
from muster.ledger import store
from muster.ledger.actions import record_all
from muster.ledger.actions.denial import WINDOW, record_denial
from muster.ledger.actions.exporting import begin_export, export
from muster.ledger.actions.keyfile import load_or_create_key
from muster.ledger.actions.outside import append_to, seals_to
from muster.ledger.actions.sealing import seal, write_seal
from muster.ledger.actions.verifying import judge, verify
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.ledger.export import kept_seals, verify_export
from muster.ledger.flaw import SEALS, Damage
from muster.ledger.jobs import SEAL_EVERY, begin_sealing, handlers
from muster.ledger.key import LedgerKey
from muster.ledger.verification import VerificationResult
from muster.people.events import PERSON_CHANGED

NOTE_WRITTEN = EventKind("NoteWritten", "Somebody wrote a note.")

VIEWER = Principal(Kind.PERSON, "vic", Level.VIEWER)


@pytest.fixture
def key(tmp_path: Path) -> LedgerKey:
    """A key as the first start makes it."""
    return load_or_create_key(tmp_path / "ledger.key")


async def note(database: Database, *streams: str) -> None:
    async with database.unit(SYSTEM) as unit:
        await record_all(unit, [Event(stream, NOTE_WRITTEN, {"text": "as it was"}, "because") for stream in streams])


async def sealed(database: Database, key: LedgerKey) -> None:
    async with database.unit(SYSTEM) as unit:
        await write_seal(unit, key)


async def verdict_of(database: Database, key: LedgerKey) -> VerificationResult:
    async with database.unit(SYSTEM) as unit:
        return await judge(unit.conn, [key.public])


@asynccontextmanager
async def superuser(database: Database) -> AsyncIterator[Any]:
    """A connection of somebody who owns the database and has disabled the triggers."""
    async with database.read() as conn:
        for table in ("ledger_events", "ledger_seals"):
            await conn.execute(f"ALTER TABLE {table} DISABLE TRIGGER ALL")
        yield conn


async def test_seals_cover_all_streams_and_follow_each_other(database: Database, key: LedgerKey) -> None:
    await note(database, "a", "b", "a")
    await sealed(database, key)
    await note(database, *(f"incident:{number}" for number in range(300)), "a", "ø")
    await sealed(database, key)
    await sealed(database, key)
    verdict = await verdict_of(database, key)
    assert verdict.breaks == ()
    assert (verdict.entries, verdict.seals, verdict.unsealed) == (305, 2, 0)


async def test_sealing_by_hand_records_itself_under_the_seal(database: Database, key: LedgerKey) -> None:
    async with database.unit(SYSTEM) as unit:
        made = await seal(unit, key, "before the audit")
    assert [(head.stream, head.seq) for head in made.moved()] == [("ledger", 1)]
    with pytest.raises(Denied, match="may not"):
        async with database.unit(VIEWER) as unit:
            await seal(unit, key)


async def test_the_periodic_seal_follows_the_clock(database: Database, key: LedgerKey, clock: Any) -> None:
    runner = Runner(database, "test", handlers(key))
    await note(database, "a")
    async with database.unit(SYSTEM) as unit:
        await begin_sealing(unit)
    async with database.unit(SYSTEM) as unit:
        await begin_sealing(unit)
    for expected in (0, 1, 1):
        await runner.drain()
        async with database.read() as conn:
            assert len(await store.seals(conn, 10)) == expected
        clock.move(SEAL_EVERY)
    await note(database, "a")
    await runner.drain()
    verdict = await verdict_of(database, key)
    assert (verdict.found, verdict.seals, verdict.unsealed) == (0, 2, 0)


async def test_verifying_is_recorded_with_what_it_found(database: Database, key: LedgerKey) -> None:
    await note(database, "a")
    async with database.unit(SYSTEM) as unit:
        assert (await verify(unit, [key.public])).sound
    async with database.read() as conn:
        (entry,) = await store.of_stream(conn, "ledger")
    assert entry.kind == "LedgerVerified"
    counts = {"entries": 1, "streams": 1, "seals": 0, "unsealed": 1, "found": 0, "redacted": 0}
    assert entry.data == {"sound": True, **counts, "first": []}
    with pytest.raises(Denied):
        async with database.unit(VIEWER) as unit:
            await verify(unit, [key.public])


COLUMNS = {
    "position": "position + 1000",
    "seq": "seq + 1000",
    "at": "at + interval '1 microsecond'",
    "kind": "kind || 's'",
    "actor": "replace(actor, 'muster', 'mustes')",
    "reason": "'Because'",
    "body": "replace(body, 'was', 'is')",
    "prev": "set_byte(prev, 31, get_byte(prev, 31) # 1)",
    "hash": "set_byte(hash, 0, get_byte(hash, 0) # 128)",
    "stream": "'c'",
}


@pytest.mark.parametrize("column", COLUMNS)
async def test_any_column_that_a_superuser_alters_is_found(database: Database, key: LedgerKey, column: str) -> None:
    await note(database, "a", "a", "b", "a")
    async with superuser(database) as conn:
        done = await conn.execute(
            f"UPDATE ledger_events SET {column} = {COLUMNS[column]} WHERE stream = 'a' AND seq = 2"
        )
    assert done == "UPDATE 1"
    assert not (await verdict_of(database, key)).sound


@pytest.mark.parametrize(
    ("statement", "flaw"),
    [
        ("DELETE FROM ledger_events WHERE stream = 'a' AND seq = 2", Damage.MISSING),
        ("DELETE FROM ledger_events WHERE stream = 'a' AND seq = 3", Damage.TRUNCATED),
        ("DELETE FROM ledger_events WHERE stream = 'b'", Damage.TRUNCATED),
        ("DELETE FROM ledger_seals WHERE number = 1", Damage.MISSING),
        ("UPDATE ledger_seals SET signature = set_byte(signature, 9, get_byte(signature, 9) # 1)", Damage.FORGED),
        ("UPDATE ledger_seals SET at = at + interval '1 second'", Damage.ALTERED),
    ],
)
async def test_what_a_superuser_removes_or_forges_is_found(
    database: Database, key: LedgerKey, statement: str, flaw: Damage
) -> None:
    await note(database, "a", "a", "b")
    await sealed(database, key)
    await note(database, "a")
    await sealed(database, key)
    async with superuser(database) as conn:
        await conn.execute(statement)
        await conn.execute("DELETE FROM ledger_heads")
    assert flaw in {each.flaw for each in (await verdict_of(database, key)).breaks}


async def test_seals_made_anew_with_another_key_are_found(database: Database, key: LedgerKey, tmp_path: Path) -> None:
    await note(database, "a", "a", "b")
    await sealed(database, key)
    async with superuser(database) as conn:
        for table in ("ledger_seals", "ledger_sealed"):
            await conn.execute(f"DELETE FROM {table}")
    await sealed(database, load_or_create_key(tmp_path / "forger.key"))
    assert {(each.stream, each.flaw) for each in (await verdict_of(database, key)).breaks} == {
        (SEALS, Damage.UNTRUSTED)
    }


async def test_an_export_is_verified_offline_and_holds_its_own_event(database: Database, key: LedgerKey) -> None:
    await note(database, *(f"incident:{number % 40}" for number in range(1200)))
    await sealed(database, key)
    async with database.unit(SYSTEM) as unit:
        await begin_export(unit)
    whole = b"".join([piece async for piece in export(database, key)])
    verdict = verify_export(whole.splitlines(keepends=True), [key.public])
    assert verdict.breaks == ()
    assert (verdict.entries, verdict.seals, verdict.unsealed) == (1201, 1, 1)


async def test_hammering_is_recorded_once_a_minute_with_a_count(database: Database, key: LedgerKey, clock: Any) -> None:
    runner = Runner(database, "test", handlers(key))
    for turn in range(120):
        async with database.unit(SYSTEM) as unit:
            await record_denial(unit, VIEWER, "plan.publish", f"/plan/{turn}", "needs manager")
        await runner.drain()
        clock.move(timedelta(seconds=1))
    for _ in range(3):
        await runner.drain()
        clock.move(WINDOW)
    async with database.read() as conn:
        entries = await store.of_stream(conn, "access")
        assert await conn.fetchval("SELECT count(*) FROM ledger_denials") == 0
    assert sum(each.data["times"] for each in entries) == 120
    assert len(entries) == 3
    assert {each.who["name"] for each in entries} == {"vic"}
    assert entries[-1].data["path"] == "/plan/119"


def test_the_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "ledger.key"
    made = load_or_create_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert load_or_create_key(path).public == made.public
    assert [each.name for each in tmp_path.iterdir()] == ["ledger.key"]


def test_a_key_that_others_may_read_or_that_is_none_is_refused_with_the_fix(tmp_path: Path) -> None:
    path = tmp_path / "ledger.key"
    load_or_create_key(path)
    os.chmod(path, 0o644)
    with pytest.raises(Invalid) as refused:
        load_or_create_key(path)
    assert refused.value.faults[0].fix == f"Run: chmod 600 {path}"
    os.chmod(path, 0o600)
    path.write_text("hello")
    with pytest.raises(Invalid, match="cannot be read"):
        load_or_create_key(path)


async def test_the_tables_refuse_what_no_chain_has(database: Database) -> None:
    async with database.read() as conn:
        with pytest.raises(asyncpg.CheckViolationError):
            await conn.execute(
                "INSERT INTO ledger_events VALUES (1, 's', 0, now(), 'K', '{}', '', '{}', sha256(''), sha256(''))"
            )


async def test_verifying_sealing_and_exporting_during_writes_raise_no_false_alarm(
    database: Database, key: LedgerKey
) -> None:
    done = asyncio.Event()

    async def writer(number: int) -> None:
        turn = 0
        while not done.is_set():
            turn += 1
            streams = [f"new:{number}:{turn}", f"shared:{turn % 3}", "access", f"shared:{turn % 3}"]
            await note(database, *streams)
            await note(database, *reversed(streams))

    writers = [asyncio.create_task(writer(number)) for number in range(4)]
    try:
        for _ in range(20):
            await sealed(database, key)
            assert (await verdict_of(database, key)).breaks == ()
            whole = b"".join([piece async for piece in export(database, key)])
            assert verify_export(whole.splitlines(keepends=True), [key.public]).breaks == ()
    finally:
        done.set()
        await asyncio.gather(*writers)
    await sealed(database, key)
    verdict = await verdict_of(database, key)
    assert (verdict.found, verdict.unsealed) == (0, 0)
    assert verdict.seals > 1


async def test_a_tail_that_is_cut_after_a_sensitive_event_is_found(
    database: Database, clock: MovableClock, key: LedgerKey, tmp_path: Path
) -> None:
    async with database.unit(SYSTEM) as unit:
        await begin_sealing(unit)
    await note(database, "quiet")
    runner = Runner(database, "node", handlers(key, lambda seal: append_to(tmp_path, seal)))
    clock.move(timedelta(seconds=4))
    await runner.drain()
    assert (await verdict_of(database, key)).unsealed == 1, "what is not sensitive waits for the periodic seal"
    for number in range(5):
        async with database.unit(SYSTEM) as unit:
            await record_all(unit, [Event("person:eve", PERSON_CHANGED, {"level": "administrator", "number": number})])
    clock.move(timedelta(seconds=4))
    await runner.drain()
    async with database.read() as conn:
        assert len(await store.seals(conn, 10)) == 1, "those that come together share a seal"
    assert (await verdict_of(database, key)).unsealed == 0
    kept = kept_seals((tmp_path / "seals.jsonl").read_bytes().splitlines(keepends=True))
    assert list(kept) == [1]

    async with superuser(database) as conn:
        await conn.execute("DELETE FROM ledger_events WHERE stream = 'person:eve' AND seq > 2")
    assert (await verdict_of(database, key)).found
    # Whoever rules the database also takes the seal away; what was sent outside still knows.
    async with superuser(database) as conn:
        await conn.execute("DELETE FROM ledger_seals")
    async with database.unit(SYSTEM) as unit:
        assert (await judge(unit.conn, [key.public], kept)).found


async def test_a_seal_is_appended_outside_once_and_a_torn_line_is_taken_away(
    database: Database, key: LedgerKey, tmp_path: Path
) -> None:
    for stream in ("a", "b"):
        await note(database, stream)
        await sealed(database, key)
    async with database.read() as conn:
        second, first = await store.seals(conn, 2)
    await append_to(tmp_path, first)
    await append_to(tmp_path, first)
    file = tmp_path / "seals.jsonl"
    assert file.read_bytes().count(b"\n") == 1
    with file.open("ab") as torn:
        torn.write(b'{"type":"seal","num')
    await append_to(tmp_path, second)
    assert kept_seals(file.read_bytes().splitlines(keepends=True)) == {1: first.hash, 2: second.hash}
    with pytest.raises(Unavailable, match="cannot be written"):
        await append_to(tmp_path / "not mounted", first)


@pytest.mark.parametrize("setting", ["relative/folder", "http://example.com/seals", "ftp://example.com/", "https://"])
def test_a_place_for_seals_that_cannot_be_is_refused(setting: str, key: LedgerKey, clock: MovableClock) -> None:
    with pytest.raises(Invalid, match="MUSTER_SEALS_TO"):
        seals_to(setting, Http(), key, clock)
