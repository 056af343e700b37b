"""Every real payload is recognised by exactly the format whose it is, and says what its sender meant."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest
from tests.unit.inbound.asking import NOW, request

from muster.alerts.port import Request
from muster.inbound.registry import FORMATS, choose
from muster.inbound.vendors.catalogue import VENDORS

OTHERS = ("alertmanager", "azure-", "cloudevents", "grafana/", "pagerduty/")
"""Folders whose payloads belong to formats that are no vendor's of ours; their own tests look at them."""
OWNERS = {
    "aws-cloudwatch-sns/eventbridge-alarm-state-change.harness-doc.json": "eventbridge",
    "aws-cloudwatch-sns": "cloudwatch-sns",
    "checkly": "checkly",
    "checkmk": "checkmk",
    "datadog/keep-mock": "",
    "datadog": "datadog",
    "dynatrace": "dynatrace",
    "gcp-monitoring/keep-mock": "",
    "gcp-monitoring": "gcp-monitoring",
    "github/go-playground": "",
    "github": "github",
    "gitlab": "gitlab",
    "grafana-oncall/outgoing-webhook": "grafana-oncall",
    "graylog": "graylog",
    "kubernetes-events": "kubernetes-events",
    "librenms": "librenms",
    "newrelic": "newrelic",
    "pingdom": "pingdom",
    "sentry/keep-mock": "",
    "sentry": "sentry",
    "statuspage": "statuspage",
    "uptime-kuma": "uptime-kuma",
    "uptimerobot": "uptimerobot",
    "zabbix/oncall-formatted-example.json": "grafana-oncall",
    "zabbix": "zabbix",
}
SAID: Mapping[str, tuple[str, str, str]] = {
    "aws-cloudwatch-sns/notification-alarm.json": ("firing", "high", "bucketbytesAlarm"),
    "aws-cloudwatch-sns/eventbridge-alarm-state-change.harness-doc.json": ("firing", "high", "HighCPUAlarm"),
    "checkly/alert.json": ("resolved", "", "API Check #1"),
    "checkmk/notification.json": ("resolved", "", "server1 is UP"),
    "datadog/monitor-triggered.harness-doc.json": ("firing", "critical", "High CPU Usage"),
    "dynatrace/problem-open.harness-doc.json": ("firing", "", "Response time degradation"),
    "gcp-monitoring/stackdriver-v1.1-open.json": ("firing", "", "CPU usage: webserver-85"),
    "gcp-monitoring/stackdriver-v1.1-closed.json": ("resolved", "", "CPU usage: webserver-85"),
    "github/workflow_run.completed.payload.json": ("resolved", "", "test failed on master of octo-org/octo-repo"),
    "gitlab/deployment-event.json": ("resolved", "", "Deployment of root/test-deployment-webhooks to staging failed"),
    "grafana-oncall/outgoing-webhook/outgoing-webhook-templates.json": ("resolved", "high", "Incident"),
    "graylog/event-notification.json": ("firing", "high", "Event - 1"),
    "librenms/alert.json": ("resolved", "low", "Device 10.10.1.147 recovered from Devices up/down"),
    "newrelic/workflow-issue-closed.json": (
        "resolved", "critical", "main_app-UBUNTU query result is > 2.0 for 1 minutes on 'High CPU'",
    ),
    "newrelic/incident-open.harness-doc.json": ("firing", "critical", "High Error Rate: Production API"),
    "pingdom/down.json": ("firing", "high", "Alerta API on OpenShift is down"),
    "pingdom/up.json": ("resolved", "high", "Alerta API on OpenShift is down"),
    "sentry/metric-alert-resolved.json": ("resolved", "", "Too many errors"),
    "sentry/issue-alert-triggered.json": ("firing", "high", "ReferenceError: heck is not defined"),
    "statuspage/incident-update-resolved.json": ("resolved", "low", "Database query delays"),
    "uptime-kuma/keep-test-event-2.json": ("firing", "high", "Port Monitor is down"),
    "uptimerobot/monitor-down.json": ("firing", "high", "Web Server is down"),
    "zabbix/zulip-media-problem-disaster.json": (
        "firing", "critical", "Zabbix agent on www.example.com is unreachable for 5 minutes",
    ),
}  # fmt: skip
QUIET = (
    "aws-cloudwatch-sns/subscription-confirmation.json",
    "gcp-monitoring/test-notification.json",
    "github/ping.payload.json",
    "github/push.payload.json",
    "github/check_run.completed.payload.json",
    "gitlab/job-event.json",
    "gitlab/pipeline-event.json",
    "kubernetes-events/event-started-knative.json",
    "newrelic/legacy-webhook-open.json",
)
PAIRS = (
    ("gcp-monitoring/stackdriver-v1.1-open.json", "gcp-monitoring/stackdriver-v1.1-closed.json"),
    ("pingdom/down.json", "pingdom/up.json"),
)


