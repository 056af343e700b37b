"""Creating, changing and deleting teams."""

from typing import Any

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Invalid
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions.guard import CHANGED, existing_team
from muster.people.difference import difference
from muster.people.drafts import TeamDraft
from muster.people.events import TEAM_CHANGED, TEAM_CREATED, TEAM_DELETED
from muster.people.happenings import TeamDeleting
from muster.people.person import Person
from muster.people.store import person_rows, team_rows
from muster.people.team import Team


async def create_team(unit: Unit, draft: TeamDraft) -> Team:
    """Add a team.

    Raises:
        Invalid: with every fault of the draft.
        Conflict: the name is taken.
    """
    unit.allow(Permission.TEAM_MANAGE)
    if await team_rows.team_named(unit.conn, draft.name):
        raise Conflict(f"There is a team `{draft.name}` already.", "Choose another name.")
    return await add(unit, draft)


async def update_team(unit: Unit, name: str, draft: TeamDraft) -> Team:
    """Change a team to what the draft says; the name stays."""
    unit.allow(Permission.TEAM_MANAGE)
    team = await existing_team(unit.conn, name, hold=True)
    await change(unit, team, draft.model_copy(update={"name": name}))
    return await existing_team(unit.conn, name)


async def delete_team(unit: Unit, name: str, reason: str = "") -> None:
    """Remove a team that nothing refers to.

    Raises:
        Missing; Conflict: other features say what still uses it.
    """
    unit.allow(Permission.TEAM_MANAGE)
    team = await existing_team(unit.conn, name, hold=True)
    leaving = TeamDeleting(team)
    await unit.emit(leaving)
    if leaving.objections:
        raise Conflict(f"The team `{name}` is in use.", " ".join(leaving.objections))
    await team_rows.delete(unit.conn, team.id)
    await record(unit, Event(f"team:{team.id}", TEAM_DELETED, {"name": name, "members": list(team.members)}, reason))
    unit.publish(CHANGED)


async def add(unit: Unit, draft: TeamDraft) -> Team:
    """Validate and write a new team and its event; the caller has checked the permission and that the name is free."""
    members = await _check(unit, draft)
    id = new_id(unit.now)
    await team_rows.insert(unit.conn, id, draft.name, draft.title, unit.now)
    await _write(unit, id, draft, members)
    await record(unit, Event(f"team:{id}", TEAM_CREATED, {"name": draft.name, **_fields(draft)}))
    unit.publish(CHANGED)
    return await existing_team(unit.conn, draft.name)


async def change(unit: Unit, team: Team, draft: TeamDraft) -> dict[str, dict[str, Any]]:
    """Validate and write what differs, with its event; the caller has checked the permission. Returns the difference."""
    members = await _check(unit, draft)
    changed = difference(_fields(draft_of(team)), _fields(draft))
    if changed:
        await _write(unit, team.id, draft, members)
        await record(unit, Event(f"team:{team.id}", TEAM_CHANGED, {"name": team.name, "changed": changed}))
        unit.publish(CHANGED)
    return changed


def draft_of(team: Team) -> TeamDraft:
    """The draft that would leave a team as it is."""
    return TeamDraft(name=team.name, title=team.title, members=team.members, lead=team.lead)


def _fields(draft: TeamDraft) -> dict[str, Any]:
    return {"title": draft.title, "members": list(draft.members), "lead": draft.lead}


async def _check(unit: Unit, draft: TeamDraft) -> dict[str, Person]:
    known = await person_rows.persons_named(unit.conn, draft.members)
    active = {name: person for name, person in known.items() if person.active}
    faults = draft.faults()
    if not set(draft.members) <= set(active):
        everybody = [person.name for person in await person_rows.persons(unit.conn)]
        faults += draft.unknown_members(everybody + list(active))
    if faults:
        raise Invalid(f"The team `{draft.name:.80}` cannot be saved.", faults=faults)
    return active


async def _write(unit: Unit, id: Any, draft: TeamDraft, members: dict[str, Person]) -> None:
    lead = members[draft.lead].id if draft.lead else None
    ids = [members[name].id for name in draft.members]
    await team_rows.replace(unit.conn, id, draft.title, ids, lead)
