"""Changing how a person wants to be paged: by themselves, or by those who manage persons."""

from muster.base.unit import Unit
from muster.kit.errors import Invalid
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions.guard import CHANGED, allow_for, existing_person
from muster.people.difference import difference
from muster.people.events import NOTIFY_CHANGED
from muster.people.notify import Notify, kind_faults
from muster.people.person import Person
from muster.people.reach import Reach
from muster.people.store import notify_rows


async def set_notify(unit: Unit, name: str, notify: Notify, reach: Reach) -> Notify:
    """Replace a person's notification rules and quiet hours; pages that are under way keep what they planned.

    Raises:
        Missing, Denied; Invalid: a rule names a kind of contact that there is not.
    """
    person = await existing_person(unit.conn, name, hold=True)
    allow_for(unit, person)
    await change_notify(unit, person, notify, reach)
    return notify


async def change_notify(unit: Unit, person: Person, notify: Notify, reach: Reach) -> list[str]:
    """Validate and write what differs, with its event; the caller has checked the permission. Returns what changed."""
    if faults := kind_faults(notify, {kind.kind for kind in reach.kinds}):
        raise Invalid("The notification rules cannot be saved.", faults=faults)
    before = (await notify_rows.notify_of(unit.conn, [person.id]))[person.id]
    changed = difference(before.as_json(), notify.as_json())
    if changed:
        await notify_rows.keep(unit.conn, person.id, notify, unit.now)
        await record(unit, Event(f"person:{person.id}", NOTIFY_CHANGED, {"name": person.name, "changed": changed}))
        unit.publish(CHANGED)
    return [field.replace("_", " ") for field in changed]
