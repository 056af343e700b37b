"""`muster organisation`: what the organisation is called."""

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts

app = cyclopts.App(name="organisation", help="The organisation's name.")


@app.command(name="show")
def show_organisation(*, json: Json = False) -> None:
    """Show what the organisation is called."""
    emit_facts(Client().get("/organisation"), json=json)


@app.command(name="rename")
def rename_organisation(name: str, *, json: Json = False) -> None:
    """Call the organisation something else."""
    emit_facts(Client().put("/organisation", {"name": name}), json=json)
