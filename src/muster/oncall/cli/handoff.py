"""`muster handoff`: notes to whoever follows on a schedule."""

import sys
from datetime import datetime

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json, emit_table
from muster.oncall.cli.times import zone_of
from muster.oncall.schedules.notation import write_local

handoff = cyclopts.App(name="handoff", help="Notes to whoever is on call next.")


@handoff.command(name="list")
def list_notes(schedule: str, *, past: bool = False, json: Json = False) -> None:
    """List the notes that stand on a schedule; with --past all of them."""
    client = Client()
    rows = list(client.items(f"/schedules/{schedule}/handoff-notes", standing=None if past else True))
    if not json:
        zone = zone_of(client, schedule)
        for row in rows:
            row["written_at"] = write_local(datetime.fromisoformat(row["written_at"]), zone)
    columns = {"written_at": "written", "author": "by", "text": "note", "id": "id"}
    emit_table(rows, columns, json=json, empty=f"No note stands on {schedule}. Leave one: muster handoff write.")


@handoff.command(name="write")
def write_note(schedule: str, text: str | None = None, *, json: Json = False) -> None:
    """Leave a note in Markdown for whoever is on call next; without a text it is read from standard input."""
    body = {"text": text if text is not None else sys.stdin.read()}
    made = Client().post(f"/schedules/{schedule}/handoff-notes", body)
    if json:
        emit_json(made)
    else:
        print(f"Whoever follows on {schedule} will read it. {made['id']}")


@handoff.command(name="done")
def put_aside(schedule: str, id: str) -> None:
    """Put a note aside: it has served its purpose."""
    Client().post(f"/schedules/{schedule}/handoff-notes/{id}/done")
    print("The note is put aside.")
