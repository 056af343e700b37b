"""Pages for an incident that people are in already: reopened, made graver, or acknowledged and forgotten."""

from dataclasses import replace
from uuid import UUID

from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.clocks.clock import ClockBreached
from muster.incidents.actions.guard import Held, look
from muster.incidents.actions.paging_of import specs
from muster.incidents.deadline import MITIGATE, remind_clock
from muster.incidents.incident import State
from muster.incidents.store import incidents as store
from muster.paging.actions.start import start
from muster.paging.page import PageExhausted

_STREAM = "incident:"


async def page_again(unit: Unit, held: Held, why: str, policies: tuple[str, ...] = ()) -> None:
    """Run the incident's policies (or those named) again; holders of roles are paged as such."""
    incident = replace(held.incident, policies=policies or held.incident.policies)
    wanted = specs(held.version, incident, None)
    await start(unit, [replace(each, why=f"{why} {each.why}".strip(), roles=dict(held.roles)) for each in wanted])


async def watch_mitigation(unit: Unit, held: Held) -> None:
    """Start the clock that pages anew when an acknowledged incident is forgotten, where the plan asks for it."""
    if spec := remind_clock(held.incident, held.version.plan, unit.now):
        await clocks.start(unit, [spec])


async def on_clock_breached(unit: Unit, happening: ClockBreached) -> None:
    """A deadline of an incident passed: acknowledged and forgotten means that it is paged anew."""
    clock = happening.clock
    if not clock.subject.startswith(_STREAM):
        return
    unit.publish("incidents", clock.subject)
    if clock.kind != MITIGATE:
        return
    for incident in await store.lock_many(unit.conn, [UUID(clock.subject.removeprefix(_STREAM))]):
        if incident.state is State.ACKNOWLEDGED:
            held = await look(unit, incident)
            who = held.did["acknowledger"] or "somebody"
            await page_again(unit, held, f"{who} acknowledged {incident.ref}, and it is not mitigated yet.")


async def on_page_exhausted(unit: Unit, happening: PageExhausted) -> None:
    """Nobody answered any step: the ledger has it from paging; the lists show it at once."""
    unit.publish("incidents", happening.page.stream)
