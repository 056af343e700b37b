"""Grafana's webhooks, new and old."""

from typing import Any

import pytest
from tests.unit.inbound.asking import one, parse

from muster.kit.errors import Malformed
from muster.kit.link import Link

ALERT: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "Hot", "severity": "critical"},
    "annotations": {"summary": "It is hot", "runbook_url": "https://runbooks.example.org/hot"},
    "startsAt": "2026-03-02T08:00:00Z",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "https://grafana.example.org/alerting/1",
    "fingerprint": "c6eadffa33fcdf37",
    "silenceURL": "https://grafana.example.org/alerting/silence/new",
    "dashboardURL": "https://grafana.example.org/d/1",
    "panelURL": "",
    "values": {"B": 44.25, "C": 1},
}
GROUP: dict[str, Any] = {"version": "1", "orgId": 1, "groupKey": "{}:{}", "receiver": "muster", "alerts": [ALERT]}
RULE = {"ruleId": 7, "ruleName": "CPU", "ruleUrl": "https://grafana.example.org/d/x", "message": "High!"}


def test_an_alert_brings_its_links_values_and_runbook() -> None:
    signal = one("grafana", GROUP)
    assert (signal.key, signal.status, signal.severity_hint) == ("c6eadffa33fcdf37", "firing", "critical")
    assert signal.annotations["values"] == '{"B":44.25,"C":1}'
    assert signal.next_step == "Follow the runbook: https://runbooks.example.org/hot"
    assert [link.label for link in signal.links] == ["Runbook", "Source", "Dashboard", "Silence at the source"]


def test_the_older_value_string_is_kept() -> None:
    alert = {name: value for name, value in ALERT.items() if name != "values"} | {"valueString": "[ var='A' ]"}
    assert one("grafana", {**GROUP, "alerts": [alert]}).annotations["values"] == "[ var='A' ]"


@pytest.mark.parametrize(
    ("state", "status"),
    [("alerting", "firing"), ("no_data", "firing"), ("ok", "resolved"), ("paused", "acknowledged")],
)
def test_a_dashboard_alert_is_keyed_by_its_rule_in_every_state(state: str, status: str) -> None:
    signal = one("grafana", {**RULE, "state": state, "title": f"[{state}] CPU"})
    assert (signal.key, signal.status) == ("rule-7", status)
    assert signal.links == (Link("Source", "https://grafana.example.org/d/x"),)
    assert signal.description == "High!"


def test_a_pending_dashboard_alert_reports_nothing_yet() -> None:
    parsed = parse("grafana", {**RULE, "state": "pending"})
    assert parsed.signals == ()
    assert [fault.field for fault in parsed.warnings] == ["state"]


def test_the_tags_that_all_series_share_become_labels_and_readings_annotations() -> None:
    matches = [
        {"metric": "user", "value": 97.5, "tags": {"host": "a", "env": "prod"}},
        {"metric": "user", "value": 95, "tags": {"host": "b", "env": "prod"}},
    ]
    signal = one("grafana", {**RULE, "state": "alerting", "evalMatches": matches, "tags": {"severity": "warning"}})
    assert signal.labels == {"alertname": "CPU", "rule_id": "7", "env": "prod", "severity": "warning"}
    assert signal.annotations == {"user": "97.5, 95"}
    assert signal.severity_hint == "medium"


def test_what_is_neither_is_malformed_with_every_missing_field() -> None:
    with pytest.raises(Malformed) as refusal:
        parse("grafana", {"title": "x"})
    assert [fault.field for fault in refusal.value.faults] == ["ruleId", "state"]


def test_an_alert_without_data_is_titled_by_its_rule() -> None:
    labels = {"alertname": "DatasourceNoData", "rulename": "Mail queue grows", "ref_id": "A"}
    body = {
        "receiver": "r",
        "status": "firing",
        "orgId": 1,
        "version": "1",
        "alerts": [{"status": "firing", "labels": labels}],
    }
    assert one("grafana", body).title == "Mail queue grows (no data)"
    labels["alertname"] = "DatasourceError"
    assert one("grafana", body).title == "Mail queue grows (its data source fails)"
