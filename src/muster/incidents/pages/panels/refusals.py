"""The panel of what the viewer may not do now, and why."""

from collections.abc import Sequence
from dataclasses import dataclass

from muster.base.unit import Unit
from muster.base.web.typed import template
from muster.incidents.action import IncidentAction
from muster.incidents.pages.panel import Content, Viewed


@dataclass(frozen=True, slots=True)
class RefusedAction:
    """An action with the reasons against it."""

    label: str
    refused: str


@template("incidents/panels/refusals.html")
@dataclass(frozen=True, slots=True)
class Refusals:
    """What cannot be done now."""

    refusals: Sequence[RefusedAction]


async def refusals(unit: Unit, viewed: Viewed) -> Content:
    """Every action that the state or the plan does not allow."""
    against = {
        allowance.verb: " ".join(allowance.reasons)
        for allowance in viewed.situation.decision.permissions
        if not allowance.allowed
    }
    refused = [
        RefusedAction(action.label, against[action.name])
        for action in unit.ports.of(IncidentAction)
        if action.name in against
    ]
    return Content(Refusals(refused) if refused else None)
