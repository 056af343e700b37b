"""Which of Azure Monitor's schemas a body is in."""

from collections.abc import Mapping
from typing import Any

from muster.alerts.signal import Signal
from muster.inbound.azure_monitor.common import common
from muster.inbound.azure_monitor.legacy import activity_log, log_alert, managed_alert, metric_alert
from muster.inbound.json_body import load_json, refused
from muster.inbound.options import unknown_options
from muster.inbound.port import Parsed, Request, Sample
from muster.inbound.record import Findings, Record, records
from muster.kit.errors import Fault, Problem

MOST_ALERTS = 1000
_SAMPLE = b"""{"schemaId": "azureMonitorCommonAlertSchema", "data": {
  "essentials": {"alertId": "/subscriptions/sample/providers/Microsoft.AlertsManagement/alerts/muster-sample",
    "alertRule": "muster-sample", "severity": "Sev2", "signalType": "Metric", "monitorCondition": "Fired",
    "monitoringService": "Platform", "configurationItems": ["sample-vm"], "firedDateTime": "2026-01-01T00:00:00.0000000Z",
    "alertTargetIDs": ["/subscriptions/sample/resourcegroups/sample/providers/microsoft.compute/virtualmachines/sample-vm"],
    "description": "A sample alert from the settings page", "essentialsVersion": "1.0", "alertContextVersion": "1.0"},
  "alertContext": {"conditionType": "SingleResourceMultipleMetricCriteria", "condition": {"windowSize": "PT5M", "allOf": [
    {"metricName": "Percentage CPU", "operator": "GreaterThan", "threshold": "90", "timeAggregation": "Average",
     "dimensions": [], "metricValue": 97.5}]}},
  "customProperties": {"runbook_url": "https://example.org/runbooks/sample"}}}"""


class AzureMonitor:
    """An Azure action group whose webhook is Muster's address, with the common alert schema or without."""

    name = "azure-monitor"
    title = "Azure Monitor"
    paths: tuple[str, ...] = ()

    def parse(self, request: Request, options: Mapping[str, Any]) -> Parsed:
        """Read an alert in any of the schemas, or a list of alerts from AlertsManagement."""
        document = load_json(request.body)
        if not isinstance(document, dict):
            raise refused("", "An alert is a JSON object.", "Enable the common alert schema in the action group.")
        findings = Findings()
        signals = _signals(Record(document, "", findings))
        return Parsed(signals, warnings=tuple(findings.warnings))

    def option_faults(self, options: Mapping[str, Any]) -> tuple[Fault, ...]:
        """There are none to set."""
        return unknown_options(options)

    def refusal(self, problem: Problem) -> Any:
        """Azure shows the answer in the action group's test."""
        return problem.as_json()

    def sample(self) -> Sample:
        """A metric alert in the common schema."""
        return Sample("", _SAMPLE, {"content-type": "application/json"})


def looks_like_azure(document: Any) -> bool:
    """Whether a body is in one of Azure Monitor's schemas."""
    if not isinstance(document, dict):
        return False
    return _reader(Record(document, "", Findings())) is not None or _managed(document)


def _signals(body: Record) -> tuple[Signal, ...]:
    if isinstance(body.data.get("value"), list):
        found = list(records(body.data["value"][:MOST_ALERTS], "value", body.findings))
        signals = tuple(managed_alert(entry) for entry in found if _managed(entry.data))
        if signals or not found:
            return signals
    if _managed(body.data):
        return (managed_alert(body),)
    _check_common(body)
    signal = _reader(body)
    if signal is None:
        raise refused(
            "schemaId",
            "This is none of Azure Monitor's alert schemas.",
            "Enable the common alert schema in the action group (schemaId azureMonitorCommonAlertSchema).",
        )
    return (signal,)


def _check_common(body: Record) -> None:
    """Name what is broken where the schema says that it is the common one.

    Raises:
        Malformed: data or its essentials are missing or no objects, or say neither which alert nor which rule it is.
    """
    if not body.text("schemaId").lower().startswith("azuremonitorcommonalertschema"):
        return
    data = body.data.get("data")
    if not isinstance(data, dict):
        raise refused("data", "The common alert schema holds an object `data`.", "Send it as Azure Monitor does.")
    essentials = data.get("essentials")
    if not isinstance(essentials, dict):
        facts = "is missing" if "essentials" not in data else "is no object"
        raise refused("data.essentials", f"It {facts}; it says which alert this is.", "Send it as Azure Monitor does.")
    if not any(
        essentials.get(name) for name in ("alertId", "originAlertId", "alertRule", "alertRuleId", "alertRuleID")
    ):
        rule = "Neither alertId nor alertRule says which alert this is."
        raise refused("data.essentials.alertId", rule, "Send data.essentials.alertId.")
    if not isinstance(essentials.get("monitorCondition"), str):
        rule = "Fired or Resolved is expected here."
        raise refused("data.essentials.monitorCondition", rule, 'Send "Fired" or "Resolved".')


def _reader(body: Record) -> Signal | None:
    data = body.record("data") if isinstance(body.data.get("data"), dict) else body
    members = data.data
    if isinstance(members.get("essentials"), dict) or isinstance(members.get("alertContext"), dict):
        return common(data)
    context = members.get("context")
    if isinstance(context, dict):
        return activity_log(data) if isinstance(context.get("activityLog"), dict) else metric_alert(data)
    return log_alert(data) if "SearchQuery" in members or "AlertRuleName" in members else None


def _managed(members: dict[str, Any]) -> bool:
    properties = members.get("properties")
    return isinstance(properties, dict) and isinstance(properties.get("essentials"), dict)
