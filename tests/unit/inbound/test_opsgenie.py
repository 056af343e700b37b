"""Opsgenie's Alert API as its senders speak it: what creates an alert, what ends one, and how they are refused."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.inbound.asking import NOW, one, parse, request

from muster.alerts.integration import Integration
from muster.alerts.port import Unaddressed
from muster.inbound.formats import InboundFormats
from muster.inbound.opsgenie_address import genie_key, is_call
from muster.inbound.registry import FORMATS, choose
from muster.kit.errors import Malformed

ALERTS = "/v2/alerts"
SOMEWHERE = Integration(
    id=None, name="x", title="", format="auto", options={}, active=True, created_at=NOW, last_signal_at=None
)  # type: ignore[arg-type]


def test_the_documented_example_keeps_all_that_it_says(samples: Path) -> None:
    signal = one("opsgenie", (samples / "opsgenie/alert-api/create-alert.request.json").read_bytes(), ALERTS)
    assert (signal.key, signal.status, signal.title) == (
        "Life is too short for no alias", "firing", "An example alert message",
    )  # fmt: skip
    assert signal.severity_hint == "critical"
    assert signal.description == "Every alert needs a description"
    assert signal.labels["tags"] == "OverwriteQuietHours,Critical"
    assert signal.labels["team"] == "4513b7ea-3b91-438f-b7e4-e3e54af9147c,NOC"
    assert "user:trinity@opsgenie.com" in signal.labels["responders"]
    assert signal.labels | {"entity": "An example entity", "source": "Airflow", "key1": "value1"} == signal.labels
    assert signal.annotations | {"user": "Jesse", "note": "Write this down"} == signal.annotations


@pytest.mark.parametrize(
    ("priority", "severity"),
    [("P1", "critical"), ("P2", "high"), ("P3", "medium"), ("P5", "low"), (2, "high"), (None, "medium")],
)
def test_a_priority_is_a_severity(priority: Any, severity: str) -> None:
    assert one("opsgenie", {"message": "x", "priority": priority}, ALERTS).severity_hint == severity
    mapped = {"severities": {"P1": "low", "P2": "low", "P3": "low", "P5": "low"}}
    assert one("opsgenie", {"message": "x", "priority": priority}, ALERTS, mapped).severity_hint == "low"


def test_without_an_alias_the_request_itself_is_the_key_and_its_name_stays() -> None:
    sent = request({"message": "x"}, ALERTS)
    first, again = FORMATS["opsgenie"].parse(sent, {}), FORMATS["opsgenie"].parse(sent, {})
    assert (first.status, first.reply["result"]) == (202, "Request will be processed")
    assert first.reply["requestId"] == first.request_id == again.request_id == first.signals[0].key
    other = FORMATS["opsgenie"].parse(request({"message": "y"}, ALERTS), {})
    assert other.request_id != first.request_id


@pytest.mark.parametrize(("kind", "named_by"), [("alias", "key"), ("id", "id"), ("tiny", "tiny"), ("", "id")])
def test_a_close_names_its_alert_in_three_ways(kind: str, named_by: str) -> None:
    query = {"identifierType": kind} if kind else {}
    sent = replace(request({"user": "jesse"}, f"{ALERTS}/disk of/db/close"), query=query)
    (signal,) = choose("auto", sent).parse(sent, {}).signals
    assert (signal.key, signal.named_by, signal.status) == ("disk of/db", named_by, "resolved")


def test_a_close_needs_no_body() -> None:
    assert one("opsgenie", b"", f"{ALERTS}/1/close").status == "resolved"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "message"),
        ({"message": " "}, "message"),
        ({"message": "x", "priority": "P9"}, "priority"),
        ({"alias": "a"}, "message"),
    ],
)
def test_a_bad_field_is_answered_422_by_its_name(body: Any, field: str) -> None:
    with pytest.raises(Malformed) as refused:
        parse("opsgenie", body, ALERTS)
    assert refused.value.status == 422
    said = FORMATS["opsgenie"].refusal(refused.value)
    assert field in said["errors"]
    assert {"message", "took", "requestId"} <= set(said)


def test_an_unknown_kind_of_identifier_is_refused() -> None:
    with pytest.raises(Malformed, match="id, alias, tiny"):
        FORMATS["opsgenie"].parse(replace(request({}, f"{ALERTS}/1/close"), query={"identifierType": "name"}), {})


def test_options_are_checked_when_they_are_set() -> None:
    check = FORMATS["opsgenie"].option_faults
    assert check({"senders_decide": True, "severities": {"P3": "high"}}) == ()
    assert [fault.field for fault in check({"senders_decide": "yes", "severities": {"P3": "P1"}, "x": 1})] == [
        "x", "severities", "senders_decide",
    ]  # fmt: skip


def test_its_own_webhook_is_read_where_only_the_address_of_the_integration_is_given(samples: Path) -> None:
    body = (samples / "opsgenie/webhooks/close.json").read_bytes()
    assert one("opsgenie", body, "/").status == "resolved"


@pytest.mark.parametrize(
    ("method", "path", "calls"),
    [
        ("POST", ALERTS, False),
        ("POST", f"{ALERTS}/", False),
        ("POST", f"/{ALERTS}/1/close", False),
        ("GET", ALERTS, True),
        ("POST", f"{ALERTS}/1/notes", True),
        ("PUT", f"{ALERTS}/1/message", True),
        ("DELETE", f"{ALERTS}/1", True),
        ("POST", "/v2/enqueue", False),
        ("GET", "/v2/alertsmore", False),
    ],
)
def test_signals_are_told_from_calls(method: str, path: str, calls: bool) -> None:
    assert is_call(method, path) is calls


def test_the_key_is_found_in_the_header() -> None:
    assert genie_key("GenieKey eb243592-faa2") == "eb243592-faa2"
    assert genie_key("geniekey  x ") == "x"
    assert genie_key("Bearer x") == ""


@pytest.mark.parametrize(
    "path",
    ["/v2/alert", "/alerts", "/v1/alerts", "/v3/enqueue", "/v2/incidents/create", "/webhook", "/grafana/x", "/.env"],
)
def test_no_alert_comes_from_an_unknown_address(path: str) -> None:
    with pytest.raises(Unaddressed, match="/api/v2/alerts") as refused:
        InboundFormats().parse(SOMEWHERE, request({"title": "x", "message": "x"}, path))
    assert refused.value.status == 404


@pytest.mark.parametrize(
    "path", ["", "/", "//", "/grafana", "/generic/", "//v2/enqueue", "//api/v2/alerts", "//v2/alerts"]
)
def test_known_addresses_take_signals_with_any_number_of_slashes(path: str) -> None:
    InboundFormats().see_address(path)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.sampled_from(["message", "alias", "priority", "tags", "details", "responders", "entity", "note", "alert"])


@given(
    body=st.dictionaries(FIELDS, JSON, max_size=6) | JSON,
    path=st.sampled_from([ALERTS, f"{ALERTS}/a/close", f"{ALERTS}/%zz/close"]),
    kind=st.sampled_from(["", "id", "alias", "tiny", "odd"]),
)
def test_any_body_is_a_signal_with_its_own_words_or_refused(body: Any, path: str, kind: str) -> None:
    sent = replace(request(json.dumps(body).encode(), path), query={"identifierType": kind} if kind else {})
    try:
        parsed = InboundFormats().parse(SOMEWHERE, sent)
    except Malformed as refusal:
        json.dumps(FORMATS["opsgenie"].refusal(refusal))
        return
    (signal,) = parsed.signals
    if signal.status == "firing":
        assert path == ALERTS
        assert isinstance(body, dict)
        assert str(body["message"]).strip()
