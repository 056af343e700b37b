"""What Prometheus posts to `/api/v2/alerts` is understood exactly as Alertmanager understands it."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.inbound.asking import NOW, one, parse, request

from muster.inbound.registry import FORMATS
from muster.kit.errors import Malformed
from muster.kit.link import Link

PATH = "/api/v2/alerts"
ALERT: dict[str, Any] = {
    "labels": {"alertname": "DiskFull", "severity": "critical", "instance": "db-1:9100", "empty": ""},
    "annotations": {
        "summary": "The disk of db-1 is 97% full",
        "description": "It will be full in two hours.",
        "runbook_url": "https://runbooks.example.org/disk",
        "dashboard": "https://grafana.example.org/d/disk",
    },
    "startsAt": "2026-03-02T08:55:00.123456789Z",
    "endsAt": "2026-03-02T09:03:00.5Z",
    "generatorURL": "http://prometheus.example.org:9090/graph?g0.expr=disk",
}


def test_an_alert_becomes_a_signal_with_everything_that_a_responder_needs() -> None:
    signal = one("alertmanager", [ALERT], PATH)
    assert len(signal.key) == 16
    assert (signal.status, signal.severity_hint) == ("firing", "critical")
    assert signal.title == "The disk of db-1 is 97% full"
    assert signal.description == "It will be full in two hours."
    assert signal.labels == {"alertname": "DiskFull", "severity": "critical", "instance": "db-1:9100"}
    assert signal.starts_at == NOW - timedelta(minutes=5) + timedelta(microseconds=123456)
    assert signal.ends_at == NOW + timedelta(minutes=3, milliseconds=500)
    assert signal.next_step == "Follow the runbook: https://runbooks.example.org/disk"
    assert signal.links == (
        Link("Runbook", "https://runbooks.example.org/disk"),
        Link("Dashboard", "https://grafana.example.org/d/disk"),
        Link("Source", "http://prometheus.example.org:9090/graph?g0.expr=disk"),
    )


def test_the_key_is_alertmanagers_fingerprint_and_ignores_order_and_empty_labels() -> None:
    labels = {"job": "node", "group": "production", "instance": "localhost:8081"}
    labels |= {"severity": "critical", "alertname": "InstanceDown"}
    assert one("alertmanager", [{"labels": labels}], PATH).key == "f404ecabc8dd5cd7"
    turned = dict(reversed(labels.items())) | {"nothing": ""}
    assert one("alertmanager", [{"labels": turned}], PATH).key == "f404ecabc8dd5cd7"


def test_the_same_alert_resolved_has_the_same_key() -> None:
    firing = one("alertmanager", [ALERT], PATH)
    resolved = one("alertmanager", [{**ALERT, "endsAt": "2026-03-02T08:59:00Z"}], PATH)
    assert (firing.key, firing.status) == (resolved.key, "firing")
    assert resolved.status == "resolved"


@pytest.mark.parametrize("ends", ["2026-03-02T09:00:00Z", "2026-03-02T08:59:59.999Z", "2026-03-02T09:30:00+02:00"])
def test_an_end_that_is_not_in_the_future_means_resolved(ends: str) -> None:
    alert = {"labels": {"a": "b"}, "startsAt": "2026-03-02T07:00:00Z", "endsAt": ends}
    assert one("alertmanager", [alert], PATH).status == "resolved"


@pytest.mark.parametrize("unset", [None, "", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"])
def test_without_times_an_alert_starts_now_and_is_believed_for_five_minutes(unset: str | None) -> None:
    signal = one("alertmanager", [{"labels": {"a": "b"}, "startsAt": unset, "endsAt": unset}], PATH)
    assert (signal.starts_at, signal.ends_at) == (NOW, NOW + timedelta(minutes=5))
    longer = one("alertmanager", [{"labels": {"a": "b"}}], PATH, {"resolve_timeout": "15m"})
    assert longer.ends_at == NOW + timedelta(minutes=15)


def test_without_a_start_an_alert_starts_when_it_ends_but_not_in_the_future() -> None:
    signal = one("alertmanager", [{"labels": {"a": "b"}, "endsAt": "2026-03-02T08:00:00Z"}], PATH)
    assert signal.starts_at == signal.ends_at == NOW - timedelta(hours=1)
    assert one("alertmanager", [{"labels": {"a": "b"}, "endsAt": "2027-01-01T00:00:00Z"}], PATH).starts_at == NOW


def test_a_title_is_made_of_name_and_instance_where_there_is_no_summary() -> None:
    assert one("alertmanager", [{"labels": {"alertname": "Down", "instance": "a:1"}}], PATH).title == "Down (a:1)"
    assert one("alertmanager", [{"labels": {"alertname": "Down"}}], PATH).title == "Down"
    assert one("alertmanager", [{"labels": {"job": "x", "env": "y"}}], PATH).title == "env=y, job=x"


@pytest.mark.parametrize(
    ("word", "hint"),
    [("critical", "critical"), ("page", "high"), ("warning", "medium"), ("Info", "low"), ("none", "low"), ("eh", "")],
)
def test_severity_is_a_label_by_convention_only(word: str, hint: str) -> None:
    assert one("alertmanager", [{"labels": {"alertname": "A", "severity": word}}], PATH).severity_hint == hint


def test_a_batch_keeps_its_valid_alerts_and_answers_400_with_every_reason() -> None:
    backwards = {"labels": {"a": "b"}, "startsAt": "2026-03-02T09:00:00Z", "endsAt": "2026-03-02T08:00:00Z"}
    parsed = parse("alertmanager", [ALERT, {"labels": {"a": ""}}, "x", {"annotations": {}}, backwards], PATH)
    assert [signal.labels["alertname"] for signal in parsed.signals] == ["DiskFull"]
    assert parsed.status == 400
    assert {fault.field for fault in parsed.faults} == {"1.labels", "2", "3.labels", "4.endsAt"}
    assert "4.endsAt: An alert cannot end before it starts." in parsed.reply


def test_a_batch_without_any_valid_alert_is_malformed_with_every_fault() -> None:
    with pytest.raises(Malformed) as refusal:
        parse("alertmanager", [{"labels": {}}, {"labels": None}, 7], PATH)
    assert {fault.field for fault in refusal.value.faults} == {"0.labels", "1.labels", "2"}
    assert all(fault.rule for fault in refusal.value.faults)
    assert isinstance(FORMATS["alertmanager"].refusal(refusal.value), str)


def test_an_empty_batch_is_fine_and_each_version_of_the_api_gets_its_answer() -> None:
    assert parse("alertmanager", [], PATH).status == 200
    assert parse("alertmanager", [ALERT], PATH).reply is None
    assert parse("alertmanager", [ALERT], "/api/v1/alerts").reply == {"status": "success"}


def test_values_that_are_not_texts_and_unknown_fields_warn_and_lose_nothing() -> None:
    odd = {"labels": {"alertname": "A", "shard": 7, "deep": {"x": [1]}}, "surprise": 1, "startsAt": "yesterday"}
    parsed = parse("alertmanager", [odd], PATH)
    assert parsed.status == 200
    assert parsed.signals[0].labels == {"alertname": "A", "shard": "7", "deep": '{"x":[1]}'}
    assert {fault.field for fault in parsed.warnings} == {
        "0.surprise",
        "0.labels.shard",
        "0.labels.deep",
        "0.startsAt",
    }


def test_its_only_option_is_checked() -> None:
    adapter = FORMATS["alertmanager"]
    assert adapter.option_faults({"resolve_timeout": "15m"}) == ()
    assert [fault.field for fault in adapter.option_faults({"resolve_timeout": 7, "other": 1})] == [
        "other",
        "resolve_timeout",
    ]


def test_too_much_is_cut_with_a_warning_and_still_told_apart() -> None:
    many = {f"label_{number}": "x" for number in range(300)} | {"alertname": "A", "severity": "low"}
    parsed = parse("alertmanager", [{"labels": many}], PATH)
    assert len(parsed.signals[0].labels) == 256
    assert parsed.signals[0].labels["alertname"] == "A"
    assert parsed.signals[0].labels["severity"] == "low"
    long = [{"labels": {"a": "x" * 5000 + end}} for end in "12"]
    parsed = parse("alertmanager", long, PATH)
    assert [len(signal.labels["a"]) for signal in parsed.signals] == [4096, 4096]
    assert parsed.signals[0].key != parsed.signals[1].key
    assert {fault.field for fault in parsed.warnings} == {"0.labels.a", "1.labels.a"}


def test_nul_and_lone_surrogates_and_broken_utf8_are_cleaned_and_kept() -> None:
    body = rb'[{"labels": {"alertname": "A\u0000B", "half": "\ud800", "pair": "\ud83d\ude00", "raw": "' + b'\xff"}}]'
    signal = FORMATS["alertmanager"].parse(request(body, PATH), {}).signals[0]
    assert signal.labels == {"alertname": "A\ufffdB", "half": "\ufffd", "pair": "😀", "raw": "\ufffd"}


@pytest.mark.parametrize(
    ("body", "line", "column"),
    [(b'[{"labels": {"a": "b"},}]', 1, 24), (b'[\n{"labels": nope}]', 2, 12), (b"not json", 1, 1)],
)
def test_what_is_not_json_is_refused_with_line_and_column(body: bytes, line: int, column: int) -> None:
    with pytest.raises(Malformed) as refusal:
        FORMATS["alertmanager"].parse(request(body, PATH), {})
    (fault,) = refusal.value.faults
    assert (fault.line, fault.column) == (line, column)


@pytest.mark.parametrize("body", [b"", b"  ", b'"x"', b"7", b"null", b"[" * 100_000, b'[{"labels":' + b'{"a":' * 5000])
def test_what_is_no_list_of_alerts_is_malformed(body: bytes) -> None:
    with pytest.raises(Malformed):
        FORMATS["alertmanager"].parse(request(body, PATH), {})


def test_more_alerts_than_one_request_may_hold_are_refused() -> None:
    with pytest.raises(Malformed, match="more than 10000 alerts"):
        parse("alertmanager", [{"labels": {"a": "b"}}] * 10_001, PATH)
