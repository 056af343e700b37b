"""Every real payload of the covered formats is understood; those of other systems are at least survived."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.unit.inbound.asking import JSON, NOW
from tests.unit.inbound.test_fuzz import JSON as ANYTHING
from tests.unit.inbound.test_fuzz import check, places, replaced

from muster.alerts.port import Parsed, Request
from muster.inbound.registry import FORMATS, choose
from muster.kit.errors import Malformed

COVERED = {
    "alertmanager/webhook": "alertmanager",
    "grafana/alerting-webhook": "grafana",
    "grafana/legacy-webhook": "grafana",
    "pagerduty/events-v2": "pagerduty",
    "azure-monitor/common-schema": "azure-monitor",
    "azure-monitor/alert-context": "azure-monitor",
    "azure-monitor/legacy-schema": "azure-monitor",
    "cloudevents": "cloudevents",
}


@dataclass(frozen=True)
class Expected:
    """What a payload's first signal must say; `links` must be among its links' captions."""

    key: str
    status: str
    severity: str
    title: str
    count: int = 1
    links: tuple[str, ...] = ()
    next_step: str = ""
    starts: str = ""
    group: str = ""


GOLDEN = {
    "alertmanager/webhook/v3-alert.json": Expected(
        "d2089d8d0f422129", "firing", "critical", "Connect fail", links=("Source", "Alertmanager"),
        starts="2016-08-01T10:27:08.008000+00:00", group="5615590933959184469",
    ),
    "alertmanager/webhook/v4-oncall-example.json": Expected(
        "f404ecabc8dd5cd7", "firing", "critical", "Instance localhost:8081 down", count=2,
        group='{}:{alertname="InstanceDown"}',
    ),
    "grafana/alerting-webhook/docs-firing-2-alerts.json": Expected(
        "c6eadffa33fcdf37", "firing", "", "This alert was triggered for zone us-1", count=2,
        links=("Runbook", "Source", "Silence at the source"),
        next_step="Follow the runbook: https://myrunbook.com/runbook/1234",
        starts="2021-10-12T07:51:03.157076+00:00", group="{}:{}",
    ),
    "grafana/alerting-webhook/v9-resolved.json": Expected(
        "d8a21484c9c25a60", "resolved", "", "This is a summary field, failure on <no value>", links=("Runbook",),
        next_step="Follow the runbook: https://example.com/", group='{}/{test="true"}:{}',
    ),
    "grafana/legacy-webhook/alerting.json": Expected("rule-7", "firing", "", "Zeta CPU alert", links=("Source",)),
    "grafana/legacy-webhook/ok.json": Expected("rule-7", "resolved", "", "Zeta CPU alert"),
    "pagerduty/events-v2/enqueue.event.json": Expected(
        "srv01/mysql", "firing", "critical", "DISK at 99% on machine prod-datapipe03.example.com",
        links=("An example link.", "Sample Monitoring Service"), group="prod-datapipe",
        starts="2015-07-17T08:42:58.315000+00:00",
    ),
    "azure-monitor/common-schema/metric-static-resolved.json": Expected(
        "alert:aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e", "resolved", "low", "WCUS-R2-Gen2: wcus-r2-gen2",
        starts="2019-03-22T13:58:24.371321+00:00", group="wcus-r2-gen2",
    ),
    "azure-monitor/common-schema/service-health-fired-stage-resolved.json": Expected(
        "service-health:TEST-TTT", "resolved", "low", "TestActionGroup-TestServiceHealthAlert",
        group="test-servicehealthalertrule",
    ),
    "azure-monitor/common-schema/budget-actual-cost-fired.json": Expected(
        "/subscriptions/aaaa0a0a-bb1b-cc2c-dd3d-eeeeee4e4e4e/providers/microsoft.costmanagement/alerts/test_alert",
        "firing", "", "Budget Test_actual_cost_budget: $11,111.00 spent, threshold $25.00",
    ),
    "azure-monitor/common-schema/log-v2-fired.json": Expected(
        "alert:eeeeeeee-4444-5555-6666-ffffffffffff", "firing", "low", "test-logAlertRule-v2: test-computer",
        links=("Alert in the Azure portal", "Results"), group="test-logalertrule-v2",
    ),
    "azure-monitor/alert-context/activity-log-security.json": Expected(
        "", "firing", "low", "testVM: Virus", next_step="No user action is necessary",
        starts="2019-08-26T08:34:14+00:00",
    ),
    "azure-monitor/legacy-schema/metric-static-activated.json": Expected(
        "", "firing", "low", "test-metricAlertRule: test-storageAccount", links=("Resource in the Azure portal",),
        starts="2021-11-15T09:35:12.970368+00:00",
    ),
    "azure-monitor/legacy-schema/service-health-incident-active.json": Expected(
        "service-health:0NIH-U2O", "firing", "low", "Virtual Machines - Australia East",
        starts="2017-10-18T02:48:00+00:00",
    ),
    "azure-monitor/legacy-schema/smart-detection-failure-anomalies-resolved.json": Expected(
        "alert:cccc2c2c-dd3d-ee4e-ff5f-aaaaaa6a6a6a", "resolved", "low", "An abnormal rise in failed request rate",
        links=("Details in Application Insights",), starts="2019-10-30T17:52:32.580297+00:00",
    ),
    "azure-monitor/legacy-schema/activity-log-recommendation.json": Expected(
        "", "firing", "medium", "contosoStore: Enable Soft Delete to protect your blob data",
        links=("Recommendation",), next_step="Enable Soft Delete to protect your blob data",
    ),
    "cloudevents/structured-json-data.json": Expected("/mycontext C234-1234-1234", "firing", "", "com.example.someevent"),
}  # fmt: skip


def asked(file: Path) -> Request:
    path = "/v2/change/enqueue" if file.name.startswith("change-enqueue") else ""
    return Request(path, "POST", {"content-type": JSON}, {}, file.read_bytes(), NOW)


def files(samples: Path, folder: str) -> list[Path]:
    found = sorted((samples / folder).glob("*.json"))
    assert found, f"no payloads in {folder}"
    return found


def read(file: Path, name: str) -> Parsed:
    return FORMATS[name].parse(asked(file), {})


@pytest.mark.parametrize("folder", COVERED)
def test_every_payload_of_a_covered_format_is_understood_and_recognised(samples: Path, folder: str) -> None:
    for file in files(samples, folder):
        parsed = read(file, COVERED[folder])
        assert parsed.status < 300, file
        assert not parsed.faults, file
        assert len(parsed.signals) + len(parsed.changes) >= 1, file
        for item in (*parsed.signals, *parsed.changes):
            assert item.key, file
            assert item.title, file
        single = folder == "grafana/alerting-webhook" and choose("auto", asked(file)).name == "alertmanager"
        assert single or choose("auto", asked(file)).name == COVERED[folder], file


@pytest.mark.parametrize("folder", COVERED)
def test_real_payloads_have_no_field_that_we_do_not_know(samples: Path, folder: str) -> None:
    odd = {fault.sentence() for file in files(samples, folder) for fault in read(file, COVERED[folder]).warnings}
    assert {sentence for sentence in odd if "no such field" in sentence} == set()


@pytest.mark.parametrize("name", GOLDEN)
def test_a_payload_says_what_it_should(samples: Path, name: str) -> None:
    expected = GOLDEN[name]
    parsed = read(samples / name, COVERED[name.rpartition("/")[0]])
    signal = parsed.signals[0]
    assert len(parsed.signals) == expected.count
    assert (signal.status, signal.severity_hint, signal.title) == (expected.status, expected.severity, expected.title)
    assert signal.key == (expected.key or signal.key)
    assert set(expected.links) <= {link.label for link in signal.links}
    assert signal.next_step == expected.next_step
    if expected.starts:
        assert signal.starts_at is not None
        assert signal.starts_at.isoformat() == expected.starts
    if expected.group:
        assert signal.group_hint == expected.group


@pytest.mark.parametrize("folder", ["azure-monitor/common-schema", "azure-monitor/legacy-schema"])
def test_every_azure_payload_keeps_its_key_when_it_resolves(samples: Path, folder: str) -> None:
    for file in files(samples, folder):
        text = file.read_text()
        turned = text.replace('"Fired"', '"Resolved"').replace('"Activated"', '"Deactivated"')
        fired = read(file, "azure-monitor").signals[0]
        again = FORMATS["azure-monitor"].parse(Request("", "POST", {}, {}, turned.encode(), NOW), {}).signals[0]
        assert fired.key == again.key, file
        if turned != text and "activityLog" not in text:
            assert again.status == "resolved", file


def test_an_alert_context_in_an_envelope_is_the_same_kind_of_alert(samples: Path) -> None:
    envelope = json.loads((samples / "azure-monitor/common-schema/metric-static-fired.json").read_bytes())
    for file in files(samples, "azure-monitor/alert-context"):
        envelope["data"]["alertContext"] = json.loads(file.read_bytes())["alertContext"]
        body = json.dumps(envelope).encode()
        (signal,) = FORMATS["azure-monitor"].parse(Request("", "POST", {}, {}, body, NOW), {}).signals
        assert signal.labels["alertname"] == "test-metricAlertRule"


@pytest.mark.parametrize(
    ("name", "statuses"),
    [("Alerts_List.json", ["acknowledged", "firing"]), ("Alerts_ChangeState_2018-05-05.json", ["acknowledged"])],
)
def test_alerts_as_the_management_api_returns_them_are_understood(
    samples: Path, name: str, statuses: list[str]
) -> None:
    whole = json.loads((samples / "azure-monitor/alertsmanagement-rest" / name).read_bytes())
    body = json.dumps(whole["responses"]["200"]["body"]).encode()
    signals = FORMATS["azure-monitor"].parse(Request("", "POST", {}, {}, body, NOW), {}).signals
    assert [signal.status for signal in signals] == statuses


def test_the_history_of_an_alert_is_no_alert(samples: Path) -> None:
    whole = json.loads((samples / "azure-monitor/alertsmanagement-rest/Alerts_History.json").read_bytes())
    body = json.dumps(whole["responses"]["200"]["body"]).encode()
    with pytest.raises(Malformed, match="schema"):
        FORMATS["azure-monitor"].parse(Request("", "POST", {}, {}, body, NOW), {})


def test_the_change_event_is_a_change(samples: Path) -> None:
    (change,) = read(samples / "pagerduty/events-v2/change-enqueue.build-change-event.json", "pagerduty").changes
    assert change.title == "Build Success: Increase snapshot create timeout to 30 seconds"
    assert change.links[0].label == "View in Build Pipeline"


@pytest.mark.parametrize(
    ("name", "key", "status", "title"),
    [
        ("pingdom/up.json", "803318", "resolved", "Alerta API on OpenShift"),
        ("pingdom/down.json", "803318", "firing", "Alerta API on OpenShift"),
        ("sentry/metric-alert-resolved.json", "4", "resolved", "Sacred Marmot"),
        ("statuspage/incident-update-resolved.json", "jb7j80lkgqvb", "resolved", "Database query delays"),
        ("opsgenie/webhooks/close.json", "aliastest", "resolved", "test alert"),
        ("dynatrace/problem-open.harness-doc.json", "PID-F5D7459A6CD9842B", "firing", "Response time degradation"),
    ],
)
def test_systems_without_a_format_of_their_own_are_guessed_well(
    samples: Path, name: str, key: str, status: str, title: str
) -> None:
    signal = read(samples / name, "generic").signals[0]
    assert (signal.key, signal.status, signal.title) == (key, status, title)


def test_every_json_file_of_every_system_is_survived_by_every_format(samples: Path) -> None:
    for file in sorted(samples.rglob("*.json")):
        if file.stat().st_size < 300_000:
            for name in (*FORMATS, "auto"):
                check(name, file.read_bytes(), "", JSON)


@pytest.mark.parametrize("folder", COVERED)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_a_real_payload_with_anything_in_one_place_is_read_or_refused(
    samples: Path, folder: str, data: st.DataObject
) -> None:
    document: Any = json.loads(data.draw(st.sampled_from(files(samples, folder))).read_bytes())
    place = data.draw(st.sampled_from(places(document)))
    check(COVERED[folder], json.dumps(replaced(document, place, data.draw(ANYTHING))).encode(), "", JSON)
