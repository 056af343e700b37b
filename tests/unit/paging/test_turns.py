"""Turns: a receiver that hangs delays nobody else, and only probes go to it; counted in order, without a clock."""

import asyncio
from collections.abc import Callable

import pytest

from muster.base.work import LeaseLost
from muster.paging.actions.turns import PLACES, PROVEN, SILENCES, UNPROVEN, Turns
from muster.paging.channel import Receipt, handed_over, retry


class Receivers:
    """Who was sent to, in order; a receiver in `silent` answers only when `give_up` is set, and then with silence."""

    def __init__(self, silent: set[str], places: int = PLACES) -> None:
        self.turns, self.silent, self.give_up = Turns(places), silent, asyncio.Event()
        self.tried: list[str] = []
        self.receipts: list[tuple[str, Receipt]] = []

    async def send(self, origin: str) -> None:
        async with self.turns.turn(origin) as turn:
            turn.receipt = turn.held_back or await self._attempt(origin)
        self.receipts.append((origin, turn.receipt))

    def sends(self, origin: str, count: int) -> list["asyncio.Task[None]"]:
        return [asyncio.create_task(self.send(origin)) for _ in range(count)]

    async def _attempt(self, origin: str) -> Receipt:
        self.tried.append(origin)
        if origin in self.silent:
            await self.give_up.wait()
            return retry("It said nothing.", unanswered=True)
        await asyncio.sleep(0)
        return handed_over("Taken.")


async def until(holds: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not holds():  # noqa: ASYNC110
            await asyncio.sleep(0)


async def test_two_thousand_for_a_hanging_receiver_delay_nobody_else() -> None:
    world = Receivers({"bad"})
    hanging = world.sends("bad", 2000)
    await until(lambda: world.tried.count("bad") == UNPROVEN)
    good = world.sends("good", 12)
    await asyncio.gather(*good)
    assert world.tried.count("good") == 12
    assert world.tried.count("bad") == UNPROVEN
    assert not any(task.done() for task in hanging)
    world.give_up.set()
    await asyncio.gather(*hanging)
    # Until the fifth silence its places are given on; then all others go another way at once.
    assert world.tried.count("bad") < UNPROVEN + SILENCES
    held = [receipt for _, receipt in world.receipts if receipt.held_back]
    assert len(held) == 2000 - world.tried.count("bad")
    assert held[0].reason.startswith("bad did not answer the last ")


async def test_many_hanging_receivers_leave_room_for_the_good_one() -> None:
    names = [f"bad-{number}" for number in range(30)]
    world = Receivers(set(names))
    hanging = [task for name in names for task in world.sends(name, 50)]
    await until(lambda: len(world.tried) == 30 * UNPROVEN)
    await asyncio.gather(*world.sends("good", 12))
    world.give_up.set()
    await asyncio.gather(*hanging)


async def test_one_probe_at_a_time_goes_to_who_hangs_and_an_answer_opens_it_again() -> None:
    world = Receivers({"bad"})
    world.give_up.set()
    await asyncio.gather(*world.sends("bad", UNPROVEN))
    world.tried.clear()
    world.give_up.clear()
    probe, *others = world.sends("bad", 5)
    await asyncio.gather(*others)
    assert world.tried == ["bad"]
    assert [receipt.held_back for _, receipt in world.receipts[-4:]] == [True] * 4
    world.silent.clear()
    world.give_up.set()
    await probe
    # The probe was begun while it hung, and ended in silence; the next one is answered.
    await asyncio.gather(*world.sends("bad", 1))
    await asyncio.gather(*world.sends("bad", 5))
    assert [receipt.outcome.sent for _, receipt in world.receipts[-6:]] == [True] * 6


async def test_receivers_take_places_by_turns() -> None:
    world = Receivers(set(), places=1)
    tasks = [*world.sends("one", 50), *world.sends("two", 5)]
    await asyncio.gather(*tasks)
    last = max(index for index, name in enumerate(world.tried) if name == "two")
    assert last <= 12, world.tried


async def test_who_answers_gets_more_places_and_never_more_than_the_most() -> None:
    world = Receivers(set())
    await asyncio.gather(*world.sends("good", 500))
    world.silent.add("good")
    hanging = world.sends("good", 200)
    await until(lambda: world.tried.count("good") == 500 + PROVEN)
    for _ in range(5):
        await asyncio.sleep(0)
    assert world.tried.count("good") == 500 + PROVEN
    world.give_up.set()
    await asyncio.gather(*hanging)


async def test_who_is_cancelled_while_it_waits_takes_nobodys_place() -> None:
    world = Receivers({"bad"}, places=1)
    first, second, third = (*world.sends("bad", 1), *world.sends("good", 2))
    await until(lambda: world.tried == ["bad"])
    await asyncio.sleep(0)
    second.cancel()
    world.give_up.set()
    await asyncio.gather(first, third)
    assert world.tried == ["bad", "good"]


async def test_at_the_end_nothing_new_begins() -> None:
    world = Receivers({"bad"}, places=1)
    first, second = (*world.sends("bad", 1), *world.sends("good", 1))
    await until(lambda: world.tried == ["bad"])
    await asyncio.sleep(0)
    world.turns.close()
    with pytest.raises(LeaseLost):
        await second
    with pytest.raises(LeaseLost):
        await world.send("another")
    world.give_up.set()
    await first
    assert world.tried == ["bad"]
