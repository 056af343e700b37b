"""The process dies, the database dies, a second node works beside: nothing is lost and nothing rings twice."""

import asyncio
import contextlib
import os
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from tests.conftest import MovableClock
from tests.doubles.http_sink import Reply
from tests.places import quick_folder
from tests.scenario.story import Story, told

from muster.base.access import SYSTEM
from muster.base.db.lanes import Lane
from muster.base.postgres import EmbeddedPostgres
from muster.base.work import queue
from muster.incidents.incident import State
from muster.kit.errors import Unavailable
from muster.ledger import store as ledger


async def test_a_restart_in_the_middle_changes_nothing(story: Story) -> None:
    await story.fires("DiskFull")
    await story.wait(minutes=3)
    await story.restart()
    await story.wait(minutes=4)
    await story.restart()
    await story.wait(hours=2)
    assert story.rung == [("ana", 0), ("bo", 5), ("cy", 15)]
    assert len({each.id for each in story.texts}) == 3
    assert (await story.told()).count("ClockBreached") == 1


async def test_what_fell_due_while_muster_was_away_is_done_at_once_and_in_order(story: Story) -> None:
    await story.fires("DiskFull")
    await story.crash()
    story.clock.move(timedelta(minutes=7))
    story.muster = story.node()
    await story.muster.start()
    await story.settle()
    assert story.rung == [("ana", 0), ("bo", 7)], "late, and one step only: the next one waits its own time"
    await story.wait(minutes=10)
    assert story.rung[2:] == [("cy", 17)]


async def test_a_crash_between_sending_and_noting_it_repeats_under_the_same_id(story: Story) -> None:
    firing = asyncio.create_task(_quietly(story))
    await story.phones.wait(1)
    firing.cancel()
    # The phone has it; that it has it was not written yet, or was: the id tells the receiver either way.
    await story.restart()
    await story.settle()
    assert len({each.id for each in story.texts}) == 1
    assert [state for _, state, _ in await story.messages()] == ["handed_over"]


async def _quietly(story: Story) -> None:
    with contextlib.suppress(Exception):
        await story.fires("DiskFull")


class _Away:
    """A pool of which nobody gets a connection."""

    def __init__(self) -> None:
        self.asked = 0

    def acquire(self, **_: object) -> object:
        self.asked += 1
        raise ConnectionRefusedError("the server is stopped")


async def test_what_was_sent_while_the_database_went_away_is_noted_once_it_is_back_and_not_sent_again(
    story: Story,
) -> None:
    work, away = story.muster.work, _Away()
    pool = work.pool

    def reply(_: object) -> Reply:
        work.pool = away
        return Reply()

    story.phones.answer = reply
    await story.posts("DiskFull")
    await story.phones.wait(1)
    async with asyncio.timeout(20):
        while away.asked < 5:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
        story.phones.answer = Reply()
        work.pool = pool
        while [state for _, state, _ in await story.messages()] != ["handed_over"]:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    story.clock.move(timedelta(minutes=4))
    await story.settle()
    assert story.rung == [("ana", 0)]


async def test_two_nodes_share_the_work_and_ring_once(story: Story) -> None:
    other = story.node("node-2")
    await other.start()
    try:
        for number in range(10):
            await story.fires(f"Alert{number}", node=other if number % 2 else None)
        await story.phones.wait(10, within=10)
        for minutes, so_far in ((5, 20), (10, 30)):
            story.clock.move(timedelta(minutes=minutes))
            await asyncio.gather(story.muster.runner.drain(), other.runner.drain())
            await story.phones.wait(so_far, within=10)
            await story.settle()
        texts = story.texts
        assert len(texts) == 30
        assert len({each.id for each in texts}) == 30
        by_step = [sorted(each.incident for each in texts if each.step == step) for step in (1, 2, 3)]
        assert by_step[0] == by_step[1] == by_step[2] == sorted(f"INC-{n}" for n in range(1, 11))
        for number in range(1, 11):
            assert (await story.told(number)).count("ClockBreached") == 1
    finally:
        await other.stop()


