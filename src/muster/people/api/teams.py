"""Teams as JSON."""

from datetime import datetime
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel, Field

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.people import store
from muster.people.actions import teams
from muster.people.actions.guard import existing_team
from muster.people.api.parts import Body, Line, Name
from muster.people.drafts import TeamDraft
from muster.people.team import Team

router = api_router("/teams", "teams")


class TeamOut(BaseModel):
    """A team; `members` and `lead` are persons' names."""

    id: UUID
    name: str
    title: str
    members: list[str]
    lead: str
    created_at: datetime

    @classmethod
    def of(cls, team: Team) -> "TeamOut":
        """From the domain value."""
        return cls(
            **{name: getattr(team, name) for name in cls.model_fields if name != "members"}, members=[*team.members]
        )


class TeamIn(Body):
    """A new team."""

    name: Name
    title: Line = ""
    members: list[Name] = Field(default_factory=list)
    lead: str = ""


class TeamChange(Body):
    """What is to change; what is left out stays."""

    title: Line | None = None
    members: list[Name] | None = None
    lead: str | None = None


@router.get("")
@needs(Permission.TEAM_READ)
async def list_teams(
    unit: Uses,
    q: str = Query("", max_length=200, description="A part of name or title."),
    after: After = None,
    limit: Limit = 50,
) -> Page[TeamOut]:
    """List teams by name."""
    cursor = decode(after, str)
    rows = await store.teams(unit.conn, search=q, after=cursor[0] if cursor else "", limit=limit + 1)
    kept, following = page_of(rows, limit, lambda team: (team.name,))
    return Page(items=[TeamOut.of(team) for team in kept], next=following)


@router.post("", status_code=201)
@needs(Permission.TEAM_MANAGE)
async def create_team(unit: Uses, body: TeamIn) -> TeamOut:
    """Create a team."""
    draft = TeamDraft(body.name, body.title, tuple(body.members), body.lead)
    return TeamOut.of(await teams.create_team(unit, draft))


@router.get("/{name}")
@needs(Permission.TEAM_READ)
async def show_team(unit: Uses, name: str) -> TeamOut:
    """Show a team."""
    return TeamOut.of(await existing_team(unit.conn, name))


@router.patch("/{name}")
@needs(Permission.TEAM_MANAGE)
async def change_team(unit: Uses, name: str, body: TeamChange) -> TeamOut:
    """Change a team; the name stays."""
    now = await existing_team(unit.conn, name)
    draft = TeamDraft(
        name,
        now.title if body.title is None else body.title,
        now.members if body.members is None else tuple(body.members),
        now.lead if body.lead is None else body.lead,
    )
    return TeamOut.of(await teams.update_team(unit, name, draft))


@router.delete("/{name}", status_code=204)
@needs(Permission.TEAM_MANAGE)
async def delete_team(unit: Uses, name: str, reason: str = Query("", max_length=500)) -> Response:
    """Delete a team that nothing refers to."""
    await teams.delete_team(unit, name, reason)
    return Response(status_code=204)
