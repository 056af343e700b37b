"""What the engine decided, as the templates show it: obligations with their buttons, verbs with the reasons against them."""

from collections.abc import Sequence
from typing import Any

from muster.incidents.action import ASSIGN, IncidentAction
from muster.incidents.actions.guard import Held
from muster.incidents.decision import Decision, Fulfilment, Obligation, ObligationState
from muster.incidents.form import form_id
from muster.incidents.pages.rows import url_of
from muster.response.closure import Gate

Actions = Sequence[IncidentAction]
CHECKLIST = frozenset({"no_firing_alerts", "attest", "record_complete", "mitigations_complete", "note"})


def obligations_of(
    held: Held, decided: Decision, closing: Gate, actions: Actions
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """The next steps, and apart from them the closure checklist."""
    steps: list[dict[str, Any]] = []
    checks: list[dict[str, Any]] = []
    lacking = {each.key: each.reason for each in closing.checks if each.blocks and each.kind not in ("attest", "note")}
    for each in decided.obligations:
        kind = each.id.partition(":")[0]
        (checks if kind in CHECKLIST else steps).append(obligation(held, each, actions))
        if each.id in lacking:
            checks[-1]["blocked_by"] = [lacking[each.id]]
        if each.id == "close":
            steps[-1]["blocked_by"] = _before_closing(closing)
    return steps, checks


def _before_closing(gate: Gate) -> list[str]:
    """What keeps it from being closed, the items of the checklist as one: they stand below, each with its reason."""
    many = sum(each.blocks for each in gate.checks)
    items = f"{many} {'item' if many == 1 else 'items'} of its checklist {'is' if many == 1 else 'are'} open."
    return [*filter(None, (gate.state, items if many else "")), *gate.authority]


def obligation(held: Held, each: Obligation, actions: Actions) -> dict[str, Any]:
    """One obligation as `ui.obligation` takes it."""
    mine = each.mine and each.state is not ObligationState.MET
    open = mine and each.state is ObligationState.OPEN
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
        "action": _button(held, each.action, actions) if open and each.action else None,
    }


def _button(held: Held, fulfilment: Fulfilment, actions: Actions) -> dict[str, Any]:
    slug, fields = fulfilment.verb, fulfilment.fields
    action = next((action for action in actions if action.slug == slug), None)
    button: dict[str, Any] = {
        "label": fulfilment.label,
        "url": url_of(held.incident, *slug.split("/")),
        "key": action.key if action else "",
        "fields": fields,
    }
    if slug == ASSIGN.slug and held.actor.person:
        # One tap for the common thing; to give it to somebody else there is the form among the facts.
        return {**button, "label": "I take it", "fields": {**fields, "person": held.actor.person}}
    if action is None or action.form:
        button["opens"] = f"form-{form_id(slug, fields.get('name', ''))}"
    return button


def verbs_of(decided: Decision, actions: Actions, *, paging: bool) -> tuple[list[dict[str, str]], list[dict[str, str]]]:
    """What may be done besides the steps, for the head; and what may not, each with its reasons."""
    allowances = {str(allowance.verb): allowance for allowance in decided.permissions}
    may, refused = [], []
    for action in actions:
        allowance = allowances.get(action.name)
        if allowance and not allowance.allowed:
            refused.append({"label": action.label, "refused": " ".join(allowance.reasons)})
        elif action.form and action.place == "head" and (action.decided or paging):
            may.append(
                {"label": action.label, "icon": action.icon, "opens": f"form-{action.form.id}", "key": action.key}
            )
    return may, refused