def asked(file: Path) -> Request:
    return Request("", "POST", {"content-type": "application/json"}, {}, file.read_bytes(), NOW)


def test_each_payload_is_recognised_by_exactly_the_format_whose_it_is(samples: Path) -> None:
    for file in sorted(samples.rglob("*.json")):
        name = str(file.relative_to(samples))
        data = json.loads(file.read_bytes())
        first = data[0] if isinstance(data, list) and data else data
        owner = next((owned for start, owned in OWNERS.items() if name.startswith(start)), "")
        found = [one.name for one in VENDORS if isinstance(first, dict) and one.recognises(first, asked(file))]
        assert found == ([owner] if owner else []), name
        if not name.startswith(OTHERS):
            assert choose("auto", asked(file)).name == (owner or "generic"), name


@pytest.mark.parametrize("name", SAID)
def test_a_payload_says_what_its_sender_meant(samples: Path, name: str) -> None:
    request = asked(samples / name)
    signals = choose("auto", request).parse(request, {}).signals
    assert [(one.status, one.severity_hint, one.title) for one in signals] == [SAID[name]]


@pytest.mark.parametrize("name", QUIET)
def test_a_message_that_is_no_alert_is_answered_with_a_reason(samples: Path, name: str) -> None:
    request = asked(samples / name)
    parsed = choose("auto", request).parse(request, {})
    assert (parsed.signals, parsed.changes, parsed.status) == ((), (), 200)
    assert parsed.reply["ignored"][0]
    assert parsed.warnings[0].rule == parsed.reply["ignored"][0]


@pytest.mark.parametrize(("before", "after"), PAIRS)
def test_a_real_pair_is_one_alert(samples: Path, before: str, after: str) -> None:
    keys = {
        FORMATS[before.partition("/")[0]].parse(asked(samples / name), {}).signals[0].key for name in (before, after)
    }
    assert len(keys) == 1


def test_deployments_that_succeed_are_changes(samples: Path) -> None:
    for name in (
        "github/deployment_status.payload.json",
        "gitlab/deployment-event.json",
        "github/release.published.payload.json",
    ):
        (change,) = FORMATS[name.partition("/")[0]].parse(asked(samples / name), {}).changes
        assert change.kind == "deployment"
        assert change.at < NOW


@pytest.mark.parametrize(
    ("name", "body", "status"),
    [
        ("checkmk", {"NOTIFICATIONTYPE": "RECOVERY", "WHAT": "HOST", "HOSTNAME": "a", "HOSTSTATE": "DOWN"}, "firing"),
        ("checkmk", {"NOTIFICATIONTYPE": "SOMETHING NEW", "WHAT": "HOST", "HOSTNAME": "a"}, "firing"),
        ("zabbix", {"event_id": "1", "event_value": "0", "status": "PROBLEM", "event_name": "x"}, "firing"),
        ("zabbix", {"event_id": "1", "event_value": "7", "event_name": "x"}, "firing"),
        ("zabbix", {"event_id": "1", "event_value": "1", "event_update_action": "acknowledged, commented"}, "acknowledged"),
        ("zabbix", {"event_id": "1", "event_value": "1", "event_update_action": "unacknowledged"}, "firing"),
        ("prtg", {"sensorid": "1", "device": "a", "sensor": "b", "status": "Down ended (now: Up)"}, "resolved"),
        ("prtg", {"sensorid": "1", "device": "a", "sensor": "b", "status": "Down ended (now: Warning)"}, "firing"),
        ("prtg", {"sensorid": "1", "device": "a", "sensor": "b", "status": "Upside down"}, "firing"),
        ("signalfx", {"incidentId": "1", "statusExtended": "stopped", "rule": "x"}, "firing"),
        ("dynatrace", {"ProblemID": "1", "State": "MERGED", "ProblemTitle": "x"}, "firing"),
        ("sensu", {"entity": {}, "check": {"status": 127, "metadata": {"name": "x"}}}, "firing"),
        ("victorops", {"message_type": "CRITICAL-ISH", "entity_id": "x"}, "firing"),
        ("victorops", {"message_type": "ACKNOWLEDGEMENT", "entity_id": "x"}, "acknowledged"),
        ("betterstack", {"event": "resolved", "data": {"type": "incident", "id": "1",
                         "attributes": {"name": "x", "started_at": "2026-01-01T00:00:00Z", "resolved_at": None}}}, "firing"),
    ],
)  # fmt: skip
def test_doubt_fires_and_says_so(name: str, body: dict[str, object], status: str) -> None:
    parsed = FORMATS[name].parse(request(body), {})
    assert [signal.status for signal in parsed.signals] == [status]
    plain = status != "firing" or "unack" in str(body) or "Warning" in str(body)
    assert plain or parsed.signals[0].annotations["muster_note"]


