"""Rows of senders whose clocks differ."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.alerts.clock_skew import AHEAD, LATE, ClockSkew
from muster.base.unit import Conn

KEPT = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class SeenClockSkew:
    """A skew with the integration's name and when it was last seen."""

    name: str
    skew: ClockSkew
    last_at: datetime


async def vouched(conn: Conn, integration_ids: Sequence[UUID], since: datetime) -> set[UUID]:
    """The integrations with an alert that fires, was heard of since an instant, and then had its end still ahead."""
    rows = await conn.fetch(
        """SELECT DISTINCT integration_id FROM alerts WHERE status <> 'resolved' AND integration_id = ANY($1)
           AND last_seen_at > $2 AND ends_at > last_seen_at + $3::interval AND NOT annotations ? $4""",
        list(integration_ids),
        since,
        AHEAD,
        LATE,
    )
    return {row["integration_id"] for row in rows}


async def note(conn: Conn, skew: ClockSkew, now: datetime) -> bool:
    """Keep what was found, at most once a minute; whether somebody is to be told, which is once a day."""
    return bool(
        await conn.fetchval(
            """INSERT INTO clock_skews AS old (integration_id, by, key, first_at, last_at, told_at)
               VALUES ($1, $2, $3, $4, $4, $4)
               ON CONFLICT (integration_id) DO UPDATE SET by = EXCLUDED.by, key = EXCLUDED.key, last_at = EXCLUDED.last_at,
                 told_at = CASE WHEN old.told_at < $4 - $5::interval THEN $4 ELSE old.told_at END,
                 first_at = CASE WHEN old.last_at < $4 - $5::interval THEN $4 ELSE old.first_at END
               WHERE old.last_at < $4 - interval '1 minute'
               RETURNING told_at = $4""",
            skew.integration_id,
            skew.by,
            skew.key,
            now,
            KEPT,
        )
    )


async def lately(conn: Conn, now: datetime) -> dict[UUID, SeenClockSkew]:
    """The integrations whose clocks differed within the last day."""
    rows = await conn.fetch(
        """SELECT integration_id, by, key, last_at, name FROM clock_skews
           JOIN integrations ON integrations.id = integration_id WHERE last_at > $1 ORDER BY name""",
        now - KEPT,
    )
    return {
        row["integration_id"]: SeenClockSkew(
            row["name"], ClockSkew(row["integration_id"], row["by"], row["key"]), row["last_at"]
        )
        for row in rows
    }
