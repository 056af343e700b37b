"""`muster workload`: what is operated, by whom, and what a failure brings down."""

from typing import Annotated, Any
from urllib.parse import quote

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table
from muster.kit.errors import Fault, Invalid

app = cyclopts.App(name="workload", help="The catalogue: workloads, their components and dependencies.")
COLUMNS = {
    "name": "workload",
    "owner": "owner",
    "criticality": "criticality",
    "deployment": "deployment",
    "parts": "components",
}
HITS = {
    "component": "component",
    "what": "what happens",
    "hops": "hops",
    "via": "because of",
    "owner": "owner",
    "criticality": "criticality",
}
EMPTY = "The catalogue is empty. Write manifests of kind Workload and bring them in with `muster apply -f FILE`."


@app.command(name="list")
def list_workloads(
    words: str | None = None,
    *,
    owner: str | None = None,
    criticality: str | None = None,
    most: int = 500,
    json: Json = False,
) -> None:
    """List workloads, those with `words` in a name or description."""
    found = list(Client().items("/workloads", most=most, q=words, owner=owner, criticality=criticality))
    rows = found if json else [{**workload, "parts": len(workload["components"])} for workload in found]
    emit_table(rows, COLUMNS, json=json, empty="No workload fits." if words or owner or criticality else EMPTY)


@app.command
def show(name: str, *, json: Json = False) -> None:
    """Show a workload with its components."""
    found = Client().get(_path(name))
    if json:
        return emit_json(found)
    parts = found.pop("components")
    emit_facts({key: value for key, value in found.items() if value not in ("", [], {}, None)}, json=False)
    if parts:
        print()
        columns = {"name": "component", "owner": "owner", "criticality": "criticality", "depends_on": "depends on"}
        rows = [{**part, "depends_on": _needs(part["depends_on"])} for part in parts]
        emit_table(rows, columns, json=False, empty="")
    return None


@app.command
def manifest(name: str) -> None:
    """Print a workload as the manifest that `muster apply` takes."""
    print(Client().get(f"{_path(name)}/manifest")["text"], end="")


@app.command(name="blast-radius")
def blast_radius(name: str, *, json: Json = False) -> None:
    """Tell what stops when a workload fails, or one component of it (`shop/search`)."""
    workload, _, component = name.partition("/")
    found = Client().get(f"{_path(workload)}/blast-radius", component=component or None)
    if json:
        return emit_json(found)
    rows = [{**hit, "what": "stops"} for hit in found["stopped"]]
    rows += [{**hit, "what": "loses an alternative"} for hit in found["weakened"]]
    emit_table(rows, HITS, json=False, empty=f"Nothing else stops when {name} fails.")
    return None


@app.command(name="single-points")
def single_points(*, json: Json = False) -> None:
    """List components whose failure alone stops business-critical ones, the gravest first."""
    found = Client().get("/catalog/graph")["single_points"]
    columns = {"component": "component", "stops": "business-critical ones it stops", "reach": "stops in all"}
    emit_table(found, columns, json=json, empty="No component alone stops a business-critical one.")


@app.command
def locate(
    labels: Annotated[list[str], cyclopts.Parameter(help="Labels of an alert, as service=shop.")], *, json: Json = False
) -> None:
    """Tell which workload and component an alert with these labels belongs to."""
    found = Client().post("/catalog/locate", {"labels": dict(_pair(label) for label in labels)})
    if json or found["workload"]:
        emit_facts(found, json=json)
    else:
        print("No workload or component: name one of them as the label's value, or give one a selector (`labels:`).")


@app.command
def review(name: str, *, json: Json = False) -> None:
    """Confirm that a workload's entry still holds."""
    found = Client().post(f"{_path(name)}/review")
    emit_facts(found if json else {key: found[key] for key in ("name", "reviewed_at")}, json=json)


@app.command
def delete(name: str, *, reason: str = "") -> None:
    """Delete a workload that nothing depends on."""
    Client().delete(f"{_path(name)}?reason={quote(reason)}")


def _path(name: str) -> str:
    return f"/workloads/{quote(name, safe='')}"


def _needs(needs: list[Any]) -> str:
    return ", ".join(need if isinstance(need, str) else " or ".join(need) for need in needs)


def _pair(text: str) -> tuple[str, str]:
    name, sign, value = text.partition("=")
    if not sign:
        raise Invalid(
            "This is not a label.", faults=[Fault("labels", f"`{text:.60}` has no `=`.", "Write service=shop.")]
        )
    return name, value
