"""Pages for an incident that people are in already: reopened, made graver, or acknowledged and forgotten."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.clocks import store as clock_rows
from muster.clocks.actions import OnBreach
from muster.clocks.clock import RunningClock
from muster.incidents.actions.guard import Held, look
from muster.incidents.actions.paging_of import specs
from muster.incidents.actions.responders import on_asked_in_vain
from muster.incidents.belongings import ENGINEER
from muster.incidents.deadline import ACKNOWLEDGE, MITIGATE, remind_clock
from muster.incidents.incident import State
from muster.incidents.store import incidents as store
from muster.paging.actions.start import start
from muster.paging.page import ASKED, PageExhausted, Purpose
from muster.paging.store import pages
from muster.plan.model.fields import Target
from muster.plan.steps import BY_HAND, FINAL, FrozenStep

_OWN_TIME = timedelta(minutes=5)


async def page_again(unit: Unit, held: Held, why: str, policies: tuple[str, ...] = ()) -> None:
    """Run the incident's policies (or those named) again; holders of roles are paged as such."""
    incident = replace(held.incident, policies=policies or held.incident.policies)
    wanted = specs(held.version, incident, None)
    await start(unit, [replace(each, why=f"{why} {each.why}".strip(), roles=dict(held.roles)) for each in wanted])


async def remind(unit: Unit, held: Held, why: str) -> None:
    """Page anew for an incident that somebody has: first whoever has it, then their policies one after the other."""
    wanted = specs(held.version, held.incident, None)
    if not wanted:
        return
    steps = [step for each in wanted for step in each.steps if step.policy != FINAL]
    steps += [step for step in wanted[0].steps if step.policy == FINAL]
    owner = owner_of(held)
    own = (Target("person", owner),) if owner else ()
    if own and (not steps or steps[0].targets != own):
        steps.insert(0, FrozenStep(own, _OWN_TIME, BY_HAND))
    await start(unit, [replace(wanted[0], steps=tuple(steps), why=why, roles=dict(held.roles))])


def owner_of(held: Held) -> str:
    """Who has the incident: its On-Call Engineer, else whoever acknowledged it; empty where nobody did."""
    return held.roles.get(ENGINEER) or held.did["acknowledger"] or ""


async def watch_mitigation(unit: Unit, held: Held) -> None:
    """Start the clock that pages anew when an acknowledged incident is forgotten, where the plan asks for it."""
    if spec := remind_clock(held.incident, held.version.plan, unit.now):
        await clocks.start(unit, [spec])


async def rewatch_mitigation(unit: Unit, held: Held, *, raised: bool) -> None:
    """The severity of an acknowledged incident changed: its reminder follows; for a graver one it comes never later."""
    stream = held.incident.stream
    running = (await clock_rows.running(unit.conn, [stream])).get(stream, [])
    before = next((clock for clock in running if clock.is_of(MITIGATE)), None)
    spec = remind_clock(held.incident, held.version.plan, unit.now)
    if before is not None:
        if spec is None or (raised and before.due_at <= spec.due_at):
            return
        await clocks.drop(unit, [stream], MITIGATE)
    if spec is not None:
        await clocks.start(unit, [spec])


async def on_not_acknowledged(unit: Unit, clock: RunningClock) -> None:
    """Nobody acknowledged in time: paging goes on by its own steps, and the lists show it at once."""
    unit.publish("incidents")


async def on_not_mitigated(unit: Unit, clock: RunningClock) -> None:
    """An incident was acknowledged and forgotten: it is paged anew."""
    unit.publish("incidents")
    for incident in await store.lock_many(unit.conn, [UUID(clock.subject.partition(":")[2])]):
        if incident.state is not State.ACKNOWLEDGED:
            continue
        held = await look(unit, incident)
        running = await pages.running(unit.conn, incident.id)
        if any(page.purpose is Purpose.INCIDENT for page in running):
            # It is being paged anew already, for having grown graver or fired again: look again after another while.
            await watch_mitigation(unit, held)
            continue
        who = owner_of(held) or "somebody"
        await remind(unit, held, f"{who} acknowledged {incident.ref}, and it is not mitigated yet.")


BREACHES = (OnBreach(ACKNOWLEDGE, on_not_acknowledged), OnBreach(MITIGATE, on_not_mitigated))


async def on_page_exhausted(unit: Unit, happening: PageExhausted) -> None:
    """Nobody answered any step: the ledger has it from paging; the lists show it at once. Where somebody has the incident,
    that was a reminder in vain, and the next one follows."""
    page = happening.page
    unit.publish("incidents", page.stream)
    if page.purpose in ASKED:
        await on_asked_in_vain(unit, page)
        return
    # Whoever holds the row is about to answer or end it; waiting for them while holding the page would be a circle.
    incident = await store.lock_if_free(unit.conn, page.incident_id)
    if incident is None or incident.state is not State.ACKNOWLEDGED:
        return
    running = (await clock_rows.running(unit.conn, [incident.stream])).get(incident.stream, [])
    if not any(clock.is_of(MITIGATE) for clock in running):
        await watch_mitigation(unit, await look(unit, incident))
