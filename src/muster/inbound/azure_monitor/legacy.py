"""The schemas before the common one: metric alerts, activity-log alerts, log alerts, and alerts of AlertsManagement."""

from dataclasses import replace

from muster.alerts.signal import Signal
from muster.inbound.azure_monitor.activity import activity
from muster.inbound.azure_monitor.common import Envelope, signal_of
from muster.inbound.azure_monitor.conditions import conditions, log_search
from muster.inbound.azure_monitor.context import read_context
from muster.inbound.azure_monitor.resource import alert_key
from muster.inbound.bounded import text_map
from muster.inbound.places import link
from muster.inbound.record import Record


def metric_alert(data: Record) -> Signal:
    """`AzureMonitorMetricAlert`, and the classic metric alert, whose single condition is not in a list."""
    context = data.record("context")
    resource, rule_id = context.text("resourceId"), context.text("id")
    condition = context.record("condition")
    if "allOf" not in condition.data and condition.data:
        whole = {**context.data, "condition": {**condition.data, "allOf": [condition.data]}}
        context = Record(whole, context.path, context.findings)
    facts = conditions(context)
    name = context.text("name")
    envelope = Envelope(
        rule=name,
        rule_id=rule_id,
        condition=data.text("status"),
        severity=context.text("severity"),
        service="Platform",
        signal_type="Metric",
        targets=(resource,) if resource else (),
        items=(context.text("resourceName"),),
        fired_at=context.time("timestamp"),
        description=context.text("description"),
    )
    address = context.text("portalLink")
    portal = link("Resource in the Azure portal", address, data.findings, context.at("portalLink"))
    facts = replace(facts, links=(*facts.links, *portal))
    return signal_of(data.findings, data.path, envelope, facts, text_map(data.record("properties")))


def activity_log(data: Record) -> Signal:
    """`Microsoft.Insights/activityLogs`: always Activated, so that only the health kinds can end."""
    event = data.record("context").record("activityLog")
    resource = event.text("resourceId")
    facts = activity(event, resource)
    source = event.text("eventSource")
    envelope = Envelope(
        severity=event.text("level"),
        service=f"Activity Log - {source}" if source else "Activity Log",
        signal_type="Activity Log",
        targets=(resource,) if resource else (),
        items=(),
        fired_at=facts.at,
        description=event.text("description"),
    )
    return signal_of(data.findings, event.path, envelope, facts, text_map(data.record("properties")))


def log_alert(data: Record) -> Signal:
    """`Microsoft.Insights/LogAlert`, and the flat body of Log Analytics, which has no `schemaId`. Neither ever resolves."""
    facts = log_search(data)
    envelope = Envelope(
        rule=data.text("AlertRuleName"),
        rule_id=f"{data.text('SubscriptionId')}/{data.text('AlertRuleName')}",
        condition="Fired",
        severity=data.text("Severity"),
        service="Log Analytics" if data.text("WorkspaceId") else "Application Insights",
        signal_type="Log",
        fired_at=facts.at,
        description=data.text("Description"),
        items=tuple(value for value in data.items("AffectedConfigurationItems") if isinstance(value, str)),
    )
    subscription = data.text("SubscriptionId")
    return signal_of(data.findings, data.path, envelope, facts, {"subscription": subscription} if subscription else {})


def managed_alert(alert: Record) -> Signal:
    """An alert as AlertsManagement returns it. A person's `alertState` counts only while the condition is fired."""
    properties = alert.record("properties")
    essentials = properties.record("essentials")
    target, state = essentials.text("targetResource"), essentials.text("alertState")
    resolved = essentials.text("monitorCondition").lower() == "resolved"
    rule = essentials.text("alertRule")
    facts = read_context(properties.record("context"), target)
    facts = replace(facts, annotations={**facts.annotations, **({"alert_state": state} if state else {})})
    envelope = Envelope(
        alert_id=alert.text("id"),
        origin_id=essentials.text("sourceCreatedId"),
        rule=alert.text("name") or rule.rpartition("/")[2],
        rule_id=rule,
        condition=essentials.text("monitorCondition"),
        severity=essentials.text("severity"),
        service=essentials.text("monitorService"),
        signal_type=essentials.text("signalType"),
        targets=(target,) if target else (),
        items=(essentials.text("targetResourceName"),),
        fired_at=essentials.time("startDateTime"),
        resolved_at=essentials.time("monitorConditionResolvedDateTime") if resolved else None,
        description=essentials.text("description"),
        group=alert_key(essentials.text("smartGroupId")),
        handled=state.lower() in ("acknowledged", "closed"),
    )
    return signal_of(alert.findings, essentials.path, envelope, facts, {})
