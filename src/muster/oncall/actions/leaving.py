"""Objects while somebody who is about to leave still takes turns: a schedule must not silently page nobody (R73)."""

from datetime import timedelta

from muster.base.unit import Unit
from muster.oncall import store
from muster.people.happenings import PersonDeactivating

_FOR_EVER = timedelta(days=36525)


async def object_to_leaving(unit: Unit, leaving: PersonDeactivating) -> None:
    """Say in which schedules and overrides a person still stands. `app` subscribes this to `PersonDeactivating`."""
    person = leaving.person
    if standing := await store.schedules_with(unit.conn, person.id):
        names = ", ".join(each.name for each in standing)
        leaving.objections.append(f"They take turns in {names}: put somebody else there first.")
    overrides = await store.overrides_of_person(unit.conn, person.id, unit.now, unit.now + _FOR_EVER)
    if overrides:
        names = ", ".join(sorted({each.schedule for each in overrides}))
        leaving.objections.append(f"An override puts them on call in {names}: remove it first.")
