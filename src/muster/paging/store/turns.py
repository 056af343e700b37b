"""Rows of turns: who was paged by a step that pages one of several, the latest last."""

from collections.abc import Iterable, Mapping

from muster.base.unit import Conn


async def hold(conn: Conn, turns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The turns so far, held until the transaction ends, so that no two pages take the same one."""
    keys = sorted(set(turns))
    if not keys:
        return {}
    await conn.execute("INSERT INTO turns (turn) SELECT unnest($1::text[]) ON CONFLICT DO NOTHING", keys)
    rows = await conn.fetch("SELECT turn, people FROM turns WHERE turn = ANY($1) ORDER BY turn FOR UPDATE", keys)
    return {row["turn"]: tuple(row["people"]) for row in rows}


async def look(conn: Conn, turns: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """The turns so far, for a dry run."""
    rows = await conn.fetch("SELECT turn, people FROM turns WHERE turn = ANY($1)", list(set(turns)))
    return {row["turn"]: tuple(row["people"]) for row in rows}


async def keep(conn: Conn, turns: Mapping[str, tuple[str, ...]]) -> None:
    """Write turns that are held."""
    for turn, people in turns.items():
        await conn.execute("UPDATE turns SET people = $2 WHERE turn = $1", turn, list(people))
