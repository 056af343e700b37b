"""Tells the real Muster from a copy of it: a backup that is started to prove it must page nobody.

The data directory carries a marker of where it lies, the database a record of which server it lives in. Only positive evidence of
a copy holds Muster back; a move, a fail-over or a new host does not (docs/decisions/rehearsal.md).
"""

import hashlib
import os
import secrets
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

from muster.base.postgres import files
from muster.base.unit import Conn

MARKER = "instance.json"


class Marker(msgspec.Struct, frozen=True):
    """What the data directory says of itself: its id, where it was when that was written, and the instance it serves."""

    id: str
    machine: str
    path: str
    inode: int
    filesystem: str
    serves: str = ""


class InstanceKind(StrEnum):
    """How a data directory or database stands to what is recorded of it."""

    SAME = "same"
    MOVED = "moved"
    ELSEWHERE = "elsewhere"
    COPY = "copy"


@dataclass(frozen=True, slots=True)
class InstanceJudgement:
    """The judgement, and a sentence for people where it is not `same`."""

    kind: InstanceKind
    sentence: str = ""


def read_marker(data_dir: Path) -> Marker | None:
    """The marker of a data directory; None where there is none that can be read."""
    try:
        return msgspec.json.decode((data_dir / MARKER).read_bytes(), type=Marker)
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError):
        return None


def marker_here(data_dir: Path, before: Marker | None = None) -> Marker:
    """A marker of the directory as it lies now, with the id and the instance that it had before."""
    found = data_dir.stat()
    return Marker(
        id=before.id if before else secrets.token_hex(16),
        machine=_machine(),
        path=str(data_dir),
        inode=found.st_ino,
        filesystem=str(os.statvfs(data_dir).f_fsid),
        serves=before.serves if before else "",
    )


def write_marker(data_dir: Path, marker: Marker) -> None:
    """Keep a marker; raises OSError if the disk does not take it."""
    files.write(data_dir / MARKER, msgspec.json.encode(marker).decode() + "\n")


def judge_place(data_dir: Path, marker: Marker | None) -> InstanceJudgement:
    """How the directory stands to its marker."""
    if marker is None:
        return InstanceJudgement(InstanceKind.SAME)
    here = marker_here(data_dir, marker)
    if (here.inode, here.filesystem) == (marker.inode, marker.filesystem):
        return InstanceJudgement(InstanceKind.SAME)
    if marker.machine == here.machine and marker.path != here.path and _is_there(marker, here):
        return InstanceJudgement(InstanceKind.COPY, f"{here.path} is a copy of {marker.path}, which is still there.")
    if marker.machine and here.machine and marker.machine != here.machine:
        return InstanceJudgement(
            InstanceKind.ELSEWHERE,
            "This data directory was made on another machine. If Muster still runs there, people are paged twice.",
        )
    return InstanceJudgement(InstanceKind.MOVED, f"This data directory was in {marker.path}.")


async def judge_database(conn: Conn, marker: Marker, *, undisputed: bool) -> InstanceJudgement:
    """How the database stands to what it recorded of itself; `undisputed` says that the data directory is no copy."""
    row = await conn.fetchrow("SELECT id, system_identifier, database_oid FROM instance")
    if row is None:
        return InstanceJudgement(InstanceKind.SAME)
    system, oid = await identity(conn)
    other_server = bool(system and row["system_identifier"] and system != row["system_identifier"])
    if not other_server and oid == row["database_oid"]:
        return InstanceJudgement(InstanceKind.SAME)
    if not other_server and await conn.fetchval("SELECT 1 FROM pg_database WHERE oid = $1", row["database_oid"]):
        return InstanceJudgement(
            InstanceKind.COPY, "This database is a copy of another one on the same server, which is still there."
        )
    if undisputed and marker.serves == str(row["id"]):
        return InstanceJudgement(
            InstanceKind.MOVED, "The database of this Muster moved to another server, or its server was made anew."
        )
    return InstanceJudgement(
        InstanceKind.COPY, "This database was copied from another server, and this data directory never worked with it."
    )


async def identity(conn: Conn) -> tuple[str, int]:
    """The server's system identifier (empty where it may not be read), and the database's number in it."""
    allowed = await conn.fetchval("SELECT has_function_privilege('pg_control_system()', 'EXECUTE')")
    system = await conn.fetchval("SELECT system_identifier::text FROM pg_control_system()") if allowed else ""
    return str(system), int(
        await conn.fetchval("SELECT oid::bigint FROM pg_database WHERE datname = current_database()")
    )


async def settle_database(conn: Conn) -> str:
    """Record that the database belongs where it is now; the id of the instance."""
    system, oid = await identity(conn)
    return str(
        await conn.fetchval(
            """INSERT INTO instance (id, system_identifier, database_oid) VALUES (gen_random_uuid(), $1, $2)
               ON CONFLICT (one) DO UPDATE SET system_identifier = $1, database_oid = $2 RETURNING id""",
            system,
            oid,
        )
    )


def _is_there(marker: Marker, here: Marker) -> bool:
    original = Path(marker.path)
    there = read_marker(original)
    return there is not None and there.id == marker.id and original.stat().st_ino != here.inode


def _machine() -> str:
    try:
        text = Path("/etc/machine-id").read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""
    return hashlib.sha256(f"muster:{text}".encode()).hexdigest()[:32] if text else ""
