"""Azure Monitor before the common schema, and alerts as AlertsManagement lists them."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.inbound.asking import one, parse

STORAGE = "/subscriptions/0f0f/resourceGroups/shop/providers/Microsoft.Storage/storageAccounts/files"
CONDITION = {"metricName": "Transactions", "operator": "GreaterThan", "threshold": "0", "timeAggregation": "Total"}


def metric(status: str, value: float, dimension: str = "GetBlob") -> dict[str, Any]:
    met = {**CONDITION, "metricValue": value, "dimensions": [{"name": "ApiName", "value": dimension}]}
    context = {
        "timestamp": "2026-03-02T08:35:12.9703687Z",
        "id": "/subscriptions/0f0f/rules/files-busy",
        "name": "files-busy",
        "severity": "3",
        "condition": {"allOf": [met]},
        "resourceName": "files",
        "resourceId": STORAGE,
        "portalLink": f"https://portal.azure.com/#resource{STORAGE}",
    }
    data = {"version": "2.0", "properties": {"team": "shop"}, "status": status, "context": context}
    return {"schemaId": "AzureMonitorMetricAlert", "data": data}


def test_activated_and_deactivated_are_one_alert_and_another_dimension_is_another() -> None:
    fired, over = one("azure-monitor", metric("Activated", 100)), one("azure-monitor", metric("Deactivated", 0))
    assert fired.key == over.key != one("azure-monitor", metric("Activated", 100, "PutBlob")).key
    assert (fired.status, over.status, fired.severity_hint) == ("firing", "resolved", "low")
    assert fired.title == "files-busy: files"
    assert fired.labels["team"] == "shop"
    assert fired.starts_at == datetime(2026, 3, 2, 8, 35, 12, 970368, tzinfo=UTC)


def test_a_classic_metric_alert_has_no_schema_and_one_condition() -> None:
    context = {"id": "/r", "name": "busy", "conditionType": "Metric", "condition": {**CONDITION, "metricValue": "7"}}
    signal = one("azure-monitor", {"status": "Activated", "context": context, "properties": {}})
    assert signal.title == "busy"
    assert "Transactions (Total) is 7" in signal.description


def activity(**event: Any) -> dict[str, Any]:
    data = {"status": "Activated", "context": {"activityLog": event}, "properties": {}}
    return {"schemaId": "Microsoft.Insights/activityLogs", "data": data}


def test_an_activity_log_event_is_keyed_by_resource_and_operation() -> None:
    body = activity(resourceId=STORAGE, operationName="Write", level="Error", correlationId="1", status="Failed")
    again = activity(resourceId=STORAGE.upper(), operationName="write", level="Error", correlationId="2")
    signal = one("azure-monitor", body)
    assert (signal.title, signal.severity_hint) == ("files: Write", "high")
    assert signal.key == one("azure-monitor", again).key


@pytest.mark.parametrize(("stage", "status"), [("Active", "firing"), ("Resolved", "resolved")])
def test_service_health_has_the_same_key_as_in_the_common_schema(stage: str, status: str) -> None:
    properties = {"trackingId": "1AB-C2D", "title": "VMs", "stage": stage, "impactedServices": "[]"}
    signal = one("azure-monitor", activity(eventSource="ServiceHealth", properties=properties, level="Warning"))
    assert (signal.key, signal.status) == ("service-health:1AB-C2D", status)


def test_a_recommendation_is_itself_the_next_step() -> None:
    properties = {"recommendationName": "Enable soft delete", "recommendationImpact": "Medium"}
    properties["recommendationResourceLink"] = "https://portal.azure.com/#blade/x"
    signal = one("azure-monitor", activity(eventSource="Recommendation", resourceId=STORAGE, properties=properties))
    assert (signal.next_step, signal.severity_hint) == ("Enable soft delete", "medium")
    assert "Recommendation" in [link.label for link in signal.links]


@pytest.mark.parametrize("wrapped", [True, False])
def test_a_log_alert_comes_with_a_schema_or_flat(wrapped: bool) -> None:
    data = {"AlertRuleName": "Errors", "SubscriptionId": "0f0f", "SearchQuery": "requests", "Severity": "Warning"}
    data |= {"SearchIntervalEndtimeUtc": "2026-03-02T08:10:40Z", "AffectedConfigurationItems": ["web-1"]}
    body = {"schemaId": "Microsoft.Insights/LogAlert", "data": data} if wrapped else data
    signal = one("azure-monitor", body)
    assert (signal.title, signal.severity_hint, signal.status) == ("Errors: web-1", "medium", "firing")
    assert signal.labels["subscription"] == "0f0f"


def managed(condition: str, state: str) -> dict[str, Any]:
    essentials = {"severity": "Sev2", "monitorCondition": condition, "alertState": state, "monitorService": "Platform"}
    essentials |= {"targetResource": STORAGE, "startDateTime": "2026-03-02T08:00:00Z"}
    essentials["monitorConditionResolvedDateTime"] = "2026-03-02T08:30:00Z"
    identifier = f"{STORAGE}/providers/Microsoft.AlertsManagement/alerts/ABCD-1"
    return {"id": identifier, "name": "Busy", "properties": {"essentials": essentials, "context": {}}}


@pytest.mark.parametrize(
    ("condition", "state", "status"),
    [
        ("Fired", "New", "firing"),
        ("Fired", "Acknowledged", "acknowledged"),
        ("Fired", "Closed", "acknowledged"),
        ("Resolved", "New", "resolved"),
        ("Resolved", "Acknowledged", "resolved"),
    ],
)
def test_a_persons_state_is_apart_from_the_monitors_condition(condition: str, state: str, status: str) -> None:
    signal = one("azure-monitor", managed(condition, state))
    assert (signal.status, signal.key) == (status, "alert:abcd-1")
    assert (signal.ends_at is None) == (condition == "Fired")


def test_a_list_of_alerts_gives_them_all() -> None:
    parsed = parse(
        "azure-monitor", {"value": [managed("Fired", "New"), managed("Resolved", "New"), 7], "nextLink": "x"}
    )
    assert [signal.status for signal in parsed.signals] == ["firing", "resolved"]
    assert [fault.field for fault in parsed.warnings] == ["value.2"]
