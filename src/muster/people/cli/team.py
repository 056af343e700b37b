"""`muster team`: who answers together."""

from typing import Annotated

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_table

app = cyclopts.App(name="team", help="Teams and their members.")

COLUMNS = {"name": "team", "title": "title", "lead": "lead", "members": "members"}
Member = Annotated[list[str] | None, Parameter(name="--member", negative="", help="A person's name; repeat it.")]


@app.command(name="list")
def list_teams(*, search: str = "", json: Json = False) -> None:
    """List teams."""
    empty = "No team fits. Add one: muster team create NAME --member PERSON"
    emit_table(list(Client().items("/teams", q=search)), COLUMNS, json=json, empty=empty)


@app.command(name="show")
def show_team(name: str, *, json: Json = False) -> None:
    """Show a team."""
    emit_facts(Client().get(f"/teams/{name}"), json=json)


@app.command(name="create")
def create_team(name: str, *, member: Member = None, title: str = "", lead: str = "", json: Json = False) -> None:
    """Add a team.

    Parameters
    ----------
    name
        Short and lower-case, such as platform; it stays.
    title
        What people read; the name where it is left out.
    lead
        One of the members.
    """
    body = {"name": name, "title": title, "members": member or [], "lead": lead}
    emit_facts(Client().post("/teams", body), json=json)


@app.command(name="change")
def change_team(
    name: str, *, member: Member = None, title: str | None = None, lead: str | None = None, json: Json = False
) -> None:
    """Change a team; what is not given stays, members that are given replace the present ones."""
    wanted = {"members": member, "title": title, "lead": lead}
    body = {key: value for key, value in wanted.items() if value is not None}
    emit_facts(Client().patch(f"/teams/{name}", body), json=json)


@app.command(name="delete")
def delete_team(name: str) -> None:
    """Delete a team that nothing refers to."""
    Client().delete(f"/teams/{name}")
    print(f"The team {name} is deleted.")
