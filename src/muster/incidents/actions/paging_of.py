"""Starts the pages of incidents: every policy that the plan named, with its steps frozen now."""

from collections.abc import Sequence

from muster.alerts.alert import Alert
from muster.base.unit import Unit
from muster.incidents.incident import Incident
from muster.paging.actions.start import start
from muster.paging.spec import PageSpec
from muster.plan.steps import frozen_steps
from muster.plan.version import Version


async def start_for(unit: Unit, version: Version, incidents: Sequence[tuple[Incident, Alert | None]]) -> None:
    """Page for incidents that have just opened or reopened; the alert, if any, lends its next step and links."""
    await start(unit, [spec for incident in incidents for spec in specs(version, *incident)])


def specs(version: Version, incident: Incident, alert: Alert | None) -> list[PageSpec]:
    """One run for each policy of the incident that its plan version still has."""
    return [
        spec_of(version, incident, alert, policy) for policy in incident.policies if policy in version.plan.escalation
    ]


def spec_of(version: Version, incident: Incident, alert: Alert | None, policy: str) -> PageSpec:
    """One run through a policy; one that the plan does not have gets its steps from whoever asked for it."""
    return PageSpec(
        incident_id=incident.id,
        ref=incident.ref,
        title=incident.title,
        summary=incident.summary,
        severity=incident.severity,
        policy=policy,
        steps=frozen_steps(version.plan, policy) if policy in version.plan.escalation else (),
        plan_version_id=version.id,
        why=f"The plan, version {version.number}, sends it to the policy {policy}.",
        next_step=alert.next_step if alert else "",
        links=alert.links if alert else (),
        facts={
            "labels": alert.labels if alert else {},
            "workload": incident.workload,
            "component": incident.component,
            "category": incident.category,
        },
    )
