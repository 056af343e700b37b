"""`muster feed`: secret links to calendars of shifts."""

from typing import Literal

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json, emit_table

feed = cyclopts.App(name="feed", help="Secret links for calendars that show shifts.")


@feed.command(name="list")
def list_feeds(*, everybody: bool = False, json: Json = False) -> None:
    """List your links, with when and by what each was last fetched; managers of schedules may list everybody's."""
    rows = Client().get("/feeds", everybody=everybody or None)["items"]
    columns = {
        "kind": "of", "subject": "name", "owner": "owner", "hint": "begins with", "last_used_at": "last fetched",
        "last_client": "by", "id": "id",
    }  # fmt: skip
    emit_table(rows, columns, json=json, empty="There is no link. Make one: muster feed create.")


@feed.command(name="create")
def create(kind: Literal["person", "team", "schedule"] = "person", subject: str = "", *, json: Json = False) -> None:
    """Make a link to the shifts of a person (you, unless named), a team or a schedule; it is shown this once."""
    _shown(Client().post("/feeds", {"kind": kind, "subject": subject}), json=json)


@feed.command(name="rotate")
def rotate(id: str, *, json: Json = False) -> None:
    """Exchange a link for a new one; the present one ends at once."""
    _shown(Client().post(f"/feeds/{id}/rotate"), json=json)


@feed.command(name="revoke")
def revoke(id: str) -> None:
    """End a link."""
    Client().delete(f"/feeds/{id}")
    print("The link is revoked.")


def _shown(made: dict[str, str], *, json: bool) -> None:
    if json:
        emit_json(made)
    else:
        print(f"{made['url']}\nIt is shown only this once. Subscribe to it in your calendar.")
