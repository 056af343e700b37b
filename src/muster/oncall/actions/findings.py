"""Schedules with what is wrong with them now: loads what the checks need to know (R73)."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from muster.base.unit import Conn
from muster.oncall import store
from muster.oncall.checks.coverage import TimesByPerson, check, people_findings
from muster.oncall.checks.finding import Finding
from muster.oncall.coverage.roster import Roster
from muster.oncall.shifts.shift import times_by_person
from muster.people import store as people
from muster.people.contact import Contact
from muster.people.person import Person
from muster.plan import store as plans
from muster.plan.model.contacts import Contacts

AHEAD = timedelta(days=90)
"""How far ahead schedules are checked."""


async def roster_of(conn: Conn, name: str, start: datetime, end: datetime) -> Roster:
    """One schedule through `[start, end)`; without versions where there is none of this name."""
    return (await store.rosters(conn, [name], start, end)).get(name, Roster(()))


async def findings_of(conn: Conn, roster: Roster, start: datetime, end: datetime) -> tuple[Finding, ...]:
    """What is wrong with a roster inside `[start, end)`, also in view of the other schedules."""
    name = roster.current.name if roster.current else ""
    return (await findings_of_many(conn, {name: roster}, start, end))[name]


async def findings_of_many(
    conn: Conn, rosters: Mapping[str, Roster], start: datetime, end: datetime
) -> dict[str, tuple[Finding, ...]]:
    """The same for several, in a handful of queries."""
    named = {name for roster in rosters.values() for name in roster.people}
    persons = await people.persons_named(conn, named)
    active = {name for name, person in persons.items() if person.active}
    doubts = await _doubts(conn, [persons[name] for name in active], start)
    zones = {name: persons[name].time_zone for name in active}
    standing = await store.rosters(conn, sorted(await store.names_of_all(conn)), start, end)
    shared = {name: times_by_person(other, start, end) for name, other in standing.items() if named & other.people}
    return {
        name: (
            *check(roster, start, end, active=active, inactive=persons.keys() - active),
            *_of_people(name, roster, shared, doubts, zones, start, end),
        )
        for name, roster in rosters.items()
    }


def _of_people(
    name: str,
    roster: Roster,
    shared: Mapping[str, TimesByPerson],
    doubts: Mapping[str, str],
    zones: Mapping[str, str],
    start: datetime,
    end: datetime,
) -> tuple[Finding, ...]:
    if roster.current is None:
        return ()
    others = {other: times for other, times in shared.items() if other != name}
    return people_findings(roster.current, roster, others, doubts, zones, start, end)


async def _doubts(conn: Conn, persons: Sequence[Person], now: datetime) -> dict[str, str]:
    """Why a page might not arrive with each of these, for those with whom that is so."""
    version = await plans.in_force(conn)
    rules = version.plan.contacts if version else Contacts()
    contacts = await people.contacts_of(conn, [person.id for person in persons])
    doubts = {person.name: _doubt(contacts[person.id], rules, now) for person in persons}
    return {name: why for name, why in doubts.items() if why}


def _doubt(contacts: Sequence[Contact], rules: Contacts, now: datetime) -> str:
    if not contacts:
        return "has no contact but the e-mail address of their account"
    if any(contact.proven(rules.reprove_every, now) for contact in contacts):
        return ""
    return (
        "has proved no contact"
        if not any(contact.verified for contact in contacts)
        else "proved their contacts too long ago"
    )
