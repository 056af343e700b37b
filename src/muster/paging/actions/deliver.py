"""Sends deliveries and writes what became of them: loads and results are coalesced, so a storm costs few transactions.

At least once: after a crash in the middle of sending, the same message goes out again under the same idempotency key.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from muster.base.access import SYSTEM
from muster.base.batcher import Batcher
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import Job, Leased, QueuedJob, enqueue, queue
from muster.clocks import store as clocks
from muster.kit.ids import new_id
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging import wording
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.escalate import go_on
from muster.paging.actions.start import DELIVERY
from muster.paging.channel import Channel, Message, MessageKind, Outcome, Receipt, refused
from muster.paging.delivery import Delivery, DeliveryState, Next, Verdict, judge
from muster.paging.page import Page, PageState
from muster.paging.store import deliveries, pages
from muster.paging.targets import Address
from muster.paging.words import facts_of
from muster.people import store as people
from muster.people.contact import masked


@dataclass(frozen=True, slots=True)
class Loaded:
    """A delivery with what its message needs."""

    delivery: Delivery
    page: Page | None
    secret: str
    zone: str
    acknowledge_by: datetime | None


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt that was made."""

    job: QueuedJob
    delivery: Delivery
    receipt: Receipt


class Deliverer:
    """One for each process.

    `acknowledge_url` makes the one-tap link of a delivery, `incident_url` the address of an incident by its reference,
    `unseal` opens a contact's secret.
    """

    def __init__(
        self,
        database: Database,
        channels: Mapping[str, Channel],
        acknowledge_url: Callable[[Delivery, datetime], str],
        incident_url: Callable[[str], str],
        unseal: Callable[[UUID, str], str],
    ) -> None:
        self._database, self._channels, self._unseal = database, channels, unseal
        self._acknowledge_url, self._incident_url = acknowledge_url, incident_url
        self._loads: Batcher[UUID, Loaded | None] = Batcher(self._load, 256)
        self._results: Batcher[Result, None] = Batcher(self._write, 256)

    async def handle(self, leased: Leased) -> None:
        """Send the delivery of a job, once, and write the result."""
        loaded = await self._loads.submit(UUID(leased.job.key))
        if loaded is None or loaded.delivery.state is not DeliveryState.PENDING:
            async with leased.finish():
                return
        receipt = await self._send(loaded, str(leased.job.payload.get("note", "")))
        await self._results.submit(Result(leased.job, loaded.delivery, receipt))

    async def _send(self, loaded: Loaded, note: str) -> Receipt:
        delivery = loaded.delivery
        channel = self._channels.get(delivery.channel)
        if channel is None:
            return refused(f"This Muster has no channel {delivery.channel} set up.")
        return await channel.send(delivery.address, self._message(loaded, note), loaded.secret)

    def _message(self, loaded: Loaded, note: str) -> Message:
        delivery, page, now = loaded.delivery, loaded.page, self._database.clock.now()
        link = self._acknowledge_url(delivery, now) if page else None
        url = self._incident_url(page.ref if page else "")
        return wording.compose(facts_of(delivery, page, loaded.zone, loaded.acknowledge_by, url, link, now, note))

    async def _load(self, ids: Sequence[UUID]) -> Sequence[Loaded | None]:
        async with self._database.read() as conn:
            found = await deliveries.by_ids(conn, ids)
            page_ids = [each.page_id for each in found.values() if each.page_id]
            of = await pages.by_ids(conn, page_ids) if page_ids else {}
            contacts = [each.contact_id for each in found.values() if each.contact_id]
            secrets = await people.secrets_of(conn, contacts)
            persons = await people.persons_by_id(conn, {each.person_id for each in found.values()})
            running = await clocks.running(conn, [page.stream for page in of.values()])
        loaded: list[Loaded | None] = []
        for id_ in ids:
            delivery = found.get(id_)
            if delivery is None:
                loaded.append(None)
                continue
            page = of.get(delivery.page_id) if delivery.page_id else None
            sealed = secrets.get(delivery.contact_id) if delivery.contact_id else None
            secret = self._unseal(delivery.contact_id, sealed) if delivery.contact_id and sealed else ""
            limits = (
                [each.due_at for each in running.get(page.stream, ()) if each.kind == "acknowledge"] if page else []
            )
            zone = persons[delivery.person_id].time_zone
            loaded.append(Loaded(delivery, page, secret, zone, limits[0] if limits else None))
        return loaded

    async def _write(self, results: Sequence[Result]) -> Sequence[None]:
        async with self._database.unit(SYSTEM) as unit:
            held = await queue.finish(unit.conn, [each.job for each in results])
            judged = [(each, await self._judge(unit, each)) for each in results]
            await deliveries.attempted(unit.conn, [_row(each, verdict) for each, verdict in judged], unit.now)
            await record_all(unit, [_event(each, verdict) for each, verdict in judged])
            ours = [(each, verdict) for each, verdict in judged if str(each.job.id) in held]
            await enqueue(unit, [
                Job(DELIVERY, each.job.key, each.job.payload, run_at=unit.now + verdict.pause)
                for each, verdict in ours if verdict.next is Next.AGAIN
            ])  # fmt: skip
            for each, verdict in ours:
                if verdict.next is Next.FAIL_OVER:
                    await self._fail_over(unit, each.delivery)
                elif verdict.next is Next.GIVE_UP:
                    await _given_up(unit, each.delivery)
            unit.publish("paging", *{_stream(each.delivery) for each in results})
        return [None] * len(results)

    async def _judge(self, unit: Unit, result: Result) -> Verdict:
        sent = result.receipt.outcome.sent
        others = not sent and await self._next_address(unit, result.delivery) is not None
        return judge(result.receipt, result.delivery.attempts + 1, others=others)

    async def _next_address(self, unit: Unit, delivery: Delivery) -> Address | None:
        """The person's next untried contact in this step, on a channel that is set up; a test has none."""
        if delivery.page_id is None:
            return None
        tried = await deliveries.tried(unit.conn, delivery.page_id, delivery.step, delivery.person_id)
        person = (await snapshots.reachable(unit, [delivery.person])).get(delivery.person)
        addresses = person.addresses if person else ()
        return next((each for each in addresses if each.contact_id not in tried and self._usable(each.channel)), None)

    async def _fail_over(self, unit: Unit, delivery: Delivery) -> None:
        following = await self._next_address(unit, delivery)
        if following is None:
            await _given_up(unit, delivery)
            return
        heir = replace(
            delivery,
            id=new_id(unit.now),
            contact_id=following.contact_id,
            channel=following.channel,
            address=following.address,
            attempts=0,
            failover_of=delivery.id,
            created_at=unit.now,
        )
        await deliveries.insert(unit.conn, [heir])
        await enqueue(unit, [Job(DELIVERY, str(heir.id), urgent=True)])

    def _usable(self, kind: str) -> bool:
        channel = self._channels.get(kind)
        return channel is not None and channel.capabilities.usable


