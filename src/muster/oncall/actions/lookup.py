"""Shared by the actions: finding what a request names, and refusing people who cannot be on call."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from muster.base.unit import Conn
from muster.kit.errors import Fault, Invalid, Missing
from muster.kit.nearest import did_you_mean
from muster.oncall import store
from muster.oncall.calendars.calendar import CalendarKind, StoredCalendar
from muster.oncall.schedules.schedule import Schedule, departures
from muster.oncall.schedules.version import StoredSchedule
from muster.oncall.store.schedule_rows import VersionReferences
from muster.people import store as people
from muster.people.person import Person

CHANGED = "schedules"
"""The live topic of every change of who is on call."""


async def existing_schedule(
    conn: Conn, name: str, *, hold: bool = False, now: datetime | None = None
) -> StoredSchedule:
    """The schedule of that name: as it is in force `now`, or where that is left out in its newest version.

    The newest may have yet to take effect; what is edited is always it.

    Raises:
        Missing: there is none.
    """
    found = await (store.schedule_at(conn, name, now) if now else store.schedule_named(conn, name, hold=hold))
    if found is None:
        raise Missing(f"There is no schedule `{name:.80}`.", "`muster schedule list` names them all.")
    return found


async def references_of(conn: Conn, schedule: Schedule) -> VersionReferences:
    """The persons and calendars that a schedule names; the calendars stay until the transaction ends.

    Raises:
        Invalid: with a fault for each place that names somebody who has left or something that does not exist.
    """
    persons = await people.persons_named(conn, schedule.people)
    known = await store.calendars_named(conn, schedule.calendars, hold=True) if schedule.calendars else {}
    fine = all(name in persons and persons[name].active for name in schedule.people)
    faults = [] if fine else _person_faults(schedule, persons, [person.name for person in await people.persons(conn)])
    if schedule.calendars:
        faults += _calendar_faults(schedule, known, [calendar.name for calendar in await store.calendars(conn)])
    if faults:
        raise Invalid(f"The schedule `{schedule.name}` names what cannot be on call by it.", faults=faults)
    leaves = departures(schedule)
    return VersionReferences(
        {persons[name].id: leaves[name] for name in schedule.people}, tuple(calendar.id for calendar in known.values())
    )


def _person_faults(schedule: Schedule, persons: Mapping[str, Person], known: list[str]) -> list[Fault]:
    faults = []
    for path, name in _places(schedule):
        if name not in persons:
            faults.append(Fault(path, f"There is no person `{name:.80}`.", did_you_mean(name, known)))
        elif not persons[name].active:
            faults.append(Fault(path, f"`{name}` has left.", "Put somebody else in their place."))
    return faults


def _calendar_faults(schedule: Schedule, found: Mapping[str, StoredCalendar], known: list[str]) -> list[Fault]:
    faults = []
    for number, layer in enumerate(schedule.layers):
        named = [("calendar", layer.calendar, CalendarKind.SHIFTS)]
        if layer.holidays:
            named.append(("holidays.calendar", layer.holidays.calendar, CalendarKind.HOLIDAYS))
        for field, name, kind in named:
            path = f"layers.{number}.{field}"
            if name and name not in found:
                fix = did_you_mean(name, known) or "Add it first: muster calendar add."
                faults.append(Fault(path, f"There is no calendar `{name:.80}`.", fix))
            elif name and found[name].kind is not kind:
                rule = f"The calendar `{name}` holds {found[name].kind}, and {kind} are needed here."
                faults.append(Fault(path, rule, f"Name a calendar of {kind}."))
    return faults


def _places(schedule: Schedule) -> Iterator[tuple[str, str]]:
    for number, layer in enumerate(schedule.layers):
        for position, turn in enumerate(layer.turns):
            for name in turn:
                yield f"layers.{number}.people.{position}", name
