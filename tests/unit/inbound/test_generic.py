"""Any JSON: by rules, and by guess where there are none."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.inbound.asking import NOW, one, parse, request

from muster.alerts.port import Request
from muster.inbound.generic.option_faults import option_faults
from muster.inbound.generic.paths import check, compile_path, text, value
from muster.inbound.generic.rules import rules_of
from muster.inbound.registry import FORMATS
from muster.kit.errors import Malformed
from muster.kit.link import Link

DOCUMENT: dict[str, Any] = {
    "alert": {"name": "Disk", "odd name": 1, "tags": ["a", "b"]},
    "hosts": [{"name": "db-1"}, {"name": "db-2"}],
    "none": None,
}
OPTIONS: dict[str, Any] = {
    "mapping": {
        "key": "$.check.id",
        "title": "{{ $.check.name }} on {{ $.host }}",
        "severity_hint": "$.prio",
        "description": "$.nothing || $.text",
        "starts_at": "$.since",
        "next_step": "Call {{ $.owner }}",
        "labels": {"host": "$.host", "absent": "$.absent"},
        "links": {"Graph": "$.graph"},
        "group_hint": "$.host",
    },
    "severities": {"5": "critical"},
    "resolved_when": {"path": "$.state", "values": ["GREEN", 0]},
    "acknowledged_when": {"path": "$.state", "values": ["seen"]},
    "ignored_when": {"path": "$.test"},
}
SENT: dict[str, Any] = {
    "check": {"id": 17, "name": "Disk"},
    "host": "db-1",
    "prio": 5,
    "text": "Full",
    "since": 1772442000,
    "owner": "Ann",
    "graph": "https://graphs.example.org/1",
    "state": "red",
}


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("$.alert.name", "Disk"),
        ("$['alert']['odd name']", "1"),
        ('$["alert"].tags[0]', "a"),
        ("$.alert.tags[-1]", "b"),
        ("$.alert.tags[7]", ""),
        ("$.alert.tags", "a, b"),
        ("$.hosts[*].name", "db-1, db-2"),
        ("$.none || $.missing || $.hosts[0].name", "db-1"),
        ("$.missing || by hand", "by hand"),
        ("{{ $.alert.name }} on {{ $.missing || nowhere }}!", "Disk on nowhere!"),
        ("always this", "always this"),
        ("$.alert.name.deeper", ""),
    ],
)
def test_a_path_finds_what_it_names(expression: str, expected: str) -> None:
    assert text(expression, DOCUMENT) == expected
    assert check(expression) == ""


@pytest.mark.parametrize(
    "expression", ["$alert", "$.", "$..a", "$[x]", "$.a[", "$.a b", "$" + ".a" * 40, "$." + "a" * 1000]
)
def test_a_path_that_cannot_be_read_is_told_and_finds_nothing(expression: str) -> None:
    assert check(expression)
    assert value(expression, DOCUMENT) is None


@given(st.text(max_size=40))
def test_any_expression_is_a_path_a_text_or_refused_and_never_anything_else(expression: str) -> None:
    check(expression)
    text(expression, DOCUMENT)
    try:
        compile_path(expression)
    except ValueError:
        return


def test_rules_map_every_field() -> None:
    signal = one("generic", SENT, options=OPTIONS)
    assert (signal.key, signal.title, signal.status) == ("17", "Disk on db-1", "firing")
    assert (signal.severity_hint, signal.description, signal.group_hint) == ("critical", "Full", "db-1")
    assert signal.starts_at == NOW
    assert signal.next_step == "Call Ann"
    assert signal.labels == {"host": "db-1"}
    assert signal.links == (Link("Graph", "https://graphs.example.org/1"),)


@pytest.mark.parametrize(
    ("state", "status"), [("green", "resolved"), (0, "resolved"), ("seen", "acknowledged"), ("ok", "firing")]
)
def test_an_explicit_resolution_rule_is_the_only_one(state: Any, status: str) -> None:
    assert one("generic", {**SENT, "state": state}, options=OPTIONS).status == status


def test_what_the_rules_ignore_gives_nothing_and_says_so() -> None:
    parsed = parse("generic", {**SENT, "test": True}, options=OPTIONS)
    assert parsed.signals == ()
    assert "ignore" in parsed.warnings[0].rule


def test_items_point_at_the_list() -> None:
    body = {"batch": {"entries": [{"name": "One"}, {"name": "Two"}]}}
    parsed = parse("generic", body, options={"items": "$.batch.entries"})
    assert [signal.title for signal in parsed.signals] == ["One", "Two"]


def test_changes_can_be_produced() -> None:
    parsed = parse("generic", {"title": "Config pushed", "id": 9}, options={"produces": "change"})
    assert [(change.key, change.kind) for change in parsed.changes] == [("9", "configuration")]


def test_every_fault_of_the_options_is_told_and_sound_options_have_none() -> None:
    assert option_faults(OPTIONS) == ()
    assert option_faults({}) == ()
    bad = {
        "mapping": {"title": "$..x", "colour": "$.c", "labels": "$.l", "links": {"A": 7}},
        "items": 7,
        "produces": "magic",
        "severities": {"5": "dreadful"},
        "resolved_when": {"values": ["ok"]},
        "surprise": 1,
    }
    named = {fault.field for fault in option_faults(bad)}
    assert named == {
        "surprise",
        "mapping.title",
        "mapping.colour",
        "mapping.labels",
        "mapping.links.A",
        "items",
        "produces",
        "resolved_when",
        "severities",
    }
    assert {fault.field for fault in option_faults({"mapping": []})} == {"mapping"}
    wrong = option_faults({"ignored_when": {"path": "$.a", "values": "ok"}})
    assert [(fault.field, bool(fault.rule)) for fault in wrong] == [("ignored_when.values", True)]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
NAMES = st.sampled_from(["mapping", "items", "produces", "severities", "resolved_when", "ignored_when", "labels"])


@given(st.dictionaries(NAMES, JSON, max_size=4))
def test_even_unsound_options_never_break_the_intake(options: dict[str, Any]) -> None:
    option_faults(options)
    rules_of(options)
    parse("generic", {"title": "x"}, options=options)


@pytest.mark.parametrize(
    ("document", "expected"),
    [
        (
            {
                "problem_id": "P-1",
                "title": "Slow",
                "state": "OPEN",
                "severity": "error",
                "tags": ["env:prod", "team:web"],
            },
            ("P-1", "Slow", "firing", "high"),
        ),
        ({"event": {"issue_id": 7, "name": "Down"}, "action": "resolved"}, ("7", "Down", "resolved", "")),
        (
            {"alias": "a-1", "message": "Disk\nfull", "event": "incident.acknowledged"},
            ("a-1", "Disk", "acknowledged", ""),
        ),
        (
            {"monitorId": "m", "monitorName": "API", "status": "up", "priority": "P1"},
            ("m", "API", "resolved", "critical"),
        ),
        ({"id": 1, "subject": "[OK] Load", "status": 7}, ("1", "[OK] Load", "resolved", "")),
        ({"id": 1, "subject": "Up to 40% packets lost"}, ("1", "Up to 40% packets lost", "firing", "")),
        ({"id": 1, "title": "Recovery job failed"}, ("1", "Recovery job failed", "firing", "")),
    ],
)
def test_an_unknown_webhook_is_guessed_well(document: Any, expected: tuple[str, str, str, str]) -> None:
    signal = one("generic", document)
    assert (signal.key, signal.title, signal.status, signal.severity_hint) == expected


def test_tags_and_well_known_fields_become_labels_and_addresses_links() -> None:
    document = {
        "title": "Slow",
        "host": "web-1",
        "tags": ["env:prod", "loud"],
        "labels": {"team": "shop"},
        "url": "https://mon.example.org/1",
        "runbookUrl": "https://runbooks.example.org/1",
        "user": {"name": "ann"},
    }
    signal = one("generic", document)
    assert signal.labels == {"host": "web-1", "env": "prod", "loud": "true", "team": "shop"}
    assert signal.links[0] == Link("Runbook", "https://runbooks.example.org/1")
    assert signal.next_step == "Follow the runbook: https://runbooks.example.org/1"


def test_without_a_key_failure_and_recovery_meet_by_title_and_place() -> None:
    fired = one("generic", {"title": "[Alerting] Load high", "host": "web-1", "severity": "critical"})
    over = one("generic", {"title": "[OK] Load high", "host": "web-1", "severity": "ok"})
    other = one("generic", {"title": "[Alerting] Load high", "host": "web-2"})
    assert (fired.key, over.status) == (over.key, "resolved")
    assert fired.key != other.key


def test_forms_queries_and_plain_text_are_taken() -> None:
    form = FORMATS["generic"].parse(request(b"title=Down&id=7&status=ok", kind="application/x-www-form-urlencoded"), {})
    assert (form.signals[0].title, form.signals[0].status) == ("Down", "resolved")
    packed = request(b"payload=%7B%22title%22%3A%22Inner%22%7D", kind="application/x-www-form-urlencoded")
    assert FORMATS["generic"].parse(packed, {}).signals[0].title == "Inner"
    query = Request("", "GET", {}, {"title": "From a query"}, b"", NOW)
    assert FORMATS["generic"].parse(query, {}).signals[0].title == "From a query"
    words = FORMATS["generic"].parse(request(b"Backup failed\nat night", kind="text/plain"), {}).signals[0]
    assert (words.title, words.description) == ("Backup failed", "Backup failed\nat night")


def test_a_list_gives_several_and_its_places_are_named() -> None:
    parsed = parse("generic", [{"title": "One"}, {"colour": "red"}])
    assert [signal.title for signal in parsed.signals] == ["One", '{"colour":"red"}']
    assert [fault.field for fault in parsed.warnings] == ["1"]


@pytest.mark.parametrize("body", [{}, [], [{}], 7, None, "x", {"title": ""}, {"a": {}, "b": []}])
def test_what_says_nothing_is_malformed(body: Any) -> None:
    with pytest.raises(Malformed):
        parse("generic", body)


def test_times_may_be_epochs_of_any_unit() -> None:
    for stamp in (1772442000, 1772442000000, "1772442000", "2026-03-02T09:00:00", 1772442000000000):
        assert one("generic", {"title": "x", "timestamp": stamp}).starts_at == NOW
    assert one("generic", {"title": "x", "timestamp": "later"}).starts_at is None
    assert one("generic", {"title": "x", "created_at": (NOW - timedelta(1)).isoformat()}).starts_at == NOW - timedelta(
        1
    )