@pytest.mark.parametrize(
    ("before", "after", "name", "severity"),
    [
        ("[P1] [Triggered on {host:a}] CPU", "[P1] [Recovered on {host:a}] CPU", "CPU", "critical"),
        ("[Warn on {host:a}] [shop] CPU", "[Recovered on {host:a}] [shop] CPU", "[shop] CPU", "medium"),
        ("[No Data] CPU", "[Recovered] CPU", "CPU", "high"),
        ("[Re-Triggered] CPU", "[Recovered] CPU", "CPU", ""),
    ],
)
def test_datadogs_own_titles_say_what_happened(before: str, after: str, name: str, severity: str) -> None:
    preset = {
        "event_type": "query_alert_monitor",
        "org": {"id": "9", "name": "Contoso"},
        "body": "",
        "date": "1796029200000",
    }
    first, last = (
        FORMATS["datadog"].parse(request({**preset, "id": title, "title": title}), {}).signals[0]
        for title in (before, after)
    )
    assert (first.status, last.status) == ("firing", "resolved")
    assert first.key == last.key
    assert (first.title, first.severity_hint) == (name, severity)


def test_another_monitors_recovery_in_its_title_ends_nothing() -> None:
    preset = {"event_type": "query_alert_monitor", "org": {"id": "9"}, "body": ""}
    for title in ("Recovered disks", "CPU [Recovered]", "[shop] Recovered"):
        (signal,) = FORMATS["datadog"].parse(request({**preset, "title": title}), {}).signals
        assert signal.status == "firing"


def test_parts_of_a_key_keep_their_places() -> None:
    def key(host: str, service: str) -> str:
        body = {"NOTIFICATIONTYPE": "PROBLEM", "HOSTNAME": host, "SERVICEDESC": service, "SERVICESTATE": "CRITICAL"}
        return FORMATS["nagios"].parse(request(body), {}).signals[0].key

    assert len({key("a", "b/c"), key("a/b", "c"), key("a", ""), key("a%2Fb", "c")}) == 4


def test_severities_are_adjusted_by_the_option() -> None:
    body = {"sensorid": "1", "device": "a", "sensor": "b", "status": "Warning"}
    (signal,) = FORMATS["prtg"].parse(request(body), {"severities": {"warning": "critical"}}).signals
    assert signal.severity_hint == "critical"


def test_what_has_no_recovery_ends_by_itself_only_where_that_is_asked_for() -> None:
    sample = FORMATS["splunk"].sample()
    ends = [
        FORMATS["splunk"].parse(request(sample.body), options).signals[0].ends_at
        for options in ({}, {"ends_after": "2h"})
    ]
    assert ends[0] is None
    assert ends[1] is not None
    assert (ends[1] - NOW).total_seconds() == 7200


def test_victorops_senders_only_change_their_address() -> None:
    body = {"message_type": "CRITICAL", "entity_id": "x", "state_message": "y"}
    for path in ("/integrations/generic/20131114/alert/any/shop", "/victorops/any/shop"):
        sent = request(body, path)
        parsed = choose("grafana", sent).parse(sent, {})
        assert parsed.signals[0].labels["routing_key"] == "shop"
        assert parsed.reply == {"result": "success", "entity_id": "x"}


def test_only_watched_branches_page() -> None:
    sample = FORMATS["github"].sample()
    body = json.loads(sample.body)
    body["workflow_run"]["head_branch"] = "attempt"
    for options, count in (({}, 0), ({"branches": ["main", "att*"]}, 1), ({"branches": ["main"]}, 0)):
        sent = request(body, x_github_event="workflow_run")
        assert len(FORMATS["github"].parse(sent, options).signals) == count


def test_forms_are_read_as_they_are_sent() -> None:
    form = b"sensorid=1&sensor=Ping&device=fw1&status=Down&message=a%20%26%20b"
    sent = request(form, "", "application/x-www-form-urlencoded")
    assert choose("auto", sent).name == "prtg"
    assert choose("auto", sent).parse(sent, {}).signals[0].description == "a & b"
    mislabelled = request(
        b'{"sensorid": "1", "device": "a=b&c", "status": "Down"}', "", "application/x-www-form-urlencoded"
    )
    assert choose("auto", mislabelled).name == "prtg"


def test_an_envelope_of_sns_shows_no_link_that_ends_the_subscription(samples: Path) -> None:
    request = asked(samples / "aws-cloudwatch-sns/notification-alarm.json")
    (signal,) = FORMATS["cloudwatch-sns"].parse(request, {}).signals
    assert "Unsubscribe" not in str(signal)
