"""Loads whom targets may mean at this moment: a handful of queries for any number of pages."""

from collections.abc import Iterable, Mapping
from uuid import UUID

from muster.base.unit import Unit
from muster.oncall import store as oncall
from muster.paging.targets import Address, OnCall, Reachable, Snapshot
from muster.people import store as people
from muster.people.contact import Contact
from muster.people.person import Person
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan
from muster.plan.steps import role_holders


async def load(unit: Unit, targets: Iterable[Target], plan: Plan, named: Iterable[str] = ()) -> Snapshot:
    """A snapshot for these targets and for persons who are `named` already."""
    targets = set(targets)
    roles = {each.name: role_holders(plan, each.name) for each in targets if each.kind == "role"}
    targets |= {holder for held_by in roles.values() for holder in held_by}
    wanted = {
        kind: sorted({each.name for each in targets if each.kind == kind}) for kind in ("schedule", "team", "person")
    }
    schedules: dict[str, OnCall] = {}
    if wanted["schedule"]:
        covered = await oncall.coverage_at(unit.conn, wanted["schedule"], unit.now)
        schedules = {name: OnCall(each.people, each.reason.sentence()) for name, each in covered.items()}
    teams = await people.members_of(unit.conn, wanted["team"]) if wanted["team"] else {}
    names = {*wanted["person"], *named, *(name for each in schedules.values() for name in each.people)}
    names |= {person.name for members in teams.values() for person in members}
    return Snapshot(
        schedules,
        {name: tuple(person.name for person in members) for name, members in teams.items()},
        await reachable(unit, names),
        roles,
    )


async def reachable(unit: Unit, names: Iterable[str]) -> dict[str, Reachable]:
    """Persons by name, with how to reach them: proved contacts first, then the others, the account's e-mail last."""
    persons = await people.persons_named(unit.conn, names)
    contacts = await people.contacts_of(unit.conn, [person.id for person in persons.values()])
    return {name: _reachable(person, contacts) for name, person in persons.items()}


def _reachable(person: Person, contacts: Mapping[UUID, list[Contact]]) -> Reachable:
    own = sorted(contacts[person.id], key=lambda contact: (not contact.verified, contact.rank))
    addresses = [Address(each.id, each.kind, each.address, each.verified) for each in own]
    if person.email and all(each.kind != "email" for each in own):
        addresses.append(Address(None, "email", person.email, False))
    return Reachable(person.id, person.name, person.time_zone, person.active, tuple(addresses))
