"""`muster heartbeat`: what must be heard of regularly."""

from urllib.parse import quote, urlencode

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_table

heartbeat = cyclopts.App(name="heartbeat", help="What must be heard of regularly; its silence is an alert.")


@heartbeat.command(name="list")
def list_heartbeats(integration: str = "", *, missing: bool = False, json: Json = False) -> None:
    """List the heartbeats, missing ones first.

    Parameters
    ----------
    integration: Only those of one integration.
    missing: Only those that are missing now.
    """
    columns = {"name": "heartbeat", "integration": "integration", "every": "every", "grace": "grace",
               "last_at": "last heard", "missing_since": "missing since", "title": "title"}  # fmt: skip
    empty = "There is no heartbeat. Declare one: muster heartbeat set INTEGRATION nightly-backup --every 1d"
    emit_table(Client().get("/heartbeats", integration=integration, missing=missing), columns, json=json, empty=empty)


@heartbeat.command(name="set")
def set_heartbeat(
    integration: str,
    name: str,
    *,
    every: str = "5m",
    grace: str = "1m",
    severity: str = "high",
    title: str = "",
    json: Json = False,
) -> None:
    """Declare a heartbeat, or change it; it is expected from now on.

    Parameters
    ----------
    every: How often it calls, such as 90s, 5m or 1d.
    grace: How late it may be.
    severity: How grave its absence is: critical, high, medium or low.
    """
    body = {"every": every, "grace": grace, "severity": severity, "title": title}
    emit_facts(Client().put(_place(integration, name), body), json=json)


@heartbeat.command(name="forget")
def forget_heartbeat(integration: str, name: str, *, reason: str = "") -> None:
    """Expect a heartbeat no longer; its alert, where it has one, ends."""
    Client().delete(f"{_place(integration, name)}?{urlencode({'reason': reason})}")


def _place(integration: str, name: str) -> str:
    return f"/heartbeats/{quote(integration, safe='')}/{quote(name, safe='')}"
