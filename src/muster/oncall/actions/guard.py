"""Shared by the actions: finding what a request names, and refusing people who cannot be on call."""

from collections.abc import Iterator
from uuid import UUID

from muster.base.unit import Conn
from muster.kit.errors import Fault, Invalid, Missing
from muster.kit.nearest import did_you_mean
from muster.oncall import store
from muster.oncall.schedule import Schedule
from muster.oncall.stored import StoredSchedule
from muster.people import store as people

CHANGED = "schedules"
"""The live topic of every change of who is on call."""


async def existing_schedule(conn: Conn, name: str, *, hold: bool = False) -> StoredSchedule:
    """The schedule of that name.

    Raises:
        Missing: there is none.
    """
    found = await store.schedule_named(conn, name, hold=hold)
    if found is None:
        raise Missing(f"There is no schedule `{name:.80}`.", "`muster schedule list` names them all.")
    return found


async def ids_of_people(conn: Conn, schedule: Schedule) -> list[UUID]:
    """The persons whom a schedule names.

    Raises:
        Invalid: with a fault for each place that names somebody who does not exist or has left.
    """
    persons = await people.persons_named(conn, schedule.people)
    if all(name in persons and persons[name].active for name in schedule.people):
        return [persons[name].id for name in schedule.people]
    known = [person.name for person in await people.persons(conn)]
    faults = []
    for path, name in _places(schedule):
        if name not in persons:
            faults.append(Fault(path, f"There is no person `{name:.80}`.", did_you_mean(name, known)))
        elif not persons[name].active:
            faults.append(Fault(path, f"`{name}` has left.", "Put somebody else in their place."))
    raise Invalid(f"The schedule `{schedule.name}` names people who cannot be on call.", faults=faults)


def _places(schedule: Schedule) -> Iterator[tuple[str, str]]:
    for number, layer in enumerate(schedule.layers):
        for position, turn in enumerate(layer.turns):
            for name in turn:
                yield f"layers.{number}.people.{position}", name
