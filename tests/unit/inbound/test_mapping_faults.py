"""A mapping that is mistyped is refused when it is set, by field and with what was meant; stored ones end nothing."""

from typing import Any

import pytest
from tests.unit.inbound.asking import one, parse

from muster.inbound.registry import option_faults


def told(options: dict[str, Any], form: str) -> dict[str, str]:
    """The faults of options: field to what it says."""
    return {fault.field: f"{fault.rule} {fault.fix}" for fault in option_faults(form, options)}


@pytest.mark.parametrize(
    ("options", "field", "said"),
    [
        ({"resolved_when": {"path": "$.type", "in": ["success"]}}, "resolved_when.in", "`values`"),
        ({"resolved_when": {"path": "$.type", "vlaues": ["x"]}}, "resolved_when.vlaues", "`values`"),
        ({"ignored_when": {"field": "$.type", "values": ["x"]}}, "ignored_when.field", "`path`"),
        ({"resolved_when": {}}, "resolved_when", "path"),
        ({"resolved_when": None}, "resolved_when", "path"),
        ({"resolved_when": "$.x"}, "resolved_when", "path"),
        ({"acknowledged_when": {"path": ""}}, "acknowledged_when.path", "path"),
        ({"resolved_when": {"path": "type"}}, "resolved_when.path", "$.type"),
        ({"resolved_when": {"path": "$.a || yes"}}, "resolved_when.path", "fixed text"),
        ({"resolved_when": {"path": "{{ $.a }} x"}}, "resolved_when.values", "never empty"),
        ({"resolved_when": {"path": "{{ yes }}", "values": ["yes"]}}, "resolved_when.path", "no path"),
        ({"resolved_when": {"path": "$.type", "values": []}}, "resolved_when.values", "empty"),
        ({"resolved_when": {"path": "$.type", "values": [""]}}, "resolved_when.values", "empty"),
        ({"resolved_when": {"path": "$.type", "values": [["ok"]]}}, "resolved_when.values", "list of texts"),
        ({"resolve_when": {"path": "$.type"}}, "resolve_when", "`resolved_when`"),
        ({"mapping": {"titel": "$.x"}}, "mapping.titel", "`title`"),
        ({"mapping": {"title": {"path": "$.x"}}}, "mapping.title", "text"),
        ({"mapping": {"key": "id"}}, "mapping.key", "$.id"),
        ({"mapping": {"status": "resolved"}}, "mapping.status", "fixed text"),
        ({"mapping": {"title": " "}}, "mapping.title", "empty"),
        ({"mapping": {"labels": {"": "$.x"}}}, "mapping.labels", "empty"),
        ({"mapping": {"labels": {"team": 3}}}, "mapping.labels.team", "text"),
        ({"items": "alerts"}, "items", "$.alerts"),
        ({"severities": {"5": "hihg"}}, "severities", "`high`"),
        ({"produces": "alerts"}, "produces", "signals or changes"),
    ],
)
@pytest.mark.parametrize("form", ["generic", "cloudevents", "auto"])
def test_whatever_is_mistyped_is_refused_with_what_was_meant(
    options: dict[str, Any], field: str, said: str, form: str
) -> None:
    faults = told(options, form)
    assert field in faults
    assert said in faults[field]


@pytest.mark.parametrize(
    "condition",
    [
        {"path": "$.type", "in": ["success"]},
        {"path": "$.type", "values": []},
        {"path": "$.type", "values": [""]},
        {"path": "type"},
        {"path": ""},
        {"values": ["failure"]},
        {},
    ],
)
@pytest.mark.parametrize("name", ["resolved_when", "acknowledged_when", "ignored_when"])
def test_a_mistyped_condition_that_is_stored_already_never_holds(condition: dict[str, Any], name: str) -> None:
    parsed = parse("generic", {"title": "Down", "type": "failure"}, options={name: condition})
    assert [signal.status for signal in parsed.signals] == ["firing"]


@pytest.mark.parametrize("nothing", [None, "", 0, "0", False, "false", "No", [], {}])
def test_a_condition_without_values_holds_where_something_is_there(nothing: Any) -> None:
    options = {"resolved_when": {"path": "$.over"}}
    assert one("generic", {"title": "x", "over": nothing}, options=options).status == "firing"
    assert one("generic", {"title": "x", "over": "2026-11-30"}, options=options).status == "resolved"
