"""Lets deliveries through to channels that people read, so that a storm is a readable message and not a hundred (R76).

Decided at the moment of sending, under a lock by person, in a fixed number of statements for any number of deliveries.
"""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from uuid import UUID

from muster.base.access import SYSTEM
from muster.base.batcher import Batcher
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import Job, QueuedJob, cancel, enqueue, queue
from muster.kit.ids import new_id
from muster.ledger.actions import record_all
from muster.paging.actions.delivery_events import event_of, stream_of
from muster.paging.actions.failover_ways import ways_of
from muster.paging.actions.start import DELIVERY
from muster.paging.channel import Channel
from muster.paging.delivery import Delivery
from muster.paging.events import MESSAGE_DEFERRED, MESSAGE_FAILED
from muster.paging.store import deliveries, flow
from muster.paging.storm import Due, Released, WaitingDelivery, passed_over, rule
from muster.plan import store as plans
from muster.plan.model.escalation import Paging
from muster.plan.model.plan import Plan

BUNDLE = "delivery.bundle"
TOGETHER = "It goes in one message with the others that came with it."

_Place = tuple[UUID, str, str]


@dataclass(frozen=True, slots=True)
class Arriving:
    """A delivery that is to be sent now, with its job and its incident's severity."""

    job: QueuedJob
    delivery: Delivery
    severity: str


@dataclass(slots=True)
class _Fates:
    """What was decided for all places of a batch."""

    alone: list[UUID] = field(default_factory=list)
    together: list[tuple[UUID, UUID, str, Sequence[UUID]]] = field(default_factory=list)
    held: list[WaitingDelivery] = field(default_factory=list)
    elsewhere: list[tuple[_Place, Sequence[UUID]]] = field(default_factory=list)


class StormGate:
    """One for each process."""

    def __init__(self, database: Database, channels: Mapping[str, Channel]) -> None:
        self._database, self._channels = database, channels
        self._admitted: Batcher[Arriving, bool] = Batcher(self._admit, 512)

    async def admit(self, arriving: Arriving) -> bool:
        """Whether the delivery is to be sent now as a message of its own; else its job has ended, and another took over."""
        return await self._admitted.submit(arriving)

    async def _admit(self, arriving: Sequence[Arriving]) -> Sequence[bool]:
        async with self._database.unit(SYSTEM) as unit:
            people = sorted({each.delivery.person_id for each in arriving})
            await flow.lock_persons(unit.conn, people)
            version = await plans.in_force(unit.conn)
            fates = await self._decide(unit, arriving, people, version.plan if version else None)
            ours = {each.delivery.id: each for each in arriving}
            await self._pass_over(unit, fates, ours, version.plan.paging if version else Paging())
            ending = ours.keys() - set(fates.alone)
            await queue.finish(unit.conn, [each.job for id, each in ours.items() if id in ending])
            free = await self._write(unit, fates, ours)
        return [each.delivery.id in free for each in arriving]

    async def _decide(
        self, unit: Unit, arriving: Sequence[Arriving], people: Sequence[UUID], plan: Plan | None
    ) -> _Fates:
        paging = plan.paging if plan else Paging()
        spans = [paging.bundle.within, *(limit.within for limit in paging.limits.values())]
        lately = await flow.went(unit.conn, people, unit.now - max(spans, default=timedelta(0)))
        due: defaultdict[_Place, dict[UUID, Due]] = defaultdict(dict)
        for each in arriving:
            one = each.delivery
            rank = plan.rank(each.severity) if plan else 0
            due[one.person_id, one.channel, one.address][one.id] = Due(one.id, rank)
        for waits in await flow.waiting(unit.conn, people):
            place = (waits.person_id, waits.channel, waits.address)
            if place in due:
                rank = plan.rank(waits.severity) if plan else 0
                due[place].setdefault(waits.id, Due(waits.id, rank))
        fates = _Fates()
        for place, waiting in due.items():
            person, channel, address = place
            released = [
                Released(one.at, min(plan.rank(name) if plan else 0 for name in one.severities), one.address == address)
                for one in lately
                if (one.person_id, one.channel) == (person, channel)
            ]
            ruling = rule(
                list(waiting.values()), released, paging.bundle, paging.limits.get(channel), channel, unit.now
            )
            fates.alone += ruling.alone
            fates.held += ruling.held
            if ruling.together:
                fates.together.append((new_id(unit.now), person, channel, ruling.together))
            if ruling.elsewhere:
                fates.elsewhere.append((place, ruling.elsewhere))
        return fates

    async def _pass_over(self, unit: Unit, fates: _Fates, ours: Mapping[UUID, Arriving], paging: Paging) -> None:
        """Send to the next contact what a limit leaves no room for; where there is none, it goes here all the same."""
        if not fates.elsewhere:
            return
        ids = [id for _, wanted in fates.elsewhere for id in wanted]
        found = await deliveries.by_ids(unit.conn, ids)
        ways = await ways_of(unit, list(found.values()), self._channels)
        gone: list[Delivery] = []
        for (person, channel, _), wanted in fates.elsewhere:
            limit = paging.limits[channel]
            why = (
                f"{limit.most} messages by {channel} were sent lately, which is the plan's limit; this could not wait."
            )
            stuck = []
            for id in wanted:
                taken = id in found and ways.take(unit, found[id], f"Instead of {channel}: {why}", routes=False)
                gone += [found[id]] if taken else []
                stuck += [] if taken else [id]
            if len(stuck) == 1:
                fates.alone += stuck
            elif stuck:
                fates.together.append((new_id(unit.now), person, channel, stuck))
        reasons = [passed_over(paging.limits[delivery.channel], delivery.channel) for delivery in gone]
        await flow.pass_over(unit.conn, [each.id for each in gone], reasons, unit.now)
        await cancel(unit, DELIVERY, [str(each.id) for each in gone if each.id not in ours])
        await record_all(
            unit,
            [event_of(each, MESSAGE_FAILED, why, then="fail_over") for each, why in zip(gone, reasons, strict=True)],
        )
        await ways.write(unit)

    async def _write(self, unit: Unit, fates: _Fates, ours: Mapping[UUID, Arriving]) -> set[UUID]:
        jobs: list[Job] = []
        free: set[UUID] = set()
        others = [str(id) for id in fates.alone if id not in ours]
        others += [str(id) for _, _, _, members in fates.together for id in members if id not in ours]
        if others:
            await cancel(unit, DELIVERY, others)
        if fates.alone:
            free = await flow.let_go(unit.conn, fates.alone, unit.now)
            jobs += [Job(DELIVERY, str(id), urgent=True) for id in free if id not in ours]
        if fates.together:
            await flow.gather(unit.conn, fates.together, TOGETHER, unit.now)
            jobs += [Job(BUNDLE, str(bundle), urgent=True) for bundle, _, _, _ in fates.together]
        if fates.held:
            waiting = await flow.hold_back(unit.conn, fates.held)
            fresh = [each for each in fates.held if each.id in waiting and each.id in ours]
            jobs += [Job(DELIVERY, str(each.id), run_at=each.until) for each in fresh]
            await record_all(
                unit,
                [
                    event_of(ours[each.id].delivery, MESSAGE_DEFERRED, each.reason, until=each.until)
                    for each in fresh
                    if ours[each.id].delivery.hold is not each.hold
                ],
            )
        await enqueue(unit, jobs)
        unit.publish("paging", *{stream_of(our.delivery) for our in ours.values()})
        return free
