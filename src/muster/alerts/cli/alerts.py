"""`muster alert`, `muster silence`, `muster maintenance` and `muster noise`: what fires, what is held back, what was noise."""

from typing import Annotated, Any, Literal

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table
from muster.kit.errors import Fault, Invalid

alert = cyclopts.App(name="alert", help="Alerts: what fires, and whether it was real.")
silence = cyclopts.App(name="silence", help="Silences: hold back alerts for a time.")
maintenance = cyclopts.App(name="maintenance", help="Maintenance windows: planned silences.")

Filter = Annotated[
    list[str] | None, Parameter(name="--filter", negative="", help='A matcher such as severity=~"crit.*"; repeatable.')
]
For = Annotated[str | None, Parameter(name="--for", help="How long, such as 2h or 1d12h.")]
_SILENCES = {"id": "id", "kind": "kind", "state": "state", "matchers": "matchers", "ends_at": "ends", "created_by": "by",
             "comment": "why"}  # fmt: skip


@alert.command(name="list")
def list_alerts(
    *,
    status: Literal["active", "firing", "acknowledged", "resolved", "all"] = "active",
    held: Literal["any", "none", "silence", "maintenance", "flapping", "test"] | None = None,
    integration: str | None = None,
    severity: Literal["critical", "high", "medium", "low"] | None = None,
    filter: Filter = None,
    search: str | None = None,
    limit: int = 100,
    json: Json = False,
) -> None:
    """List alerts, newest change first."""
    query = {"status": status, "held": held, "integration": integration, "severity": severity, "filter": filter}
    rows = list(Client().items("/alerts", most=limit, q=search, **query))
    columns = {"id": "id", "status": "status", "severity_hint": "says", "title": "alert", "hold_reason": "held because",
               "starts_at": "since", "integration": "from"}  # fmt: skip
    emit_table(rows, columns, json=json, empty="No alert fits. Sources are set up with `muster integration create`.")


@alert.command(name="show")
def show_alert(id: str, *, json: Json = False) -> None:
    """Show an alert: what to do next, its labels, and what became of it."""
    found = Client().get(f"/alerts/{id}")
    if json:
        emit_json(found)
        return
    names = ("title", "status", "next_step", "description", "hold_reason", "severity_hint", "integration", "starts_at",
             "resolved_at", "last_seen_at", "episode", "signal_count", "verdict")  # fmt: skip
    emit_facts({name: found[name] for name in names if found[name] not in ("", None)}, json=False)
    for name, value in sorted(found["labels"].items()):
        print(f"  {name}={value}")
    for link in found["links"]:
        print(f"  {link['label']}: {link['url']}")
    columns = {"at": "when", "status": "became", "reason": "why"}
    emit_table(found["transitions"], columns, json=False, empty="")


@alert.command(name="verdict")
def judge(id: str, verdict: Literal["real", "false", "none"], *, reason: str = "", json: Json = False) -> None:
    """Say whether an alert was real; `none` takes it back. A rule's fidelity is counted from this."""
    body = {"verdict": None if verdict == "none" else verdict, "reason": reason}
    found = Client().post(f"/alerts/{id}/verdict", body)
    emit_facts(found if json else {"title": found["title"], "verdict": found["verdict"] or "none"}, json=json)


@alert.command(name="noise")
def noise(*, days: int = 30, json: Json = False) -> None:
    """Rank the rules by how much they disturb for nothing."""
    found = Client().get("/noise", days=days)
    if json:
        emit_json(found)
        return
    columns = {"rule": "rule", "integration": "from", "episodes": "began", "paged": "paged", "false": "false",
               "real": "real", "remarks": "what could be done"}  # fmt: skip
    emit_table(found["rules"], columns, json=False, empty="Nothing fired.")


@silence.command(name="list")
def list_silences(*, all: bool = False, json: Json = False) -> None:
    """List silences and maintenance windows that hold now or later; with --all also those that are over."""
    rows = list(Client().items("/silences", state="all" if all else "current"))
    empty = "Nothing is silenced. Create one: muster silence create 'alertname=\"DiskFull\"' --for 2h --why TEXT."
    emit_table(rows, _SILENCES, json=json, empty=empty)


@silence.command(name="create")
def create_silence(
    *matchers: str,
    why: str,
    for_: For = None,
    until: str | None = None,
    start: str | None = None,
    integration: str = "",
    json: Json = False,
) -> None:
    """Hold back alerts whose labels meet all MATCHERS, until --until or --for so long.

    Parameters
    ----------
    why: What is being done, or a ticket's number.
    until: When it ends, with its offset: 2026-11-22T18:00+01:00.
    start: When it begins; now where left out.
    integration: Only alerts of this integration.
    """
    _create("silence", matchers, why, for_, until, start, integration, json)


@maintenance.command(name="create")
def create_maintenance(
    *matchers: str,
    why: str,
    for_: For = None,
    until: str | None = None,
    start: str | None = None,
    integration: str = "",
    json: Json = False,
) -> None:
    """Plan a maintenance window for alerts whose labels meet all MATCHERS.

    Parameters
    ----------
    why: What is being done, or a ticket's number.
    until: When it ends, with its offset: 2026-11-22T18:00+01:00.
    start: When it begins; now where left out.
    integration: Only alerts of this integration.
    """
    _create("maintenance", matchers, why, for_, until, start, integration, json)


@silence.command(name="expire")
def expire_silence(id: str, *, reason: str = "", json: Json = False) -> None:
    """End a silence now; what it held and still fires pages."""
    emit_facts(Client().post(f"/silences/{id}/expire", {"reason": reason}), json=json)


def _create(
    kind: str,
    matchers: tuple[str, ...],
    why: str,
    duration: str | None,
    until: str | None,
    start: str | None,
    integration: str,
    json: bool,
) -> None:
    if not matchers:
        fault = Fault("matchers", "It has no matcher.", "Write at least one, such as 'alertname=\"DiskFull\"'.")
        raise Invalid("This silence cannot be made.", faults=[fault])
    body: dict[str, Any] = {"kind": kind, "matchers": list(matchers), "comment": why, "integration": integration}
    times = {"duration": duration, "ends_at": until, "starts_at": start}
    made = Client().post("/silences", body | {name: value for name, value in times.items() if value is not None})
    emit_facts(made if json else {name: made[name] for name in _SILENCES}, json=json)
