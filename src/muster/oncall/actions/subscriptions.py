"""What schedules answer when other features ask, inside their transactions; `app` subscribes these."""

from datetime import timedelta

from muster.base.unit import Unit
from muster.oncall import store
from muster.oncall.calendars.calendar import CalendarKind
from muster.people.happenings import PersonDeactivating
from muster.plan.happenings import NamesWanted

_FOR_EVER = timedelta(days=36525)
_ALL = 1_000_000


async def object_to_leaving(unit: Unit, leaving: PersonDeactivating) -> None:
    """Say where a person who is about to leave still takes turns: a schedule must not silently page nobody (R73)."""
    person = leaving.person
    if standing := await store.schedules_with(unit.conn, person.id, unit.now):
        names = ", ".join(stored.name for stored in standing)
        leaving.objections.append(f"They take turns in {names}: put somebody else there first.")
    overrides = await store.overrides_of_person(unit.conn, person.id, unit.now, unit.now + _FOR_EVER)
    if overrides:
        names = ", ".join(sorted({override.schedule for override in overrides}))
        leaving.objections.append(f"An override puts them on call in {names}: remove it first.")


async def name_schedules(unit: Unit, wanted: NamesWanted) -> None:
    """Tell a plan that is being checked which schedules and calendars of holidays there are."""
    wanted.schedules.append(await store.names_of_all(unit.conn))
    calendars = await store.calendars(unit.conn, limit=_ALL)
    wanted.calendars.append({calendar.name for calendar in calendars if calendar.kind is CalendarKind.HOLIDAYS})
