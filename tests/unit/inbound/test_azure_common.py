"""Azure Monitor's common alert schema, every kind of alert that it carries."""

from datetime import UTC, datetime
from typing import Any

import pytest
from tests.unit.inbound.asking import one, parse

from muster.kit.errors import Malformed
from muster.kit.link import Link

SUBSCRIPTION = "/subscriptions/0f0f"
VM = f"{SUBSCRIPTION}/resourcegroups/shop/providers/microsoft.compute/virtualmachines/web-1"
ESSENTIALS: dict[str, Any] = {
    "alertId": f"{SUBSCRIPTION}/providers/Microsoft.AlertsManagement/alerts/ABCD-1",
    "alertRule": "High CPU",
    "severity": "Sev1",
    "signalType": "Metric",
    "monitorCondition": "Fired",
    "monitoringService": "Platform",
    "alertTargetIDs": [VM],
    "configurationItems": ["web-1"],
    "originAlertId": "origin-1",
    "firedDateTime": "2026-03-02T08:58:24.3713213Z",
    "description": "The CPU is busy",
}
METRIC: dict[str, Any] = {
    "properties": None,
    "conditionType": "SingleResourceMultipleMetricCriteria",
    "condition": {
        "allOf": [
            {
                "metricName": "Percentage CPU",
                "operator": "GreaterThan",
                "threshold": "90",
                "timeAggregation": "Average",
                "dimensions": [{"name": "Core", "value": "3"}],
                "metricValue": 97.5,
            }
        ]
    },
}
ACTIVITY = {"signalType": "Activity Log", "severity": "Sev4"}


def alert(context: Any, custom: Any = None, **essentials: Any) -> dict[str, Any]:
    data = {"essentials": {**ESSENTIALS, **essentials}, "alertContext": context, "customProperties": custom}
    return {"schemaId": "azureMonitorCommonAlertSchema", "data": data}


def test_a_metric_alert_tells_rule_resource_condition_and_where_to_look() -> None:
    signal = one("azure-monitor", alert(METRIC, {"team": "shop", "runbook_url": "https://runbooks.example.org/cpu"}))
    assert (signal.key, signal.status, signal.severity_hint) == ("alert:abcd-1", "firing", "high")
    assert signal.title == "High CPU: web-1"
    assert signal.description == ("The CPU is busy\nPercentage CPU (Average) is 97.5: GreaterThan 90 over Core=3")
    assert signal.starts_at == datetime(2026, 3, 2, 8, 58, 24, 371321, tzinfo=UTC)
    assert signal.labels == {
        "alertname": "High CPU",
        "severity": "Sev1",
        "monitoring_service": "Platform",
        "signal_type": "Metric",
        "subscription": "0f0f",
        "resource_group": "shop",
        "resource_type": "microsoft.compute/virtualmachines",
        "resource": "web-1",
        "metric": "Percentage CPU",
        "dimension_Core": "3",
        "team": "shop",
        "runbook_url": "https://runbooks.example.org/cpu",
    }
    assert signal.next_step == "Follow the runbook: https://runbooks.example.org/cpu"
    assert [link.label for link in signal.links] == [
        "Runbook",
        "Alert in the Azure portal",
        "Resource in the Azure portal",
    ]
    assert signal.links[1].url.endswith(
        "alertId/%2Fsubscriptions%2F0f0f%2Fproviders%2FMicrosoft.AlertsManagement%2Falerts%2FABCD-1"
    )
    assert signal.links[2].url == f"https://portal.azure.com/#resource{VM}"
    assert signal.group_hint == "high cpu"


def test_fired_and_resolved_have_one_key() -> None:
    fired = one("azure-monitor", alert(METRIC))
    over = alert(METRIC, monitorCondition="Resolved", resolvedDateTime="2026-03-02T09:03:16.2246313Z")
    resolved = one("azure-monitor", over)
    assert (resolved.key, resolved.status) == (fired.key, "resolved")
    assert resolved.ends_at == datetime(2026, 3, 2, 9, 3, 16, 224631, tzinfo=UTC)


@pytest.mark.parametrize(
    ("severity", "hint"),
    [("Sev0", "critical"), ("Sev1", "high"), ("Sev2", "medium"), ("Sev3", "low"), ("Sev4", "low"), (None, "")],
)
def test_azures_five_severities_are_musters_four(severity: str | None, hint: str) -> None:
    assert one("azure-monitor", alert(METRIC, severity=severity)).severity_hint == hint


