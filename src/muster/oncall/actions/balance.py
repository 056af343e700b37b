"""Loads what fairness and the report for pay are computed from (R34)."""

from dataclasses import dataclass
from datetime import date, datetime

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Fault, Invalid
from muster.oncall import store
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.own_shifts import rosters_with
from muster.oncall.fairness.load import Load, Unfair, loads, unfair
from muster.oncall.fairness.measure import holidays_of
from muster.oncall.fairness.payroll import PayLine, pay_lines
from muster.oncall.happenings import InterruptionsWanted
from muster.oncall.shifts.shift import Shift, shifts_by
from muster.people import store as people
from muster.people.actions.guard import existing_team
from muster.people.person import Person


@dataclass(frozen=True, slots=True)
class Scope:
    """Whose time is looked at: by one schedule, of one team's members by all schedules, or of everybody by all."""

    schedule: str = ""
    team: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """What everybody in the scope carried, the heaviest first, and what is unfair in it."""

    loads: tuple[Load, ...]
    unfair: tuple[Unfair, ...]
    persons: dict[str, Person]


@dataclass(frozen=True, slots=True)
class _Loaded:
    shifts: list[Shift]
    persons: dict[str, Person]
    holidays: dict[str, set[date]]


async def balance(unit: Unit, scope: Scope, start: datetime, end: datetime) -> Balance:
    """How being on call is shared inside `[start, end)`; the future counts by what schedules say now.

    Raises:
        Missing: no such schedule or team; Invalid: both are asked for.
    """
    unit.allow(Permission.SCHEDULE_READ)
    loaded = await _load(unit, scope, start, end)
    asking = InterruptionsWanted(tuple(sorted(loaded.persons)), start, end)
    await unit.emit(asking)
    zones = {name: person.time_zone for name, person in loaded.persons.items()}
    carried = loads(loaded.shifts, zones, loaded.holidays, asking.found)
    return Balance(tuple(carried), tuple(unfair(carried)), loaded.persons)


async def pay(unit: Unit, scope: Scope, start: datetime, end: datetime) -> list[PayLine]:
    """The report for pay over `[start, end)`.

    Raises:
        Missing: no such schedule or team; Invalid: both are asked for.
    """
    unit.allow(Permission.SCHEDULE_READ)
    loaded = await _load(unit, scope, start, end)
    zones = {name: (person.full_name, person.time_zone) for name, person in loaded.persons.items()}
    return pay_lines(loaded.shifts, start, end, zones, loaded.holidays)


async def _load(unit: Unit, scope: Scope, start: datetime, end: datetime) -> _Loaded:
    if scope.schedule and scope.team:
        fault = Fault("team", "A schedule and a team are asked for at once.", "Name one of them.")
        raise Invalid("This cannot be shown.", faults=[fault])
    persons: dict[str, Person] = {}
    if scope.team:
        team = await existing_team(unit.conn, scope.team)
        persons = await people.persons_named(unit.conn, team.members)
        rosters = await rosters_with(unit.conn, persons.values(), start, end)
        shifts = [shift for shift in shifts_by(rosters, start, end) if shift.person in persons]
    else:
        if scope.schedule:
            await existing_schedule(unit.conn, scope.schedule)
        names = [scope.schedule] if scope.schedule else sorted(await store.names_of_all(unit.conn))
        rosters = await store.rosters(unit.conn, names, start, end)
        shifts = shifts_by(rosters, start, end)
        named = {shift.person for shift in shifts}
        for roster in rosters.values():
            named.update(roster.current.people if roster.current else ())
        persons = await people.persons_named(unit.conn, named)
    return _Loaded(shifts, persons, {name: holidays_of(roster) for name, roster in rosters.items()})
