"""Letting another plan take force."""

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Missing
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.plan import store
from muster.plan.actions.publish import CHANGED
from muster.plan.events import PLAN_ACTIVATED
from muster.plan.happenings import PlanPublished


async def activate(unit: Unit, name: str, reason: str = "") -> None:
    """Make a plan the one that new incidents follow; running ones keep theirs.

    Raises:
        Missing: there is no such plan.
        Conflict: it is in force already.
    """
    unit.allow(Permission.PLAN_PUBLISH)
    await store.hold_all(unit.conn)
    newest = await store.newest(unit.conn, name)
    if newest is None:
        raise Missing(f"There is no plan `{name}`.", "Publish it first.")
    before = await store.active_name(unit.conn)
    if before == name:
        raise Conflict(f"The plan `{name}` is in force already.")
    await store.activate(unit.conn, name)
    data = {"plan": name, "instead_of": before, "version": newest.id}
    await record(unit, Event(f"plan:{name}", PLAN_ACTIVATED, data, reason))
    await unit.emit(PlanPublished(newest, in_force=True))
    unit.publish(CHANGED)
