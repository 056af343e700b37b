"""Teams as JSON."""

from fastapi import Query, Response

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.drafts import Change
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.people import store
from muster.people.actions import teams
from muster.people.actions.guard import existing_team
from muster.people.drafts import TeamDraft
from muster.people.team import Team

router = api_router("/teams", "teams")


@router.get("")
@needs(Permission.TEAM_READ)
async def list_teams(
    unit: Uses,
    q: str = Query("", max_length=200, description="A part of name or title."),
    after: After = None,
    limit: Limit = 50,
) -> Page[Team]:
    """List teams by name."""
    cursor = decode(after, str)
    rows = await store.teams(unit.conn, search=q, after=cursor[0] if cursor else "", limit=limit + 1)
    kept, following = page_of(rows, limit, lambda team: (team.name,))
    return Page(items=kept, next=following)


@router.post("", status_code=201)
@needs(Permission.TEAM_MANAGE)
async def create_team(unit: Uses, body: TeamDraft) -> Team:
    """Create a team."""
    return await teams.create_team(unit, body)


@router.get("/{name}")
@needs(Permission.TEAM_READ)
async def show_team(unit: Uses, name: str) -> Team:
    """Show a team."""
    return await existing_team(unit.conn, name)


@router.patch("/{name}")
@needs(Permission.TEAM_MANAGE)
async def change_team(unit: Uses, name: str, body: Change[TeamDraft]) -> Team:
    """Change a team; the name stays."""
    return await teams.update_team(unit, name, body.on(teams.draft_of(await existing_team(unit.conn, name))))


@router.delete("/{name}", status_code=204)
@needs(Permission.TEAM_MANAGE)
async def delete_team(unit: Uses, name: str, reason: str = Query("", max_length=500)) -> Response:
    """Delete a team that nothing refers to."""
    await teams.delete_team(unit, name, reason)
    return Response(status_code=204)
