"""The local spool: what was answered is given back in order, whatever happens to the process or the file meanwhile."""

import asyncio
import errno
import os
import struct
import subprocess
import zlib
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from muster.alerts.actions import spool_findings
from muster.alerts.actions.spool import Spool
from muster.alerts.actions.spool_findings import Kind
from muster.alerts.spooled import Spooled, framed, pieces
from muster.kit.errors import Unavailable


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


def _old(request: Spooled) -> bytes:
    """A record as version 0.1 wrote it."""
    content = msgspec.msgpack.encode(request)
    return struct.pack("<II", len(content), zlib.crc32(content)) + content


def _lay(folder: Path, data: bytes) -> Spool:
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.rglob("*.*"):
        left.unlink()
    (folder / "intake.spool").write_bytes(data)
    return Spool(folder)


async def _give_back(spool: Spool) -> list[int]:
    """Give everything back as the intake does, two at a time."""
    given = []
    while not spool.empty:
        found, position = spool.waiting(2)
        given += [int(request.body) for request in found]
        await spool.settle(position)
    return given


@pytest.mark.parametrize("record", [framed, _old])
async def test_a_flipped_bit_costs_one_record_and_none_behind_it(tmp_path: Path, record: "type[bytes]") -> None:
    records = [record(_request(number)) for number in range(6)]
    starts = [sum(map(len, records[:number])) for number in range(7)]
    whole = b"".join(records)
    for hit in range(6):
        for place in range(starts[hit], starts[hit + 1]):
            broken = bytearray(whole)
            broken[place] ^= 1 << (place % 8)
            spool = _lay(tmp_path, bytes(broken))
            assert await _give_back(spool) == [number for number in range(6) if number != hit], f"byte {place}"
            (piece,) = spool.aside.pieces()
            assert piece.path.read_bytes() == bytes(broken[starts[hit] : starts[hit + 1]])
            assert (piece.kind, piece.count) == (Kind.DAMAGED, 1)


async def test_a_file_cut_at_any_byte_gives_back_what_is_whole_and_keeps_the_rest_aside(tmp_path: Path) -> None:
    records = [framed(_request(number)) for number in range(3)]
    whole = b"".join(records)
    for cut in range(1, len(whole)):
        spool = _lay(tmp_path, whole[:cut])
        await spool.keep(_request(9))
        intact = sum(1 for number in range(3) if sum(map(len, records[: number + 1])) <= cut)
        assert await _give_back(spool) == [*range(intact), 9]
        rest = whole[sum(map(len, records[:intact])) : cut]
        assert [piece.path.read_bytes() for piece in spool.aside.pieces()] == ([rest] if rest else [])


async def test_records_of_the_version_before_are_given_back_before_new_ones(tmp_path: Path) -> None:
    spool = _lay(tmp_path, b"".join(_old(_request(number)) for number in range(3)))
    await spool.keep(_request(3))
    assert await _give_back(spool) == [0, 1, 2, 3]
    assert spool.aside.pieces() == []


@settings(max_examples=150)
@given(st.lists(st.one_of(st.integers(0, 99), st.binary(min_size=1, max_size=60)), max_size=12))
def test_whatever_lies_between_records_every_byte_is_read_or_named_as_damaged(parts: list[int | bytes]) -> None:
    data = b"".join(part if isinstance(part, bytes) else framed(_request(part)) for part in parts)
    found = list(pieces(lambda at, length: data[at : at + length], 0, len(data)))
    assert [int(piece.content.body) for piece in found if hasattr(piece, "content")] == [
        part for part in parts if isinstance(part, int)
    ]
    ends = [0, *(piece.end for piece in found)]
    assert [piece.start for piece in found] == ends[:-1]
    assert ends[-1] == len(data)


async def test_a_mark_that_cannot_be_read_gives_back_everything(tmp_path: Path) -> None:
    for noted in ("", "rubbish", "\0\0\0", "-5", "999999999"):
        spool = _lay(tmp_path, framed(_request(1)))
        (tmp_path / "intake.done").write_text(noted)
        assert _numbers(Spool(tmp_path)) == [1], noted
        assert not spool.empty


