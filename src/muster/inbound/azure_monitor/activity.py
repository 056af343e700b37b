"""Contexts from the activity log: Service Health, Resource Health, security, recommendations, administrative operations."""

import json

from muster.inbound.azure_monitor.context_facts import ContextFacts
from muster.inbound.azure_monitor.resource import resource_labels, resource_link, resource_name
from muster.inbound.bounded import flat
from muster.inbound.places import link
from muster.inbound.record import Record, records
from muster.inbound.text import plain
from muster.kit.link import Link

_OVER = frozenset({"resolved", "rca", "complete", "completed", "canceled", "cancelled"})
_ISSUES = "https://portal.azure.com/#view/Microsoft_Azure_Health/AzureHealthBrowseBlade/~/serviceIssues"
_KEPT = ("correlationId", "eventDataId", "caller", "status", "subStatus", "level", "eventSource", "operationName")


def activity(context: Record, resource: str = "") -> ContextFacts:
    """Read an activity-log event; `resource` is its target where the envelope names one.

    Only the two health kinds ever end: the others report one event each and never resolve.
    """
    properties = context.record("properties")
    resource = resource or context.text("resourceId") or context.record("authorization").text("scope")
    source = context.text("eventSource").lower().replace(" ", "")
    if properties.text("trackingId") or source == "servicehealth":
        return service_health(context, properties)
    if properties.text("currentHealthStatus") or source == "resourcehealth":
        return resource_health(context, properties, resource)
    return _event(context, properties, resource)


def service_health(context: Record, properties: Record) -> ContextFacts:
    """A Service Health communication. All of one issue share `trackingId`; `stage` says whether it is over."""
    tracking = properties.text("trackingId")
    stage = properties.text("stage") or context.text("status")
    start, mitigated = properties.text("impactStartTime"), properties.text("impactMitigationTime")
    labels = {
        "tracking_id": tracking,
        "service": properties.text("service"),
        "region": properties.text("region"),
        "incident_type": properties.text("incidentType"),
    }
    impact = _impact(properties)
    return ContextFacts(
        key=f"service-health:{tracking}" if tracking else "",
        identity=(context.text("operationId", "correlationId"),),
        status="resolved" if stage.lower() in _OVER else "firing",
        title=properties.text("title", "defaultLanguageTitle") or context.text("description"),
        lines=tuple(
            line for line in (plain(properties.text("communication", "defaultLanguageContent")), impact) if line
        ),
        labels=_filled(labels),
        annotations=_filled({"stage": stage, "impact_start": start, "impact_mitigation": mitigated, **_facts(context)}),
        links=(Link("Service Health in the Azure portal", _ISSUES),),
        at=properties.time("impactStartTime") or context.time("eventTimestamp"),
    )


def resource_health(context: Record, properties: Record, resource: str) -> ContextFacts:
    """A change of one resource's health: over when it is available again or the event is resolved."""
    health, before = properties.text("currentHealthStatus"), properties.text("previousHealthStatus")
    over = context.text("status").lower() == "resolved" or health.lower() == "available"
    name = resource_name(resource)
    said = properties.text("title") or f"Health is {health.lower() or 'unknown'}"
    change = f"Health went from {before} to {health}." if before and health else ""
    return ContextFacts(
        key=f"resource-health:{resource.lower()}" if resource else "",
        identity=(context.text("operationId", "correlationId"),),
        status="resolved" if over else "firing",
        title=f"{name}: {said}" if name else said,
        lines=tuple(line for line in (plain(properties.text("details")), change) if line),
        labels=_filled(
            {**resource_labels(resource), "cause": properties.text("cause"), "type": properties.text("type")}
        ),
        annotations=_filled({"health": health, "previous_health": before, **_facts(context)}),
        links=resource_link(resource),
        at=context.time("eventTimestamp"),
    )


def _event(context: Record, properties: Record, resource: str) -> ContextFacts:
    operation = context.text("operationName") or context.record("authorization").text("action")
    said = properties.text("recommendationName", "alertDisplayName", "title") or context.text("description")
    if context.text("eventSource").lower() == "security":
        said = said or properties.text("category")
    where = properties.text("compromisedEntity") or resource_name(resource)
    event = context.text("correlationId", "eventDataId")
    return ContextFacts(
        identity=(resource.lower() or event, operation.lower()),
        title=": ".join(part for part in (where, said or operation) if part),
        lines=tuple(line for line in (plain(properties.text("description")), _deed(context, operation)) if line),
        labels=_filled(
            {**resource_labels(resource), "operation": operation, "category": _category(context, properties)}
        ),
        annotations={**flat(properties.data), **_filled(_facts(context))},
        links=(
            *resource_link(resource),
            *link(
                "Recommendation",
                properties.text("recommendationResourceLink"),
                context.findings,
                properties.at("recommendationResourceLink"),
            ),
        ),
        next_step=_remedy(properties),
        severity=properties.text("severity", "recommendationImpact"),
        at=context.time("eventTimestamp", "submissionTimestamp"),
    )


def _deed(context: Record, operation: str) -> str:
    """What was done, with what outcome and at whose request: `Microsoft.Compute/… succeeded, asked by …`."""
    outcome, caller = context.text("status").lower(), context.text("caller")
    deed = " ".join(part for part in (operation, outcome) if part)
    return f"{deed}, asked by {caller}" if deed and caller else deed


def _category(context: Record, properties: Record) -> str:
    return properties.text("category", "recommendationCategory", "eventCategory") or context.text("eventSource")


def _remedy(properties: Record) -> str:
    """`remediationSteps` is a JSON list in a string; a recommendation is itself what to do."""
    written = properties.text("remediationSteps")
    if written.startswith("["):
        try:
            steps = json.loads(written)
        except (ValueError, RecursionError):
            steps = None
        if isinstance(steps, list):
            return plain(" ".join(step for step in steps if isinstance(step, str)))
    return plain(written) or properties.text("recommendationName")


def _impact(properties: Record) -> str:
    """The services and regions of an issue; `impactedServices` is a list, or a JSON list in a string."""
    value = properties.data.get("impactedServices")
    if isinstance(value, str):
        try:
            value = json.loads(value)
        except (ValueError, RecursionError):
            properties.findings.warn(
                properties.at("impactedServices"), "It is neither a list nor JSON; it was ignored."
            )
    listed = value[:20] if isinstance(value, list) else []
    services = []
    for service in records(listed, properties.at("impactedServices"), properties.findings):
        regions = ", ".join(region.text("RegionName") for region in service.records("ImpactedRegions"))
        services.append(f"{service.text('ServiceName')} ({regions})" if regions else service.text("ServiceName"))
    return f"Impacted: {'; '.join(services)}." if services else ""


def _facts(context: Record) -> dict[str, str]:
    return _filled({_snake(name): context.text(name) for name in _KEPT})


def _snake(name: str) -> str:
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in name)


def _filled(texts: dict[str, str]) -> dict[str, str]:
    return {name: text for name, text in texts.items() if text}