@pytest.mark.parametrize("name", ["alertRuleId", "alertRuleID"])
def test_either_spelling_of_the_rules_identifier_groups(name: str) -> None:
    assert one("azure-monitor", alert(METRIC, **{name: "/Rules/CPU"})).group_hint == "/rules/cpu"


def test_null_targets_absent_items_and_null_properties_are_survived() -> None:
    signal = one("azure-monitor", alert(METRIC, alertTargetIDs=None, configurationItems=None, originAlertId=None))
    assert signal.title == "High CPU"
    assert "resource" not in signal.labels


def test_a_budget_alert_has_no_rule_severity_or_target_but_a_title() -> None:
    data = {"BudgetName": "cloud", "SpentAmount": "$12", "NotificationThresholdAmount": "$10"}
    nothing = dict.fromkeys(("alertRule", "severity", "signalType", "alertTargetIDs", "originAlertId"))
    signal = one("azure-monitor", alert({"AlertCategory": "budgets", "AlertData": data}, **nothing))
    assert signal.title == "Budget cloud: $12 spent, threshold $10"
    assert signal.severity_hint == ""
    assert signal.labels["budget"] == "cloud"


def service_health(stage: str, **properties: Any) -> dict[str, Any]:
    told = {"title": "VMs in West Europe", "trackingId": "1AB-C2D", "stage": stage, "service": "VMs", **properties}
    context = {"eventSource": 2, "level": 3, "channels": 1, "status": "Active", "properties": told}
    return alert(context, **ACTIVITY, monitoringService="ServiceHealth", alertId=f"/x/{stage}")


@pytest.mark.parametrize(
    ("stage", "status"), [("Active", "firing"), ("Planned", "firing"), ("Resolved", "resolved"), ("RCA", "resolved")]
)
def test_service_health_always_says_fired_so_its_stage_counts_and_its_tracking_id_identifies(
    stage: str, status: str
) -> None:
    signal = one("azure-monitor", service_health(stage))
    assert (signal.key, signal.status, signal.title) == ("service-health:1AB-C2D", status, "VMs in West Europe")


@pytest.mark.parametrize("as_text", [False, True])
def test_impacted_services_are_a_list_or_json_in_a_string(as_text: bool) -> None:
    services: Any = [{"ServiceName": "VMs", "ImpactedRegions": [{"RegionName": "West Europe"}]}]
    if as_text:
        services = '[{"ServiceName": "VMs", "ImpactedRegions": [{"RegionName": "West Europe"}]}]'
    signal = one("azure-monitor", service_health("Active", impactedServices=services, communication="<p>We know.</p>"))
    assert signal.description == "The CPU is busy\nWe know.\nImpacted: VMs (West Europe)."


@pytest.mark.parametrize(
    ("status", "health", "expected"),
    [
        ("Active", "Unavailable", "firing"),
        ("Active", "Degraded", "firing"),
        ("Resolved", "Available", "resolved"),
        ("Updated", "Available", "resolved"),
        ("Resolved", "Unknown", "resolved"),
    ],
)
def test_resource_health_is_read_from_its_status_and_keyed_by_its_resource(
    status: str, health: str, expected: str
) -> None:
    properties = {"title": "Rebooted by user", "currentHealthStatus": health, "previousHealthStatus": "Available"}
    context = {"eventSource": "ResourceHealth", "status": status, "properties": properties}
    signal = one("azure-monitor", alert(context, **ACTIVITY, alertId=f"/{status}", monitoringService="Resource Health"))
    assert (signal.key, signal.status) == (f"resource-health:{VM}", expected)
    assert signal.title == "web-1: Rebooted by user"


def test_a_security_event_brings_its_own_severity_and_what_to_do() -> None:
    properties = {
        "severity": "High",
        "category": "Virus",
        "compromisedEntity": "web-1",
        "remediationSteps": '["Isolate the machine.", "Rotate its secrets."]',
    }
    context = {"eventSource": "Security", "operationName": "activate", "status": "Active", "properties": properties}
    signal = one("azure-monitor", alert(context, **ACTIVITY))
    assert (signal.severity_hint, signal.title) == ("high", "web-1: Virus")
    assert signal.next_step == "Isolate the machine. Rotate its secrets."


