"""Entries are written with the change that they record, in one chain a stream, whoever writes at the same moment."""

import asyncio
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from muster.base.access import SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.incidents.events import INCIDENT_ACKNOWLEDGED, INCIDENT_CLOSED
from muster.ledger import store
from muster.ledger.actions import record, record_all
from muster.ledger.actions.verifying import judge
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind

NOTE_WRITTEN = EventKind("NoteWritten", "Somebody wrote a note.")

ADA = Principal(Kind.PERSON, "ada", Level.RESPONDER, via="session")


async def assert_sound(database: Database, entries: int) -> None:
    async with database.unit(SYSTEM) as unit:
        verdict = await judge(unit.conn, ())
    assert verdict.breaks == ()
    assert verdict.entries == entries


async def test_an_entry_has_its_actor_instant_reason_and_data(database: Database) -> None:
    async with database.unit(ADA) as unit:
        await record(unit, Event("incident:1", INCIDENT_ACKNOWLEDGED, {"note": "naïve ☃"}, "on my way"))
    async with database.read() as conn:
        (stored,) = await store.of_stream(conn, "incident:1")
    assert (stored.seq, stored.at, stored.reason, stored.data) == (1, unit.now, "on my way", {"note": "naïve ☃"})
    assert stored.who == {"kind": "person", "name": "ada", "via": "session"}


async def test_a_batch_over_many_streams_keeps_its_order(database: Database) -> None:
    events = [Event(f"incident:{number % 7}", NOTE_WRITTEN, {"number": number}) for number in range(50)]
    async with database.unit(SYSTEM) as unit:
        await record_all(unit, events)
        await record_all(unit, events)
    async with database.read() as conn:
        recorded = await store.following(conn, store.StoredEntryFilter(), 100)
    entries, again = recorded[:50], recorded[50:]
    assert [entry.data["number"] for entry in entries] == list(range(50))
    assert [entry.position for entry in entries] == sorted(entry.position for entry in entries)
    assert again[0].prev == entries[49].hash
    assert [entry.data["number"] for entry in again] == list(range(50))
    await assert_sound(database, 100)


