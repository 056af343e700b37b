"""The ledger's statements on the hot path: lock heads, append entries."""

from collections.abc import Collection, Sequence

from muster.base.unit import Conn
from muster.ledger.entry import Entry

Head = tuple[int, bytes]

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
_APPEND = """
WITH born AS (
    INSERT INTO ledger_heads (stream, seq, hash)
    SELECT stream, seq, hash FROM unnest($1::text[], $2::bigint[], $3::bytea[]) AS head (stream, seq, hash)
    ORDER BY stream
    ON CONFLICT (stream) DO NOTHING
    RETURNING stream
), moved AS (
    UPDATE ledger_heads SET seq = head.seq, hash = head.hash
    FROM unnest($4::text[], $5::bigint[], $6::bytea[]) AS head (stream, seq, hash)
    WHERE ledger_heads.stream = head.stream
    RETURNING ledger_heads.stream
), ours AS (
    SELECT stream FROM born UNION ALL SELECT stream FROM moved
), written AS (
    INSERT INTO ledger_events (position, stream, seq, at, kind, actor, reason, body, prev, hash)
    SELECT position, stream, seq, at, kind, actor, reason, body, prev, hash
    FROM unnest($7::bigint[], $8::text[], $9::bigint[], $10::timestamptz[], $11::text[], $12::text[], $13::text[],
                $14::text[], $15::bytea[], $16::bytea[])
         AS entry (position, stream, seq, at, kind, actor, reason, body, prev, hash)
    JOIN ours USING (stream)
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
    rows = await conn.fetch(
        _APPEND,
        *([head.stream for head in born], [head.seq for head in born], [head.hash for head in born]),
        *([head.stream for head in moved], [head.seq for head in moved], [head.hash for head in moved]),
        [entry.position for entry in entries],
        [entry.stream for entry in entries],
        [entry.seq for entry in entries],
        [entry.at for entry in entries],
        [entry.kind for entry in entries],
        [entry.actor for entry in entries],
        [entry.reason for entry in entries],
        [entry.body for entry in entries],
        [entry.prev for entry in entries],
        [entry.hash for entry in entries],
    )
    return {row["stream"] for row in rows}
