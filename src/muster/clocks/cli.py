"""`muster clock`: what is due, and when."""

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_table

app = cyclopts.App(name="clock", help="Running deadlines.")


@app.command(name="list")
def list_clocks(*, json: Json = False) -> None:
    """List the running clocks, soonest first."""
    columns = {"due_at": "due", "label": "clock", "subject": "of", "started_at": "since"}
    emit_table(list(Client().items("/clocks")), columns, json=json, empty="No clock is running.")