async def test_recording_nothing_is_fine(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        await record_all(unit, [])
    await assert_sound(database, 0)


async def test_what_is_rolled_back_leaves_no_trace(database: Database) -> None:
    async def failing() -> None:
        async with database.unit(SYSTEM) as unit:
            await record(unit, Event("incident:1", NOTE_WRITTEN))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await failing()
    async with database.unit(SYSTEM) as unit:
        await record(unit, Event("incident:1", NOTE_WRITTEN))
    async with database.read() as conn:
        (entry,) = await store.of_stream(conn, "incident:1")
    assert entry.seq == 1
    await assert_sound(database, 1)


@pytest.mark.parametrize("streams", [["access"], ["a", "b", "c", "d"]])
async def test_concurrent_appends_to_the_same_streams_chain_correctly(database: Database, streams: list[str]) -> None:
    async def writer(number: int) -> None:
        for turn in range(10):
            order = streams if (number + turn) % 2 else streams[::-1]
            async with database.unit(SYSTEM) as unit:
                await record_all(unit, [Event(stream, NOTE_WRITTEN, {"by": number}) for stream in order])

    await asyncio.gather(*(writer(number) for number in range(8)))
    await assert_sound(database, 80 * len(streams))
    async with database.read() as conn:
        assert {seq for seq, _ in (await store.heads(conn)).values()} == {80}


async def test_a_stream_that_somebody_else_begins_at_the_same_moment_is_joined(database: Database) -> None:
    first_wrote, second_waits = asyncio.Event(), asyncio.Event()

    async def first() -> None:
        async with database.unit(SYSTEM) as unit:
            await record(unit, Event("b", NOTE_WRITTEN))
            await unit.write_gathered()
            first_wrote.set()
            await second_waits.wait()
            await asyncio.sleep(0.2)

    async def second() -> None:
        await first_wrote.wait()
        async with database.unit(SYSTEM) as unit:
            second_waits.set()
            await record_all(unit, [Event(stream, NOTE_WRITTEN) for stream in ("a", "b", "c", "b")])

    await asyncio.gather(first(), second())
    async with database.read() as conn:
        entries = await store.following(conn, store.StoredEntryFilter(), 10)
    assert sorted((entry.stream, entry.seq) for entry in entries) == [("a", 1), ("b", 1), ("b", 2), ("b", 3), ("c", 1)]
    await assert_sound(database, 5)


async def test_two_units_that_record_in_different_orders_wait_for_each_other_and_never_deadlock(
    database: Database,
) -> None:
    """As the outcomes of a storm and the answers to it do: what happened to one incident first, then to the other."""
    async with database.unit(SYSTEM) as unit:
        await record_all(unit, [Event(stream, NOTE_WRITTEN) for stream in ("a", "b")])
    both_have_begun = asyncio.Barrier(2)

    async def writer(first: str, then: str) -> None:
        async with database.unit(SYSTEM) as unit:
            await record(unit, Event(first, NOTE_WRITTEN))
            await both_have_begun.wait()
            await record(unit, Event(then, NOTE_WRITTEN))

    await asyncio.gather(writer("a", "b"), writer("b", "a"))
    await assert_sound(database, 6)


async def test_what_is_recorded_in_a_trial_is_not_kept(database: Database) -> None:
    async with database.unit(ADA) as unit:
        await record(unit, Event("a", NOTE_WRITTEN))
        async with unit.trial() as trial:
            await record(trial, Event("b", NOTE_WRITTEN))
            await trial.write_gathered()
            assert len(await store.of_stream(trial.conn, "b")) == 1
    async with database.read() as conn:
        assert [entry.stream for entry in await store.following(conn, store.StoredEntryFilter(), 10)] == ["a"]
    await assert_sound(database, 1)


async def test_what_postgresql_cannot_hold_is_replaced(database: Database) -> None:
    awkward = {"nul": "a\0b", "half": "\ud800", "big": 2**80, "deep": [{"\0": "\udfff"}]}
    async with database.unit(SYSTEM) as unit:
        await record(unit, Event("x\0", NOTE_WRITTEN, awkward, "a\0\ud800"))
    async with database.read() as conn:
        row = await conn.fetchrow("SELECT * FROM ledger")
    assert row is not None
    assert row["data"]["nul"] == "a�b"
    await assert_sound(database, 1)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_events SET reason = 'x'",
        "DELETE FROM ledger_events",
        "TRUNCATE ledger_events",
        "TRUNCATE ledger_events, ledger_heads",
        "UPDATE ledger_seals SET at = now()",
        "DELETE FROM ledger_seals",
        "TRUNCATE ledger_seals",
        "DELETE FROM ledger_events WHERE false",
    ],
)
@pytest.mark.parametrize("replica", [False, True])
async def test_changing_what_is_recorded_is_refused(database: Database, statement: str, replica: bool) -> None:
    async with database.unit(SYSTEM) as unit:
        await record(unit, Event("incident:1", NOTE_WRITTEN))
    async with database.read() as conn:
        # Only a superuser may call his session a replica's, in which ordinary triggers do not fire.
        if replica and await conn.fetchval("SELECT rolsuper FROM pg_roles WHERE rolname = current_user"):
            await conn.execute("SET session_replication_role = replica")
        try:
            with pytest.raises(asyncpg.InsufficientPrivilegeError, match="append-only"):
                await conn.execute(statement)
        finally:
            await conn.execute("RESET ALL")


async def test_lists_are_filtered_and_paged(database: Database, clock: Any) -> None:
    start = clock.now()
    for number in range(6):
        async with database.unit(ADA if number % 2 else SYSTEM) as unit:
            await record(unit, Event(f"incident:{number % 3}", NOTE_WRITTEN if number < 4 else INCIDENT_CLOSED))
        clock.move(timedelta(minutes=1))

    async def seqs(chosen: store.StoredEntryFilter, limit: int = 10, before: int | None = None) -> list[int]:
        async with database.read() as conn:
            return [each.position for each in await store.newest(conn, chosen, limit, before)]

    everything = await seqs(store.StoredEntryFilter())
    assert everything == sorted(everything, reverse=True)
    assert (
        await seqs(store.StoredEntryFilter(), 2) + await seqs(store.StoredEntryFilter(), 10, everything[1])
        == everything
    )
    assert await seqs(store.StoredEntryFilter(kind="IncidentClosed")) == everything[:2]
    assert await seqs(store.StoredEntryFilter(stream="incident:0")) == [everything[2], everything[5]]
    assert await seqs(store.StoredEntryFilter(actor="ada", kind="NoteWritten")) == [everything[2], everything[4]]
    minute = timedelta(minutes=1)
    assert await seqs(store.StoredEntryFilter(since=start + minute, until=start + 3 * minute)) == everything[3:5]
    async with database.read() as conn:
        assert await store.kinds(conn) == ["IncidentClosed", "NoteWritten"]
        up = await store.following(conn, store.StoredEntryFilter(), 10, everything[3])
    assert [each.position for each in up] == everything[2::-1]
