"""Whether this process is the real Muster or rehearses: judged at the start, changed by an operator only."""

import asyncio
import contextlib
import os
from enum import StrEnum
from pathlib import Path

import structlog

from muster.base import instance
from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.instance import InstanceKind, Marker
from muster.base.machine import Trouble
from muster.base.unit import Unit
from muster.kit.errors import Unavailable
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.operations.events import INSTANCE_ADOPTED

STREAM = "instance"
LOOK_EVERY = 2.0
ADOPT = "If this is the real one now, run `muster adopt` on this machine."

log = structlog.get_logger("muster")


class Mode(StrEnum):
    """How a start is meant."""

    JUDGE = "judge"
    LIVE = "live"
    REHEARSAL = "rehearsal"


class NodeStanding:
    """`rehearsal` says why nobody is paged, empty where Muster is live; `doubt` what somebody should look at nevertheless.

    `own_database` says that PostgreSQL writes to the same disk, and no other node can be on it.
    """

    def __init__(self, data_dir: Path, mode: Mode, *, own_database: bool) -> None:
        self._data_dir, self._mode, self.own_database = Path(os.path.abspath(data_dir)), mode, own_database
        self._marker = instance.read_marker(self._data_dir)
        self.rehearsal = self.doubt = ""

    @property
    def place(self) -> str:
        """The data directory's name across restarts."""
        return self._marker.id if self._marker else ""

    async def judge(self, database: Database) -> None:
        """Look at the data directory and the database, and settle where both stand unless this is a copy."""
        if self._mode is Mode.REHEARSAL:
            self.rehearsal = "It was started with --rehearsal."
            self._marker = self._marker or instance.marker_here(self._data_dir)
            return
        async with database.unit(SYSTEM) as unit:
            if self._mode is Mode.LIVE:
                self._marker = await adopt(unit, self._data_dir, "muster serve --live")
                return
            place = instance.judge_place(self._data_dir, self._marker)
            marker = self._marker or instance.marker_here(self._data_dir)
            copied = self.own_database and place.kind is InstanceKind.COPY
            found = await instance.judge_database(
                unit.conn,
                marker,
                undisputed=place.kind in (InstanceKind.SAME, InstanceKind.MOVED) and self._marker is not None,
            )
            if copied or found.kind is InstanceKind.COPY:
                self._marker = marker
                self.rehearsal = f"{place.sentence if copied else found.sentence} {ADOPT}"
                log.error("rehearsal", reason=self.rehearsal)
                return
            doubts = [
                standing.sentence
                for standing in (place, found)
                if standing.kind in (InstanceKind.MOVED, InstanceKind.ELSEWHERE)
            ]
            if doubts:
                log.warning("instance.moved", reason=" ".join(doubts))
            self.doubt = place.sentence if self.own_database and place.kind is InstanceKind.ELSEWHERE else ""
            self._marker = await _settle(unit, self._data_dir, marker)

    async def until_adopted(self, database: Database) -> None:
        """Return once an operator said that this is the real one."""
        while self.rehearsal:
            await asyncio.sleep(LOOK_EVERY)
            if self._mode is Mode.REHEARSAL:
                continue
            with contextlib.suppress(Unavailable):
                self._marker = instance.read_marker(self._data_dir)
                async with database.read() as conn:
                    place = instance.judge_place(self._data_dir, self._marker)
                    marker = self._marker or instance.marker_here(self._data_dir)
                    found = await instance.judge_database(conn, marker, undisputed=False)
                if found.kind is not InstanceKind.COPY and not (self.own_database and place.kind is InstanceKind.COPY):
                    self.rehearsal = ""
        log.warning("live", reason="An operator said that this is the real Muster.")

    def trouble(self) -> Trouble | None:
        """What to look at, for pages and notices."""
        if not self.doubt:
            return None
        return Trouble("copy", self.doubt, "Stop one of the two, or start the copy with `muster serve --rehearsal`.")


async def adopt(unit: Unit, data_dir: Path, by: str) -> Marker:
    """Say that this data directory and database are the real ones from now on."""
    before = instance.read_marker(data_dir)
    system, oid = await instance.identity(unit.conn)
    marker = await _settle(unit, data_dir, None)
    data = {
        "path": marker.path,
        "path_before": before.path if before else None,
        "system_identifier": system,
        "database_oid": oid,
        "by": by,
    }
    await record(unit, Event(STREAM, INSTANCE_ADOPTED, data))
    return marker


async def _settle(unit: Unit, data_dir: Path, before: Marker | None) -> Marker:
    id_ = await instance.settle_database(unit.conn)
    fresh = instance.marker_here(data_dir, before)
    marker = Marker(fresh.id, fresh.machine, fresh.path, fresh.inode, fresh.filesystem, id_)
    if marker != instance.read_marker(data_dir):
        try:
            instance.write_marker(data_dir, marker)
        except OSError as error:
            log.warning("instance.not_marked", error=str(error))
    return marker
