"""`muster organisation`: what the organisation is called, and who must have a second factor."""

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts

app = cyclopts.App(name="organisation", help="The organisation's name, and who must have a second factor.")


@app.command(name="show")
def show_organisation(*, json: Json = False) -> None:
    """Show what the organisation is called."""
    emit_facts(Client().get("/organisation"), json=json)


@app.command(name="rename")
def rename_organisation(name: str, *, json: Json = False) -> None:
    """Call the organisation something else."""
    emit_facts(Client().put("/organisation", {"name": name}), json=json)


@app.command(name="second-factor")
def show_second_factor(*, json: Json = False) -> None:
    """Show who must have a second factor, and who of them has none."""
    emit_facts(Client().get("/organisation/second-factor"), json=json)


@app.command(name="require-second-factor")
def require_second_factor(who: str, *, grace_days: int = 7, json: Json = False) -> None:
    """Say who must have a second factor.

    Parameters
    ----------
    who
        nobody, administrators, managers (and above) or everybody.
    grace_days
        How many days there are to set one up; the next sign-in leads there at once.
    """
    emit_facts(Client().put("/organisation/second-factor", {"required_for": who, "grace_days": grace_days}), json=json)
