"""Processes that share a database: who is alive, whose leases are whose, and what an orderly stop leaves behind."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta

import pytest
from tests.conftest import MovableClock

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.supervise import end_tasks
from muster.base.work import Job, Leased, Runner, enqueue, nodes, queue
from muster.base.work.nodes import ALIVE, BEAT_EVERY, node_name
from muster.kit.errors import Conflict

Mono = Callable[[], float]


class Hands:
    """Two workers' handlers: what they hold until it may go on, and what they finished."""

    def __init__(self) -> None:
        self.began: dict[str, list[str]] = {}
        self.done: list[tuple[str, str]] = []
        self.go_on = asyncio.Event()

    def runner(self, database: Database, name: str, *, stuck: bool = False, monotonic: Mono | None = None) -> Runner:
        """A worker whose jobs end when `go_on` is set, or at once unless `stuck`."""

        async def handle(leased: Leased) -> None:
            self.began.setdefault(name, []).append(leased.job.key)
            if stuck:
                await self.go_on.wait()
            async with leased.finish():
                self.done.append((leased.job.key, name))

        return Runner(database, name, {"letter": handle}, monotonic=monotonic or (lambda: 0.0))


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0.005)


async def dies(runner: Runner) -> None:
    """What a kill -9 leaves: its row and its leases."""
    tasks = [*runner._tasks, *runner._running]
    for task in tasks:
        task.cancel()
    with contextlib.suppress(BaseException):
        await asyncio.gather(*tasks, return_exceptions=True)


async def pass_time(database: Database, by: timedelta) -> None:
    """Let the database's time pass for those who do not beat any more."""
    async with database.read() as conn:
        await conn.execute("UPDATE nodes SET alive_until = alive_until - $1::interval", by)


async def test_what_a_killed_process_had_in_hand_is_taken_over_within_five_seconds(database: Database) -> None:
    hands, seconds = Hands(), [0.0]
    one = hands.runner(database, "one", stuck=True)
    two = hands.runner(database, "two", monotonic=lambda: seconds[0])
    await two.start()
    await one.start()
    try:
        async with database.unit(SYSTEM) as unit:
            await enqueue(unit, [Job("letter", "a", urgent=True)])
        await until(lambda: hands.began.get("one") == ["a"])
        await dies(one)
        taken_after = None
        for beat in range(1, 6):
            seconds[0] += BEAT_EVERY
            await pass_time(database, timedelta(seconds=BEAT_EVERY))
            await two.beat()
            await two.drain()
            if hands.done:
                taken_after = beat * BEAT_EVERY
                break
        assert taken_after is not None, "after five seconds of database time nobody has taken it over"
        assert taken_after <= 5
        assert hands.done == [("a", "two")]
    finally:
        await two.stop()


async def test_the_longest_takeover_is_within_five_seconds() -> None:
    assert ALIVE.total_seconds() + BEAT_EVERY < 5


async def test_a_second_process_of_a_name_is_refused_and_frees_nothing(database: Database) -> None:
    hands = Hands()
    one = hands.runner(database, "muster-a", stuck=True)
    await one.start()
    try:
        async with database.unit(SYSTEM) as unit:
            await enqueue(unit, [Job("letter", "a", urgent=True)])
        await until(lambda: "muster-a" in hands.began)
        with pytest.raises(Conflict) as refused:
            await Hands().runner(database, "muster-a").start()
        assert "muster-a" in str(refused.value)
        assert "MUSTER_NODE" in str(refused.value)
        async with database.read() as conn:
            assert await conn.fetchval("SELECT leased_by FROM work WHERE key = 'a'") == one.node.holder
        hands.go_on.set()
        await until(lambda: bool(hands.done))
        assert hands.done == [("a", "muster-a")]
    finally:
        await one.stop()


async def test_a_later_life_of_a_name_takes_what_the_dead_one_held(database: Database) -> None:
    hands = Hands()
    first = hands.runner(database, "muster-a", stuck=True)
    await first.start()
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "a", urgent=True)])
    await until(lambda: "muster-a" in hands.began)
    await dies(first)
    await pass_time(database, ALIVE + timedelta(seconds=1))
    later = Hands()
    second = later.runner(database, "muster-a")
    await second.start()
    try:
        await until(lambda: later.done == [("a", "muster-a")])
        assert first.node.holder != second.node.holder
    finally:
        await second.stop()


async def test_a_process_that_hung_and_comes_back_completes_nothing_that_was_taken_over(database: Database) -> None:
    hands, seconds = Hands(), [0.0]
    hung = hands.runner(database, "hung", stuck=True)
    other = hands.runner(database, "other", monotonic=lambda: seconds[0])
    await other.start()
    await hung.start()
    try:
        async with database.unit(SYSTEM) as unit:
            await enqueue(unit, [Job("letter", "a", urgent=True)])
        await until(lambda: hands.began.get("hung") == ["a"])
        await end_tasks(hung._tasks)
        await pass_time(database, ALIVE + timedelta(seconds=1))
        for second in range(1, 6):
            seconds[0] = float(second)
            await other.beat()
        # The worker's own loop may have taken it a moment before.
        await until(lambda: bool(hands.done))
        assert hands.done == [("a", "other")]
        hands.go_on.set()
        await hung.drain()
        assert hands.done == [("a", "other")], "the one that came back wrote its effect too"
        await hung.beat()
        async with database.read() as conn:
            assert await nodes.names_alive(conn) == ["hung", "other"]
    finally:
        await hung.stop()
        await other.stop()


