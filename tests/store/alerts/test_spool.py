"""The local spool: what was answered is given back in order, whatever happens to the process or the file meanwhile."""

import asyncio
import struct
from datetime import UTC, datetime
from pathlib import Path

from muster.alerts.actions.spool import Spool, Spooled


def _request(number: int) -> Spooled:
    at = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    return Spooled("key", "/", "POST", {}, {}, str(number).encode(), at)


def _numbers(spool: Spool) -> list[int]:
    return [int(each.body) for each in spool.waiting(1000)[0]]


async def test_what_is_kept_comes_back_in_order_after_a_restart(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    await asyncio.gather(*(spool.keep(_request(number)) for number in range(50)))
    again = Spool(tmp_path)
    assert _numbers(again) == list(range(50))
    first, position = again.waiting(20)
    await again.settle(position)
    assert len(first) == 20
    assert _numbers(Spool(tmp_path)) == list(range(20, 50))


async def test_a_torn_record_is_dropped_and_what_comes_after_it_is_kept(tmp_path: Path) -> None:
    spool = Spool(tmp_path)
    await spool.keep(_request(1))
    with (tmp_path / "intake.spool").open("ab") as file:
        file.write(struct.pack("<II", 100, 0) + b"half of a rec")
    again = Spool(tmp_path)
    await again.keep(_request(2))
    assert _numbers(again) == [1, 2]
    assert _numbers(Spool(tmp_path)) == [1, 2]
    _, position = again.waiting(10)
    await again.settle(position)
    assert again.empty


async def test_a_crash_between_throwing_the_file_and_its_mark_away_hides_nothing(tmp_path: Path) -> None:
    (tmp_path / "intake.done").write_text("100000")
    spool = Spool(tmp_path)
    await spool.keep(_request(1))
    assert not spool.empty
    assert _numbers(Spool(tmp_path)) == [1]


async def test_nothing_is_lost_while_it_is_given_back(tmp_path: Path) -> None:
    spool, given = Spool(tmp_path), []

    async def give_back() -> None:
        while len(given) < 300:
            found, position = spool.waiting(7)
            if found:
                given.extend(int(each.body) for each in found)
                await spool.settle(position)
            await asyncio.sleep(0)

    async def keep() -> None:
        for number in range(300):
            await spool.keep(_request(number))

    await asyncio.wait_for(asyncio.gather(keep(), give_back()), 20)
    assert given == list(range(300))
    assert spool.empty