async def test_a_node_that_dies_leaves_its_work_to_the_other(story: Story) -> None:
    await story.fires("DiskFull")
    other = story.node("node-2")
    await other.start()
    try:
        async with story.unit() as unit:
            # What a node that died while it held the alarm leaves behind, half a minute later.
            await unit.conn.execute(
                """UPDATE work SET leased_by = 'node-1', lease_until = clock_timestamp() - interval '1 s',
                                   token = token + 1 WHERE kind = 'page.step'"""
            )
            assert await queue.release_expired(unit.conn) == 1
        await story.crash()
        story.muster = other
        await story.wait(minutes=5)
        assert story.rung == [("ana", 0), ("bo", 5)]
    finally:
        story.muster = story.node()
        await story.muster.start()
        await other.stop()


async def test_acknowledging_on_one_node_stops_the_other(story: Story) -> None:
    other = story.node("node-2")
    await other.start()
    try:
        await story.fires("DiskFull")
        (text,) = story.texts
        first, story.muster = story.muster, other
        assert (await story.tap(text)).status_code == 200
        story.muster = first
        await story.wait(hours=1)
        assert len(story.texts) == 1
        assert (await story.incident()).state is State.ACKNOWLEDGED
    finally:
        await other.stop()


@pytest.fixture
async def own_postgres() -> AsyncIterator[EmbeddedPostgres]:
    """A PostgreSQL that this test may kill."""
    with quick_folder() as folder:
        postgres = EmbeddedPostgres(folder / "data")
        await postgres.start()
        try:
            yield postgres
        finally:
            await postgres.stop()


async def test_alerts_that_come_while_the_database_is_dead_are_kept_and_page_in_order(
    own_postgres: EmbeddedPostgres, clock: MovableClock
) -> None:
    async with told(dict(own_postgres.connect_args), clock) as story:
        await story.fires("Before")
        os.kill(own_postgres.pid, signal.SIGKILL)
        replies = []
        for number in range(20):
            replies.append(await story.posts(f"During{number}"))
            await asyncio.sleep(0.002)
        assert [reply.status for reply in replies] == [200] * 20
        await _until(lambda: _counts(story, 21))
        await _drained(story)
        opened = [each.incident for each in story.texts]
        assert len(set(opened)) == 21
        assert len({each.id for each in story.texts}) == 21
        # A crashed PostgreSQL leaves out some numbers of a sequence, so the order is asked for, not the numbers.
        async with story.muster.database.read() as conn:
            rows = await conn.fetch("SELECT number, title FROM incidents ORDER BY number")
        assert [row["title"].split()[0] for row in rows] == ["Before", *(f"During{number}" for number in range(20))]
        assert story.muster.intake.caught_up
        await story.ends("During3")
        assert (await story.incident(rows[4]["number"])).state is State.RESOLVED
        async with story.muster.database.unit(SYSTEM) as unit:
            assert await ledger.heads(unit.conn)


async def test_alerts_that_come_while_the_database_only_reads_are_kept_as_well(story: Story) -> None:
    # As after a fail-over to a standby, or with a full disk.
    name = story.connect["database"]
    await story.fires("Before")
    async with story.muster.database.read() as conn:
        await conn.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
    await story.muster.database.lane(Lane.INTAKE).pool.expire_connections()
    assert (await story.posts("During")).status == 200
    assert not story.muster.intake.caught_up
    async with story.muster.database.read() as conn:
        await conn.execute("SET default_transaction_read_only = off")
        await conn.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
    await story.muster.database.lane(Lane.INTAKE).pool.expire_connections()
    await _until(lambda: _counts(story, 2))
    await story.settle()
    assert {each.incident for each in story.texts} == {"INC-1", "INC-2"}


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(600):
        if await holds():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("It did not come about within 30 seconds.")


async def _counts(story: Story, wanted: int) -> bool:
    try:
        found = await story.count("SELECT count(*) FROM incidents")
        return found >= wanted and story.muster.intake.caught_up
    except Unavailable:
        return False


async def _drained(story: Story) -> None:
    """Leases of commits whose answer got lost run out by themselves; here they need not take half a minute."""
    async with asyncio.timeout(20):
        while await story.count("SELECT count(*) FROM work WHERE kind = 'delivery'"):
            held = [job.id for job in story.muster.runner._running.values()]
            async with story.muster.database.unit(SYSTEM) as unit:
                await unit.conn.execute(
                    "UPDATE work SET leased_by = NULL, lease_until = NULL WHERE lease_until IS NOT NULL AND id <> ALL($1)",
                    held,
                )
            await story.muster.runner.drain()
