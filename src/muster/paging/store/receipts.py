"""Rows of what providers report later, and the hold under which a report and our own write of the hand-over meet."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.db.bulk import Columns
from muster.base.db.locks import Lock, hold_each
from muster.base.unit import Conn
from muster.paging.channel import SendOutcome
from muster.paging.delivery import Delivery
from muster.paging.store.deliveries import COLUMNS, delivery_of

_MESSAGES = Columns(channel="text", provider_id="text")


@dataclass(frozen=True, slots=True)
class ProviderReport:
    """What a provider says of a message that it knows by `provider_id`."""

    channel: str
    provider_id: str
    outcome: SendOutcome
    reason: str


async def hold(conn: Conn, messages: Sequence[tuple[str, str]]) -> None:
    """Let one transaction at a time look at and write about these messages: (channel, the provider's name for it)."""
    await hold_each(conn, Lock.MESSAGES, ("/".join(message) for message in messages))


async def meant(conn: Conn, channel: str, provider_id: str) -> list[UUID]:
    """The deliveries that a provider knows by this name; those of a bundle share one."""
    rows = await conn.fetch(
        """SELECT DISTINCT deliveries.id FROM delivery_attempts JOIN deliveries ON deliveries.id = delivery_id
           WHERE delivery_attempts.provider_id = $2 AND delivery_attempts.provider_id <> '' AND channel = $1
           ORDER BY deliveries.id""",
        channel,
        provider_id,
    )
    return [row["id"] for row in rows]


async def note(conn: Conn, ids: Sequence[UUID], report: ProviderReport, now: datetime) -> list[UUID]:
    """Keep a report; returns those deliveries of which it is news."""
    rows = await conn.fetch(
        """INSERT INTO delivery_receipts (delivery_id, provider_id, outcome, reason, at)
           SELECT id, $2, $3, $4, $5 FROM unnest($1::uuid[]) AS id ON CONFLICT DO NOTHING RETURNING delivery_id""",
        list(ids),
        report.provider_id,
        str(report.outcome),
        report.reason,
        now,
    )
    return [row["delivery_id"] for row in rows]


async def arrived(conn: Conn, ids: Sequence[UUID], reason: str, now: datetime) -> list[Delivery]:
    """They are where they belong, whatever was reported before; returns those that were not known to be."""
    rows = await conn.fetch(
        f"""UPDATE deliveries SET state = 'delivered', reason = $2, receipt_due_at = NULL, ended_at = $3
            WHERE id = ANY($1) AND state IN ('handed_over', 'failed') RETURNING {COLUMNS}""",
        list(ids),
        reason,
        now,
    )
    return [delivery_of(row) for row in rows]


async def failed(conn: Conn, ids: Sequence[UUID], reason: str, now: datetime) -> list[Delivery]:
    """They did not arrive after all; returns those of which that was not known."""
    rows = await conn.fetch(
        f"""UPDATE deliveries SET state = 'failed', reason = $2, receipt_due_at = NULL, ended_at = $3
            WHERE id = ANY($1) AND state = 'handed_over' RETURNING {COLUMNS}""",
        list(ids),
        reason,
        now,
    )
    return [delivery_of(row) for row in rows]


async def missed(conn: Conn, message: UUID, now: datetime) -> list[Delivery]:
    """Note that the receipt of a message (a delivery, or a bundle's) did not come in time; returns those that it was due for."""
    rows = await conn.fetch(
        f"""UPDATE deliveries SET receipt_due_at = NULL, receipt_missed_at = $2,
                   reason = reason || ' No receipt came in time.'
            WHERE (id = $1 OR bundle_id = $1) AND state = 'handed_over' AND receipt_due_at <= $2 RETURNING {COLUMNS}""",
        message,
        now,
    )
    return [delivery_of(row) for row in rows]


async def keep_early(conn: Conn, report: ProviderReport, now: datetime) -> None:
    """Keep a report of a message that nothing is known of yet."""
    await conn.execute(
        """INSERT INTO early_receipts (channel, provider_id, outcome, reason, at) VALUES ($1, $2, $3, $4, $5)
           ON CONFLICT DO NOTHING""",
        report.channel,
        report.provider_id,
        str(report.outcome),
        report.reason,
        now,
    )


async def take_early(conn: Conn, messages: Sequence[tuple[str, str]]) -> list[ProviderReport]:
    """Take the reports that came before our own write, oldest first."""
    rows = await conn.fetch(
        f"""WITH taken AS (
               DELETE FROM early_receipts USING {_MESSAGES.unnest("known")}
               WHERE early_receipts.channel = known.channel AND early_receipts.provider_id = known.provider_id
               RETURNING early_receipts.*
           ) SELECT channel, provider_id, outcome, reason FROM taken ORDER BY at""",
        *_MESSAGES.arrays(messages),
    )
    return [
        ProviderReport(row["channel"], row["provider_id"], SendOutcome(row["outcome"]), row["reason"]) for row in rows
    ]


async def forget_early(conn: Conn, before: datetime) -> None:
    """Drop what nobody asked for: other systems' messages on the same account."""
    await conn.execute("DELETE FROM early_receipts WHERE at < $1", before)
