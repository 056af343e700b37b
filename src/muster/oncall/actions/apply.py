"""Bringing calendars and schedules to what manifests declare; applying the same again changes nothing."""

from collections.abc import Sequence

from muster.base.access import Permission
from muster.base.manifests import Applied, ManifestKind
from muster.base.services import Services
from muster.base.unit import Unit
from muster.kit.yamldoc import Document
from muster.oncall import store
from muster.oncall.actions import calendars
from muster.oncall.actions import schedules as actions
from muster.oncall.calendars.draft import CalendarDraft, read_calendar_draft
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.schedule import Schedule


async def apply_calendars(unit: Unit, wanted: Sequence[CalendarDraft]) -> list[Applied]:
    """Create or change calendars; a text is read at once, an address in the background.

    Raises:
        Invalid: with every fault of the first calendar that has any.
    """
    unit.allow(Permission.APPLY)
    applied = []
    for draft in wanted:
        stored = await store.calendar_named(unit.conn, draft.name, hold=True)
        if stored is None:
            await calendars.add(unit, draft)
            applied.append(Applied("Calendar", draft.name, "created"))
        else:
            changes = await calendars.change(unit, stored, draft)
            applied.append(Applied("Calendar", draft.name, "changed" if changes else "unchanged", changes))
    return applied


async def apply_schedules(unit: Unit, wanted: Sequence[Schedule]) -> list[Applied]:
    """Create or change schedules; the persons whom they name must exist by now.

    Raises:
        Invalid: with every fault of the first schedule that has any.
    """
    unit.allow(Permission.APPLY)
    existing = await store.schedules_named(unit.conn, [draft.name for draft in wanted])
    applied = []
    for draft in wanted:
        stored = existing.get(draft.name)
        if stored is None:
            await actions.add(unit, draft)
            applied.append(Applied("Schedule", draft.name, "created"))
        else:
            changes = await actions.change(unit, stored, draft)
            applied.append(Applied("Schedule", draft.name, "changed" if changes else "unchanged", changes))
    return applied


async def _calendars(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_calendars(unit, [read_calendar_draft(document.data) for document in documents])


async def _schedules(unit: Unit, documents: Sequence[Document], services: Services) -> list[Applied]:
    return await apply_schedules(unit, [read_schedule(document.data) for document in documents])


MANIFESTS = (
    ManifestKind("Calendar", _calendars, after=("Team",)),
    ManifestKind("Schedule", _schedules, after=("Calendar",)),
)
