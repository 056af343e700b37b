"""`muster schedule`, `muster override` and `muster oncall`: who is on call, and changing that."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table
from muster.kit.errors import Fault, Invalid
from muster.kit.yamldoc import read_documents
from muster.oncall.cli.times import Start, When, instant, zone_of
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.notation import write_local
from muster.oncall.schedules.prose import layer_sentences

schedule = cyclopts.App(name="schedule", help="Schedules and their coverage.")
override = cyclopts.App(name="override", help="Put somebody on call for a time.")
oncall = cyclopts.App(name="oncall", help="Who is on call now.")


Effect = Annotated[
    str | None, Parameter(name="--from", help="When it takes effect; without an offset local to the schedule's zone.")
]


@schedule.command(name="list")
def list_schedules(*, json: Json = False) -> None:
    """List the schedules."""
    rows = list(Client().items("/schedules"))
    columns = {"name": "schedule", "time_zone": "zone", "version": "version", "since": "since", "made_by": "by"}
    empty = "There is no schedule. Write one and `muster schedule save FILE`, or `muster apply -f FILE`."
    emit_table(rows, columns, json=json, empty=empty)


@schedule.command(name="show")
def show_schedule(name: str, *, json: Json = False) -> None:
    """Show a schedule's layers, and what to look at in its next 90 days."""
    found = Client().get(f"/schedules/{name}")
    if json:
        emit_json(found)
        return
    emit_facts({key: found[key] for key in ("name", "time_zone", "version", "since", "made_by")}, json=False)
    for layer in reversed(read_schedule(found["definition"]).layers):
        print(f"\n{layer.name} ({layer.zone})\n  {' '.join(layer_sentences(layer))}")
    for version in found["ahead"]:
        print(f"> version {version['version']} by {version['made_by']} takes effect {version['since']}")
    _print_findings(found)


@schedule.command(name="coverage")
def show_coverage(name: str, *, start: Start = None, to: When = None, json: Json = False) -> None:
    """Show who is on call over a time, a week from now unless said otherwise; gaps stand as nobody."""
    client = Client()
    zone = zone_of(client, name) if start or to else ""
    times = {"from": instant(start, zone, "--from"), "to": instant(to, zone, "--to")}
    found = client.get(f"/schedules/{name}/coverage", **times)
    if json:
        emit_json(found)
        return
    rows = [
        {
            "from": write_local(datetime.fromisoformat(span["start"]), found["time_zone"]),
            "to": write_local(datetime.fromisoformat(span["end"]), found["time_zone"]),
            "people": span["people"] or "nobody",
            "shadows": span["shadows"],
            "why": span["reason"]["sentence"],
        }
        for span in found["spans"]
    ]
    columns = {"from": f"from ({found['time_zone']})", "to": "to", "people": "on call", "why": "why"}
    if any(row["shadows"] for row in rows):
        columns["shadows"] = "shadow"
    emit_table(rows, columns, json=False, empty="")
    _print_findings(found)


@schedule.command(name="explain")
def explain(name: str, *, at: When = None, json: Json = False) -> None:
    """Show who is on call at an instant, and what each override and layer says, from the top."""
    client = Client()
    found = client.get(f"/schedules/{name}/on-call", at=instant(at, zone_of(client, name), "--at") if at else None)
    if json:
        emit_json(found)
        return
    print(f"{' and '.join(found['people']) or 'nobody'}: {found['reason']['sentence']}")
    for step in found["steps"]:
        print(f"  {'→' if step['decides'] else ' '} {step['sentence']}")


@schedule.command(name="save")
def save_schedule(file: Path, *, start: Effect = None, preview: bool = False, json: Json = False) -> None:
    """Create or change the schedules of a file, from now or from --from; with --preview only show what they would say.

    Parameters
    ----------
    file:
        YAML documents, each a schedule.
    preview:
        Show coverage and findings of the next week and save nothing.
    """
    client = Client()
    read = read_documents(file.read_text(encoding="utf-8"), str(file))
    if read.faults:
        raise Invalid(f"{file} cannot be read.", faults=read.faults)
    known = {stored["name"] for stored in client.items("/schedules", most=10_000)}
    for document in read.documents:
        fields = document.data if isinstance(document.data, dict) else {}
        name = fields.get("name")
        since = instant(start, str(fields.get("time_zone", "UTC")), "--from")
        later = f"?{urlencode({'from': since})}" if since else ""
        if preview:
            found = client.post("/schedules/preview", document.data)
        elif name in known:
            found = client.put(f"/schedules/{name}{later}", document.data)
        else:
            found = client.post(f"/schedules{later}", document.data)
        if json:
            emit_json(found)
            continue
        print(f"{name}: {'would be saved' if preview else tell_version(found)}")
        _print_findings(found)


@schedule.command(name="delete")
def delete_schedule(name: str) -> None:
    """End a schedule by which nothing pages; its past stays."""
    Client().delete(f"/schedules/{name}")
    print(f"{name} is deleted.")


@override.command(name="list")
def list_overrides(schedule: str, *, json: Json = False) -> None:
    """List the overrides of a schedule that hold now or later."""
    client = Client()
    rows = client.get(f"/schedules/{schedule}/overrides")["items"]
    zone = zone_of(client, schedule)
    if not json:
        for row in rows:
            row |= {key: write_local(datetime.fromisoformat(row[key]), zone) for key in ("start", "effective_end")}
            row["person"] = row["person"] or "nobody"
    times = {"start": f"from ({zone})", "effective_end": "to"}
    columns = {"person": "on call", **times, "note": "note", "made_by": "by", "id": "id"}
    emit_table(rows, columns, json=json, empty=f"{schedule} has no override. Make one: muster override add.")


