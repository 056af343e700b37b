"""A copy is told from the real Muster by evidence only: a move, a new host or a fail-over goes on paging."""

import os
import shutil
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import msgspec
import pytest

from muster.base import instance
from muster.base.instance import (
    InstanceKind,
    Marker,
    judge_database,
    judge_place,
    marker_here,
    read_marker,
    write_marker,
)
from muster.base.unit import Unit


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """A data directory that was started once."""
    made = tmp_path / "data"
    made.mkdir()
    write_marker(made, marker_here(made))
    return made


def _judged(place: Path) -> InstanceKind:
    return judge_place(place, read_marker(place)).kind


def test_a_directory_that_stays_or_is_renamed_is_the_same(place: Path, tmp_path: Path) -> None:
    assert _judged(place) is InstanceKind.SAME
    moved = place.rename(tmp_path / "elsewhere")
    assert _judged(moved) is InstanceKind.SAME


def test_a_copy_beside_its_original_is_a_copy(place: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(place, tmp_path / "copy"))
    assert _judged(copy) is InstanceKind.COPY
    assert _judged(place) is InstanceKind.SAME
    assert str(place) in judge_place(copy, read_marker(copy)).sentence


def test_what_was_restored_over_its_original_or_outlives_it_is_the_real_one(place: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(place, tmp_path / "backup"))
    shutil.rmtree(place)
    assert _judged(copy) is InstanceKind.MOVED
    restored = Path(shutil.copytree(copy, place))
    assert _judged(restored) is InstanceKind.SAME or _judged(restored) is InstanceKind.MOVED


def test_a_volume_that_turns_up_on_another_host_pages_and_a_copy_there_pages_loudly(
    place: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(instance, "_machine", lambda: "another host")
    assert _judged(place) is InstanceKind.SAME, "a volume keeps its number"
    copy = Path(shutil.copytree(place, tmp_path / "copy"))
    found = judge_place(copy, msgspec.structs.replace(read_marker(place), machine="the first host"))
    assert found.kind is InstanceKind.ELSEWHERE
    assert "paged twice" in found.sentence


@pytest.mark.parametrize("content", [b"", b"\0\0", b"[]", b"{}", b"\xff"])
def test_a_damaged_marker_holds_nobody_back(place: Path, content: bytes) -> None:
    (place / instance.MARKER).write_bytes(content)
    assert _judged(place) is InstanceKind.SAME


@dataclass
class Recorded:
    """What the database says of itself."""

    id: str
    marker: Marker


@pytest.fixture
async def recorded(unit: Unit, place: Path) -> Recorded:
    """A database that recorded where it lives."""
    id_ = await instance.settle_database(unit.conn)
    return Recorded(id_, msgspec.structs.replace(marker_here(place), serves=id_))


async def test_a_database_that_stays_is_the_same_for_every_node(unit: Unit, recorded: Recorded, place: Path) -> None:
    for marker in (recorded.marker, marker_here(place)):
        assert (await judge_database(unit.conn, marker, undisputed=False)).kind is InstanceKind.SAME


async def test_a_dump_restored_on_another_server_is_a_copy_but_for_the_muster_that_worked_with_it(
    unit: Unit, recorded: Recorded, place: Path
) -> None:
    await unit.conn.execute("UPDATE instance SET system_identifier = '1'")
    assert (await judge_database(unit.conn, marker_here(place), undisputed=True)).kind is InstanceKind.COPY
    assert (await judge_database(unit.conn, recorded.marker, undisputed=False)).kind is InstanceKind.COPY
    assert (await judge_database(unit.conn, recorded.marker, undisputed=True)).kind is InstanceKind.MOVED
    assert await instance.settle_database(unit.conn) == recorded.id
    assert (await judge_database(unit.conn, marker_here(place), undisputed=False)).kind is InstanceKind.SAME


async def test_a_copy_beside_its_original_on_one_server_is_a_copy(
    server: dict[str, Any], template: str, place: Path
) -> None:
    names = [f"original_{os.getpid()}", f"copy_{os.getpid()}"]
    admin = await asyncpg.connect(**server)
    try:
        await admin.execute(f'CREATE DATABASE "{names[0]}" TEMPLATE "{template}"')
        original = await asyncpg.connect(**{**server, "database": names[0]})
        id_ = await instance.settle_database(original)
        await original.close()
        await admin.execute(f'CREATE DATABASE "{names[1]}" TEMPLATE "{names[0]}"')
        copy = await asyncpg.connect(**{**server, "database": names[1]})
        marker = msgspec.structs.replace(marker_here(place), serves=id_)
        assert (await judge_database(copy, marker, undisputed=True)).kind is InstanceKind.COPY
        await copy.close()
    finally:
        for name in names:
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
        await admin.close()
