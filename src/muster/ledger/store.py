"""The ledger's statements: append entries, read them back, keep seals, count denials."""

from collections.abc import AsyncIterator, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from muster.base.db.bulk import Columns, Table
from muster.base.db.locks import Lock
from muster.base.db.locks import hold as hold_lock
from muster.base.unit import Conn
from muster.ledger.canon import json_text
from muster.ledger.chain import Head
from muster.ledger.entry import Entry
from muster.ledger.seal import Seal, SealedHead

EVIDENCE = ("ledger_events", "ledger_seals")
"""The tables to which rows are added and that nobody changes."""
GUARDS = ("ledger_refuse()", "ledger_redact(text, text[], text, text)")
"""The functions that hold that, and the one that may take a person's names out."""
_ENTRIES = Columns(
    position="bigint", stream="text", seq="bigint", at="timestamptz", kind="text", actor="text", reason="text",
    body="text", prev="bytea", hash="bytea",
)  # fmt: skip
_ENTRY = _ENTRIES.text
_HEADS = Columns(stream="text", seq="bigint", hash="bytea")
_SEALED = Table("ledger_sealed", branch="smallint", stream="text", seq="bigint", leaf="bytea")
_SEAL = "number, at, prev, heads, root, public_key, hash, signature"
_AT_ONCE = 500

# Positions are drawn after the heads are held (hence the count), so that within a stream they rise with seq.
_HOLD = """
WITH held AS MATERIALIZED (
    SELECT stream, seq, hash FROM ledger_heads WHERE stream = ANY($1::text[]) ORDER BY stream FOR UPDATE
)
SELECT (SELECT array_agg(stream) FROM held) AS streams,
       (SELECT array_agg(seq) FROM held) AS seqs,
       (SELECT array_agg(hash) FROM held) AS hashes,
       (SELECT array_agg(nextval('ledger_positions')) FROM generate_series(1, $2 + 0 * (SELECT count(*) FROM held)))
           AS positions"""

# A stream that somebody else began meanwhile is neither born nor moved here: none of its entries are written.
_APPEND = f"""
WITH born AS (
    INSERT INTO ledger_heads (stream, seq, hash)
    SELECT stream, seq, hash FROM {_HEADS.unnest("head")}
    ORDER BY stream
    ON CONFLICT (stream) DO NOTHING
    RETURNING stream
), moved AS (
    UPDATE ledger_heads SET seq = head.seq, hash = head.hash
    FROM {_HEADS.unnest("head", first=4)}
    WHERE ledger_heads.stream = head.stream
    RETURNING ledger_heads.stream
), ours AS (
    SELECT stream FROM born UNION ALL SELECT stream FROM moved
), written AS (
    INSERT INTO ledger_events ({_ENTRY})
    SELECT {_ENTRY} FROM {_ENTRIES.unnest("entry", first=7)} JOIN ours USING (stream)
)
SELECT stream FROM ours"""


async def hold(conn: Conn, streams: Sequence[str], count: int) -> tuple[dict[str, Head], list[int]]:
    """Lock the heads of `streams` in order until the transaction ends, and draw `count` positions.

    Returns the newest seq and hash of each stream that exists, and the positions.
    """
    row = await conn.fetchrow(_HOLD, streams, count)
    assert row is not None
    heads = zip(row["streams"] or (), row["seqs"] or (), row["hashes"] or (), strict=True)
    return {stream: (seq, hash_) for stream, seq, hash_ in heads}, row["positions"]


async def append(conn: Conn, entries: Sequence[Entry], held: Collection[str]) -> set[str]:
    """Write entries and move the heads; `held` are the streams that `hold` found.

    Returns the streams whose entries were written: all but those that another transaction began since `hold`.
    """
    last = {entry.stream: entry for entry in entries}
    born = [last[stream] for stream in last if stream not in held]
    moved = [last[stream] for stream in last if stream in held]
    rows = await conn.fetch(_APPEND, *_HEADS.arrays(born), *_HEADS.arrays(moved), *_ENTRIES.arrays(entries))
    return {row["stream"] for row in rows}


@dataclass(frozen=True, slots=True)
class StoredEntryFilter:
    """Which entries to list; unset fields let everything pass.

    `kinds` are several to choose from; `actor` is a name, `since` is inclusive, `until` not; `text` stands anywhere in
    an entry, in any case, and is looked for entry by entry: a rare one takes about a second in a million. The data of the
    kinds `unsearched` are passed over by it.
    """

    stream: str | None = None
    kind: str | None = None
    actor: str | None = None
    since: datetime | None = None
    until: datetime | None = None
    text: str | None = None
    kinds: Collection[str] = ()
    unsearched: Collection[str] = ()


