"""Bringing calendars and schedules to what manifests declare; applying the same again changes nothing."""

from collections.abc import Sequence

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.oncall import store
from muster.oncall.actions import calendars
from muster.oncall.actions import schedules as actions
from muster.oncall.calendars.draft import CalendarDraft
from muster.oncall.schedules.schedule import Schedule
from muster.people.actions.apply import Applied


async def apply_calendars(unit: Unit, wanted: Sequence[CalendarDraft]) -> list[Applied]:
    """Create or change calendars; a text is read at once, an address in the background.

    Raises:
        Invalid: with every fault of the first calendar that has any.
    """
    unit.allow(Permission.APPLY)
    applied = []
    for each in wanted:
        stored = await store.calendar_named(unit.conn, each.name, hold=True)
        if stored is None:
            await calendars.add(unit, each)
            applied.append(Applied("Calendar", each.name, "created"))
        else:
            changes = await calendars.change(unit, stored, each)
            applied.append(Applied("Calendar", each.name, "changed" if changes else "unchanged", changes))
    return applied


async def apply_schedules(unit: Unit, wanted: Sequence[Schedule]) -> list[Applied]:
    """Create or change schedules; the persons whom they name must exist by now.

    Raises:
        Invalid: with every fault of the first schedule that has any.
    """
    unit.allow(Permission.APPLY)
    known = await store.schedules_named(unit.conn, [each.name for each in wanted])
    applied = []
    for each in wanted:
        stored = known.get(each.name)
        if stored is None:
            await actions.add(unit, each)
            applied.append(Applied("Schedule", each.name, "created"))
        else:
            changes = await actions.change(unit, stored, each)
            applied.append(Applied("Schedule", each.name, "changed" if changes else "unchanged", changes))
    return applied
