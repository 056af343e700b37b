"""Looks at every chain of the plan in force, 90 days ahead, and keeps what is wrong with them (R73, R74)."""

from collections.abc import Collection
from datetime import timedelta

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.errors import Fault
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.watchers import tell_watchers
from muster.paging.chain_flaws import GRAVE, Flaw, Weakness, flaws
from muster.paging.events import CHAIN_BROKEN, CHAIN_MENDED
from muster.paging.store import chains as store
from muster.people import store as people
from muster.people.happenings import PersonLeft, WaysChanged
from muster.plan import store as plans
from muster.plan.happenings import PlanChecked, PlanPublished
from muster.plan.model.plan import Plan
from muster.plan.steps import frozen_steps

CHECK = "chains.check"
CHECK_EVERY = timedelta(minutes=5)
AHEAD = timedelta(days=90)
SOON = timedelta(days=7)
"""Who watches over paging is told of what begins within this; what is further ahead only stands on the pages."""
STREAM = "chains"


async def look(unit: Unit) -> tuple[Flaw, ...]:
    """What is wrong with the chains as they are now; nothing is written."""
    version = await plans.in_force(unit.conn)
    return await look_at(unit, version.plan) if version else ()


async def look_at(unit: Unit, plan: Plan) -> tuple[Flaw, ...]:
    """What would be wrong with the chains of a plan from now on."""
    policies = {name: frozen_steps(plan, name) for name in plan.escalation}
    targets = {target for steps in policies.values() for step in steps for target in step.targets}
    stretch = (unit.now, unit.now + AHEAD)
    known = await snapshots.know(unit, targets, plan, stretch=stretch)
    contacts = await people.contacts_of(unit.conn, [person.id for person in known.persons.values()])
    proven = {
        name
        for name, person in known.persons.items()
        if any(contact.proven(plan.contacts.reprove_every, unit.now) for contact in contacts[person.id])
    }
    return flaws(known, policies, proven, *stretch)


async def warn_of_chains(unit: Unit, checked: PlanChecked) -> None:
    """Subscribed to plans that are checked: say which policies would wake nobody, and when. Whom they name and cannot reach
    the plan's own checks say."""
    checked.warnings.extend(
        Fault(
            f"escalation.{flaw.policy}",
            flaw.sentence,
            "Name somebody else beside it, or close the gap in the schedule.",
        )
        for flaw in await look_at(unit, checked.plan)
        if flaw.weakness in (Weakness.NOBODY, Weakness.CONDITIONAL, Weakness.FIRST_STEP)
    )


async def check(unit: Unit) -> None:
    """Keep what is found, record what broke and what was mended, and tell of what is grave and near."""
    found = {each.key: each for each in await look(unit)}
    known = {each.flaw.key: each for each in await store.every(unit.conn)}
    broken = [each for key, each in found.items() if key not in known]
    mended = [each.flaw for key, each in known.items() if key not in found]
    await store.put(unit.conn, list(found.values()), unit.now)
    await store.forget(unit.conn, [each.key for each in mended])
    await record_all(
        unit, [*(_event(CHAIN_BROKEN, each) for each in broken), *(_event(CHAIN_MENDED, each) for each in mended)]
    )
    await _tell(unit, found.values(), {key for key, each in known.items() if each.told_at})
    if broken or mended:
        unit.publish("chains", "paging")


async def on_person_left(unit: Unit, left: PersonLeft) -> None:
    """Subscribed to people who leave although chains name them: look at once, and tell who watches over paging."""
    await enqueue(unit, [Job(CHECK, f"person:{left.person.id}", urgent=True)])
    title = f"{left.person.full_name} has left and is still named"
    await tell_watchers(
        unit, title, " ".join((*left.still_in, "Their chains are marked until somebody else is named."))
    )


async def on_plan_published(unit: Unit, published: PlanPublished) -> None:
    """Subscribed to plans that come into force: look at their chains at once, not with the next round."""
    if published.in_force:
        await enqueue(unit, [Job(CHECK, f"plan:{published.version.id}", urgent=True)])


async def on_ways_changed(unit: Unit, changed: WaysChanged) -> None:
    """Subscribed to contacts: whoever has just mended a chain sees so at once."""
    await enqueue(unit, [Job(CHECK, f"person:{changed.person.id}", urgent=True)])


async def _tell(unit: Unit, found: Collection[Flaw], told: Collection[str]) -> None:
    news = [each for each in found if each.weakness in GRAVE and each.start <= unit.now + SOON and each.key not in told]
    if not news:
        return
    many = "A chain" if len(news) == 1 else f"{len(news)} chains"
    body = "\n".join(item.sentence for item in news)
    if await tell_watchers(unit, f"{many} of the plan would not wake anybody for certain", body):
        await store.told(unit.conn, [item.key for item in news], unit.now)


def _event(kind: EventKind, flaw: Flaw) -> Event:
    data = {"policy": flaw.policy, "weakness": flaw.weakness, "start": flaw.start, "end": flaw.end, "times": flaw.times}
    return Event(STREAM, kind, data, flaw.sentence)