async def newest(conn: Conn, chosen: StoredEntryFilter, limit: int, before: int | None = None) -> list[Entry]:
    """Entries from the newest down, those with a position below `before`."""
    return await _list(conn, chosen, limit, "position < {}", before, "position DESC")


async def following(conn: Conn, chosen: StoredEntryFilter, limit: int, after: int | None = None) -> list[Entry]:
    """Entries from the oldest up, those with a position above `after`; for following along."""
    return await _list(conn, chosen, limit, "position > {}", after, "position")


async def _list(
    conn: Conn, chosen: StoredEntryFilter, limit: int, bound: str, position: int | None, order: str
) -> list[Entry]:
    # The actor is looked for in the text, so that a list can be shown even where somebody has spoilt the JSON.
    actor = json_text({"name": chosen.actor})[1:-1] if chosen.actor else None
    wanted = [
        ("stream = {}", chosen.stream),
        ("kind = {}", chosen.kind),
        ("kind = ANY({})", list(chosen.kinds) or None),
        ("strpos(actor, {}) > 0", actor),
        ("at >= {}", chosen.since),
        ("at < {}", chosen.until),
        (
            f"strpos(lower(stream || ' ' || reason || ' ' || {_searched(chosen)} || ' ' || actor), lower({{}})) > 0",
            chosen.text,
        ),
        (bound, position),
    ]
    given = [(condition, value) for condition, value in wanted if value is not None]
    where = " AND ".join(condition.format(f"${number}") for number, (condition, _) in enumerate(given, 2)) or "true"
    rows = await conn.fetch(
        f"SELECT {_ENTRY} FROM ledger_events WHERE {where} ORDER BY {order} LIMIT $1",
        limit,
        *(value for _, value in given),
    )
    return [Entry(*row) for row in rows]


def _searched(chosen: StoredEntryFilter) -> str:
    kinds = ", ".join(f"'{kind}'" for kind in chosen.unsearched if kind.isalnum())
    return f"CASE WHEN kind IN ({kinds}) THEN '' ELSE body END" if kinds else "body"


async def of_stream(conn: Conn, stream: str, after: int = 0, limit: int | None = None) -> list[Entry]:
    """The entries of one stream in order, those with a seq above `after`."""
    rows = await conn.fetch(
        f"SELECT {_ENTRY} FROM ledger_events WHERE stream = $1 AND seq > $2 ORDER BY seq LIMIT $3", stream, after, limit
    )
    return [Entry(*row) for row in rows]


async def latest_of_stream(conn: Conn, stream: str, kinds: Collection[str], limit: int) -> list[Entry]:
    """The newest entries of some kinds in one stream, the newest first."""
    rows = await conn.fetch(
        f"SELECT {_ENTRY} FROM ledger_events WHERE stream = $1 AND kind = ANY($2) ORDER BY seq DESC LIMIT $3",
        stream,
        list(kinds),
        limit,
    )
    return [Entry(*row) for row in rows]


async def newest_at(conn: Conn) -> datetime | None:
    """When the newest entry was recorded."""
    at: datetime | None = await conn.fetchval("SELECT at FROM ledger_events ORDER BY position DESC LIMIT 1")
    return at


async def kinds(conn: Conn) -> list[str]:
    """The kinds of events that have happened, by name."""
    rows = await conn.fetch(
        """WITH RECURSIVE found AS (
               (SELECT kind FROM ledger_events ORDER BY kind LIMIT 1)
               UNION ALL
               SELECT (SELECT kind FROM ledger_events WHERE kind > found.kind ORDER BY kind LIMIT 1)
               FROM found WHERE found.kind IS NOT NULL
           ) SELECT kind FROM found WHERE kind IS NOT NULL"""
    )
    return [row["kind"] for row in rows]


async def kinds_of(conn: Conn, stream: str) -> dict[str, int]:
    """How many entries of each kind a stream has."""
    rows = await conn.fetch(
        "SELECT kind, count(*) AS many FROM ledger_events WHERE stream = $1 GROUP BY kind ORDER BY kind", stream
    )
    return {row["kind"]: row["many"] for row in rows}


