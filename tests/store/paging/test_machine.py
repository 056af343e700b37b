"""A machine that needs somebody is seen before alerts are lost: told once, shown while it lasts, and told again when it is over."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from tests.store.alerts.test_spool import _lay

from muster.alerts.actions.spool import Spool
from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.machine import Disk, Trouble
from muster.base.unit import Unit
from muster.ledger import store as ledger
from muster.operations.actions.machine import LEAST_ROOM, Machine, measured_here
from muster.operations.actions.standing import Mode, NodeStanding
from muster.paging.actions.machine import note_troubles
from muster.paging.store import machine as store

FULL = Trouble("disk", "The disk is nearly full.", "Free some space.")


async def test_what_is_wrong_is_recorded_once_and_when_it_is_over(database: Database) -> None:
    for troubles in ([FULL], [FULL], []):
        async with database.unit(SYSTEM) as unit:
            await note_troubles(unit, "place", "node-1", troubles)
            assert await store.every(unit.conn, unit.now - timedelta(minutes=1)) == troubles
    async with database.read() as conn:
        kinds = [entry.kind for entry in await ledger.newest(conn, ledger.StoredEntryFilter(stream="machine"), 10)]
    assert kinds == ["MachineMended", "MachineTroubled"]


async def test_another_nodes_trouble_is_its_own(unit: Unit) -> None:
    await note_troubles(unit, "place", "node-1", [FULL])
    await note_troubles(unit, "another", "node-2", [])
    assert await store.every(unit.conn, unit.now) == [FULL]


def test_a_disk_is_nearly_full_long_before_it_is_full() -> None:
    gigabyte = 1 << 30
    for free, total, expected in (
        (2 * gigabyte, 500 * gigabyte, False),
        (gigabyte - 1, 500 * gigabyte, True),
        (150 << 20, gigabyte, False),
        (90 << 20, gigabyte, True),
        (0, gigabyte, True),
    ):
        assert Disk(Path("/"), free, total).nearly_full is expected, (free, total)


async def test_damage_of_the_spool_is_seen_by_machine_and_metrics(database: Database, tmp_path: Path) -> None:
    spool = _lay(tmp_path / "spool", b"nothing that can be read")
    await spool.settle(spool.waiting(10)[1])
    machine = _machine(database, spool, tmp_path)
    (trouble,) = [found for found in machine.troubles() if found.kind == "spool"]
    assert "1 damaged place" in trouble.sentence
    assert b'muster_spool_set_aside{kind="damaged"} 1.0' in measured_here(machine, rehearses=False)
    await machine.look()
    assert trouble in machine.everywhere


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MiB."""
    disk = tmp_path / "disk"
    disk.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "muster-test", str(disk)]
    if os.geteuid() != 0 or shutil.which("mount") is None:
        pytest.skip("only root can mount a disk")
    done = subprocess.run(mount, capture_output=True, check=False)
    if done.returncode:
        pytest.skip(f"a disk cannot be mounted here: {done.stderr.decode().strip()}")
    yield disk
    subprocess.run(["umount", "-l", str(disk)], check=True)


async def test_a_full_disk_closes_the_node_and_room_opens_it_again(database: Database, small_disk: Path) -> None:
    machine = _machine(database, Spool(small_disk / "spool"), small_disk)
    assert machine.closed() == ""
    ballast = small_disk / "ballast"
    ballast.write_bytes(b"x" * (os.statvfs(small_disk).f_bavail * 4096 - LEAST_ROOM // 2))
    assert "alerts are refused" in machine.closed()
    assert "nearly full" in machine.troubles()[0].sentence
    ballast.unlink()
    assert machine.closed() == ""
    assert machine.troubles() == []


def _machine(database: Database, spool: Spool, folder: Path) -> Machine:
    standing = NodeStanding(folder, Mode.JUDGE, own_database=True)
    return Machine(database, spool, standing, node=lambda: "node-1")
