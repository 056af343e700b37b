"""Concurrent callers share a flush; those who come again at once share the next one with who waited meanwhile."""

import asyncio
from collections.abc import Sequence

import pytest

from muster.base.batcher import Batcher


class Flushes:
    """Remembers how large each batch was."""

    def __init__(self) -> None:
        self.sizes: list[int] = []

    async def __call__(self, items: Sequence[int]) -> list[int | BaseException]:
        self.sizes.append(len(items))
        await asyncio.sleep(0.002)
        return [ValueError(item) if item < 0 else item * 2 for item in items]


async def _senders(batcher: Batcher[int, int], rounds: int) -> None:
    async def sender() -> None:
        for number in range(rounds):
            assert await batcher.submit(number) == number * 2

    first = [asyncio.create_task(sender()) for _ in range(8)]
    await asyncio.sleep(0.001)
    await asyncio.gather(*first, *(sender() for _ in range(8)))


async def test_who_comes_while_a_flush_runs_is_in_the_next_one() -> None:
    flushes = Flushes()
    await _senders(Batcher(flushes), 10)
    assert sum(flushes.sizes) == 160
    assert max(flushes.sizes) == 8, "two halves take turns"


async def test_with_a_moment_s_wait_the_halves_become_one() -> None:
    flushes = Flushes()
    await _senders(Batcher(flushes, linger=0.2), 10)
    assert sum(flushes.sizes) == 160
    assert flushes.sizes[0] == 8
    assert flushes.sizes.count(16) >= 8


async def test_a_failure_is_of_its_item_alone() -> None:
    batcher: Batcher[int, int] = Batcher(Flushes())
    good, bad = await asyncio.gather(batcher.submit(1), batcher.submit(-1), return_exceptions=True)
    assert good == 2
    with pytest.raises(ValueError, match="-1"):
        raise bad  # type: ignore[misc]


async def test_senders_take_turns_when_not_all_fit_in() -> None:
    batches: list[list[str]] = []

    async def flush(items: Sequence[str]) -> list[str | BaseException]:
        batches.append(list(items))
        await asyncio.sleep(0)
        return list(items)

    batcher: Batcher[str, str] = Batcher(flush, weight=lambda item: int(item[1:]), most=10, sender=lambda item: item[0])
    sent = ["a4", "a4", "a4", "a4", "a25", "b1", "b1", "c1"]
    assert await asyncio.gather(*(batcher.submit(item) for item in sent)) == sent
    assert batches == [["a4", "a4", "b1", "c1"], ["a4", "a4", "b1"], ["a25"]]
