"""Bringing schedules to what manifests declare; applying the same again changes nothing."""

from collections.abc import Sequence

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.oncall import store
from muster.oncall.actions import schedules as actions
from muster.oncall.schedule import Schedule
from muster.people.actions.apply import Applied


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
