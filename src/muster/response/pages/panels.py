"""What the response adds to an incident's page: what the plan asks for next, and the changes that it may come from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.unit import Unit
from muster.base.web.typed import template
from muster.catalog import store as catalog
from muster.catalog.graph import dependencies
from muster.changes import store as changes
from muster.incidents.action import IncidentAction
from muster.incidents.incident import State
from muster.incidents.pages.obligation import ObligationView
from muster.incidents.pages.panel import Content, Panel, PanelPlace, Viewed
from muster.incidents.pages.panels.affected import affected_refs
from muster.kit.masking import mask_text
from muster.response.closure import CheckResult, CheckState, gate
from muster.response.pages.checks import check_forms
from muster.response.pages.obligations import obligations_of
from muster.response.suspects import LOOKED_AT, suspects

MOST_CHANGES = 100


@template("response/panels/obligations.html")
@dataclass(frozen=True, slots=True)
class Obligations:
    """The next steps and the closure checklist; `unasked` are items that are not asked here, `closing` whether closing comes
    next, `closed` whether it was closed."""

    steps: Sequence[ObligationView]
    checks: Sequence[ObligationView]
    checks_met: int
    unasked: Sequence[CheckResult]
    closing: bool
    closed: bool


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """A change that the incident may come from, and why; `url` may be empty."""

    id: UUID
    title: str
    url: str
    at: datetime
    reason: str


@template("response/panels/changes.html")
@dataclass(frozen=True, slots=True)
class Changes:
    """The likeliest first."""

    changes: Sequence[ChangeRow]


async def obligations(unit: Unit, viewed: Viewed) -> Content:
    """What the pinned plan requires now, with the forms that meet items of the checklist."""
    situation, incident = viewed.situation, viewed.held.incident
    closing = gate(viewed.held.version.plan, situation.facts, unit.now)
    steps, checks = obligations_of(situation, closing, unit.ports.of(IncidentAction))
    view = Obligations(
        steps=steps,
        checks=checks,
        checks_met=sum(check.state is CheckState.MET for check in closing.checks),
        unasked=[check for check in closing.checks if check.state not in (CheckState.OPEN, CheckState.MET)],
        closing=incident.state in (State.MITIGATED, State.RESOLVED),
        closed=incident.state is State.CLOSED,
    )
    following = next((item for item in (*steps, *checks) if item.mine and item.action), None)
    return Content(view, list(check_forms(closing.checks)), following)


async def suspected(unit: Unit, viewed: Viewed) -> Content:
    """Changes before the incident that it may come from."""
    incident = viewed.held.incident
    recent = await changes.recent(unit.conn, MOST_CHANGES, before=incident.opened_at)
    recent = [change for change in recent if change.at >= incident.opened_at - LOOKED_AT]
    if not recent:
        return Content(None)
    survey, index = await catalog.survey(unit.conn), await catalog.index(unit.conn)
    refs = affected_refs(survey.catalogue, incident)
    needed = {hit.ref for ref in refs for hit in dependencies(survey.graph, ref)} - set(refs)
    placed = [(change, index.locate(change.labels)) for change in recent]
    rows = [
        ChangeRow(
            id=suspect.change.id,
            title=suspect.change.title,
            url=mask_text(suspect.change.links[0].url) if suspect.change.links else "",
            at=suspect.change.at,
            reason=suspect.reason,
        )
        for suspect in suspects(placed, refs, incident.workload, needed, incident.opened_at)
    ]
    return Content(Changes(rows) if rows else None)


PANELS = (
    Panel("next", "Next steps", PanelPlace.STEPS, 10, obligations),
    Panel("changes", "Suspected changes", PanelPlace.FACTS, 50, suspected),
)