async def _given_up(unit: Unit, delivery: Delivery) -> None:
    """Nobody left to try: if the whole step has failed, the next one does not wait."""
    # Locked first: of two nodes that give up the last two messages of a step, the second sees what the first did.
    page = await pages.lock(unit.conn, delivery.page_id) if delivery.page_id else None
    if page is None or await deliveries.hopeful(unit.conn, page.id, delivery.step):
        return
    if page.state is PageState.RUNNING and page.step == delivery.step:
        await queue.cancel(unit, "page.step", [str(page.id)])
        await go_on(unit, [page], f"Nobody of step {page.step} could be reached.")


def _row(result: Result, verdict: Verdict) -> tuple[UUID, DeliveryState, str, str, str]:
    receipt = result.receipt
    state = {
        Next.DONE: DeliveryState.DELIVERED if receipt.outcome is Outcome.DELIVERED else DeliveryState.HANDED_OVER,
        Next.AGAIN: DeliveryState.PENDING,
    }.get(verdict.next, DeliveryState.FAILED)
    return (result.delivery.id, state, receipt.outcome, receipt.reason, receipt.provider_id)


def _event(result: Result, verdict: Verdict) -> Event:
    delivery, receipt = result.delivery, result.receipt
    data = {
        "delivery": delivery.id,
        "person": delivery.person,
        "channel": delivery.channel,
        "address": masked(delivery.channel, delivery.address),
        "attempt": delivery.attempts + 1,
        "kind": delivery.kind,
    }
    if verdict.next is not Next.DONE:
        data["then"] = verdict.next
    return Event(
        _stream(delivery), "MessageSent" if verdict.next is Next.DONE else "MessageFailed", data, receipt.reason
    )


def _stream(delivery: Delivery) -> str:
    if delivery.kind is MessageKind.PAGE:
        return f"incident:{delivery.incident_id}"
    return f"person:{delivery.person_id}"