async def heads(conn: Conn) -> dict[str, Head]:
    """The newest seq and hash of every stream."""
    return {row["stream"]: (row["seq"], row["hash"]) for row in await conn.fetch("SELECT * FROM ledger_heads")}


async def every_entry(conn: Conn) -> AsyncIterator[list[Entry]]:
    """All entries by position, some hundred at a time; needs a transaction."""
    cursor = await conn.cursor(f"SELECT {_ENTRY} FROM ledger_events ORDER BY position")
    while rows := await cursor.fetch(_AT_ONCE):
        yield [Entry(*row) for row in rows]


async def redact(conn: Conn, account: str, words: Sequence[str], names: str, pseudonym: str) -> list[Entry]:
    """Replace what the expression `names` finds where one of the `words` stands, and empty the stream `account`.

    Returns the entries as they are now.
    """
    rows = await conn.fetch(
        f"SELECT {_ENTRY} FROM ledger_redact($1, $2, $3, $4) ORDER BY position", account, words, names, pseudonym
    )
    return [Entry(*row) for row in rows]


async def every_seal(conn: Conn) -> AsyncIterator[Seal]:
    """All seals by number; needs a transaction."""
    async for row in conn.cursor(f"SELECT {_SEAL} FROM ledger_seals ORDER BY number", prefetch=20):
        yield Seal(*row)


async def seals(conn: Conn, limit: int, before: int | None = None) -> list[Seal]:
    """Seals from the newest down, those with a number below `before`."""
    rows = await conn.fetch(
        f"SELECT {_SEAL} FROM ledger_seals WHERE $2::bigint IS NULL OR number < $2 ORDER BY number DESC LIMIT $1",
        limit,
        before,
    )
    return [Seal(*row) for row in rows]


async def seal_alone(conn: Conn) -> None:
    """Wait for any other sealing to end, and keep others out until the transaction ends."""
    await hold_lock(conn, Lock.SEALING)


async def moved_heads(conn: Conn) -> list[SealedHead]:
    """The heads that no seal covers yet."""
    rows = await conn.fetch(
        """SELECT head.stream, head.seq, head.hash
           FROM ledger_heads head LEFT JOIN ledger_sealed sealed ON sealed.stream = head.stream
           WHERE head.seq > coalesce(sealed.seq, 0)"""
    )
    return [SealedHead(*row) for row in rows]


async def cover(conn: Conn, moved: Sequence[tuple[int, SealedHead, bytes]]) -> list[tuple[int, bytes]]:
    """Note heads as sealed, each with its branch and leaf; returns every branch that bears leaves with its hash."""
    rows = [(branch, head.stream, head.seq, leaf) for branch, head, leaf in moved]
    await _SEALED.upsert(conn, rows, keys=("branch", "stream"))
    branches = await conn.fetch(
        """SELECT branch, sha256(string_agg(leaf, ''::bytea ORDER BY stream)) AS hash
           FROM ledger_sealed GROUP BY branch ORDER BY branch"""
    )
    return [(row["branch"], row["hash"]) for row in branches]


async def put_seal(conn: Conn, seal: Seal) -> None:
    """Write a seal."""
    await conn.execute(
        f"INSERT INTO ledger_seals ({_SEAL}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
        *(seal.number, seal.at, seal.prev, seal.heads, seal.root, seal.public_key, seal.hash, seal.signature),
    )


async def count_denial(
    conn: Conn, key: str, actor: str, permission: str, path: str, reason: str, now: datetime
) -> bool:
    """Count a refusal; true if it is the first of its `key` in the present minute, and so to be recorded by itself."""
    first: bool = await conn.fetchval(
        """INSERT INTO ledger_denials (key, actor, permission, path, reason, since) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (key) DO UPDATE SET repeats = ledger_denials.repeats + 1, path = excluded.path,
                                           reason = excluded.reason
           RETURNING repeats = 0""",
        *(key, actor, permission, path, reason, now),
    )
    return first


async def take_denials(conn: Conn, key: str) -> dict[str, Any] | None:
    """The counted repeats of a `key`; with none left the key is forgotten and None returned."""
    row = await conn.fetchrow("SELECT * FROM ledger_denials WHERE key = $1 FOR UPDATE", key)
    if row is None or row["repeats"] == 0:
        await conn.execute("DELETE FROM ledger_denials WHERE key = $1", key)
        return None
    await conn.execute("UPDATE ledger_denials SET repeats = 0 WHERE key = $1", key)
    return dict(row)
