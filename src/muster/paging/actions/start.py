"""Starts pages for any number of incidents in a few statements: the first deliveries are durable with the incident."""

from collections.abc import Sequence
from typing import Any

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.ids import new_id
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.paging.actions import snapshot as snapshots
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery, pending
from muster.paging.events import PAGE_EXHAUSTED, PAGE_STARTED
from muster.paging.notify import as_planned, plan_for, quieting
from muster.paging.page import Page, PageExhausted, PageState
from muster.paging.quiet_address import quiet_address, shadowed
from muster.paging.run import EXHAUSTED, Advance, TakenStep, advance, frozen_facts, rotated
from muster.paging.spec import PageSpec
from muster.paging.store import deliveries, pages, turns
from muster.paging.store import steps as step_rows
from muster.paging.targets import Snapshot, TargetPeople
from muster.plan import store as plans

DELIVERY, STEP = "delivery", "page.step"


async def start(unit: Unit, specs: Sequence[PageSpec]) -> list[Page]:
    """Begin escalations, each with its first step taken now; needs no permission of its own.

    Args:
        specs: all of one plan version.
    """
    if not specs:
        return []
    version = await plans.pinned(unit.conn, specs[0].plan_version_id)
    targets = {target for spec in specs for step in spec.steps for target in step.targets}
    named = {name for spec in specs for name in spec.roles.values()}
    shared = {step.turn for spec in specs for step in spec.steps}
    snapshot = await snapshots.load(unit, targets, version.plan, named, shared)
    hushed = quieting(unit.now)
    begun = []
    for spec in specs:
        begun.append(_begin(unit, spec, hushed(snapshot, spec.severity)))
        snapshot = rotated(snapshot, begun[-1][1])
    await pages.insert(unit.conn, [page for page, _ in begun])
    await take(unit, begun, snapshot, PAGE_STARTED)
    return [page for page, _ in begun]


async def take(unit: Unit, advances: Sequence[tuple[Page, Advance]], snapshot: Snapshot, kind: EventKind) -> None:
    """Write the steps that pages take now, with their deliveries, events and next alarms; `snapshot` is the one after them
    all, in which turns have moved on."""
    steps = [(page.id, taken) for page, going in advances for taken in going.taken]
    messages = [
        each for page, going in advances for taken in going.taken for each in _messages(unit, page, taken, snapshot)
    ]
    if steps:
        await step_rows.insert(unit.conn, steps, unit.now)
    await turns.keep(unit.conn, {each.turn: snapshot.turns[each.turn] for _, each in steps if each.chosen})
    if messages:
        await deliveries.insert(unit.conn, messages)
    events = [Event(page.stream, kind, _told(page, going)) for page, going in advances]
    exhausted = [page for page, going in advances if going.next_at is None]
    events += [
        Event(page.stream, PAGE_EXHAUSTED, {"page": page.id, "policy": page.policy}, EXHAUSTED) for page in exhausted
    ]
    await record_all(unit, events)
    alarms = [Job(STEP, str(page.id), run_at=going.next_at) for page, going in advances if going.next_at is not None]
    notices = await _notices(unit, [(page, taken) for page, going in advances for taken in going.taken], snapshot)
    await enqueue(unit, [*alarms, *(sending(message) for message in messages), *notices])
    for page in exhausted:
        await unit.emit(PageExhausted(page))
    unit.publish(*(page.stream for page, _ in advances))


async def _notices(unit: Unit, taken: Sequence[tuple[Page, TakenStep]], snapshot: Snapshot) -> list[Job]:
    """Tell those who shadow whoever is paged; who has quiet hours is let sleep."""
    made: list[tuple[Delivery, str]] = []
    for each in shadowed(taken):
        person = snapshot.persons.get(each.name)
        address = quiet_address(person) if person and person.active else None
        if person and address and not person.notify.quiet_until("", unit.now, person.time_zone):
            delivery = pending(new_id(unit.now), MessageKind.NOTICE, person, address, each.why, unit.now)
            made.append((delivery, each.note))
    if made:
        await deliveries.insert(unit.conn, [delivery for delivery, _ in made])
    return [Job(DELIVERY, str(delivery.id), {"note": note}, urgent=True) for delivery, note in made]


def _begin(unit: Unit, spec: PageSpec, snapshot: Snapshot) -> tuple[Page, Advance]:
    going = advance(spec.steps, 0, spec.why, snapshot, spec.roles, unit.now, frozen_facts(spec))
    over = going.next_at is None
    page = Page(
        id=new_id(unit.now),
        incident_id=spec.incident_id,
        ref=spec.ref,
        title=spec.title,
        summary=spec.summary,
        severity=spec.severity,
        policy=spec.policy,
        steps=spec.steps,
        plan_version_id=spec.plan_version_id,
        why=spec.why,
        next_step=spec.next_step,
        links=spec.links,
        facts=dict(spec.facts),
        roles=dict(spec.roles),
        state=PageState.EXHAUSTED if over else PageState.RUNNING,
        step=len(going.taken),
        started_at=unit.now,
        next_at=going.next_at,
        ended_at=unit.now if over else None,
        ended_reason=EXHAUSTED if over else "",
        purpose=spec.purpose,
        asked_by=spec.asked_by,
        drill=spec.drill,
    )
    return page, going


def sending(delivery: Delivery) -> Job:
    """The job that sends a delivery, at once or when its time has come."""
    return Job(DELIVERY, str(delivery.id), run_at=delivery.send_at, urgent=delivery.send_at is None)


def _messages(unit: Unit, page: Page, taken: TakenStep, snapshot: Snapshot) -> list[Delivery]:
    return [
        as_planned(
            pending(
                new_id(unit.now), MessageKind.PAGE, person, plan.address, meant.reason, unit.now, page, taken.number
            ),
            plan,
        )
        for meant in taken.meant
        for person in (snapshot.persons[name] for name in (*meant.people, *meant.deferred))
        for plan in plan_for(person, page.severity, unit.now)
    ]


def _told(page: Page, going: Advance) -> dict[str, Any]:
    steps = [
        {
            "step": taken.number,
            "why": taken.why,
            "targets": [_recorded(meant) for meant in taken.meant],
            **({"skipped": taken.skipped} if taken.skipped else {}),
        }
        for taken in going.taken
    ]
    return {
        "page": page.id,
        "policy": page.policy,
        "purpose": page.purpose,
        **({"drill": True} if page.drill else {}),
        "steps_in_all": len(page.steps),
        "taken": steps,
        "next_at": going.next_at,
    }


def _recorded(meant: TargetPeople) -> dict[str, Any]:
    """As the ledger keeps it: what was said then."""
    names = {name: list(value) for name in ("waiting", "shadows", "deferred") if (value := getattr(meant, name))}
    people, unreached = list(meant.people), list(meant.sentences)
    return {"target": str(meant.target), "people": people, "reason": meant.reason, "unreached": unreached, **names}
