"""Shared by the actions: finding what a request names, and refusing people who cannot be on call."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from muster.base.access import Permission, refusal
from muster.base.unit import Conn, Unit
from muster.kit.errors import Fault, Invalid, Missing
from muster.kit.nearest import did_you_mean
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.oncall import store
from muster.oncall.calendars.calendar import CalendarKind, StoredCalendar
from muster.oncall.schedules.schedule import Schedule, departures
from muster.oncall.schedules.version import StoredSchedule
from muster.oncall.store.schedule_rows import VersionReferences
from muster.people import store as people
from muster.people.person import Person

CHANGED = "schedules"
"""The live topic of every change of who is on call."""


def manages(unit: Unit) -> bool:
    """Whether the actor manages schedules."""
    return not refusal(unit.principal, Permission.SCHEDULE_MANAGE)


def me_of(unit: Unit) -> str:
    """The actor's own name; empty where no person acts."""
    return unit.principal.name if unit.principal.person_id else ""


async def record_change(
    unit: Unit, stored: StoredSchedule, kind: EventKind, data: Mapping[str, Any], reason: str = ""
) -> None:
    """Record an event of a schedule, and renew the pages that show who is on call."""
    await record(unit, Event(f"schedule:{stored.id}", kind, dict(data), reason))
    unit.publish(CHANGED)


async def existing_schedule(
    conn: Conn, name: str, *, hold: bool = False, now: datetime | None = None
) -> StoredSchedule:
    """The schedule of that name: as it is in force `now`, or where that is left out in its newest version.

    The newest may have yet to take effect; what is edited is always it.

    Raises:
        Missing: there is none.
    """
    stored = await (store.schedule_at(conn, name, now) if now else store.schedule_named(conn, name, hold=hold))
    if stored is None:
        raise Missing(f"There is no schedule `{name:.80}`.", "`muster schedule list` names them all.")
    return stored


async def references_of(conn: Conn, schedule: Schedule) -> VersionReferences:
    """The persons and calendars that a schedule names; the calendars stay until the transaction ends.

    Raises:
        Invalid: with a fault for each place that names somebody who has left or something that does not exist.
    """
    persons = await people.persons_named(conn, schedule.people)
    calendars = await store.calendars_named(conn, schedule.calendars, hold=True) if schedule.calendars else {}
    fine = all(name in persons and persons[name].active for name in schedule.people)
    faults = [] if fine else _person_faults(schedule, persons, [person.name for person in await people.persons(conn)])
    if schedule.calendars:
        faults += _calendar_faults(schedule, calendars, [calendar.name for calendar in await store.calendars(conn)])
    if faults:
        raise Invalid(f"The schedule `{schedule.name}` names what cannot be on call by it.", faults=faults)
    leaves = departures(schedule)
    return VersionReferences(
        {persons[name].id: leaves[name] for name in schedule.people},
        tuple(calendar.id for calendar in calendars.values()),
    )


def _person_faults(schedule: Schedule, persons: Mapping[str, Person], names: list[str]) -> list[Fault]:
    faults = []
    for path, name in _places(schedule):
        if name not in persons:
            faults.append(Fault(path, f"There is no person `{name:.80}`.", did_you_mean(name, names)))
        elif not persons[name].active:
            faults.append(Fault(path, f"`{name}` has left.", "Put somebody else in their place."))
    return faults


def _calendar_faults(schedule: Schedule, calendars: Mapping[str, StoredCalendar], names: list[str]) -> list[Fault]:
    faults = []
    for number, layer in enumerate(schedule.layers):
        named = [("calendar", layer.calendar, CalendarKind.SHIFTS)]
        if layer.holidays:
            named.append(("holidays.calendar", layer.holidays.calendar, CalendarKind.HOLIDAYS))
        for field, name, kind in named:
            path = f"layers.{number}.{field}"
            if name and name not in calendars:
                fix = did_you_mean(name, names) or "Add it first: muster calendar add."
                faults.append(Fault(path, f"There is no calendar `{name:.80}`.", fix))
            elif name and calendars[name].kind is not kind:
                rule = f"The calendar `{name}` holds {calendars[name].kind}, and {kind} are needed here."
                faults.append(Fault(path, rule, f"Name a calendar of {kind}."))
    return faults


def _places(schedule: Schedule) -> Iterator[tuple[str, str]]:
    for number, layer in enumerate(schedule.layers):
        for position, turn in enumerate(layer.turns):
            for name in turn:
                yield f"layers.{number}.people.{position}", name
