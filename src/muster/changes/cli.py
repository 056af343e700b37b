"""`muster change`: what was changed lately."""

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_table

app = cyclopts.App(name="change", help="Deployments and other changes.")


@app.command(name="list")
def list_changes(*, limit: int = 50, json: Json = False) -> None:
    """List the newest changes."""
    columns = {"at": "when", "kind": "kind", "title": "what"}
    empty = (
        "No change was reported. Send them to an integration of format pagerduty (/v2/change/enqueue) or cloudevents."
    )
    emit_table(list(Client().items("/changes", most=limit)), columns, json=json, empty=empty)