async def test_nobody_is_judged_dead_just_after_the_database_was_away(database: Database) -> None:
    hands, seconds = Hands(), [0.0]
    one = hands.runner(database, "one", stuck=True)
    two = hands.runner(database, "two", monotonic=lambda: seconds[0])
    await two.start()
    await one.start()
    try:
        async with database.unit(SYSTEM) as unit:
            await enqueue(unit, [Job("letter", "a", urgent=True)])
        await until(lambda: "one" in hands.began)
        # A minute in which nobody could beat; the other comes back first.
        seconds[0] = 60.0
        await pass_time(database, timedelta(minutes=1))
        await two.beat()
        await one.beat()
        seconds[0] = 61.0
        await two.beat()
        async with database.read() as conn:
            assert await conn.fetchval("SELECT leased_by FROM work WHERE key = 'a'") == one.node.holder
    finally:
        hands.go_on.set()
        await one.stop()
        await two.stop()


async def test_a_process_whose_name_was_taken_while_it_hung_goes_on_under_another(database: Database) -> None:
    hands = Hands()
    first, second = hands.runner(database, "muster-a"), hands.runner(database, "muster-a")
    await first.start()
    for task in first._tasks:
        task.cancel()
    await pass_time(database, ALIVE + timedelta(seconds=1))
    await second.start()
    await first.beat()
    try:
        async with database.read() as conn:
            alive = await nodes.names_alive(conn)
        assert len(alive) == 2
        assert first.node.name.startswith("muster-a-")
        assert second.node.name == "muster-a"
    finally:
        await first.stop()
        await second.stop()


async def test_who_is_alone_frees_everything_at_once(database: Database) -> None:
    hands = Hands()
    dead = hands.runner(database, "dead", stuck=True)
    await dead.start()
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "a", urgent=True)])
    await until(lambda: "dead" in hands.began)
    await dies(dead)
    done = asyncio.Event()

    async def handle(leased: Leased) -> None:
        async with leased.finish():
            done.set()

    runner = Runner(database, "fresh", {"letter": handle}, alone=True)
    await runner.start()
    async with asyncio.timeout(10):
        await done.wait()
    await runner.stop()


async def test_an_orderly_stop_lets_what_is_being_done_come_to_its_end(database: Database) -> None:
    hands = Hands()
    one = hands.runner(database, "one", stuck=True)
    one._gates["letter"] = asyncio.Semaphore(1)
    await one.start()
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "a", urgent=True), Job("letter", "b", urgent=True)])
    await until(lambda: hands.began.get("one") == ["a"])
    stopping = asyncio.create_task(one.stop())
    await asyncio.sleep(0)
    hands.go_on.set()
    await stopping
    assert hands.done == [("a", "one")], "what was in flight is recorded, and nothing new begins"
    async with database.read() as conn:
        assert [tuple(row) for row in await conn.fetch("SELECT key, leased_by FROM work")] == [("b", None)]
        assert await nodes.names_alive(conn) == []


async def test_an_orderly_stop_waits_no_longer_than_its_grace(database: Database) -> None:
    hands = Hands()
    one = hands.runner(database, "one", stuck=True)
    await one.start()
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "a", urgent=True)])
    await until(lambda: "one" in hands.began)
    await one.stop(grace=0.01)
    async with database.read() as conn:
        assert await conn.fetchval("SELECT leased_by FROM work WHERE key = 'a'") is None


async def test_what_a_lost_commit_took_is_freed_soon(database: Database, clock: MovableClock) -> None:
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "held"), Job("letter", "lost"), Job("letter", "new")])
        jobs = {job.key: job for job in await queue.claim(unit.conn, "one", unit.now, ["letter"], 10)}
        await unit.conn.execute(
            "UPDATE work SET lease_until = lease_until - interval '6 s' WHERE key IN ('held', 'lost')"
        )
        assert await queue.release_orphans(unit.conn, "one", [jobs["held"].id]) == 1
        free = await unit.conn.fetch("SELECT key FROM work WHERE leased_by IS NULL")
    assert [row["key"] for row in free] == ["lost"]


async def test_a_kind_without_room_hides_no_other(database: Database) -> None:
    done: list[str] = []
    hang = asyncio.Event()

    async def slow(leased: Leased) -> None:
        await hang.wait()

    async def quick(leased: Leased) -> None:
        async with leased.finish():
            done.append(leased.job.key)

    runner = Runner(database, "one", {"slow": slow, "quick": quick}, {"slow": 2, "quick": 2})
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("slow", str(number)) for number in range(50)])
        await enqueue(unit, [Job("quick", "a")])
    await runner.start()
    await until(lambda: done == ["a"])
    hang.set()
    await runner.stop()


def test_the_default_name_never_collides() -> None:
    assert node_name("") != node_name("")
    assert node_name("muster-a") == "muster-a"
