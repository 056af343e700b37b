"""Taking back what one has just done: the page that follows an override offers it for a while."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from muster.base.unit import Unit
from muster.oncall.pages.shared import ON_CALL, url_of
from muster.oncall.schedules.version import StoredSchedule
from muster.oncall.shifts.requests import RequestState
from muster.oncall.store import override_rows, request_rows
from muster.people import store as people

OFFERED_FOR = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Undo:
    """What was done, and where it is taken back."""

    text: str
    url: str
    label: str = "Undo"


async def undo_of(unit: Unit, undo: str, asked: str) -> Undo | None:
    """What the address names, if the onlooker did it a short while ago and it still stands: an override or a request."""
    try:
        if undo:
            return await _override(unit, UUID(undo))
        return await _request(unit, UUID(asked)) if asked else None
    except ValueError:
        return None


def undo_of_version(unit: Unit, stored: StoredSchedule, saved: str) -> Undo | None:
    """The version that the address names, if the onlooker saved it a short while ago."""
    if saved != str(stored.number) or stored.made_by != unit.principal.name:
        return None
    here = url_of(stored.name)
    if stored.since > unit.now:
        return Undo(f"Version {stored.number} is saved and will take effect.", f"{here}/withdraw", "Withdraw")
    if stored.number == 1 or stored.since < unit.now - OFFERED_FOR:
        return None
    return Undo(f"Version {stored.number} is in force.", f"{here}/undo")


async def _override(unit: Unit, id: UUID) -> Undo | None:
    override = await override_rows.override(unit.conn, id)
    if override is None or override.removed_at or override.made_by != unit.principal.name:
        return None
    if override.created_at < unit.now - OFFERED_FOR or override.end <= unit.now:
        return None
    person = await people.person_named(unit.conn, override.person) if override.person else None
    who = person.full_name if person else "Nobody"
    url = url_of(override.schedule, "overrides", str(override.id), "remove")
    return Undo(f"{who} is put on call by {override.schedule}.", url)


async def _request(unit: Unit, id: UUID) -> Undo | None:
    request = await request_rows.request(unit.conn, id)
    if request is None or request.asker != unit.principal.name or request.state is not RequestState.OPEN:
        return None
    persons = await people.persons_named(unit.conn, request.waiting)
    who = " and ".join(person.full_name for person in persons.values())
    url = f"{ON_CALL}/requests/{request.id}/withdraw"
    return Undo(f"Asked: {who}. Nothing changes until somebody agrees.", url, "Withdraw")
