"""Loads whom targets may mean at this moment: a handful of queries for any number of pages."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from uuid import UUID

from muster.base.unit import Unit
from muster.oncall import store as oncall
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import spans
from muster.paging.actions.days_off import days_off
from muster.paging.known import PagingWorld
from muster.paging.store import turns as turn_rows
from muster.paging.targets import Address, Reachable, Snapshot
from muster.people import store as people
from muster.people.contact import Contact
from muster.people.notify import Notify
from muster.people.person import Person
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan
from muster.plan.steps import role_holders

INSTANT = timedelta(microseconds=1)
"""The shortest stretch of time."""


async def load(
    unit: Unit, targets: Iterable[Target], plan: Plan, named: Iterable[str] = (), turns: Iterable[str] = ()
) -> Snapshot:
    """A snapshot for these targets, for persons who are `named` already, and for steps that page in turn; the turns are
    held until the transaction ends."""
    keys = [turn for turn in turns if turn]
    held = await turn_rows.hold(unit.conn, keys) if keys else {}
    return (await know(unit, targets, plan, named, held)).at(unit.now)


async def know(
    unit: Unit,
    targets: Iterable[Target],
    plan: Plan,
    named: Iterable[str] = (),
    turns: Mapping[str, tuple[str, ...]] | None = None,
    stretch: tuple[datetime, datetime] | None = None,
) -> PagingWorld:
    """What is known of these targets now, or through a `stretch` of time (from, until just before)."""
    start, end = stretch or (unit.now, unit.now + INSTANT)
    targets = set(targets)
    roles = {target.name: role_holders(plan, target.name) for target in targets if target.kind == "role"}
    targets |= {holder for held_by in roles.values() for holder in held_by}
    wanted = {
        kind: sorted({target.name for target in targets if target.kind == kind})
        for kind in ("schedule", "team", "person")
    }
    rosters = await oncall.rosters(unit.conn, wanted["schedule"], start, end) if wanted["schedule"] else {}
    teams = await people.members_of(unit.conn, wanted["team"]) if wanted["team"] else {}
    names = {*wanted["person"], *named, *(name for roster in rosters.values() for name in _on_call(roster, start, end))}
    names |= {person.name for members in teams.values() for person in members}
    return PagingWorld(
        plan,
        rosters,
        {name: tuple(person.name for person in members) for name, members in teams.items()},
        await reachable(unit, names),
        roles,
        await days_off(unit, plan),
        turns or {},
    )


def _on_call(roster: Roster, start: datetime, end: datetime) -> set[str]:
    found = [span.coverage for span in spans(roster, start, end)]
    return {name for each in found for name in (*each.people, *each.shadows)}


async def reachable(unit: Unit, names: Iterable[str]) -> dict[str, Reachable]:
    """Persons by name, with how to reach them: proved contacts first, then the others, the account's e-mail last."""
    persons = await people.persons_named(unit.conn, names)
    ids = [person.id for person in persons.values()]
    contacts, said = await people.contacts_of(unit.conn, ids), await people.notify_of(unit.conn, ids)
    return {name: _reachable(person, contacts, said[person.id]) for name, person in persons.items()}


def _reachable(person: Person, contacts: Mapping[UUID, list[Contact]], said: Notify) -> Reachable:
    own = sorted(contacts[person.id], key=lambda contact: (not contact.verified, contact.rank))
    addresses = [Address(each.id, each.kind, each.address, each.verified) for each in own]
    if person.email and all(each.kind != "email" for each in own):
        addresses.append(Address(None, "email", person.email, False))
    return Reachable(person.id, person.name, person.time_zone, person.active, tuple(addresses), said)
