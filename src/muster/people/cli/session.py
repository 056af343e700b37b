"""`muster session`: browsers that are signed in, and ending them from elsewhere."""

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_table

app = cyclopts.App(name="session", help="Browsers that are signed in.")
COLUMNS = {
    "device": "browser",
    "address": "address",
    "created_at": "signed in",
    "last_seen_at": "last seen",
    "id": "id",
}


@app.command(name="list")
def list_sessions(*, person: str = "", json: Json = False) -> None:
    """List the browsers in which you are signed in, the latest seen first.

    Parameters
    ----------
    person
        Somebody else's, for those who manage persons.
    """
    rows = Client().get("/sessions", person=person)["items"]
    emit_table(rows, COLUMNS, json=json, empty="No browser is signed in.")


@app.command(name="end")
def end_session(id: str) -> None:
    """End a session at once; `muster person end-access` ends them all and revokes the tokens."""
    Client().delete(f"/sessions/{id}")
    print(f"Session {id} has ended.")
