"""`muster plan`: read, check, compare, publish and try out the response plan."""

import sys
from pathlib import Path
from typing import Annotated, Any

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json, emit_table
from muster.kit.errors import Fault, Invalid, Missing
from muster.plan.starter import starter_plan

app = cyclopts.App(name="plan", help="The response plan and its versions.")

Name = Annotated[str, Parameter(name="--name", help="The plan's name.")]
_CHANGES = {"sentence": "change"}


@app.command
def show(*, version: int | None = None, yaml: bool = False, name: Name = "main", json: Json = False) -> None:
    """Show the plan as people read it; --yaml prints its text as published."""
    plan = Client().get(f"/plans/{name}/versions/{version}" if version else f"/plans/{name}")
    if json:
        emit_json(plan)
    elif yaml:
        print(plan["text"], end="" if plan["text"].endswith("\n") else "\n")
    else:
        print(f"Version {plan['number']}, published {plan['published_at']} by {plan['published_by']}. {plan['note']}")
        for part in plan["prose"]:
            _print_part(part)


@app.command
def versions(*, name: Name = "main", json: Json = False) -> None:
    """List the plan's versions, newest first."""
    columns = {"number": "version", "published_at": "published", "published_by": "by", "note": "note"}
    emit_table(list(Client().items(f"/plans/{name}/versions")), columns, json=json, empty="Nothing was published yet.")


@app.command
def diff(old: int | None = None, new: int | None = None, /, *, name: Name = "main", json: Json = False) -> None:
    """Compare two versions by what they mean; without numbers, the newest with the one before it."""
    changes = Client().get(f"/plans/{name}/diff", **{"from": old, "to": new})
    emit_table(changes, _CHANGES, json=json, empty="They mean the same.")


@app.command
def validate(file: Path, /, *, name: Name = "main", json: Json = False) -> None:
    """Check a plan as publishing it would, and show what it would change. Fails when there are faults."""
    review = Client().post(f"/plans/{name}:validate", {"text": _read(file), "file": str(file)})
    if json:
        emit_json(review)
    elif review["valid"]:
        _print_warnings(review["warnings"])
        emit_table(review["changes"], _CHANGES, json=False, empty="Valid; it would change nothing.")
    if not review["valid"]:
        faults = [Fault(**fault) for fault in review["faults"]]
        raise Invalid("The plan is not valid.", f"{len(faults)} fault{'s' if len(faults) != 1 else ''}.", faults)


@app.command
def publish(file: Path, /, *, note: str = "", name: Name = "main", json: Json = False) -> None:
    """Publish a plan; new incidents follow it at once."""
    body = {"text": _read(file), "file": str(file), "note": note}
    _print_published(Client().post(f"/plans/{name}/versions", body), json)


@app.command
def restore(version: int, /, *, note: str = "", name: Name = "main", json: Json = False) -> None:
    """Publish an older version anew."""
    _print_published(Client().post(f"/plans/{name}/versions/{version}:restore", {"note": note}), json)


@app.command
def activate(name: str, /, *, note: str = "", json: Json = False) -> None:
    """Let another plan take force for new incidents."""
    plan = Client().post(f"/plans/{name}:activate", {"note": note})
    if json:
        emit_json(plan)
    else:
        print(f"The plan {plan['name']} is in force, in version {plan['number']}.")


@app.command
def simulate(
    *,
    label: Annotated[list[str] | None, Parameter(help="A label as name=value; may be repeated.")] = None,
    title: str = "",
    severity: str = "",
    category: str = "",
    workload: str = "",
    at: Annotated[str | None, Parameter(help="When it comes, such as 2026-11-22T03:00:00+01:00.")] = None,
    file: Annotated[Path | None, Parameter(help="Try this plan instead of the published one.")] = None,
    name: Name = "main",
    json: Json = False,
) -> None:
    """Tell what would happen if an alert came; nobody is paged."""
    labels = dict(_pair(text) for text in label or [])
    alert = {
        "labels": labels,
        "title": title,
        "severity": severity,
        "category": category,
        "workload": workload,
        "at": at,
    }
    alert |= {"text": _read(file)} if file else {}
    simulation = Client().post(f"/plans/{name}:simulate", alert)
    if json:
        emit_json(simulation)
        return
    print(
        f"A {simulation['severity']} {simulation['category']} incident, to be acknowledged by {simulation['acknowledge_by']}."
    )
    for reason in simulation["reasons"]:
        print(f"  {reason['sentence']}")
    rows = [{**step, "whom": ", ".join(step["people"]) or step["skipped"] or "nobody"} for step in simulation["steps"]]
    columns = {"at": "at", "after": "after", "notify": "notify", "whom": "who that is", "policy": "policy"}
    emit_table(rows, columns, json=False, empty="Nobody would be paged.")
    for warning in simulation["warnings"]:
        print(f"warning: {warning}", file=sys.stderr)


@app.command
def starter(*, admin: str, team: str | None = None, schedule: str | None = None, time_zone: str = "UTC") -> None:
    """Print a good plan to begin with, for these names."""
    print(starter_plan(admin, team, schedule, time_zone), end="")


@app.command
def schema() -> None:
    """Print the JSON Schema of a plan, for editors."""
    emit_json(Client().get("/plan-schema.json"))


def _read(file: Path) -> str:
    try:
        return sys.stdin.read() if str(file) == "-" else file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Missing(f"{file} cannot be read.", f"{error}.") from error


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign or not name:
        raise Invalid(
            "The label is not complete.", faults=[Fault("label", f"`{text}` has no value.", "Write name=value.")]
        )
    return name, value


def _print_published(found: dict[str, Any], json: bool) -> None:
    if json:
        emit_json(found)
        return
    _print_warnings(found["warnings"])
    version = found["version"]
    done = "Published" if found["created"] else "Nothing to publish: this is already"
    print(f"{done} version {version['number']} of the plan {version['name']}.")
    if found["changes"]:
        emit_table(found["changes"], _CHANGES, json=False, empty="")


def _print_warnings(warnings: list[dict[str, Any]]) -> None:
    for warning in warnings:
        print(f"warning: {Fault(**warning).sentence()}", file=sys.stderr)


def _print_part(part: dict[str, Any]) -> None:
    print(f"\n{part['title']}\n{'─' * len(part['title'])}")
    for sentence in part["sentences"]:
        print(sentence)
    for table in part["tables"]:
        print(f"\n{table['title']}")
        rows = [dict(zip(map(str, range(len(row))), row, strict=True)) for row in table["rows"]]
        emit_table(rows, {str(at): head for at, head in enumerate(table["head"])}, json=False, empty="")