async def test_a_short_write_is_gone_on_with(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = os.pwrite
    monkeypatch.setattr(
        spool_findings.os, "pwrite", lambda descriptor, data, at: whole(descriptor, bytes(data[:7]), at)
    )
    spool = Spool(tmp_path)
    await asyncio.gather(*(spool.keep(_request(number)) for number in range(5)))
    assert _numbers(Spool(tmp_path)) == list(range(5))


async def test_a_sync_that_fails_leaves_nothing_of_what_was_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    spool = Spool(tmp_path)
    await spool.keep(_request(1))

    def fail(descriptor: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", fail)
        with pytest.raises(Unavailable):
            await spool.keep(_request(2))
    await spool.keep(_request(3))
    assert await _give_back(spool) == [1, 3]
    assert spool.aside.pieces() == []


async def test_a_file_that_somebody_shortened_or_deleted_loses_nothing_that_comes_after(tmp_path: Path) -> None:
    for shorten in (lambda file: os.truncate(file, 0), Path.unlink):
        spool = Spool(tmp_path)
        for number in (1, 2, 3):
            await spool.keep(_request(number))
        await spool.settle(spool.waiting(2)[1])
        shorten(tmp_path / "intake.spool")
        await spool.keep(_request(4))
        assert await _give_back(spool) == [4]


async def test_only_its_owner_looks_into_the_folder(tmp_path: Path) -> None:
    (tmp_path / "spool").mkdir(mode=0o755)
    spool = Spool(tmp_path / "spool")
    await spool.keep(_request(1))
    assert (tmp_path / "spool").stat().st_mode & 0o777 == 0o700
    assert (tmp_path / "spool" / "intake.spool").stat().st_mode & 0o777 == 0o600


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    if os.geteuid() != 0:
        pytest.skip("only root can mount a disk")
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=1m", "muster-test", str(disk)]
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"a disk cannot be mounted here: {done.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "-l", disk], check=True)


def _large(size: int) -> Spooled:
    return Spooled("key", "/", "POST", {}, {}, b"7" * size, datetime(2026, 3, 2, 9, 0, tzinfo=UTC))


async def test_a_disk_that_fills_up_refuses_what_it_cannot_take_and_loses_nothing_else(small_disk: Path) -> None:
    spool = Spool(small_disk / "spool")
    await spool.keep(_request(1))
    (small_disk / "ballast").write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * 4096 - 8192))
    with pytest.raises(Unavailable):
        await spool.keep(_large(20_000))
    # What is large does not take along what is small, when both come at once.
    told = await asyncio.gather(spool.keep(_request(2)), spool.keep(_large(20_000)), return_exceptions=True)
    assert [type(outcome) for outcome in told] == [type(None), Unavailable]
    while True:
        try:
            await spool.keep(_large(100))
        except Unavailable:
            break
    (small_disk / "ballast").unlink()
    await spool.keep(_request(3))
    again = Spool(small_disk / "spool")
    given = await _give_back(again)
    assert (given[:2], given[-1]) == ([1, 2], 3)
    assert again.aside.pieces() == []


async def test_damage_on_a_full_disk_keeps_the_whole_file(small_disk: Path) -> None:
    spool = Spool(small_disk / "spool")
    for number in range(4):
        await spool.keep(_request(number))
    file = small_disk / "spool" / "intake.spool"
    damaged = bytearray(file.read_bytes())
    damaged[len(damaged) // 4 + 30] ^= 1
    file.write_bytes(damaged)
    with (small_disk / "ballast").open("wb", buffering=0) as ballast:
        try:
            while ballast.write(b"x" * 4096):
                pass
        except OSError:
            pass
    assert await _give_back(Spool(small_disk / "spool")) == [0, 2, 3]
    (piece,) = Spool(small_disk / "spool").aside.pieces()
    assert piece.path.read_bytes() == bytes(damaged)
