"""`muster incident`: report, take and carry an incident to its close. A refusal prints its reasons and exits with 1."""

from typing import Annotated, Any, Literal

import cyclopts
from cyclopts import Parameter

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_facts, emit_json, emit_table

app = cyclopts.App(name="incident", help="Incidents: report, take, carry them to their close.")

Reason = Annotated[str, Parameter(name=["--reason", "--note"], help="Why; kept in the timeline.")]
Note = Annotated[str, Parameter(name=["--note", "--reason"], help="A word on it; kept in the timeline.")]
Some = Annotated[list[str] | None, Parameter(negative="")]

_COLUMNS = {
    "ref": "incident",
    "severity": "severity",
    "state": "state",
    "title": "title",
    "workload": "workload",
    "who": "who",
    "opened_at": "opened",
}
_FACTS = (
    "ref", "title", "state", "severity", "severity_reason", "category", "workload", "component", "who", "opened_at",
    "acknowledged_at", "mitigated_at", "resolved_at", "closed_at", "merged_into", "alerts", "firing", "plan_version", "url",
)  # fmt: skip
_ALERTS = {"id": "id", "status": "status", "title": "alert", "held": "held because", "joined_at": "joined"}
_TIMELINE = {"at": "at", "actor": "who", "what": "what", "detail": "", "reasons": "why"}


@app.command(name="list")
def list_incidents(
    words: str | None = None,
    *,
    state: Some = None,
    severity: Some = None,
    workload: str | None = None,
    mine: bool = False,
    most: int = 50,
    json: Json = False,
) -> None:
    """List incidents, newest first, those with `words` in them; --state and --severity may be given several times."""
    asked: dict[str, Any] = {"q": words, "state": state, "severity": severity, "workload": workload}
    found = list(Client().items("/incidents", most=most, **asked, mine="true" if mine else None))
    rows = found if json else [_with_who(each) for each in found]
    empty = "No incident fits. Alerts that the plan routes open them, and `muster incident report` does."
    emit_table(rows, _COLUMNS, json=json, empty=empty)


@app.command
def show(ref: str, /, *, json: Json = False) -> None:
    """Show an incident and, for people, what the plan asks for next."""
    client = Client()
    found = client.get(f"/incidents/{ref}")
    emit_one(found, json=json)
    if not json:
        print()
        _emit_obligations(client.get(f"/incidents/{ref}/obligations")["obligations"], json=False)


@app.command
def report(
    title: str,
    /,
    *,
    description: str = "",
    severity: str = "",
    category: str = "",
    workload: str = "",
    on_behalf_of: str = "",
    json: Json = False,
) -> None:
    """Report a problem, also on behalf of somebody; the plan decides its severity and whom it pages."""
    body = {
        "title": title,
        "description": description,
        "severity": severity,
        "category": category,
        "workload": workload,
        "on_behalf_of": on_behalf_of,
    }
    emit_one(Client().post("/incidents", body), json=json)


@app.command
def role(ref: str, role: str, person: str | None = None, /, *, reason: Reason = "", json: Json = False) -> None:
    """Give ROLE to PERSON; without a person, end it. The manager is `incident_response_manager`."""
    client = Client()
    if person:
        found = client.post(f"/incidents/{ref}/roles", {"role": role, "person": person, "reason": reason})
    else:
        found = client.delete(f"/incidents/{ref}/roles/{role}")
    emit_one(found, json=json)


@app.command
def note(ref: str, text: str, /, *, name: str = "", json: Json = False) -> None:
    """Write a note; --name where the closure checklist asks for one by that name."""
    emit_facts(Client().post(f"/incidents/{ref}/notes", {"text": text, "name": name}), json=json)


@app.command
def link(ref: str, url: str, /, *, label: str = "", json: Json = False) -> None:
    """Attach a link: a call, a chat, a dashboard, a document."""
    emit_facts(Client().post(f"/incidents/{ref}/links", {"url": url, "label": label}), json=json)


@app.command
def edit(
    ref: str,
    /,
    *,
    title: str | None = None,
    summary: str | None = None,
    workload: str | None = None,
    trigger: str | None = None,
    impact: str | None = None,
    containment: str | None = None,
    triage: str | None = None,
    mitigation: str | None = None,
    resolution: str | None = None,
    json: Json = False,
) -> None:
    """Change the title, summary, workload, or the fields of the record that closing asks for."""
    given = {
        "title": title,
        "summary": summary,
        "workload": workload,
        "trigger": trigger,
        "impact": impact,
        "containment": containment,
        "triage": triage,
        "mitigation": mitigation,
        "resolution": resolution,
    }
    body = {name: value for name, value in given.items() if value is not None}
    emit_one(Client().patch(f"/incidents/{ref}", body), json=json)


