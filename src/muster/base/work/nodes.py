"""Which processes are alive: each keeps a row that it renews every second, on the database's time.

A node's name is for people. Leases carry the id of the process, so that a second life of a name, or a second process of it, never
frees what the first one holds.
"""

import re
import secrets
import socket
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID, uuid4

from muster.base.unit import Conn
from muster.base.work import queue
from muster.kit.errors import Conflict

BEAT_EVERY = 1.0
ALIVE = timedelta(seconds=3.5)
"""For so long after its last beat a process counts as alive. With one look a second, its work is taken over within 5 seconds."""
LONGEST_NAME = 63
_UNFIT = re.compile(r"[^A-Za-z0-9_.-]+")

_JOIN = """
WITH earlier AS (SELECT id FROM nodes WHERE name = $1)
INSERT INTO nodes (name, id, alive_until) VALUES ($1, $2, clock_timestamp() + $3)
ON CONFLICT (name) DO UPDATE SET id = $2, started_at = clock_timestamp(), alive_until = clock_timestamp() + $3
WHERE nodes.alive_until < clock_timestamp() OR nodes.id = $2
RETURNING (SELECT id FROM earlier) AS earlier"""

_BEAT = """
WITH lazy AS MATERIALIZED (SELECT set_config('synchronous_commit', 'off', true)),
beat AS (
    INSERT INTO nodes (name, id, alive_until) SELECT $1::text, $2::uuid, clock_timestamp() + $3::interval FROM lazy
    ON CONFLICT (name) DO UPDATE SET alive_until = clock_timestamp() + $3::interval WHERE nodes.id = $2::uuid
    RETURNING true
)
SELECT EXISTS (SELECT FROM beat) AS ours, pg_notify($4, $5), EXISTS (
    SELECT FROM work WHERE lease_until IS NOT NULL AND leased_by <> $2::text AND (lease_until < clock_timestamp() OR NOT EXISTS (
        SELECT FROM nodes WHERE nodes.id::text = leased_by AND alive_until > clock_timestamp()))
) AS lapsed"""


@dataclass(slots=True)
class Node:
    """This process among those that share the database."""

    name: str
    id: UUID = field(default_factory=uuid4)

    @property
    def holder(self) -> str:
        """What stands in the leases that it takes."""
        return str(self.id)


@dataclass(frozen=True, slots=True)
class Beat:
    """What a beat came to: whether the name is still this process's, and whether somebody's leases have lapsed."""

    ours: bool
    lapsed: bool


def node_name(chosen: str, base: str = "") -> str:
    """The name that was chosen, or one that no other process has: `base` (else the host's name) with a random ending."""
    if chosen:
        return chosen
    host = _UNFIT.sub("-", base or socket.gethostname()).strip("-")[: LONGEST_NAME - 9] or "node"
    return f"{host}-{secrets.token_hex(4)}"


async def join(conn: Conn, node: Node, *, alone: bool) -> bool:
    """Be alive under the node's name; false while another process may be.

    What an earlier life of the name held is freed. `alone` says that no other process can be there, as with a database of
    Muster's own: then all that anybody held is freed at once.
    """
    if alone:
        await conn.execute("DELETE FROM nodes")
    row = await conn.fetchrow(_JOIN, node.name, node.id, ALIVE)
    if row is None:
        return False
    if alone:
        await queue.release_dead(conn)
    elif row["earlier"] not in (None, node.id):
        await queue.release_held(conn, str(row["earlier"]))
    return True


async def alive_until(conn: Conn, name: str) -> datetime | None:
    """Until when the process of a name counts as alive."""
    until: datetime | None = await conn.fetchval("SELECT alive_until FROM nodes WHERE name = $1", name)
    return until


async def beat(conn: Conn, node: Node, channel: str, payload: str) -> Beat:
    """Be alive for a while longer, and send `payload` to who listens on `channel`; a crash may lose this write."""
    row = await conn.fetchrow(_BEAT, node.name, node.id, ALIVE, channel, payload)
    assert row is not None
    return Beat(row["ours"], row["lapsed"])


async def leave(conn: Conn, node: Node) -> None:
    """End in order: what is still held is free for others at once."""
    await queue.release_held(conn, node.holder)
    await conn.execute("DELETE FROM nodes WHERE id = $1", node.id)


async def forget_dead(conn: Conn) -> None:
    """Drop the rows of processes that ended a while ago without a word."""
    await conn.execute("DELETE FROM nodes WHERE alive_until < clock_timestamp() - interval '1 minute'")


async def names_alive(conn: Conn) -> list[str]:
    """The nodes that are alive."""
    rows = await conn.fetch("SELECT name FROM nodes WHERE alive_until > clock_timestamp() ORDER BY name")
    return [row["name"] for row in rows]


def name_in_use(name: str) -> Conflict:
    """The refusal of a name that another process has."""
    return Conflict(
        f"Another process runs as the node {name} on this database.",
        "Stop it first, or give this process another MUSTER_NODE; leave it empty, and Muster makes a name that nobody else has.",
    )
