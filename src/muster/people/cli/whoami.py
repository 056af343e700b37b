"""`muster whoami`: which person the token acts for, and what it may do."""

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts


def whoami(*, json: Json = False) -> None:
    """Tell who the API token acts for and what it may do."""
    me = Client().get("/me")
    if json:
        emit_facts(me, json=True)
        return
    facts = {key: me["person"][key] for key in ("name", "full_name", "email", "permission", "time_zone")}
    emit_facts({**facts, "teams": me["teams"], "via": me["via"], "may": me["permissions"]}, json=False)
