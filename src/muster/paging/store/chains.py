"""Rows of flaws in chains, as they were last found."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from muster.base.db.bulk import Table
from muster.base.unit import Conn
from muster.paging.chain_flaws import Flaw, Weakness

_FLAWS = Table(
    "chain_flaws", key="text", policy="text", weakness="text", about="text", sentence="text", start_at="timestamptz",
    end_at="timestamptz", times="integer", found_at="timestamptz",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class KnownFlaw:
    """A flaw with when it was found and when those who watch over paging were told, if they were."""

    flaw: Flaw
    found_at: datetime
    told_at: datetime | None


async def every(conn: Conn) -> list[KnownFlaw]:
    """All flaws that stand, the gravest first."""
    rows = await conn.fetch("SELECT * FROM chain_flaws")
    order = list(Weakness)
    found = [
        KnownFlaw(
            Flaw(
                row["policy"],
                Weakness(row["weakness"]),
                row["sentence"],
                row["start_at"],
                row["end_at"],
                row["times"],
                row["about"],
            ),
            row["found_at"],
            row["told_at"],
        )
        for row in rows
    ]
    return sorted(found, key=lambda each: (order.index(each.flaw.weakness), each.flaw.start, each.flaw.key))


async def put(conn: Conn, flaws: Sequence[Flaw], now: datetime) -> None:
    """Write flaws as they are now; those that stood already keep when they were found and told."""
    rows = [
        (flaw.key, flaw.policy, flaw.weakness, flaw.about, flaw.sentence, flaw.start, flaw.end, flaw.times, now)
        for flaw in flaws
    ]
    await _FLAWS.upsert(conn, rows, keys=("key",), keep=("policy", "weakness", "about", "found_at"))


async def forget(conn: Conn, keys: Sequence[str]) -> None:
    """Remove flaws that are mended."""
    await conn.execute("DELETE FROM chain_flaws WHERE key = ANY($1)", list(keys))


async def told(conn: Conn, keys: Sequence[str], now: datetime) -> None:
    """Note that those who watch over paging were told of these."""
    await conn.execute("UPDATE chain_flaws SET told_at = $2 WHERE key = ANY($1)", list(keys), now)
