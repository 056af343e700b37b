"""`muster calendar`: holidays that schedules keep, and shifts that they take from elsewhere."""

from pathlib import Path
from typing import Annotated, Any, Literal

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_lines, emit_table
from muster.kit.errors import Fault, Invalid
from muster.oncall.calendars.ical.file import text_of

calendar = cyclopts.App(name="calendar", help="Calendars of holidays and shifts.")

Holds = Literal["holidays", "shifts"]
Url = Annotated[str | None, Parameter(name="--url", help="The address of an .ics file; webcal: works too.")]
Organizers = Annotated[
    bool, Parameter(name="--organizers", help="Let the organizer of an event stand for it where it names nobody else.")
]
File = Annotated[Path | None, Parameter(name="--file", help="An .ics file, taken over as it is now.")]


@calendar.command(name="list")
def list_calendars(*, json: Json = False) -> None:
    """List the calendars."""
    rows = list(Client().items("/calendars"))
    columns = {"name": "calendar", "entries": "holds", "source": "from", "read_at": "read", "trouble": "trouble"}
    empty = "There is no calendar. Add one: muster calendar add NAME holidays --url https://…"
    emit_table(rows, columns, json=json, empty=empty)


@calendar.command(name="show")
def show_calendar(name: str, *, json: Json = False) -> None:
    """Show a calendar, who uses it, and its entries of the next 90 days."""
    answer = Client().get(f"/calendars/{name}")
    if json:
        emit_json(answer)
        return
    emit_facts({key: answer[key] for key in ("name", "title", "entries", "source", "read_at", "used_by")}, json=False)
    for holiday in answer["holidays"]:
        print(f"  {holiday['day']}  {holiday['title']}")
    for shift in answer["shifts"]:
        who = " and ".join(shift["people"]) or "nobody whom Muster knows"
        print(f"  {shift['start']} to {shift['end']}  {who}  “{shift['title']}”")
    for sentence in filter(None, (answer["trouble"], *answer["notes"])):
        print(f"! {sentence}")


@calendar.command(name="add")
def add_calendar(
    name: str,
    holds: Holds,
    *,
    url: Url = None,
    file: File = None,
    title: str = "",
    organizers: Organizers = False,
    json: Json = False,
) -> None:
    """Add a calendar of holidays or of shifts, from an address or a file."""
    body = {"name": name, "entries": holds, "title": title, "organizers": organizers, **_source(url, file)}
    _show(Client().post("/calendars", body), json)


@calendar.command(name="change")
def change_calendar(
    name: str,
    *,
    url: Url = None,
    file: File = None,
    title: str | None = None,
    organizers: Organizers | None = None,
    json: Json = False,
) -> None:
    """Give a calendar another address or file, and another title if one is given."""
    client = Client()
    now = client.get(f"/calendars/{name}")
    body = {"name": name, "entries": now["entries"], "title": now["title"] if title is None else title}
    body["organizers"] = now["organizers"] if organizers is None else organizers
    _show(client.put(f"/calendars/{name}", {**body, **_source(url, file)}), json)


@calendar.command(name="refresh")
def refresh_calendar(name: str, *, json: Json = False) -> None:
    """Read a calendar anew as soon as possible."""
    answer = Client().post(f"/calendars/{name}/refresh", {})
    emit_lines(answer, f"{name} is being read. `muster calendar show {name}` says what came of it.", json=json)


@calendar.command(name="delete")
def delete_calendar(name: str) -> None:
    """Delete a calendar that no schedule names; what it said of the past stays."""
    Client().delete(f"/calendars/{name}")
    print(f"{name} is deleted.")


def _source(url: str | None, file: Path | None) -> dict[str, str]:
    if (url is None) == (file is None):
        fault = Fault("--url", "A calendar comes from an address or from a file.", "Write --url or --file, not both.")
        raise Invalid("This calendar cannot be used.", faults=[fault])
    return {"url": url} if url else {"text": text_of(file.read_bytes()) if file else ""}


def _show(answer: dict[str, Any], json: bool) -> None:
    reading = "being read" if answer["source"] else "read"
    notes = (f"! {note}" for note in answer["notes"])
    emit_lines(answer, f"{answer['name']} is {reading}: muster calendar show {answer['name']}", *notes, json=json)
