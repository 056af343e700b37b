"""Teams under settings: the list, a new one, one of them."""

from typing import Annotated

from fastapi import Form, Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, address, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Conflict, Invalid, Problem
from muster.people import store
from muster.people.actions import teams
from muster.people.actions.guard import CHANGED, existing_team
from muster.people.drafts import TeamDraft
from muster.people.team import Team

PAGE = 50
Names = Annotated[list[str], Form(max_length=1000)]
router = page_router()


@router.get("/settings/teams")
@needs(Permission.TEAM_READ)
async def teams_page(unit: Uses, request: Request, q: Asked = "", after: Asked = "") -> Response:
    """List teams by name."""
    cursor = decode(after or None, str)
    rows = await store.teams(unit.conn, search=q, after=cursor[0] if cursor else "", limit=PAGE + 1)
    kept, following = page_of(rows, PAGE, lambda team: (team.name,))
    return render(
        request,
        "people/teams.html",
        teams=kept,
        q=q,
        previous=address("/settings/teams", {"q": q}) if cursor else "",
        following=address("/settings/teams", {"q": q, "after": following}) if following else "",
        topics=[CHANGED],
    )


@router.get("/settings/teams/new")
@needs(Permission.TEAM_MANAGE)
async def new_team_page(unit: Uses, request: Request) -> Response:
    """Ask for a new team."""
    return await _page(unit, request, TeamDraft(""), None)


@router.post("/settings/teams")
@needs(Permission.TEAM_MANAGE)
async def do_create_team(
    unit: Uses, request: Request, members: Names, name: Field = "", title: Field = "", lead: Field = ""
) -> Response:
    """Create a team."""
    draft = TeamDraft(name.strip(), title.strip(), _chosen(members), lead)
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
async def do_change_team(
    unit: Uses, request: Request, name: str, members: Names, title: Field = "", lead: Field = ""
) -> Response:
    """Change a team."""
    draft = TeamDraft(name, title.strip(), _chosen(members), lead)
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
    return render(
        request,
        "people/team.html",
        status=problem.status if problem else 200,
        team=team,
        draft=draft,
        everybody=await store.persons(unit.conn),
        members=members,
        contacts=await store.contacts_of(unit.conn, [person.id for person in members]),
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
        topics=[CHANGED],
    )


def _chosen(members: list[str]) -> tuple[str, ...]:
    """The names that were ticked; the form sends an empty one along so that ticking nobody is not leaving it out."""
    return tuple(name for name in members if name)
