"""The dry run in the browser: what would happen if this alert came at that time, and why."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from markupsafe import Markup

from muster.alerts.formats import Formats
from muster.base.access import Permission
from muster.base.web.budget import SIMULATIONS
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import by_field
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.kit.errors import Fault, Invalid, Problem
from muster.kit.localtime import to_instant, to_local
from muster.paging.actions.dry_run import (
    Forecast,
    foresee,
    foresee_payload,
    foresee_policy,
    payload_request,
    source_of,
)
from muster.paging.foreseen import ForeseenStep
from muster.plan.facts import AlertFacts
from muster.plan.model.plan import Plan
from muster.plan.pages.parts import TOPICS, Asked, Field, Text, inline, newest_of
from muster.plan.triage import Simulation
from muster.plan.version import Version

FIRST_YEAR, LAST_YEAR = 2000, 2199
Labels = Annotated[str, Query(max_length=20_000)]
router = page_router()


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What was typed into the form."""

    title: str = ""
    severity: str = ""
    category: str = ""
    workload: str = ""
    labels: str = ""
    policy: str = ""
    payload: str = ""
    integration: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class StepRow:
    """A step; `skipped` says why it would be passed over."""

    step: ForeseenStep
    skipped: Markup


@dataclass(frozen=True, slots=True)
class RunRow:
    """A policy played through."""

    policy: str
    steps: Sequence[StepRow]


@dataclass(frozen=True, slots=True)
class ReasonRow:
    """Why something was decided, and where in the plan that stands."""

    sentence: Markup
    at: str


@dataclass(frozen=True, slots=True)
class IncidentForeseen:
    """The incident that an alert would open."""

    severity: str
    rank: int
    category: str
    acknowledge_by: datetime
    within: timedelta
    reasons: Sequence[ReasonRow]


@dataclass(frozen=True, slots=True)
class TriedOutcome:
    """What would come of one alert of those that were tried, or of a policy that was asked for (then without an incident)."""

    alert: str
    at: datetime
    incident: IncidentForeseen | None
    runs: Sequence[RunRow]
    notes: Sequence[str]
    warnings: Sequence[str]


@template("paging/simulate.html")
@dataclass(frozen=True, slots=True, kw_only=True)
class DryRun:
    """The form as it was filled in, and what would come of it. `plan` names one that is not in force."""

    plan: str
    typed: Typed
    faults: Mapping[str, Fault]
    severities: Sequence[str]
    categories: Sequence[str]
    policies: Sequence[tuple[str, str]]
    outcomes: Sequence[TriedOutcome]


@router.get("/plan/simulate")
@needs(Permission.PLAN_READ)
async def simulate_page(
    unit: Uses,
    request: Request,
    title: Asked = "",
    severity: Asked = "",
    category: Asked = "",
    workload: Asked = "",
    labels: Labels = "",
    policy: Asked = "",
    at: Asked = "",
    plan: Asked = "",
    run: Asked = "",
) -> Response:
    """Ask for an alert, or a policy, and a time; tell what the plan makes of it. Nothing is written and nobody is paged."""
    newest = await newest_of(unit.conn, plan)
    if newest is None:
        return render(request, "plan/first.html", topics=TOPICS)
    instant, faults = _instant(at, request.state.view.zone, unit.now)
    pairs, wrong = read_labels(labels)
    faults |= wrong
    facts = AlertFacts(
        now=instant, key="simulated", title=title, severity=severity, category=category, workload=workload, labels=pairs
    )
    typed = Typed(
        title=title, severity=severity, category=category, workload=workload, labels=labels, policy=policy, at=at
    )
    done: list[Forecast] = []
    if run and not faults:
        try:
            tried = foresee_policy(unit, newest.plan, policy, instant, severity) if policy else None
            done = [await (tried or foresee(unit, newest.plan, facts))]
        except Invalid as refused:
            faults = by_field(refused)
    return _shown(request, newest, typed, plan, faults, instant, done)


