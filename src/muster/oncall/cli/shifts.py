"""`muster shifts`, `swap`, `handoff` and `feed`: your own shifts, giving them away, notes and links for calendars."""

import sys
from typing import Annotated, Literal

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_lines, emit_table
from muster.oncall.cli.times import Start, When, instant, local_times, zone_of

swap = cyclopts.App(name="swap", help="Swap a shift or ask for cover, with the other's consent.")
handoff = cyclopts.App(name="handoff", help="Notes to whoever is on call next.")
feed = cyclopts.App(name="feed", help="Secret links for calendars that show shifts.")
shifts = cyclopts.App(name="shifts", help="Your own shifts.")


@shifts.default
def list_shifts(*, start: Start = None, to: When = None, json: Json = False) -> None:
    """List your shifts of the next 90 days, in your own zone."""
    client = Client()
    zone = my_zone(client)
    rows = client.get("/me/shifts", **{"from": instant(start, zone, "--from"), "to": instant(to, zone, "--to")})[
        "items"
    ]
    if not json:
        for row in rows:
            row.update(local_times(row, zone))
            row["runs"] = "now" if row["runs"] else ""
    columns = {"schedule": "schedule", "start": f"from ({zone})", "end": "to", "runs": ""}
    emit_table(rows, columns, json=json, empty="You have no shift ahead.")


@shifts.command(name="notices")
def notices(
    *,
    before: Annotated[str | None, Parameter(help="How long before a shift, such as 24h, or off.")] = None,
    at_start: bool | None = None,
    at_end: bool | None = None,
    changes: bool | None = None,
    json: Json = False,
) -> None:
    """Show which notices you get about your shifts, or choose them."""
    client = Client()
    now = client.get("/me/shift-notices")
    options = {"before": before, "at_start": at_start, "at_end": at_end, "changes": changes}
    chosen: dict[str, str | bool | None] = {key: value for key, value in options.items() if value is not None}
    if chosen.get("before") == "off":
        chosen["before"] = None
    emit_facts(client.put("/me/shift-notices", {**now, **chosen}) if chosen else now, json=json)


def my_zone(client: Client) -> str:
    """The zone of whoever asks."""
    return str(client.get("/me")["person"]["time_zone"])


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
    request = client.post("/requests", {key: value for key, value in body.items() if value is not None})
    asked = ", ".join(person["person"] for person in request["asked"])
    emit_lines(request, f"Asked {asked}; nothing changes until somebody agrees. {request['id']}", json=json)


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
    request = Client().post(f"/requests/{id}/accept")
    emit_lines(request, f"You take the shift of {request['asker']} on {request['schedule']}.", json=json)


@swap.command(name="decline")
def decline(id: str, *, reason: str = "", json: Json = False) -> None:
    """Say no to a request."""
    request = Client().post(f"/requests/{id}/decline", {"reason": reason})
    emit_lines(request, f"You declined; the request is {request['state']}.", json=json)


@swap.command(name="withdraw")
def withdraw(id: str, *, reason: str = "", json: Json = False) -> None:
    """Take an open request of yours back."""
    emit_lines(Client().post(f"/requests/{id}/withdraw", {"reason": reason}), "The request is withdrawn.", json=json)


@swap.command(name="undo")
def undo(id: str, *, reason: str = "", json: Json = False) -> None:
    """End what an accepted request changed, from now on."""
    request = Client().post(f"/requests/{id}/undo", {"reason": reason})
    emit_lines(request, "Undone: the times ahead go back to whoever had them.", json=json)


def _time(time: dict[str, str], zone: str) -> str:
    return " to ".join(local_times(time, zone).values())


@handoff.command(name="list")
def list_notes(schedule: str, *, past: bool = False, json: Json = False) -> None:
    """List the notes that stand on a schedule; with --past all of them."""
    client = Client()
    rows = list(client.items(f"/schedules/{schedule}/handoff-notes", standing=None if past else True))
    if not json:
        zone = zone_of(client, schedule)
        for row in rows:
            row.update(local_times(row, zone, "written_at"))
    columns = {"written_at": "written", "author": "by", "text": "note", "id": "id"}
    emit_table(rows, columns, json=json, empty=f"No note stands on {schedule}. Leave one: muster handoff write.")


@handoff.command(name="write")
def write_note(schedule: str, text: str | None = None, *, json: Json = False) -> None:
    """Leave a note in Markdown for whoever is on call next; without a text it is read from standard input."""
    body = {"text": text if text is not None else sys.stdin.read()}
    note = Client().post(f"/schedules/{schedule}/handoff-notes", body)
    emit_lines(note, f"Whoever follows on {schedule} will read it. {note['id']}", json=json)


@handoff.command(name="done")
def put_aside(schedule: str, id: str) -> None:
    """Put a note aside: it has served its purpose."""
    Client().post(f"/schedules/{schedule}/handoff-notes/{id}/done")
    print("The note is put aside.")


@feed.command(name="list")
def list_feeds(*, everybody: bool = False, json: Json = False) -> None:
    """List your links, with when and by what each was last fetched; managers of schedules may list everybody's."""
    rows = Client().get("/feeds", everybody=everybody or None)["items"]
    columns = {
        "kind": "of", "subject": "name", "owner": "owner", "hint": "begins with", "last_used_at": "last fetched",
        "last_client": "by", "id": "id",
    }  # fmt: skip
    emit_table(rows, columns, json=json, empty="There is no link. Make one: muster feed create.")


@feed.command(name="create")
def create(kind: Literal["person", "team", "schedule"] = "person", subject: str = "", *, json: Json = False) -> None:
    """Make a link to the shifts of a person (you, unless named), a team or a schedule; it is shown this once."""
    _shown(Client().post("/feeds", {"kind": kind, "subject": subject}), json=json)


@feed.command(name="rotate")
def rotate(id: str, *, json: Json = False) -> None:
    """Exchange a link for a new one; the present one ends at once."""
    _shown(Client().post(f"/feeds/{id}/rotate"), json=json)


@feed.command(name="revoke")
def revoke(id: str) -> None:
    """End a link."""
    Client().delete(f"/feeds/{id}")
    print("The link is revoked.")


def _shown(made: dict[str, str], *, json: bool) -> None:
    emit_lines(made, made["url"], "It is shown only this once. Subscribe to it in your calendar.", json=json)