def test_an_administrative_event_says_who_did_what_and_is_keyed_by_its_alert() -> None:
    context = {"eventSource": "Administrative", "operationName": "restart", "status": "Succeeded", "caller": "ann"}
    signal = one("azure-monitor", alert(context, **ACTIVITY))
    assert (signal.key, signal.title) == ("alert:abcd-1", "web-1: restart")
    assert signal.description == "The CPU is busy\nrestart succeeded, asked by ann"


def test_a_log_alert_links_its_results() -> None:
    met = {"searchQuery": "Heartbeat", "metricValue": 3.0, "threshold": "0", "operator": "GreaterThan"}
    met["linkToFilteredSearchResultsUI"] = "https://portal.azure.com#@t/results"
    signal = one("azure-monitor", alert({"conditionType": "LogQueryCriteria", "condition": {"allOf": [met]}}))
    assert Link("Results", "https://portal.azure.com#@t/results") in signal.links
    assert signal.annotations["search_query"] == "Heartbeat"


def test_a_log_alert_of_the_first_version_has_american_dates() -> None:
    context = {"SearchQuery": "Perf", "SearchIntervalEndtimeUtc": "3/22/2019 1:51:31 PM", "ResultCount": 2}
    context |= {"Operator": "Greater Than", "Threshold": 0, "Dimensions": [{"name": "Computer", "value": "a"}]}
    signal = one("azure-monitor", alert(context, firedDateTime=None))
    assert signal.starts_at == datetime(2019, 3, 22, 13, 51, 31, tzinfo=UTC)
    assert "2 results; the alert is for greater than 0" in signal.description
    assert signal.labels["dimension_Computer"] == "a"


def test_a_prometheus_rule_brings_its_labels_and_annotations() -> None:
    context = {"expression": "up == 0", "expressionValue": "0", "labels": {"cluster": "c1"}, "ruleGroup": "g"}
    context |= {"annotations": {"summary": "Down", "runbook": "https://runbooks.example.org/down"}}
    signal = one("azure-monitor", alert(context))
    assert (signal.title, signal.labels["cluster"]) == ("Down", "c1")
    assert signal.next_step == "Follow the runbook: https://runbooks.example.org/down"


def test_the_context_alone_is_taken_with_a_warning() -> None:
    parsed = parse("azure-monitor", {"alertContext": METRIC})
    assert parsed.signals[0].title.startswith("Percentage CPU (Average) is 97.5")
    assert [fault.field for fault in parsed.warnings] == ["data.essentials"]
    higher = {**METRIC, "condition": {"allOf": [{**METRIC["condition"]["allOf"][0], "metricValue": 99}]}}
    assert one("azure-monitor", {"alertContext": higher}).key == parsed.signals[0].key


def test_an_unknown_kind_of_context_hides_nothing() -> None:
    signal = one("azure-monitor", alert({"Brand": {"New": "thing"}}))
    assert signal.annotations["Brand.New"] == "thing"


def test_unknown_fields_and_an_unknown_condition_warn() -> None:
    parsed = parse("azure-monitor", alert(METRIC, monitorCondition="Wobbling", brandNew=1))
    assert parsed.signals[0].status == "firing"
    assert {fault.field for fault in parsed.warnings} == {
        "data.essentials.brandNew",
        "data.essentials.monitorCondition",
    }


@pytest.mark.parametrize("body", [{}, [], {"schemaId": "other"}, {"data": {}}, {"data": {"essentials": 7}}, "x", None])
def test_what_is_no_azure_alert_is_malformed(body: Any) -> None:
    with pytest.raises(Malformed, match="schema"):
        parse("azure-monitor", body)


@pytest.mark.parametrize(
    ("data", "field"),
    [
        ({}, "data.essentials"),
        (None, "data"),
        ({"essentials": []}, "data.essentials"),
        ({"essentials": {}}, "data.essentials.alertId"),
        ({"essentials": {"alertId": "/x"}}, "data.essentials.monitorCondition"),
        ({"essentials": {"alertId": "/x", "monitorCondition": 1}}, "data.essentials.monitorCondition"),
    ],
)
def test_what_is_broken_of_the_common_schema_is_named(data: Any, field: str) -> None:
    with pytest.raises(Malformed) as refusal:
        parse("azure-monitor", {"schemaId": "azureMonitorCommonAlertSchema", "data": data})
    assert [fault.field for fault in refusal.value.faults] == [field]
