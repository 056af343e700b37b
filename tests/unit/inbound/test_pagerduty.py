"""PagerDuty's Events API v2."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.inbound.asking import NOW, one, parse, request

from muster.inbound.registry import FORMATS, choose
from muster.kit.errors import Malformed
from muster.kit.link import Link

PATH = "/v2/enqueue"
PAYLOAD = {
    "summary": "Disk at 99% on db-1",
    "source": "db-1",
    "severity": "error",
    "timestamp": "2026-03-02T08:59:00.000+0000",
    "component": "postgres",
    "group": "databases",
    "class": "disk",
    "custom_details": {"free": "1%", "load": 0.75, "runbook_url": "https://runbooks.example.org/disk"},
}
TRIGGER: dict[str, Any] = {
    "routing_key": "r" * 32,
    "event_action": "trigger",
    "dedup_key": "db-1/disk",
    "client": "Probe",
    "client_url": "https://probe.example.org",
    "payload": PAYLOAD,
    "links": [{"href": "https://wiki.example.org/disk", "text": "Wiki"}, {"href": "no address"}],
    "images": [{"src": "https://charts.example.org/1.png", "alt": "Chart"}],
}


def test_a_trigger_is_understood_and_answered_as_pagerduty_answers() -> None:
    parsed = parse("pagerduty", TRIGGER, PATH)
    (signal,) = parsed.signals
    assert (signal.key, signal.status, signal.severity_hint) == ("db-1/disk", "firing", "high")
    assert signal.title == "Disk at 99% on db-1"
    assert signal.starts_at == NOW - timedelta(minutes=1)
    assert signal.group_hint == "databases"
    assert signal.labels == {
        "source": "db-1",
        "component": "postgres",
        "group": "databases",
        "class": "disk",
        "severity": "error",
        "client": "Probe",
    }
    assert signal.annotations == {"free": "1%", "load": "0.75", "runbook_url": "https://runbooks.example.org/disk"}
    assert signal.next_step == "Follow the runbook: https://runbooks.example.org/disk"
    assert signal.links == (
        Link("Wiki", "https://wiki.example.org/disk"),
        Link("Runbook", "https://runbooks.example.org/disk"),
        Link("Probe", "https://probe.example.org"),
        Link("Chart", "https://charts.example.org/1.png"),
    )
    assert parsed.status == 202
    assert parsed.reply == {"status": "success", "message": "Event processed", "dedup_key": "db-1/disk"}
    assert [fault.field for fault in parsed.warnings] == ["links.1.href"]


@pytest.mark.parametrize(
    ("word", "hint"), [("critical", "critical"), ("error", "high"), ("warning", "medium"), ("info", "low")]
)
def test_its_four_severities_are_musters_four(word: str, hint: str) -> None:
    assert one("pagerduty", {**TRIGGER, "payload": {**PAYLOAD, "severity": word}}, PATH).severity_hint == hint


@pytest.mark.parametrize(("action", "status"), [("acknowledge", "acknowledged"), ("resolve", "resolved")])
def test_acknowledge_and_resolve_need_no_payload_but_the_key_of_the_trigger(action: str, status: str) -> None:
    signal = one("pagerduty", {"routing_key": "r", "event_action": action, "dedup_key": "db-1/disk"}, PATH)
    assert (signal.key, signal.status) == ("db-1/disk", status)
    with pytest.raises(Malformed) as refusal:
        parse("pagerduty", {"event_action": action}, PATH)
    assert [fault.field for fault in refusal.value.faults] == ["dedup_key"]


def test_a_trigger_without_a_key_gets_one_which_the_answer_tells() -> None:
    bare = {name: value for name, value in TRIGGER.items() if name != "dedup_key"}
    parsed = parse("pagerduty", bare, PATH)
    assert len(parsed.signals[0].key) == 32
    assert parsed.reply["dedup_key"] == parsed.signals[0].key


def test_every_fault_is_named_and_the_refusal_has_pagerdutys_shape() -> None:
    with pytest.raises(Malformed) as refusal:
        parse("pagerduty", {"event_action": "trigger", "payload": {"severity": "bad"}}, PATH)
    assert [fault.field for fault in refusal.value.faults] == [
        "payload.summary",
        "payload.source",
        "payload.severity",
    ]
    body = FORMATS["pagerduty"].refusal(refusal.value)
    assert (body["status"], len(body["errors"])) == ("invalid event", 3)
    with pytest.raises(Malformed) as refusal:
        parse("pagerduty", {"event_action": "explode", "payload": []}, PATH)
    assert [fault.field for fault in refusal.value.faults] == ["event_action"]


def test_details_may_be_a_text() -> None:
    assert one("pagerduty", {**TRIGGER, "payload": {**PAYLOAD, "custom_details": "see wiki"}}, PATH).annotations == {
        "details": "see wiki"
    }


def test_the_routing_key_is_not_kept() -> None:
    signal = one("pagerduty", TRIGGER, PATH)
    assert "r" * 32 not in str(signal)


def test_a_change_event_becomes_a_change_and_its_repeat_is_the_same_one() -> None:
    event = {
        "routing_key": "r",
        "payload": {
            "summary": "Deploy shop 1.4.2",
            "timestamp": "2026-03-02T08:30:00Z",
            "source": "ci",
            "custom_details": {"build_number": "220"},
        },
        "links": [{"href": "https://ci.example.org/220", "text": "Build"}],
    }
    parsed = parse("pagerduty", event, "/v2/change/enqueue")
    (change,) = parsed.changes
    assert (change.title, change.kind, change.at) == ("Deploy shop 1.4.2", "deployment", NOW - timedelta(minutes=30))
    assert change.labels == {"build_number": "220", "source": "ci"}
    assert change.links == (Link("Build", "https://ci.example.org/220"),)
    assert (parsed.status, parsed.reply) == (202, {"status": "success", "message": "Change event processed"})
    assert parse("pagerduty", event, "/v2/change/enqueue").changes == parsed.changes
    with pytest.raises(Malformed, match=r"payload\.summary"):
        FORMATS["pagerduty"].parse(request({"payload": {}}, "/v2/change/enqueue"), {})


@pytest.mark.parametrize(
    ("summary", "kind"),
    [
        ("Feature flag checkout-v2 on", "flag"),
        ("Config of nginx changed", "configuration"),
        ("Terraform apply", "infrastructure"),
        ("Rollout of api", "deployment"),
        ("Something else", "deployment"),
    ],
)
def test_the_kind_of_a_change_is_told_by_its_words(summary: str, kind: str) -> None:
    (change,) = parse("pagerduty", {"payload": {"summary": summary}}, "/v2/change/enqueue").changes
    assert change.kind == kind


@pytest.mark.parametrize(
    ("word", "status"), [("triggered", "firing"), ("acknowledged", "acknowledged"), ("resolved", "resolved")]
)
def test_a_webhook_of_pagerduty_is_titled_by_the_incident_and_known_by_its_id(word: str, status: str) -> None:
    agent = {"id": "U1", "summary": "Ann Person", "type": "user_reference"}
    data = {
        "id": "Q1",
        "type": "incident",
        "title": "Disk full",
        "status": word,
        "urgency": "high",
        "assignees": [agent],
    }
    event = {
        "id": f"E-{word}",
        "event_type": f"incident.{word}",
        "resource_type": "incident",
        "agent": agent,
        "data": data,
    }
    body = {"event": event}
    assert choose("auto", request(body)).name == "pagerduty"
    signal = one("pagerduty", body)
    assert (signal.key, signal.status, signal.title) == ("pagerduty-Q1", status, "Disk full")
    del data["title"]
    assert "Ann" not in one("pagerduty", body).title
    assert "Ann" not in one("generic", body).title


def test_a_note_on_an_incident_is_no_alert() -> None:
    event = {
        "event_type": "incident.annotated",
        "resource_type": "incident",
        "data": {"type": "incident_note", "id": "N"},
    }
    assert parse("pagerduty", {"event": event}).signals == ()