@override.command(name="add")
def add_override(
    schedule: str,
    person: str | None = None,
    *,
    start: Start = None,
    to: When = None,
    duration: Annotated[str | None, Parameter(name="--for")] = None,
    note: str = "",
    nobody: Annotated[bool, Parameter(negative="")] = False,
    dry_run: Annotated[bool, Parameter(negative="")] = False,
    json: Json = False,
) -> None:
    """Put a person on call, from now unless said otherwise, until --to or for a duration such as --for 8h.

    Parameters
    ----------
    nobody:
        Knowingly nobody is on call, instead of a person.
    dry_run:
        Only say who would be on call instead of whom, and what speaks against it.
    """
    if nobody == (person is not None):
        fault = Fault("person", "An override names one person, or nobody with --nobody.", "Write one of them.")
        raise Invalid("This override cannot be made.", faults=[fault])
    client = Client()
    zone = zone_of(client, schedule)
    body: dict[str, Any] = {"person": person, "note": note}
    times = {"start": instant(start, zone, "--from"), "end": instant(to, zone, "--to"), "duration": duration}
    body |= {key: value for key, value in times.items() if value is not None}
    if dry_run:
        _print_foreseen(client.post(f"/schedules/{schedule}/overrides/preview", body), zone, json=json)
        return
    made = client.post(f"/schedules/{schedule}/overrides", body)
    if json:
        emit_json(made)
        return
    until = write_local(datetime.fromisoformat(made["end"]), zone)
    begins = write_local(datetime.fromisoformat(made["start"]), zone)
    print(f"{made['person'] or 'Nobody'} is on call by {schedule} from {begins} to {until} ({zone}). {made['id']}")


def _print_foreseen(found: dict[str, Any], zone: str, *, json: bool) -> None:
    if json:
        emit_json(found)
        return
    for change in found["effects"]:
        begins, ends = (write_local(datetime.fromisoformat(change[key]), zone) for key in ("start", "end"))
        before, after = (" and ".join(change[key]) or "nobody" for key in ("before", "after"))
        print(f"{begins} to {ends}: {after} instead of {before}")
    for remark in found["remarks"]:
        print(remark["sentence"])
    if found["refused"]:
        print(f"You may not do this: {found['refused']}")


@override.command(name="remove")
def remove_override(schedule: str, id: str, *, json: Json = False) -> None:
    """End an override now."""
    removed = Client().delete(f"/schedules/{schedule}/overrides/{id}")
    emit_facts(removed, json=json)


@oncall.default
def who(*, json: Json = False) -> None:
    """Show who is on call now by each schedule."""
    rows = list(Client().items("/on-call"))
    if not json:
        for row in rows:
            row["until"] = write_local(datetime.fromisoformat(row["until"]), row["time_zone"]) if row["until"] else None
            row["people"] = row["people"] or "nobody"
            row["why"] = row["reason"]["sentence"]
    columns = {"schedule": "schedule", "people": "on call", "until": "until", "time_zone": "zone", "why": "why"}
    emit_table(rows, columns, json=json, empty="There is no schedule, so nobody is on call.")


def _print_findings(found: dict[str, Any]) -> None:
    for finding in found["findings"]:
        print(f"! {finding['sentence']}")


@schedule.command(name="history")
def history(name: str, *, json: Json = False) -> None:
    """List the versions of a schedule, the newest first: from when each holds, by whom, and what became of it."""
    client = Client()
    rows = list(client.items(f"/schedules/{name}/versions"))
    zone = "" if json else zone_of(client, name)
    for row in () if json else rows:
        row["since"] = write_local(datetime.fromisoformat(row["since"]), zone)
        row["state"] = f"withdrawn by {row['withdrawn_by']}" if row["withdrawn_by"] else row["state"]
        row["layers"] = [layer["name"] for layer in (row["definition"] or {}).get("layers", ())] or "none, deleted"
    columns = {"version": "version", "since": f"from ({zone})", "state": "state", "made_by": "by", "layers": "layers"}
    emit_table(rows, columns, json=json, empty="")


@schedule.command(name="withdraw")
def withdraw(name: str, version: int, *, reason: str = "", json: Json = False) -> None:
    """Withdraw the newest version of a schedule before it takes effect."""
    _tell(Client().post(f"/schedules/{name}/versions/{version}/withdraw", {"reason": reason}), json)


@schedule.command(name="undo")
def undo(name: str, *, reason: str = "", json: Json = False) -> None:
    """Take the newest edit back: a version equal to the one before it is in force from now; the past stays."""
    _tell(Client().post(f"/schedules/{name}/undo", {"reason": reason}), json)


def tell_version(found: dict[str, Any]) -> str:
    """From when a saved version holds, and what has yet to take effect after it."""
    since = write_local(datetime.fromisoformat(found["since"]), found["time_zone"])
    ahead = any(version["version"] == found["version"] for version in found["ahead"])
    return (
        f"version {found['version']} {'takes effect' if ahead else 'is in force since'} {since} ({found['time_zone']})"
    )


def _tell(found: dict[str, Any], json: bool) -> None:
    if json:
        emit_json(found)
        return
    print(f"{found['name']}: {tell_version(found)}")
    for finding in found["findings"]:
        print(f"! {finding['sentence']}")
