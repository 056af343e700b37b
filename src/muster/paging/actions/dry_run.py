"""Trying things out: what an alert would lead to, and whom a policy would wake at a time, by the evaluator that pages."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from muster.alerts.facts import facts_of
from muster.alerts.integration import Integration
from muster.alerts.port import Parser, Request
from muster.alerts.signal import Signal
from muster.alerts.store import integrations, silences
from muster.base.access import Permission
from muster.base.aside import aside
from muster.base.unit import Unit
from muster.catalog import store as catalog
from muster.kit.errors import Fault, Invalid
from muster.kit.ids import new_id
from muster.kit.nearest import did_you_mean
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.days_off import days_off
from muster.paging.foreseen import PolicyRun, lasts, play, warnings
from muster.paging.store import turns
from muster.plan.facts import AlertFacts
from muster.plan.model.plan import Plan
from muster.plan.steps import FrozenStep, frozen_steps
from muster.plan.triage import Simulation, simulate

MOST_SIGNALS = 50


@dataclass(frozen=True, slots=True)
class Forecast:
    """What an alert would lead to: the decisions (None where only a policy was asked for), the runs, and what to mind.

    `notes` say what would keep it from paging at all, `signal` which alert of a payload it is.
    """

    at: datetime
    simulation: Simulation | None
    runs: tuple[PolicyRun, ...]
    warnings: tuple[str, ...]
    notes: tuple[str, ...] = ()
    signal: Signal | None = None


async def as_received(unit: Unit, plan: Plan, facts: AlertFacts) -> AlertFacts:
    """The facts with what intake would find in the labels: the sender's severity and category, workload and component."""
    place = (await catalog.index(unit.conn)).locate(facts.labels)
    said = facts.labels.get("severity", "").lower()
    return replace(
        facts,
        severity=facts.severity or (said if said in plan.severities else ""),
        category=facts.category or facts.labels.get("category", ""),
        workload=facts.workload or place.workload,
        component=facts.component or place.component,
        criticality=facts.criticality or place.criticality,
    )


async def foresee(unit: Unit, plan: Plan, facts: AlertFacts) -> Forecast:
    """Decide as for a real alert at `facts.now`, and play its pages through; nothing is written, nobody is paged."""
    unit.allow(Permission.PLAN_READ)
    facts = await as_received(unit, plan, facts)
    done = simulate(plan, facts, await days_off(unit, plan))
    decided = done.triage
    # What paging freezes with the page, and its steps' conditions look at.
    frozen = {
        "labels": dict(facts.labels),
        "title": facts.title,
        "severity": decided.severity,
        "category": decided.category,
        "workload": facts.workload,
        "component": facts.component,
        "criticality": facts.criticality,
    }
    runs = await _play(unit, plan, decided.routed.policies, facts.now, decided.severity, frozen)
    return Forecast(facts.now, done, runs, warnings(runs))


async def foresee_policy(unit: Unit, plan: Plan, policy: str, at: datetime, severity: str = "") -> Forecast:
    """Whom a policy would wake at a time, for an incident of a severity (the worst, if none is given) without labels.

    Raises:
        Invalid: the plan has no such policy or severity.
    """
    unit.allow(Permission.PLAN_READ)
    faults = []
    if policy not in plan.escalation:
        rule = f"The plan has no policy `{policy:.64}`."
        faults.append(Fault("policy", rule, did_you_mean(policy, plan.escalation)))
    if severity and severity not in plan.severities:
        rule = f"The plan has no severity `{severity:.64}`."
        faults.append(Fault("severity", rule, did_you_mean(severity, plan.severities)))
    if faults:
        raise Invalid("That cannot be tried out.", faults=faults)
    chosen = severity or plan.worst
    frozen = {"labels": {}, "title": "", "severity": chosen, "category": "", "workload": "", "component": "",
              "criticality": ""}  # fmt: skip
    runs = await _play(unit, plan, [policy], at, chosen, frozen)
    return Forecast(at, None, runs, warnings(runs))


async def foresee_payload(
    unit: Unit, plan: Plan, parser: Parser, integration: Integration, request: Request, at: datetime
) -> list[Forecast]:
    """What a sender's own payload would lead to at a time, alert by alert, read as its integration reads it.

    Raises:
        Malformed: it cannot be read; with every fault.
        Invalid: it holds no alert, or too many to try out.
    """
    unit.allow(Permission.PLAN_READ)
    parsed = await aside(parser.parse, integration, request)
    if not parsed.signals:
        told = f"It tells of {len(parsed.changes)} changes." if parsed.changes else "Nothing in it is an alert."
        raise Invalid("There is no alert to try out.", told)
    if len(parsed.signals) > MOST_SIGNALS:
        raise Invalid("These are too many alerts.", f"{len(parsed.signals)}; at most {MOST_SIGNALS} are tried at once.")
    index = await catalog.index(unit.conn)
    quiet = [each for each in await silences.unexpired(unit.conn, at) if each.state(at) == "active"]
    found = []
    for signal in parsed.signals:
        facts = facts_of(signal, integration.format, integration.name, index.locate(signal.labels), at)
        done = await foresee(unit, plan, facts)
        notes = [f"{each.sentence()}. While it is held back, nobody is paged."
                 for each in quiet if each.matches(integration.id, signal.labels)]  # fmt: skip
        if signal.status != "firing" and signal.guess:
            notes.append(f"It may say that it is over ({signal.guess}): it ends an alert that is open, else it fires.")
        elif signal.status != "firing":
            notes.append(f"It says that it is {signal.status}: by itself it opens no incident.")
        found.append(replace(done, notes=tuple(notes), signal=signal))
    return found


def payload_request(payload: str, path: str, headers: Mapping[str, str], at: datetime) -> Request:
    """A sender's payload as the request that would bring it."""
    named = {"content-type": "application/json", **{name.lower(): value for name, value in headers.items()}}
    return Request(path, "POST", named, {}, payload.encode("utf-8", "surrogatepass"), at)


async def source_of(unit: Unit, name: str) -> Integration:
    """The integration of that name; without a name one that recognises each format.

    Raises:
        Invalid: there is none.
    """
    if not name:
        return Integration(new_id(unit.now), "simulated", "", "auto", {}, True, unit.now, None)
    found = await integrations.by_name(unit.conn, name)
    if found is None:
        known = [each.name for each in await integrations.every(unit.conn)]
        fault = Fault("integration", f"There is no integration `{name:.64}`.", did_you_mean(name, known))
        raise Invalid("That cannot be tried out.", faults=[fault])
    return found


async def _play(
    unit: Unit, plan: Plan, policies: Sequence[str], at: datetime, severity: str, frozen: dict[str, Any]
) -> tuple[PolicyRun, ...]:
    steps: dict[str, tuple[FrozenStep, ...]] = {policy: frozen_steps(plan, policy) for policy in policies}
    every = [step for each in steps.values() for step in each]
    until = at + max((lasts(step) for step in steps.values()), default=snapshots.INSTANT) + snapshots.INSTANT
    before = await turns.look(unit.conn, [step.turn for step in every if step.turn])
    targets = {target for step in every for target in step.targets}
    known = await snapshots.know(unit, targets, plan, turns=before, stretch=(at, until))
    runs = []
    for policy, each in steps.items():
        run, known = play(known, policy, each, at, severity, frozen, f"The policy {policy} begins.")
        runs.append(run)
    return tuple(runs)