@app.command
def check(ref: str, name: str, /, *, note: Note = "", withdraw: bool = False, json: Json = False) -> None:
    """Attest an item of the closure checklist, such as users_recovered; --withdraw takes it back."""
    path = f"/incidents/{ref}/checks/{name}"
    found = Client().post(f"{path}/withdraw" if withdraw else path, {"note": note})
    _emit_gate(found, json=json)


@app.command
def obligations(ref: str, /, *, json: Json = False) -> None:
    """Show what the plan asks for next, who may do it, by when, and what blocks it."""
    found = Client().get(f"/incidents/{ref}/obligations")
    if json:
        emit_facts(found, json=True)
    else:
        _emit_obligations(found["obligations"], json=False)


@app.command
def timeline(ref: str, /, *, most: int = 500, json: Json = False) -> None:
    """Show what happened, who did it, and why, oldest first."""
    emit_table(
        list(Client().items(f"/incidents/{ref}/timeline", most=most)), _TIMELINE, json=json, empty="Nothing yet."
    )


@app.command
def alerts(
    ref: str,
    /,
    *,
    status: Literal["all", "active", "resolved"] = "all",
    most: int = 100,
    json: Json = False,
) -> None:
    """List the incident's alerts in the order in which they joined."""
    found = list(Client().items(f"/incidents/{ref}/alerts", most=most, status=status))
    emit_table(found, _ALERTS, json=json, empty="No alert of this kind belongs to it.")


@app.command
def pages(ref: str, /, *, json: Json = False) -> None:
    """Show who was paged, when, how, and why or why not."""
    found = Client().get(f"/incidents/{ref}/pages")
    if json:
        return emit_table(found, {}, json=True, empty="")
    for page in found:
        print(
            f"{'Drill: ' if page['drill'] else ''}{page['policy']}: {page['state']}. {page['why']} {page['ended_reason']}".rstrip()
        )
        for step in page["steps"]:
            print(f"  step {step['number']} at {step['at']} {step['why']} {step['skipped']}".rstrip())
            for target in step["targets"]:
                people = ", ".join(target["people"]) or "nobody"
                print(f"    {target['target']}: {people}. {' '.join([target['reason'], *target['unreached']])}")
        for each in page["deliveries"]:
            tried = f"{len(each['attempts'])} attempt{'s' if len(each['attempts']) != 1 else ''}"
            print(
                f"  {each['person']} by {each['channel']} ({each['address']}): {each['state']}, {tried}. {each['reason']}"
            )
    if not found:
        print("Nobody was paged.")
    return None


def emit_each(refs: tuple[str, ...], slug: str, body: dict[str, str], *, json: bool) -> None:
    """Do the same to several incidents, and show how they stand now."""
    if not refs:
        raise SystemExit("Name at least one incident, such as INC-142.")
    client, done = Client(), []
    try:
        for ref in refs:
            done.append(client.post(f"/incidents/{ref}/{slug}", body))
    finally:
        # What was done before a refusal is told too.
        if json and len(refs) > 1:
            emit_json(done)
        else:
            for each in done:
                emit_one(each, json=json)


def emit_one(found: dict[str, Any], *, json: bool) -> None:
    """An incident as it stands now."""
    if json:
        return emit_facts(found, json=True)
    facts = _with_who(found)
    shown = {name: facts[name] for name in _FACTS if facts[name] not in (None, "")}
    return emit_facts({**shown, **{role["role"]: role["person"] for role in found["roles"]}}, json=False)


def _with_who(found: dict[str, Any]) -> dict[str, Any]:
    manager = next((role["person"] for role in found["roles"] if role["role"] == "incident_response_manager"), None)
    return {**found, "who": manager or found["acknowledged_by"] or ""}


def _emit_obligations(found: list[dict[str, Any]], *, json: bool) -> None:
    rows = [{**each, "blocked_by": " ".join(each["blocked_by"])} for each in found]
    columns = {"title": "next", "state": "state", "who": "who may", "due": "by", "blocked_by": "blocked by"}
    emit_table(rows, columns, json=json, empty="The plan asks nothing of this incident now.")


def _emit_gate(found: dict[str, Any], *, json: bool) -> None:
    if json:
        return emit_facts(found, json=True)
    columns = {"title": "check", "state": "state", "reason": "why", "by": "by"}
    return emit_table(found["checks"], columns, json=False, empty="The plan asks for no check.")
