"""Teams under settings: the list, a new one, one of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.drafts import typed
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, address, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.kit.errors import Conflict, Fault, Invalid, Problem
from muster.people import store
from muster.people.actions import teams
from muster.people.actions.guard import CHANGED, existing_team
from muster.people.contact import Contact
from muster.people.drafts import TeamDraft
from muster.people.person import Person
from muster.people.team import Team

PAGE = 50
TeamForm = Annotated[TeamDraft, typed(TeamDraft)]
router = page_router()


@template("people/teams.html")
@dataclass(frozen=True, slots=True)
class TeamList:
    """Teams by name; `q` is as typed."""

    teams: Sequence[Team]
    q: str
    previous: str
    following: str
    topics: Sequence[str] = (CHANGED,)


@template("people/team.html")
@dataclass(frozen=True, slots=True)
class TeamPage:
    """A team or a new one, as typed; `contacts` are its members' by id, `problem` is what no field is to blame for."""

    team: Team | None
    draft: TeamDraft
    everybody: Sequence[Person]
    members: Sequence[Person]
    contacts: Mapping[UUID, Sequence[Contact]]
    problem: Problem | None
    faults: Mapping[str, Fault]
    topics: Sequence[str] = (CHANGED,)


@router.get("/settings/teams")
@needs(Permission.TEAM_READ)
async def teams_page(unit: Uses, request: Request, q: Asked = "", after: Asked = "") -> Response:
    """List teams by name."""
    cursor = decode(after or None, str)
    rows = await store.teams(unit.conn, search=q, after=cursor[0] if cursor else "", limit=PAGE + 1)
    kept, following = page_of(rows, PAGE, lambda team: (team.name,))
    page = TeamList(
        teams=kept,
        q=q,
        previous=address("/settings/teams", {"q": q}) if cursor else "",
        following=address("/settings/teams", {"q": q, "after": following}) if following else "",
    )
    return render(request, page)


@router.get("/settings/teams/new")
@needs(Permission.TEAM_MANAGE)
async def new_team_page(unit: Uses, request: Request) -> Response:
    """Ask for a new team."""
    return await _page(unit, request, TeamDraft(name=""), None)


@router.post("/settings/teams")
@needs(Permission.TEAM_MANAGE)
async def do_create_team(unit: Uses, request: Request, draft: TeamForm) -> Response:
    """Create a team."""
    try:
        await teams.create_team(unit, draft)
    except (Invalid, Conflict) as problem:
        return await _page(unit, request, draft, None, problem)
    return see_other(f"/settings/teams/{draft.name}")


@router.get("/settings/teams/{name}")
@needs(Permission.TEAM_READ)
async def team_page(unit: Uses, request: Request, name: str) -> Response:
    """Show a team."""
    team = await existing_team(unit.conn, name)
    return await _page(unit, request, teams.draft_of(team), team)


@router.post("/settings/teams/{name}")
@needs(Permission.TEAM_MANAGE)
async def do_change_team(unit: Uses, request: Request, name: str, draft: TeamForm) -> Response:
    """Change a team."""
    try:
        await teams.update_team(unit, name, draft)
    except (Invalid, Conflict) as problem:
        return await _page(unit, request, draft, await existing_team(unit.conn, name), problem)
    return see_other(f"/settings/teams/{name}")


@router.post("/settings/teams/{name}/delete")
@needs(Permission.TEAM_MANAGE)
async def do_delete_team(unit: Uses, request: Request, name: str, reason: Field = "") -> Response:
    """Delete a team that nothing refers to."""
    try:
        await teams.delete_team(unit, name, reason)
    except Conflict as problem:
        team = await existing_team(unit.conn, name)
        return await _page(unit, request, teams.draft_of(team), team, problem)
    return see_other("/settings/teams")


async def _page(
    unit: Unit, request: Request, draft: TeamDraft, team: Team | None, problem: Problem | None = None
) -> Response:
    members = (await store.members_of(unit.conn, [team.name])).get(team.name, []) if team else []
    page = TeamPage(
        team=team,
        draft=draft,
        everybody=await store.persons(unit.conn),
        members=members,
        contacts=await store.contacts_of(unit.conn, [person.id for person in members]),
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
    )
    return render(request, page, status=problem.status if problem else 200)
