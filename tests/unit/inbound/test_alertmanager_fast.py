"""The quick look at re-sent alerts sees what the full reading sees, or leaves it to the full reading."""

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.inbound.asking import NOW, parse
from tests.unit.inbound.test_alertmanager_posts import ALERT, PATH

from muster.alerts.signal import Signal
from muster.inbound.alertmanager_fast import ends, scan, to_signal
from muster.inbound.fingerprint import fingerprint
from muster.inbound.record import Findings
from muster.kit.errors import Malformed

TEXT = st.text(max_size=12)
TIMES = st.sampled_from(
    [None, "", "0001-01-01T00:00:00Z", "2026-03-02T08:00:00Z", "2026-03-02T09:30:00.1234567+01:00", "soon", "1"]
)
ALERTS = st.fixed_dictionaries(
    {"labels": st.dictionaries(TEXT, TEXT, max_size=4)},
    optional={
        "annotations": st.dictionaries(TEXT, TEXT, max_size=3),
        "startsAt": TIMES,
        "endsAt": TIMES,
        "generatorURL": st.sampled_from(["", "http://prometheus.example.org/", "nowhere"]),
    },
)


def body(*alerts: Any) -> bytes:
    return json.dumps(alerts).encode()


def test_labels_and_annotations_stay_as_they_were_sent() -> None:
    raw = scan(b'[{"labels": {"b":"1", "a":"2"}, "annotations": {}, "endsAt": "2026-03-02T09:05:00Z"}]')
    assert raw is not None
    assert raw[0].labels_raw == b'{"b":"1", "a":"2"}'
    assert raw[0].annotations_raw == b"{}"
    assert ends(raw[0], NOW) == NOW + timedelta(minutes=5)


def test_an_alert_without_an_end_is_believed_for_the_timeout() -> None:
    raw = scan(body({"labels": {"a": "b"}}))
    assert raw is not None
    assert ends(raw[0], NOW, timedelta(minutes=7)) == NOW + timedelta(minutes=7)


@pytest.mark.parametrize(
    "sent", [b"{}", b"x", b"", b'[{"labels": {"a": "b"}}', b'[{"endsAt": 7, "labels": {}}]', b"[7]"]
)
def test_what_the_quick_look_cannot_read_is_left_to_the_full_reading(sent: bytes) -> None:
    assert scan(sent) is None


def test_a_plain_alert_decodes_to_the_same_signal_as_the_full_reading() -> None:
    raw = scan(body(ALERT))
    assert raw is not None
    assert to_signal(raw[0], NOW) == parse("alertmanager", [ALERT], PATH).signals[0]


@given(ALERTS)
def test_whatever_is_sent_the_two_readings_agree(alert: dict[str, Any]) -> None:
    raw = scan(body(alert))
    assert raw is not None
    assert rules_or_signal(lambda: to_signal(raw[0], NOW, path="0")) == rules_or_signal(
        lambda: parse("alertmanager", [alert], PATH).signals[0]
    )


def rules_or_signal(read: Callable[[], Signal]) -> Signal | list[str]:
    """What a reading gives: the signal, or the rules that forbid one."""
    try:
        return read()
    except Malformed as refusal:
        return [fault.rule for fault in refusal.faults]


def test_labels_that_are_no_texts_are_read_tolerantly_with_warnings() -> None:
    raw = scan(b'[{"labels": {"alertname": "A", "shard": 7, "half": "\\ud800x"}}]')
    if raw is None:
        raw = scan(b'[{"labels": {"alertname": "A", "shard": 7}}]')
    assert raw is not None
    findings = Findings()
    assert to_signal(raw[0], NOW, findings=findings).labels["shard"] == "7"
    assert [fault.field for fault in findings.warnings] == ["labels.shard"]


@pytest.mark.parametrize("labels", [b"null", b"7", b"{}", b'{"a":""}', b'[["a"]]'])
def test_an_alert_that_alertmanager_would_refuse_is_malformed_at_its_place(labels: bytes) -> None:
    raw = scan(b'[{"labels": ' + labels + b"}]")
    assert raw is not None
    with pytest.raises(Malformed) as refusal:
        to_signal(raw[0], NOW, path="0")
    assert refusal.value.faults[0].field == "0.labels"


@given(st.dictionaries(TEXT, TEXT, max_size=5))
def test_a_fingerprint_does_not_depend_on_the_order_of_labels(labels: dict[str, str]) -> None:
    assert fingerprint(labels) == fingerprint(dict(reversed(labels.items())))
    assert len(fingerprint(labels)) == 16


def test_names_and_values_are_told_apart_in_a_fingerprint() -> None:
    assert fingerprint({"ab": "c"}) != fingerprint({"a": "bc"})
    assert fingerprint({}) == "cbf29ce484222325"
