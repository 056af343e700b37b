"""`muster swap`: asking others to take a shift, and answering them."""

from datetime import datetime
from typing import Any

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json, emit_table
from muster.oncall.cli.shifts import my_zone
from muster.oncall.cli.times import Start, When, instant, zone_of
from muster.oncall.schedules.notation import write_local

swap = cyclopts.App(name="swap", help="Swap a shift or ask for cover, with the other's consent.")


@swap.command(name="ask")
def ask(
    schedule: str,
    other: str | None = None,
    *,
    start: Start = None,
    to: When = None,
    their_from: When = None,
    their_to: When = None,
    note: str = "",
    json: Json = False,
) -> None:
    """Ask somebody, or everybody of the schedule, to take a shift of yours.

    Parameters
    ----------
    other:
        Whom to ask; without it everybody of the schedule: the first who accepts has it.
    their_from:
        With --their-to: the shift of theirs that you would take in return. Without both you ask for cover.
    """
    client = Client()
    zone = zone_of(client, schedule)
    times = {"start": instant(start, zone, "--from"), "end": instant(to, zone, "--to")}
    theirs = {
        "their_start": instant(their_from, zone, "--their-from"),
        "their_end": instant(their_to, zone, "--their-to"),
    }
    kind = "swap" if their_from or their_to else "cover"
    body = {"kind": kind, "schedule": schedule, "other": other, "note": note, **times, **theirs}
    made = client.post("/requests", {key: value for key, value in body.items() if value is not None})
    asked = ", ".join(person["person"] for person in made["asked"])
    _said(made, f"Asked {asked}; nothing changes until somebody agrees. {made['id']}", json=json)


@swap.command(name="list")
def list_requests(*, state: str | None = None, mine: bool = False, json: Json = False) -> None:
    """List swap and cover requests, the newest first."""
    client = Client()
    rows = list(client.items("/requests", state=state, mine=mine or None))
    if not json:
        zone = my_zone(client)
        for row in rows:
            row["when"] = _time(row["mine"], zone) + (f" for {_time(row['theirs'], zone)}" if row["theirs"] else "")
            row["asked"] = [person["person"] for person in row["asked"]]
    columns = {
        "kind": "kind", "schedule": "schedule", "asker": "asks", "asked": "asked", "when": "about", "state": "state", "id": "id",
    }  # fmt: skip
    emit_table(rows, columns, json=json, empty="There is no request. Make one: muster swap ask.")


@swap.command(name="accept")
def accept(id: str, *, json: Json = False) -> None:
    """Agree to a request: you are on call for that time from then on."""
    done = Client().post(f"/requests/{id}/accept")
    _said(done, f"You take the shift of {done['asker']} on {done['schedule']}.", json=json)


@swap.command(name="decline")
def decline(id: str, *, reason: str = "", json: Json = False) -> None:
    """Say no to a request."""
    done = Client().post(f"/requests/{id}/decline", {"reason": reason})
    _said(done, f"You declined; the request is {done['state']}.", json=json)


@swap.command(name="withdraw")
def withdraw(id: str, *, reason: str = "", json: Json = False) -> None:
    """Take an open request of yours back."""
    _said(Client().post(f"/requests/{id}/withdraw", {"reason": reason}), "The request is withdrawn.", json=json)


@swap.command(name="undo")
def undo(id: str, *, reason: str = "", json: Json = False) -> None:
    """End what an accepted request changed, from now on."""
    done = Client().post(f"/requests/{id}/undo", {"reason": reason})
    _said(done, "Undone: the times ahead go back to whoever had them.", json=json)


def _said(found: Any, sentence: str, *, json: bool) -> None:
    if json:
        emit_json(found)
    else:
        print(sentence)


def _time(time: dict[str, str], zone: str) -> str:
    start, end = (write_local(datetime.fromisoformat(time[key]), zone) for key in ("start", "end"))
    return f"{start} to {end}"
