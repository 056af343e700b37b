"""Schedules with what is wrong with them now: loads what the checks need to know (R73)."""

from datetime import datetime, timedelta

from muster.base.unit import Conn
from muster.oncall import store
from muster.oncall.checks import Finding, check
from muster.oncall.coverage import Roster
from muster.people import store as people

AHEAD = timedelta(days=90)
"""How far ahead schedules are checked."""


async def roster_of(conn: Conn, name: str, start: datetime, end: datetime) -> Roster:
    """One schedule through `[start, end)`; without versions where there is none of this name."""
    return (await store.rosters(conn, [name], start, end)).get(name, Roster(()))


async def findings_of(conn: Conn, roster: Roster, start: datetime, end: datetime) -> tuple[Finding, ...]:
    """What is wrong with a roster inside `[start, end)`, by the persons who exist."""
    if roster.current is None:
        return ()
    persons = await people.persons_named(conn, roster.people)
    active = {name for name, person in persons.items() if person.active}
    return check(roster, start, end, active=active, inactive=persons.keys() - active)
