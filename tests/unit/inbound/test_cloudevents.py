"""CloudEvents 1.0 in its three modes over HTTP."""

import base64
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.unit.inbound.asking import NOW, one, parse, request

from muster.alerts.port import Request
from muster.inbound.registry import FORMATS, choose
from muster.kit.errors import Malformed

EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "1",
    "source": "/probes/eu",
    "type": "org.example.alert.fired",
    "subject": "db-1",
    "time": "2026-03-02T08:59:00Z",
    "data": {"alert_id": "disk-db-1", "title": "Disk full", "severity": "critical", "service": "db"},
}


def binary(body: bytes, kind: str, **attributes: str) -> Request:
    headers = {"Content-Type": kind} | {f"Ce-{name}": value for name, value in attributes.items()}
    return Request("", "POST", headers, {}, body, NOW)


def test_the_data_of_a_structured_event_becomes_the_signal() -> None:
    signal = one("cloudevents", EVENT)
    assert (signal.key, signal.status, signal.severity_hint) == ("/probes/eu disk-db-1", "firing", "critical")
    assert (signal.title, signal.starts_at) == ("Disk full", NOW - timedelta(minutes=1))
    assert signal.labels["service"] == "db"
    assert signal.annotations["ce_type"] == "org.example.alert.fired"


def test_failure_and_recovery_meet_through_the_datas_own_identity() -> None:
    over = {**EVENT, "id": "2", "type": "org.example.alert.resolved"}
    signal = one("cloudevents", over)
    assert (signal.key, signal.status) == (one("cloudevents", EVENT).key, "resolved")


def test_without_such_an_identity_only_a_repeated_delivery_is_a_repeat() -> None:
    bare = {**EVENT, "data": {"note": "x"}, "type": "org.example.alert.noted"}
    assert one("cloudevents", bare).key == "/probes/eu 1"
    assert one("cloudevents", {**bare, "id": "2"}).key == "/probes/eu 2"
    assert one("cloudevents", bare).title == "org.example.alert.noted db-1"


def test_a_batch_keeps_its_valid_events() -> None:
    parsed = parse("cloudevents", [EVENT, {"specversion": "1.0"}, 7])
    assert len(parsed.signals) == 1
    assert [fault.field for fault in parsed.faults] == ["2", "1.id", "1.source", "1.type"]
    assert parsed.reply == {"accepted": 1}


@pytest.mark.parametrize("body", [[{}], [7], {}, 7, "x", [{**EVENT, "specversion": "9"}], {**EVENT, "id": ""}])
def test_nothing_valid_is_malformed(body: Any) -> None:
    with pytest.raises(Malformed):
        parse("cloudevents", body)


def test_binary_mode_has_its_attributes_in_percent_encoded_headers() -> None:
    attributes = {"specversion": "1.0", "id": "1", "source": "/probes/eu", "type": "fired", "Subject": "caf%C3%A9"}
    sent = binary(json.dumps(EVENT["data"]).encode(), "application/json; charset=utf-8", **attributes)
    assert choose("auto", sent).name == "cloudevents"
    (signal,) = FORMATS["cloudevents"].parse(sent, {}).signals
    assert signal.key == "/probes/eu disk-db-1"
    assert signal.annotations["ce_subject"] == "café"


def test_data_that_is_not_json_is_kept_raw_with_a_warning() -> None:
    attributes = {"specversion": "1.0", "id": "1", "source": "s", "type": "t"}
    parsed = FORMATS["cloudevents"].parse(binary(b"\x00\x01", "application/x-thrift", **attributes), {})
    assert (parsed.signals[0].key, [fault.field for fault in parsed.warnings]) == ("s 1", ["data"])
    for packed in ("not base64", 7):
        event = {**EVENT, "data_base64": packed, "datacontenttype": "application/json"}
        assert [fault.field for fault in parse("cloudevents", event).warnings] == ["data_base64"]


def test_base64_of_json_is_read() -> None:
    packed = base64.b64encode(json.dumps(EVENT["data"]).encode()).decode()
    event = {name: value for name, value in EVENT.items() if name != "data"} | {"data_base64": packed}
    assert one("cloudevents", event).title == "Disk full"


@pytest.mark.parametrize("kind", ["application/cloudevents+json", "application/cloudevents-batch+json; charset=utf-8"])
def test_its_media_types_choose_it(kind: str) -> None:
    assert choose("auto", request([EVENT], kind=kind)).name == "cloudevents"


def test_rules_map_the_data() -> None:
    options = {
        "mapping": {"key": "$.ce_subject", "title": "{{ $.title }} on {{ $.ce_subject }}"},
        "resolved_when": {"path": "$.ce_type", "values": ["org.example.alert.fired"]},
    }
    signal = one("cloudevents", EVENT, options=options)
    assert (signal.key, signal.title, signal.status) == ("/probes/eu db-1", "Disk full on db-1", "resolved")


def test_a_deployment_of_cdevents_is_a_change() -> None:
    event = {**EVENT, "type": "dev.cdevents.service.deployed.0.2.0", "data": {"content": {"environment": "prod"}}}
    (change,) = parse("cloudevents", event).changes
    assert (change.kind, change.key) == ("deployment", "/probes/eu 1")
    assert change.labels["environment"] == "prod"
    assert parse("cloudevents", EVENT, options={"produces": "change"}).changes[0].title == "Disk full"


def test_a_subject_is_known_by_what_it_is_about_where_the_type_tells_a_state() -> None:
    fired = {**EVENT, "data": {"message": "Disk of host1 is full"}, "type": "example.disk.alert.fired"}
    over = {**fired, "id": "2", "type": "example.disk.alert.resolved"}
    other = {**over, "type": "example.cpu.alert.resolved"}
    assert one("cloudevents", fired).key == one("cloudevents", over).key != one("cloudevents", other).key
    assert (one("cloudevents", fired).status, one("cloudevents", over).status) == ("firing", "resolved")


@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        ('"quoted"', "quoted"),
        (r'"a \"b\" %C3%A9"', 'a "b" é'),
        ("Euro%20%E2%82%AC", "Euro €"),
        ('"', '"'),
        ("plain", "plain"),
    ],
)
def test_headers_of_binary_mode_may_be_quoted_and_percent_encoded(sent: str, meant: str) -> None:
    headers = {"ce_specversion": "1.0", "ce_id": "1", "ce_source": "/s", "ce_type": "x.fired", "ce_subject": sent}
    (signal,) = FORMATS["cloudevents"].parse(request({"title": "t"}, **headers), {}).signals
    assert signal.annotations["ce_subject"] == meant
