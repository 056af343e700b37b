"""Webhooks of Alertmanager, versions 3 and 4."""

from typing import Any

import pytest
from tests.unit.inbound.asking import NOW, one, parse

from muster.kit.errors import Malformed
from muster.kit.link import Link

ALERT: dict[str, Any] = {
    "status": "firing",
    "labels": {"alertname": "Slow", "severity": "warning"},
    "annotations": {"summary": "Requests are slow", "action": "Scale the web tier out, then look at the database."},
    "startsAt": "2026-03-02T08:00:00.000000001+01:00",
    "endsAt": "0001-01-01T00:00:00Z",
    "generatorURL": "http://prometheus.example.org/graph",
    "fingerprint": "0123456789abcdef",
}
GROUP: dict[str, Any] = {
    "version": "4",
    "receiver": "muster",
    "status": "firing",
    "groupKey": '{}:{alertname="Slow"}',
    "groupLabels": {"alertname": "Slow"},
    "commonLabels": {},
    "commonAnnotations": {},
    "externalURL": "http://alertmanager.example.org",
    "truncatedAlerts": 0,
    "alerts": [ALERT],
}


def test_a_notification_of_version_4_is_keyed_by_fingerprint_and_grouped_by_its_group() -> None:
    signal = one("alertmanager", GROUP)
    assert (signal.key, signal.status, signal.severity_hint) == ("0123456789abcdef", "firing", "medium")
    assert signal.group_hint == '{}:{alertname="Slow"}'
    assert signal.ends_at is None
    assert signal.starts_at is not None
    assert signal.starts_at.isoformat() == "2026-03-02T07:00:00+00:00"
    assert signal.next_step == "Scale the web tier out, then look at the database."
    assert Link("Alertmanager", "http://alertmanager.example.org") in signal.links


def test_firing_and_resolved_alerts_of_one_notification_keep_their_own_status() -> None:
    over = {**ALERT, "status": "resolved", "endsAt": "2026-03-02T08:30:00Z", "fingerprint": "f"}
    signals = parse("alertmanager", {**GROUP, "alerts": [ALERT, over]}).signals
    assert [signal.status for signal in signals] == ["firing", "resolved"]


def test_an_end_in_the_future_does_not_resolve_what_fires_and_one_in_the_past_neither() -> None:
    for end in ("2026-03-02T10:00:00Z", "2026-03-02T08:30:00Z"):
        assert one("alertmanager", {**GROUP, "alerts": [{**ALERT, "endsAt": end}]}).status == "firing"


def test_version_3_has_no_fingerprint_and_a_number_for_a_group_key() -> None:
    bare = {name: value for name, value in ALERT.items() if name != "fingerprint"}
    signal = one("alertmanager", {**GROUP, "version": "3", "groupKey": 5615590933959184469, "alerts": [bare]})
    assert signal.group_hint == "5615590933959184469"
    posted = one("alertmanager", [{"labels": ALERT["labels"]}], "/api/v2/alerts")
    assert signal.key == posted.key


def test_an_alert_without_a_status_takes_the_groups_and_then_its_end() -> None:
    bare = {name: value for name, value in ALERT.items() if name != "status"}
    assert one("alertmanager", {**GROUP, "status": "resolved", "alerts": [bare]}).status == "resolved"
    ended = {**bare, "endsAt": "2026-03-02T08:30:00Z"}
    assert one("alertmanager", {**GROUP, "status": None, "alerts": [ended]}).status == "resolved"
    assert one("alertmanager", {**GROUP, "status": None, "alerts": [bare]}).status == "firing"


def test_alerts_that_the_sender_left_out_are_warned_of() -> None:
    parsed = parse("alertmanager", {**GROUP, "truncatedAlerts": 3})
    assert [fault.field for fault in parsed.warnings] == ["truncatedAlerts"]
    assert "3 alerts" in parsed.warnings[0].rule


def test_an_alert_without_labels_is_left_out_and_named_while_the_others_are_kept() -> None:
    parsed = parse("alertmanager", {**GROUP, "alerts": [ALERT, {"status": "firing"}]})
    assert len(parsed.signals) == 1
    assert [fault.field for fault in parsed.faults] == ["alerts.1.labels"]
    assert parsed.status == 200


@pytest.mark.parametrize("alerts", [[], None, {}, [{}], "x", [7]])
def test_a_notification_without_any_usable_alert_is_malformed(alerts: Any) -> None:
    with pytest.raises(Malformed) as refusal:
        parse("alertmanager", {**GROUP, "alerts": alerts})
    assert all(fault.field.startswith("alerts") for fault in refusal.value.faults)


def test_a_single_alert_is_taken_too() -> None:
    signal = one("alertmanager", {name: ALERT[name] for name in ("status", "labels", "annotations")})
    assert signal.title == "Requests are slow"
    assert signal.starts_at is None or signal.starts_at <= NOW


def test_an_address_that_cannot_be_a_link_is_not_made_one() -> None:
    bad = {**ALERT, "generatorURL": "javascript:alert(1)", "annotations": {"runbook_url": "http://a b"}}
    parsed = parse("alertmanager", {**GROUP, "externalURL": "", "alerts": [bad]})
    assert parsed.signals[0].links == ()
    assert "alerts.0.generatorURL" in {fault.field for fault in parsed.warnings}
