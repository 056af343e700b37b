"""What the engine decided, as the templates show it: obligations with their buttons, verbs with the reasons against them."""

from typing import Any

from muster.incidents.actions.guard import Held
from muster.incidents.pages.rows import url_of
from muster.response.decide import Decision, Obligation, ObligationState

CHECKLIST = frozenset({"no_firing_alerts", "attest", "record_complete", "mitigations_complete", "note"})
KEYS = {"acknowledge": "a", "mitigate": "m", "resolve": "r", "close": "x"}
FORMS = frozenset({"mitigate", "resolve", "close", "roles", "edit"})
"""Verbs that ask for words or a choice before they act: their button opens a form."""

LABELS = {
    "acknowledge": "Acknowledge",
    "mitigate": "Mitigate",
    "resolve": "Resolve",
    "false_alarm": "False alarm",
    "merge": "Merge",
    "reopen": "Reopen",
    "close": "Close",
    "assign": "Assign a role",
    "severity.raise": "Raise the severity",
    "severity.lower": "Lower the severity",
}
HEAD = {"false_alarm": "refusal", "merge": "merge", "reopen": "undo"}
"""Verbs that stand in the head of the page, with their signs; the others are steps."""


def obligations_of(held: Held, decided: Decision) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The next steps, and apart from them the closure checklist."""
    steps: list[dict[str, Any]] = []
    checks: list[dict[str, Any]] = []
    lacking = {
        each.key: each.reason for each in decided.gate.checks if each.blocks and each.kind not in ("attest", "note")
    }
    for each in decided.obligations:
        kind = each.id.partition(":")[0]
        (checks if kind in CHECKLIST else steps).append(obligation(held, each))
        if each.id in lacking:
            checks[-1]["blocked_by"] = [lacking[each.id]]
        if each.id == "close":
            steps[-1]["blocked_by"] = _before_closing(decided)
    return steps, checks


def _before_closing(decided: Decision) -> list[str]:
    """What keeps it from being closed, the items of the checklist as one: they stand below, each with its reason."""
    gate = decided.gate
    many = sum(each.blocks for each in gate.checks)
    items = f"{many} {'item' if many == 1 else 'items'} of its checklist {'is' if many == 1 else 'are'} open."
    return [*filter(None, (gate.state, items if many else "")), *gate.authority]


def obligation(held: Held, each: Obligation) -> dict[str, Any]:
    """One obligation as `ui.obligation` takes it."""
    mine = each.mine and each.state is not ObligationState.MET
    why = f"{each.why} Who may: {each.who}" if mine else each.why
    return {
        "id": each.id.replace(":", "-"),
        "title": each.title,
        "who": "You" if mine else each.who,
        "mine": mine,
        "state": str(each.state),
        "due": each.due,
        "started": each.started,
        "blocked_by": list(each.blocked_by),
        "why": why.strip(),
        "met_by": each.met_by,
        "met_at": each.met_at,
        "action": _action(held, each) if mine and each.state is ObligationState.OPEN else None,
    }


def _action(held: Held, each: Obligation) -> dict[str, Any] | None:
    if each.action is None:
        return None
    verb = each.action.verb
    action: dict[str, Any] = {
        "label": each.action.label,
        "url": url_of(held.incident, *verb.split("/")),
        "key": KEYS.get(verb, ""),
        "fields": each.action.fields,
    }
    if verb == "roles" and held.actor.person:
        # One tap for the common thing; to give it to somebody else there is the form among the facts.
        return {**action, "label": "I take it", "fields": {**each.action.fields, "person": held.actor.person}}
    if verb in FORMS or verb == "notes" or verb.startswith("checks/"):
        action["opens"] = form_id(verb, each.action.fields)
    return action


def form_id(verb: str, fields: dict[str, str] | None = None) -> str:
    """The id of the dialog that asks for what a verb needs."""
    part = (fields or {}).get("name", "") if verb == "notes" else ""
    return "-".join(filter(None, ("form", verb.replace("/", "-"), part)))


def dialogs_of(held: Held, decided: Decision, *, paging: bool) -> list[tuple[str, str]]:
    """Every form that a button of the page opens: the verb, and what stands above it."""
    ref = held.incident.ref
    wanted = {str(each.verb) for each in decided.permissions if each.allowed}
    titles = {
        "mitigate": "The impact is reduced",
        "resolve": "The disruption is over",
        "close": f"Close {ref}",
        "reopen": f"Reopen {ref}",
        "false_alarm": f"Was {ref} a false alarm?",
        "merge": f"Merge {ref}",
    }
    forms: list[tuple[str, str]] = [(verb, title) for verb, title in titles.items() if verb in wanted]
    forms += [("escalate", "Escalate now")] if paging else []
    forms += [("severity", "Change severity"), ("roles", "Assign a role"), ("edit", "Edit"), ("links", "Attach a link")]
    for check in decided.gate.checks:
        if check.kind == "attest":
            forms.append((f"checks/{check.name}", check.title))
        elif check.kind == "note":
            forms.append((f"notes/{check.name}", check.title))
    return forms


def asking_dialogs(open: bool, *, asked: bool) -> list[tuple[str, str]]:
    """The forms by which people ask people, while there is something to ask for."""
    if not open:
        return []
    forms = [("help", "Ask for help"), ("responders", "Add responders"), ("hand-over", "Hand it over")]
    return [*forms, ("respond", "Decline")] if asked else forms


def verbs_of(decided: Decision, *, paging: bool) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What may be done besides the steps, for the head; and what may not, each with its reasons."""
    may = [
        {"label": LABELS[each.verb], "icon": HEAD[each.verb], "opens": form_id(each.verb)}
        for each in decided.permissions
        if each.allowed and each.verb in HEAD
    ]
    refused = [
        {"label": LABELS[each.verb], "refused": " ".join(each.reasons)}
        for each in decided.permissions
        if not each.allowed
    ]
    if paging:
        may.insert(0, {"label": "Escalate", "icon": "up", "opens": form_id("escalate"), "key": "e"})
    return may, refused
