"""What exists beside the plan at this moment, gathered for checking its references."""

from muster.base.unit import Unit
from muster.people.store import contact_rows, person_rows, team_rows
from muster.plan.action import Action
from muster.plan.check_kind import CheckKind
from muster.plan.happenings import NamesWanted
from muster.plan.section import PlanSection
from muster.plan.world import World

_ALL = 1_000_000


async def world_of(unit: Unit) -> World:
    """The names that a plan may refer to, as this transaction sees them."""
    persons = await person_rows.persons(unit.conn, limit=_ALL)
    contacts = await contact_rows.contacts_of(unit.conn, [person.id for person in persons])
    active = {person.name for person in persons}
    teams = await team_rows.teams(unit.conn, limit=_ALL)
    names = NamesWanted()
    await unit.emit(names)
    return World(
        persons=frozenset(active),
        teams=frozenset(team.name for team in teams),
        schedules=frozenset().union(*names.schedules) if names.schedules else None,
        roles=frozenset(names.roles),
        sections=unit.ports.of(PlanSection),
        actions=unit.ports.of(Action),
        checks=unit.ports.of(CheckKind),
        calendars=frozenset().union(*names.calendars) if names.calendars else None,
        unreachable=frozenset(
            person.name for person in persons if not any(contact.verified for contact in contacts[person.id])
        ),
        empty_teams=frozenset(team.name for team in teams if not active.intersection(team.members)),
    )
