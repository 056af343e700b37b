"""What providers report of a message after they took it: it arrived, or it failed after all (R72)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import Job, cancel, enqueue
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.paging.actions.delivery_events import event_of, stream_of
from muster.paging.channel import SendOutcome
from muster.paging.delivery import Delivery
from muster.paging.events import MESSAGE_DELIVERED, MESSAGE_FAILED
from muster.paging.store import receipts
from muster.paging.store.receipts import ProviderReport

RECEIPT, ONWARD = "delivery.receipt", "delivery.onward"
KEPT_EARLY = timedelta(hours=1)
"""How long a report waits for our own write of the hand-over; longer than any lease or transaction lasts."""


async def report(unit: Unit, channel: str, provider_id: str, outcome: SendOutcome, reason: str) -> bool:
    """Note a receipt. DELIVERED: it arrived; REFUSED or RETRY: it failed after all, and the next way is tried at once.

    Idempotent, in any order: an arrival outweighs a failure. One that comes before our own write is kept and counts then.
    Returns whether a delivery was meant that is known already.
    """
    said = ProviderReport(channel, provider_id, outcome, reason)
    await receipts.hold(unit.conn, [(channel, provider_id)])
    meant = await receipts.meant(unit.conn, channel, provider_id)
    if meant:
        await _take(unit, meant, said)
        return True
    await receipts.forget_early(unit.conn, unit.now - KEPT_EARLY)
    await receipts.keep_early(unit.conn, said, unit.now)
    return False


async def catch_up(unit: Unit, messages: Sequence[tuple[str, str]]) -> None:
    """Let the reports count that came before the hand-over was written: (channel, the provider's name), in its unit."""
    if not messages:
        return
    await receipts.hold(unit.conn, messages)
    for said in await receipts.take_early(unit.conn, messages):
        await _take(unit, await receipts.meant(unit.conn, said.channel, said.provider_id), said)


async def _take(unit: Unit, meant: Sequence[UUID], said: ProviderReport) -> None:
    news = await receipts.note(unit.conn, meant, said, unit.now)
    if not news or said.outcome is SendOutcome.HANDED_OVER:
        return
    if said.outcome is SendOutcome.DELIVERED:
        changed = await receipts.arrived(unit.conn, news, said.reason, unit.now)
        await _tell(unit, changed, MESSAGE_DELIVERED, said)
    else:
        changed = await receipts.failed(unit.conn, news, said.reason, unit.now)
        await _tell(unit, changed, MESSAGE_FAILED, said)
        # A receipt that had been missed was answered by an heir already.
        ours = [each for each in changed if each.page_id and each.receipt_missed_at is None]
        await enqueue(unit, [Job(ONWARD, str(delivery.id), urgent=True) for delivery in ours])


async def _tell(unit: Unit, changed: Sequence[Delivery], kind: EventKind, said: ProviderReport) -> None:
    events: list[Event] = [event_of(each, kind, said.reason, provider=said.provider_id) for each in changed]
    await record_all(unit, events)
    await cancel(unit, RECEIPT, sorted({str(each.bundle_id or each.id) for each in changed}))
    unit.publish("paging", *{stream_of(each) for each in changed})
