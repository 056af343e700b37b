"""Watches the machine that this node runs on: room on the disk, what the spool set aside, tasks that die, lost log lines."""

import asyncio
import contextlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from prometheus_client import CollectorRegistry, Gauge, generate_latest

from muster.alerts.actions.spool import Spool
from muster.alerts.actions.spool_findings import Kind, Piece
from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.logs import dropped_lines
from muster.base.machine import DATABASE_BYTES, Disk, Trouble, disk_of
from muster.base.supervise import supervised
from muster.kit.errors import Unavailable
from muster.operations.actions.standing import NodeStanding
from muster.paging.actions.machine import note_troubles
from muster.paging.store import machine as store

LOOK_EVERY = 15.0
STALE = timedelta(minutes=2)
LEAST_ROOM = 256 << 10
"""A spool that takes less than this takes no alert worth the name."""
_WORDS = {
    Kind.DAMAGED: ("damaged place", "damaged places"),
    Kind.UNKNOWN_KEY: ("request whose key is no integration's", "requests whose keys are no integration's"),
    Kind.REFUSED: ("request that could not be read", "requests that could not be read"),
}


class Machine:
    """One for each process."""

    def __init__(self, database: Database, spool: Spool, standing: NodeStanding, *, node: Callable[[], str]) -> None:
        self._database, self._spool, self._standing, self._node = database, spool, standing, node
        self.everywhere: list[Trouble] = []
        """What is wrong with any node's machine, as of the last look."""

    async def watch(self) -> None:
        """Look again and again, for ever."""
        while True:
            with contextlib.suppress(Unavailable):
                await self.look()
            await asyncio.sleep(LOOK_EVERY)

    async def look(self) -> None:
        """Look once; what is new or over is told."""
        here = self.troubles()
        self.everywhere = here
        async with self._database.unit(SYSTEM) as unit:
            await note_troubles(unit, self._standing.place, self._node(), here)
            self.everywhere = await store.every(unit.conn, unit.now - STALE)

    def troubles(self) -> list[Trouble]:
        """What is wrong here now."""
        found = [self.disk().trouble(), self._standing.trouble(), set_aside(self._spool.folder, self.pieces())]
        found += [
            Trouble(
                f"task {task.name}",
                f"The task {task.name} keeps dying: {task.reason}",
                "Restart Muster; the log says more.",
            )
            for task in supervised()
            if not task.alive
        ]
        if lost := dropped_lines():
            found.append(
                Trouble(
                    "log", f"{lost} log lines could not be written.", "Free some space where standard error goes to."
                )
            )
        return [trouble for trouble in found if trouble is not None]

    def pieces(self) -> list[Piece]:
        """What the spool set aside."""
        return self._spool.aside.pieces()

    def waiting(self) -> int:
        """How many bytes of the spool wait for the database."""
        return self._spool.bytes_waiting

    def disk(self) -> Disk:
        """Room on the disk of the spool."""
        return disk_of(self._spool.folder)

    def closed(self) -> str:
        """Why no alert can be accepted although the database answers; empty if one can."""
        if self._spool.room() >= LEAST_ROOM:
            return ""
        disk = self.disk()
        if self._standing.own_database and disk.free < DATABASE_BYTES:
            return f"The disk of {disk.folder} is full: alerts are refused until there is room again."
        return ""


def set_aside(folder: Path, pieces: list[Piece]) -> Trouble | None:
    """What a spool could not give back, where there is any."""
    if not pieces:
        return None
    counts = {kind: sum(piece.count for piece in pieces if piece.kind is kind) for kind in Kind}
    told = [f"{count} {_WORDS[kind][count > 1]}" for kind, count in counts.items() if count]
    return Trouble(
        "spool",
        f"Alerts that were kept on the disk could not be given back: {', '.join(told)}.",
        f"Look at {folder}/set-aside, tell the senders, and delete the files there.",
    )


def measured_here(machine: Machine, *, rehearses: bool) -> bytes:
    """The figures of this node alone, which need no database, in Prometheus' text format."""
    registry = CollectorRegistry()
    disk, pieces = machine.disk(), machine.pieces()
    for name, sentence, value in (
        ("muster_disk_free_bytes", "Room on the disk of the data directory.", disk.free),
        ("muster_disk_bytes", "Size of the disk of the data directory.", disk.total),
        ("muster_spool_bytes", "Alerts on this node's disk that wait for the database.", machine.waiting()),
        ("muster_log_lines_dropped", "Log lines that could not be written.", dropped_lines()),
        ("muster_rehearsal", "This Muster is a copy that pages nobody.", int(rehearses)),
    ):
        Gauge(name, sentence, registry=registry).set(value)
    aside = Gauge(
        "muster_spool_set_aside",
        "What the spool could not give back and somebody should look at.",
        ["kind"],
        registry=registry,
    )
    for kind in Kind:
        aside.labels(str(kind)).set(sum(piece.count for piece in pieces if piece.kind is kind))
    deaths = Gauge("muster_task_deaths", "How often a task of this process died.", ["task"], registry=registry)
    for task in supervised():
        deaths.labels(task.name).set(task.deaths)
    return generate_latest(registry)
