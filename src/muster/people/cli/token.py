"""`muster token`: what programs may do in one's name."""

from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_table
from muster.kit.errors import Fault, Invalid

app = cyclopts.App(name="token", help="API tokens.")

COLUMNS = {"name": "token", "hint": "begins", "scopes": "may do", "state": "state", "expires_at": "ends",
           "last_used_at": "last used", "id": "id"}  # fmt: skip
Scope = Annotated[
    list[str], Parameter(name="--scope", negative="", help="A permission, such as incident.* or *; repeat it.")
]


@app.command(name="list")
def list_tokens(*, everybody: bool = False, json: Json = False) -> None:
    """List your tokens, the newest first.

    Parameters
    ----------
    everybody
        Everybody's tokens, for those who manage tokens.
    """
    rows = list(Client().items("/tokens", everybody=everybody))
    columns = {**COLUMNS, "person": "person"} if everybody else COLUMNS
    emit_table(rows, columns, json=json, empty="No token. Make one: muster token create NAME --scope incident.*")


def request_token(name: str, scopes: list[str], expires_in: str) -> dict[str, Any]:
    """Make a token in one's own name; the answer holds it."""
    made: dict[str, Any] = Client().post("/tokens", {"name": name, "scopes": scopes, "expires_in": expires_in})
    return made


@app.command(name="revoke")
def revoke_token(token: str, *, json: Json = False) -> None:
    """Revoke a token at once, by its name or id."""
    client = Client()
    found = [row for row in client.items("/tokens") if token in (row["name"], row["id"])]
    active = [row["id"] for row in found if row["state"] != "revoked"]
    if len(token) == 36 and not found:
        active = [token]
    if not active:
        fault = Fault("token", f"You have no active token `{token}`.", "muster token list shows yours.")
        raise Invalid("No token was revoked.", faults=[fault])
    for id in active:
        emit_facts(client.delete(f"/tokens/{id}"), json=json)
