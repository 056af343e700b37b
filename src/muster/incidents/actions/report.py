"""A person reports a problem, also on behalf of somebody; the plan treats it as it treats an alert (R58-R60)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.incidents.actions import paging_of
from muster.incidents.actions.place import located
from muster.incidents.deadline import acknowledge_clock
from muster.incidents.incident import Incident
from muster.incidents.opening import opening_event
from muster.incidents.store import incidents as store
from muster.kit.errors import Conflict, Fault, Invalid
from muster.kit.ids import new_id
from muster.kit.nearest import did_you_mean
from muster.ledger.actions import record
from muster.paging.actions.days_off import days_off
from muster.plan import store as plans
from muster.plan.facts import AlertFacts
from muster.plan.triage import Triage, triage
from muster.plan.version import Version

PERSON = "person"
"""What the plan's rules see as `source` of a report."""


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody says is wrong. `severity` is their word, which the plan weighs like an alert's; `on_behalf_of` names
    who told them, in free words."""

    title: str
    description: str = ""
    severity: str = ""
    category: str = ""
    workload: str = ""
    on_behalf_of: str = ""


async def report(unit: Unit, told: Report) -> Incident:
    """Open an incident from a report: the same rules, page and clock as for an alert.

    It opens an incident of its own, also while a similar one is open: whether they are the same, people judge (`merge`).
    Alerts of its group join it within the plan's window.

    Raises:
        Invalid: an empty title, or a severity, category or workload that does not exist.
        Conflict: no plan is published, so that nobody could be paged.
    """
    unit.allow(Permission.INCIDENT_REPORT)
    version = await plans.in_force(unit.conn)
    if version is None:
        raise Conflict("Nobody could be paged: no response plan is published.", "Publish one: `muster plan publish`.")
    if faults := _faults(told, version):
        raise Invalid("The report cannot be taken.", faults=faults)
    place = await located(unit, told.workload)
    incident_id = new_id(unit.now)
    facts = AlertFacts(
        now=unit.now,
        key=str(incident_id),
        title=told.title,
        description=told.description,
        source=PERSON,
        integration=PERSON,
        severity=told.severity,
        category=told.category,
        workload=place.workload,
        component=place.component,
        criticality=place.criticality,
    )
    decided = triage(version.plan, facts, await days_off(unit, version.plan))
    row = _row(incident_id, told, decided, place.workload, place.component, unit.now)
    (opened,) = await store.insert(unit.conn, version.id, unit.now, [row])
    incident = await store.update(
        unit.conn, opened.id, unit.now, reporter_id=unit.principal.person_id, on_behalf_of=told.on_behalf_of.strip()
    )
    await store.add_severities(
        unit.conn, [(incident.id, unit.now, incident.severity, incident.severity_reason, unit.principal.name)]
    )
    reporter, told_by = unit.principal.name, incident.on_behalf_of
    await record(unit, opening_event(incident, decided, version, reporter=reporter, on_behalf_of=told_by))
    await clocks.start(unit, [acknowledge_clock(incident, version.plan, unit.now)])
    await paging_of.start_for(unit, version, [(incident, None)])
    unit.publish("incidents")
    return incident


def _faults(told: Report, version: Version) -> list[Fault]:
    plan, faults = version.plan, []
    if not told.title.strip():
        faults.append(Fault("title", "A report needs a title.", "Say in a few words what is wrong."))
    if told.severity and told.severity not in plan.severities:
        rule = f"The plan has no severity `{told.severity:.64}`."
        faults.append(Fault("severity", rule, did_you_mean(told.severity, plan.severities)))
    if told.category and told.category not in plan.categories:
        rule = f"The plan has no category `{told.category:.64}`."
        faults.append(Fault("category", rule, did_you_mean(told.category, plan.categories)))
    return faults


def _row(id: UUID, told: Report, decided: Triage, workload: str, component: str, now: datetime) -> dict[str, Any]:
    return {
        "id": id,
        "title": told.title.strip(),
        "summary": told.description.strip(),
        "severity": decided.severity,
        "severity_reason": decided.severity_reasons[-1].sentence,
        "category": decided.category,
        "policies": list(decided.routed.policies),
        "group_key": decided.grouped.key,
        "joins_until": now + decided.grouped.window,
        "workload": workload,
        "component": component,
        "source": PERSON,
    }
