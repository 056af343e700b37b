"""`muster page`: send a test page, and see what became of messages."""

import time
from typing import Any

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_table

app = cyclopts.App(name="page", help="Test pages and deliveries.")
PATIENCE, PAUSE = 15.0, 0.3


@app.command(name="test")
def send_test_page(person: str, *, address: str | None = None, json: Json = False) -> None:
    """Send a test page to a person and wait for its receipt.

    Parameters
    ----------
    person
        The person's name.
    address
        One of their contacts; without it the first.
    """
    client = Client()
    sent = client.post("/deliveries/test", {"person": person, "address": address})
    until = time.monotonic() + PATIENCE
    while _under_way(sent) and time.monotonic() < until:
        time.sleep(PAUSE)
        sent = client.get(f"/deliveries/{sent['id']}")
    emit_facts(sent, json=json)


def _under_way(sent: dict[str, Any]) -> bool:
    """Whether more will be known: it waits to be sent, or its provider has it and will report."""
    return sent["state"] in ("planned", "pending") or bool(sent["state"] == "handed_over" and sent["receipt_due_at"])


@app.command(name="list")
def list_deliveries(person: str, *, limit: int = 20, json: Json = False) -> None:
    """List the newest messages to a person, with what became of them."""
    columns = {
        "created_at": "when",
        "kind": "kind",
        "channel": "channel",
        "address": "to",
        "state": "state",
        "reason": "why",
    }
    rows = Client().get("/deliveries", person=person, limit=limit)
    emit_table(rows, columns, json=json, empty=f"Nothing was ever sent to {person}.")


@app.command(name="health")
def show_health(*, json: Json = False) -> None:
    """Tell whether Muster's own way of paging is proven: synthetic pages that came back, channel by channel."""
    found = Client().get("/paging/health")
    if json:
        emit_facts(found, json=True)
        return
    emit_facts({name: found[name] for name in ("proven_at", "trouble", "sentence")}, json=False)
    columns = {"channel": "channel", "closed": "comes back", "at": "last try", "took_seconds": "seconds", "good_at": "last good",
               "failures": "failures", "reason": "reason"}  # fmt: skip
    emit_table(
        found["rounds"], columns, json=False, empty="No synthetic page has run yet: the first runs at the start."
    )
