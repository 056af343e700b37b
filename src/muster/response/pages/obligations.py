"""What the engine decided, as the page shows it: the next steps, and apart from them the closure checklist."""

from collections.abc import Sequence
from dataclasses import replace

from muster.incidents.action import IncidentAction
from muster.incidents.actions.facts import Situation
from muster.incidents.pages.obligation import ObligationView, obligation
from muster.response.closure import Gate


def obligations_of(
    situation: Situation, closing: Gate, actions: Sequence[IncidentAction]
) -> tuple[list[ObligationView], list[ObligationView]]:
    """The next steps, and apart from them the closure checklist."""
    steps: list[ObligationView] = []
    checks: list[ObligationView] = []
    lacking = {
        check.key: check.reason for check in closing.checks if check.blocks and check.kind not in ("attest", "note")
    }
    asked = {check.key for check in closing.checks}
    for item in situation.decision.obligations:
        view = obligation(situation.held, item, actions)
        if item.id in asked:
            checks.append(replace(view, blocked_by=[lacking[item.id]]) if item.id in lacking else view)
        else:
            steps.append(replace(view, blocked_by=_before_closing(closing)) if item.id == "close" else view)
    return steps, checks


def _before_closing(gate: Gate) -> list[str]:
    """What keeps it from being closed, the items of the checklist as one: they stand below, each with its reason."""
    many = sum(check.blocks for check in gate.checks)
    items = f"{many} {'item' if many == 1 else 'items'} of its checklist {'is' if many == 1 else 'are'} open."
    return [*filter(None, (gate.state, items if many else "")), *gate.authority]
