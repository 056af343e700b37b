"""The queue's leases: what is in hand stays, what nobody works on runs out and is done by whoever is left."""

import asyncio
from datetime import timedelta

from tests.conftest import MovableClock

from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.work import Job, Leased, LeaseLost, Runner, cancel, enqueue, queue

KINDS = ["letter"]


async def test_only_what_is_in_hand_is_kept(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "held"), Job("letter", "lost")])
        jobs = {job.key: job for job in await queue.claim(unit.conn, "one", unit.now, KINDS, 10)}
        await unit.conn.execute("UPDATE work SET lease_until = clock_timestamp() + interval '40 ms'")
    async with database.unit(SYSTEM) as unit:
        await queue.renew(unit.conn, "one", [jobs["held"].id])
    await asyncio.sleep(0.06)
    async with database.unit(SYSTEM) as unit:
        assert await queue.release_expired(unit.conn) == 1
        (job,) = await queue.claim(unit.conn, "two", unit.now, KINDS, 10)
        assert (job.key, job.attempts) == ("lost", 2)


async def test_who_has_lost_the_lease_writes_nothing(database: Database) -> None:
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "a")])
        (slow,) = await queue.claim(unit.conn, "one", unit.now, KINDS, 10)
        await unit.conn.execute("UPDATE work SET lease_until = clock_timestamp() - interval '1 s'")
        await queue.release_expired(unit.conn)
        (quick,) = await queue.claim(unit.conn, "two", unit.now, KINDS, 10)
    written = []
    for job in (slow, quick, quick):
        try:
            async with Leased(database, job).finish():
                written.append(job.token)
        except LeaseLost:
            pass
    assert written == [quick.token]


async def test_what_is_cancelled_while_it_runs_writes_nothing(database: Database, clock: MovableClock) -> None:
    began, go_on, outcome = asyncio.Event(), asyncio.Event(), []

    async def handle(leased: Leased) -> None:
        began.set()
        await go_on.wait()
        try:
            async with leased.finish():
                outcome.append("written")
        except LeaseLost:
            outcome.append("lost")

    runner = Runner(database, "one", {"letter": handle})
    await runner.start()
    async with database.unit(SYSTEM) as unit:
        await enqueue(unit, [Job("letter", "a", urgent=True)])
    await asyncio.wait_for(began.wait(), 5)
    async with database.unit(SYSTEM) as unit:
        assert await cancel(unit, "letter", ["a"]) == 1
    go_on.set()
    await runner.drain()
    await runner.stop()
    assert outcome == ["lost"]


async def test_two_workers_do_every_job_once(database: Database, clock: MovableClock) -> None:
    done: list[tuple[str, str]] = []

    def worker(name: str) -> Runner:
        async def handle(leased: Leased) -> None:
            async with leased.finish():
                done.append((leased.job.key, name))

        return Runner(database, name, {"letter": handle})

    one, two = worker("one"), worker("two")
    await one.start()
    await two.start()
    async with database.unit(SYSTEM) as unit:
        due = unit.now + timedelta(seconds=1)
        await enqueue(unit, [Job("letter", str(number), run_at=due) for number in range(200)])
    clock.move(timedelta(seconds=1))
    await asyncio.gather(one.drain(), two.drain())
    for _ in range(100):
        if len(done) >= 200:
            break
        await asyncio.sleep(0.02)
    await one.stop()
    await two.stop()
    assert sorted(int(key) for key, _ in done) == list(range(200))


async def test_a_worker_that_is_woken_and_stopped_at_once_stops(database: Database) -> None:
    for _ in range(20):
        runner = Runner(database, "one", {})
        await runner.start()
        await asyncio.sleep(0.005)
        runner.wake()
        async with asyncio.timeout(5):
            await runner.stop()
