"""A task that dies is started again and counted, for as long as nobody cancels it."""

import asyncio

import pytest

from muster.base import supervise as supervising
from muster.base.supervise import end_tasks, supervise, supervised
from muster.kit.errors import Unavailable


@pytest.fixture(autouse=True)
def _hasty(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing waits, and what else this process supervises (the server of other tests) is not counted."""
    monkeypatch.setattr(supervising, "_tasks", set())
    monkeypatch.setattr(supervising, "FIRST_PAUSE", 0.0)


async def test_a_task_that_dies_is_started_again_and_counted() -> None:
    began, well = [], asyncio.Event()

    async def work() -> None:
        began.append(len(began))
        if len(began) <= 2:
            raise OSError("the disk of the log is full")
        well.set()
        await asyncio.Event().wait()

    task = supervise("replay", work)
    async with asyncio.timeout(5):
        await well.wait()
    (found,) = supervised()
    assert (found.name, found.deaths, found.alive) == ("replay", 2, True)
    assert "the disk of the log is full" in found.reason
    await end_tasks([task])
    assert supervised() == []
    assert task.cancelled()


async def test_a_task_that_dies_again_and_again_does_not_count_as_alive() -> None:
    async def work() -> None:
        raise ValueError("always")

    task = supervise("relay", work)
    async with asyncio.timeout(5):
        while not (found := supervised()) or found[0].deaths < supervising.DYING:  # noqa: ASYNC110 - it watches from outside
            await asyncio.sleep(0)
    assert not found[0].alive
    await end_tasks([task])


async def test_a_database_that_is_away_is_no_death(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(supervising, "AWAY_PAUSE", 0.0)
    tried, well = [], asyncio.Event()

    async def work() -> None:
        tried.append(1)
        if len(tried) <= 2 * supervising.DYING:
            raise Unavailable("The database is away.")
        well.set()
        await asyncio.Event().wait()

    task = supervise("announcement", work)
    async with asyncio.timeout(5):
        await well.wait()
    (found,) = supervised()
    assert (found.deaths, found.alive) == (0, True)
    await end_tasks([task])


async def test_a_log_that_raises_does_not_end_the_supervision(monkeypatch: pytest.MonkeyPatch) -> None:
    class Broken:
        def error(self, *_: object, **__: object) -> None:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(supervising, "log", Broken())
    tried, well = [], asyncio.Event()

    async def work() -> None:
        tried.append(1)
        if len(tried) == 3:
            well.set()
            await asyncio.Event().wait()
        raise OSError("gone")

    task = supervise("replay", work)
    async with asyncio.timeout(5):
        await well.wait()
    await end_tasks([task])


async def test_work_that_ends_in_order_is_not_begun_again() -> None:
    begun = []

    async def work() -> None:
        begun.append(1)

    await supervise("once", work)
    assert begun == [1]
    assert supervised() == []