@router.post("/plan/simulate")
@needs(Permission.PLAN_READ, largest=None, budget=SIMULATIONS)
async def simulate_payload_page(
    unit: Uses, request: Request, payload: Text = "", integration: Field = "", at: Field = "", plan: Field = ""
) -> Response:
    """Try out what a sender sends, as it stands; tell it alert by alert. Nothing is written and nobody is paged."""
    newest = await newest_of(unit.conn, plan)
    if newest is None:
        return render(request, "plan/first.html", topics=TOPICS)
    instant, faults = _instant(at, request.state.view.zone, unit.now)
    typed = Typed(payload=payload, integration=integration, at=at)
    done: list[Forecast] = []
    if not faults:
        try:
            source = await source_of(unit, integration)
            sent = payload_request(payload, "", {}, instant)
            parser = services_of(request).of(Formats).parser
            done = await foresee_payload(unit, newest.plan, parser, source, sent, instant)
        except Problem as refused:
            named = by_field(refused)
            rule = " ".join([str(refused.title), *(fault.rule for fault in refused.faults), refused.detail])
            faults = named if "integration" in named else {"payload": Fault("payload", rule, "")}
    return _shown(request, newest, typed, plan, faults, instant, done)


def _shown(
    request: Request,
    version: Version,
    typed: Typed,
    name: str,
    faults: Mapping[str, Fault],
    instant: datetime,
    done: Sequence[Forecast],
) -> Response:
    local, plan = to_local(instant, request.state.view.zone), version.plan
    view = DryRun(
        plan=name,
        typed=replace(typed, at=typed.at or f"{local:%Y-%m-%dT%H:%M}"),
        faults=faults,
        severities=list(plan.severities),
        categories=list(plan.categories),
        policies=[("", "as the routes say"), *((policy, policy) for policy in plan.escalation)],
        outcomes=[_outcome(plan, foreseen, instant, several=len(done) > 1) for foreseen in done],
    )
    return render(request, view, status=422 if faults else 200)


def _outcome(plan: Plan, foreseen: Forecast, instant: datetime, *, several: bool) -> TriedOutcome:
    return TriedOutcome(
        alert=foreseen.signal.title if foreseen.signal and several else "",
        at=foreseen.at,
        incident=_incident(plan, foreseen.simulation, instant) if foreseen.simulation else None,
        runs=[RunRow(run.policy, [StepRow(step, inline(step.skipped)) for step in run.steps]) for run in foreseen.runs],
        notes=foreseen.notes,
        warnings=foreseen.warnings,
    )


def _incident(plan: Plan, simulation: Simulation, instant: datetime) -> IncidentForeseen:
    triage = simulation.triage
    reasons = (*triage.category_reasons, *triage.severity_reasons, *triage.routed.reasons, triage.grouped.reason)
    return IncidentForeseen(
        severity=triage.severity,
        rank=plan.rank(triage.severity) + 1,
        category=triage.category,
        acknowledge_by=simulation.acknowledge_by,
        within=simulation.acknowledge_by - instant,
        reasons=[ReasonRow(inline(reason.sentence), reason.at) for reason in reasons],
    )


def _instant(text: str, zone: str, now: datetime) -> tuple[datetime, dict[str, Fault]]:
    if not text:
        return now, {}
    try:
        local = datetime.fromisoformat(text)
        if local.tzinfo is not None:
            return local.astimezone(now.tzinfo), {}
        if FIRST_YEAR <= local.year <= LAST_YEAR:
            return to_instant(local, zone), {}
    except (ValueError, OverflowError):
        pass
    fault = Fault("at", f"{text!r} is not a time.", f"Write it as 2026-11-22T03:00, in {zone}.")
    return now, {"at": fault}


def read_labels(text: str) -> tuple[dict[str, str], dict[str, Fault]]:
    """Labels written one a line as `name=value`."""
    found: dict[str, str] = {}
    for number, line in enumerate(text.splitlines(), 1):
        name, sign, value = line.partition("=")
        if not line.strip():
            continue
        if not sign or not name.strip():
            rule = f"Line {number} is not a label: {line.strip()[:60]!r}."
            return found, {"labels": Fault("labels", rule, "Write one a line, such as severity=critical.")}
        found[name.strip()] = value.strip().strip('"')
    return found, {}
