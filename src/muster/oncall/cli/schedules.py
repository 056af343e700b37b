"""`muster schedule`, `muster override` and `muster oncall`: who is on call, and changing that."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any
from urllib.parse import urlencode

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_lines, emit_table
from muster.kit.errors import Fault, Invalid
from muster.kit.yamldoc import read_documents
from muster.oncall.cli.times import Start, When, instant, local_times, zone_of
from muster.oncall.schedules.draft import read_schedule
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
    answer = Client().get(f"/schedules/{name}")
    if json:
        emit_json(answer)
        return
    emit_facts({key: answer[key] for key in ("name", "time_zone", "version", "since", "made_by")}, json=False)
    for layer in reversed(read_schedule(answer["definition"]).layers):
        print(f"\n{layer.name} ({layer.zone})\n  {' '.join(layer_sentences(layer))}")
    for version in answer["ahead"]:
        print(f"> version {version['version']} by {version['made_by']} takes effect {version['since']}")
    for line in _findings(answer):
        print(line)


@schedule.command(name="coverage")
def show_coverage(name: str, *, start: Start = None, to: When = None, json: Json = False) -> None:
    """Show who is on call over a time, a week from now unless said otherwise; gaps stand as nobody."""
    client = Client()
    zone = zone_of(client, name) if start or to else ""
    times = {"from": instant(start, zone, "--from"), "to": instant(to, zone, "--to")}
    answer = client.get(f"/schedules/{name}/coverage", **times)
    if json:
        emit_json(answer)
        return
    rows = [
        {
            **local_times(span, answer["time_zone"]),
            "people": span["people"] or "nobody",
            "shadows": span["shadows"],
            "why": span["reason"]["sentence"],
        }
        for span in answer["spans"]
    ]
    columns = {"start": f"from ({answer['time_zone']})", "end": "to", "people": "on call", "why": "why"}
    if any(row["shadows"] for row in rows):
        columns["shadows"] = "shadow"
    emit_table(rows, columns, json=False, empty="")
    for line in _findings(answer):
        print(line)


@schedule.command(name="explain")
def explain(name: str, *, at: When = None, json: Json = False) -> None:
    """Show who is on call at an instant, and what each override and layer says, from the top."""
    client = Client()
    answer = client.get(f"/schedules/{name}/on-call", at=instant(at, zone_of(client, name), "--at") if at else None)
    steps = (f"  {'→' if step['decides'] else ' '} {step['sentence']}" for step in answer["steps"])
    who = " and ".join(answer["people"]) or "nobody"
    emit_lines(answer, f"{who}: {answer['reason']['sentence']}", *steps, json=json)


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
    names = {stored["name"] for stored in client.items("/schedules", most=10_000)}
    for document in read.documents:
        fields = document.data if isinstance(document.data, dict) else {}
        name = fields.get("name")
        since = instant(start, str(fields.get("time_zone", "UTC")), "--from")
        later = f"?{urlencode({'from': since})}" if since else ""
        if preview:
            answer = client.post("/schedules/preview", document.data)
        elif name in names:
            answer = client.put(f"/schedules/{name}{later}", document.data)
        else:
            answer = client.post(f"/schedules{later}", document.data)
        emit_lines(
            answer, f"{name}: {'would be saved' if preview else _version(answer)}", *_findings(answer), json=json
        )


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
            row.update(local_times(row, zone, "start", "effective_end"))
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
        preview = client.post(f"/schedules/{schedule}/overrides/preview", body)
        emit_lines(preview, *_effects(preview, zone), json=json)
        return
    answer = client.post(f"/schedules/{schedule}/overrides", body)
    when = "from {start} to {end}".format(**local_times(answer, zone))
    who = answer["person"] or "Nobody"
    emit_lines(answer, f"{who} is on call by {schedule} {when} ({zone}). {answer['id']}", json=json)


def _effects(preview: dict[str, Any], zone: str) -> Iterator[str]:
    for change in preview["effects"]:
        before, after = (" and ".join(change[key]) or "nobody" for key in ("before", "after"))
        yield f"{' to '.join(local_times(change, zone).values())}: {after} instead of {before}"
    for remark in preview["remarks"]:
        yield remark["sentence"]
    if preview["refused"]:
        yield f"You may not do this: {preview['refused']}"


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
            row["until"] = local_times(row, row["time_zone"], "until")["until"] if row["until"] else None
            row["people"] = row["people"] or "nobody"
            row["why"] = row["reason"]["sentence"]
    columns = {"schedule": "schedule", "people": "on call", "until": "until", "time_zone": "zone", "why": "why"}
    emit_table(rows, columns, json=json, empty="There is no schedule, so nobody is on call.")


def _findings(answer: dict[str, Any]) -> list[str]:
    return [f"! {finding['sentence']}" for finding in answer["findings"]]


@schedule.command(name="history")
def history(name: str, *, json: Json = False) -> None:
    """List the versions of a schedule, the newest first: from when each holds, by whom, and what became of it."""
    client = Client()
    rows = list(client.items(f"/schedules/{name}/versions"))
    zone = "" if json else zone_of(client, name)
    for row in () if json else rows:
        row.update(local_times(row, zone, "since"))
        row["state"] = f"withdrawn by {row['withdrawn_by']}" if row["withdrawn_by"] else row["state"]
        row["layers"] = [layer["name"] for layer in (row["definition"] or {}).get("layers", ())] or "none, deleted"
    columns = {"version": "version", "since": f"from ({zone})", "state": "state", "made_by": "by", "layers": "layers"}
    emit_table(rows, columns, json=json, empty="")


@schedule.command(name="withdraw")
def withdraw(name: str, version: int, *, reason: str = "", json: Json = False) -> None:
    """Withdraw the newest version of a schedule before it takes effect."""
    _show(Client().post(f"/schedules/{name}/versions/{version}/withdraw", {"reason": reason}), json)


@schedule.command(name="undo")
def undo(name: str, *, reason: str = "", json: Json = False) -> None:
    """Take the newest edit back: a version equal to the one before it is in force from now; the past stays."""
    _show(Client().post(f"/schedules/{name}/undo", {"reason": reason}), json)


def _version(schedule: dict[str, Any]) -> str:
    """From when a saved version holds, and what has yet to take effect after it."""
    zone, number = schedule["time_zone"], schedule["version"]
    since = local_times(schedule, zone, "since")["since"]
    ahead = any(version["version"] == number for version in schedule["ahead"])
    return f"version {number} {'takes effect' if ahead else 'is in force since'} {since} ({zone})"


def _show(schedule: dict[str, Any], json: bool) -> None:
    emit_lines(schedule, f"{schedule['name']}: {_version(schedule)}", *_findings(schedule), json=json)
