"""Writes what became of attempts and of receipts that were due, and what follows; coalesced, so a storm costs few transactions."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.access import SYSTEM
from muster.base.batcher import Batcher
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import Job, Leased, QueuedJob, enqueue, queue, when_it_is_there
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.delivery_events import event_of, stream_of
from muster.paging.actions.failover_ways import Ways, give_up, ways_of
from muster.paging.actions.receipts import RECEIPT, catch_up
from muster.paging.channel import Capabilities, Channel, Receipt, SendOutcome
from muster.paging.delivery import Delivery, DeliveryState, Next, NextTry, judge
from muster.paging.events import MESSAGE_FAILED, MESSAGE_SENT, RECEIPT_MISSED
from muster.paging.failover import NO_CHANNEL
from muster.paging.page import PageState
from muster.paging.store import deliveries, pages, receipts
from muster.paging.store.deliveries import Attempted


@dataclass(frozen=True, slots=True)
class Result:
    """An attempt that was made: of one delivery, or of all of a bundle in one message."""

    job: QueuedJob
    deliveries: tuple[Delivery, ...]
    receipt: Receipt


class Outcomes:
    """One for each process."""

    def __init__(self, database: Database, channels: Mapping[str, Channel]) -> None:
        self._database, self._channels = database, channels
        self._results: Batcher[Result, None] = Batcher(self._write, 256)
        self._carried: Batcher[QueuedJob, None] = Batcher(self._carry, 256)

    async def write(self, result: Result) -> None:
        """Write an attempt and what follows from it; it was made, so it is kept until the database is there."""

        async def write() -> None:
            await self._results.submit(result)

        await when_it_is_there(write)

    async def carry_on(self, leased: Leased) -> None:
        """A provider reported that a message which it had taken failed after all: take the next way."""
        await self._carried.submit(leased.job)

    async def receipt_due(self, leased: Leased) -> None:
        """The receipt of a message did not come in time: take the next way; what was sent may still arrive."""
        async with leased.finish() as unit:
            missed = await receipts.missed(unit.conn, UUID(leased.job.key), unit.now)
            if not missed:
                return
            waited = leased.job.payload.get("within", "in time")
            why = f"{_by(missed[0])} took the message and did not report within {waited} that it arrived."
            await record_all(unit, [event_of(each, RECEIPT_MISSED, why) for each in missed])
            await self._onward(unit, missed, why)
            unit.publish("paging", *{stream_of(each) for each in missed})

    async def _carry(self, jobs: Sequence[QueuedJob]) -> Sequence[None]:
        async with self._database.unit(SYSTEM) as unit:
            held = await queue.finish(unit.conn, jobs)
            ids = [UUID(job.key) for job in jobs if str(job.id) in held]
            failed = await deliveries.by_ids(unit.conn, ids)
            without = await self._onward(unit, list(failed.values()), "It failed after the provider had taken it.")
            await give_up(unit, without)
        return [None] * len(jobs)

    async def _onward(self, unit: Unit, failed: Sequence[Delivery], why: str) -> list[Delivery]:
        """Take the next way of each whose page is not over; returns those without one."""
        of = await pages.by_ids(unit.conn, [each.page_id for each in failed if each.page_id])
        wanted = [each for each in failed if each.page_id and of[each.page_id].state is not PageState.STOPPED]
        ways = await ways_of(unit, wanted, self._channels)
        without = [each for each in wanted if not ways.take(unit, each, f"Instead of {_by(each)}: {why}")]
        await ways.write(unit)
        return without

    async def _write(self, results: Sequence[Result]) -> Sequence[None]:
        async with self._database.unit(SYSTEM) as unit:
            held = await queue.finish(unit.conn, [each.job for each in results])
            unsent = [one for each in results if not each.receipt.outcome.sent for one in each.deliveries]
            ways = await ways_of(unit, unsent, self._channels) if unsent else Ways({}, {}, {})
            judged = [(each, _judge(each, ways)) for each in results]
            due = {each.job.id: self._receipt_due(each, unit.now) for each in results}
            rows = [
                _row(one, each.receipt, verdict, due[each.job.id])
                for each, verdict in judged
                for one in each.deliveries
            ]
            await deliveries.attempted(unit.conn, rows, unit.now)
            events = [_event(one, each.receipt, verdict) for each, verdict in judged for one in each.deliveries]
            await record_all(unit, events)
            ours = [(each, verdict) for each, verdict in judged if str(each.job.id) in held]
            jobs = [
                Job(each.job.kind, each.job.key, each.job.payload, run_at=unit.now + verdict.pause)
                for each, verdict in ours
                if verdict.next is Next.AGAIN
            ]
            jobs += [
                Job(RECEIPT, each.job.key, {"within": self._within(each)}, run_at=at)
                for each, verdict in ours
                if verdict.next is Next.DONE and (at := due[each.job.id])
            ]
            await enqueue(unit, jobs)
            await self._follow(unit, ours, ways)
            await catch_up(unit, self._reported(results))
            unit.publish("paging", *{stream_of(one) for each in results for one in each.deliveries})
        return [None] * len(results)

    async def _follow(self, unit: Unit, ours: Sequence[tuple[Result, NextTry]], ways: Ways) -> None:
        without: list[Delivery] = []
        for each, verdict in ours:
            if verdict.pass_on:
                without += each.deliveries
            if verdict.next in (Next.FAIL_OVER, Next.GIVE_UP):
                why = "another way failed."
                without += [one for one in each.deliveries if not ways.take(unit, one, f"Instead of {_by(one)}: {why}")]
        await ways.write(unit)
        await give_up(unit, without)

    def _receipt_due(self, result: Result, now: datetime) -> datetime | None:
        within = self._can(result).receipt_within
        waits = within is not None and result.receipt.outcome is SendOutcome.HANDED_OVER
        return now + within if waits and within is not None else None

    def _within(self, result: Result) -> str:
        within = self._can(result).receipt_within
        return f"{int(within.total_seconds())} s" if within else ""

    def _reported(self, results: Sequence[Result]) -> list[tuple[str, str]]:
        """The messages of which the provider may have reported before this was written."""
        return [
            (each.deliveries[0].channel, each.receipt.provider_id)
            for each in results
            if each.receipt.provider_id and self._can(each).receipts and each.receipt.outcome is SendOutcome.HANDED_OVER
        ]

    def _can(self, result: Result) -> Capabilities:
        channel = self._channels.get(result.deliveries[0].channel)
        return channel.capabilities if channel else NO_CHANNEL


def _judge(result: Result, ways: Ways) -> NextTry:
    others = any(ways.next(each) is not None for each in result.deliveries)
    return judge(result.receipt, max(each.attempts for each in result.deliveries) + 1, others=others)


def _row(delivery: Delivery, receipt: Receipt, verdict: NextTry, due: datetime | None) -> Attempted:
    state = {
        Next.DONE: DeliveryState.DELIVERED if receipt.outcome is SendOutcome.DELIVERED else DeliveryState.HANDED_OVER,
        Next.AGAIN: DeliveryState.PENDING,
    }.get(verdict.next, DeliveryState.FAILED)
    return Attempted(delivery.id, state, receipt.outcome, receipt.reason, receipt.provider_id, due)


def _event(delivery: Delivery, receipt: Receipt, verdict: NextTry) -> Event:
    done = verdict.next is Next.DONE
    then = "" if done else str(verdict.next)
    kind = MESSAGE_SENT if done else MESSAGE_FAILED
    return event_of(delivery, kind, receipt.reason, attempt=delivery.attempts + 1, then=then)


def _by(delivery: Delivery) -> str:
    return f"{delivery.channel} by {delivery.route}" if delivery.route else delivery.channel
