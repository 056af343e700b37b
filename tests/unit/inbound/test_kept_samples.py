"""A mapping is kept with samples: a change that breaks one is refused with what differs."""

from typing import Any

import pytest

from muster.inbound.registry import FORMATS

DOWN = {"check": {"id": 7, "name": "Disk"}, "color": "red", "prio": 5}
UP = {**DOWN, "color": "green"}
OPTIONS: dict[str, Any] = {
    "mapping": {"key": "$.check.id", "title": "$.check.name", "severity": "$.prio"},
    "severities": {"5": "critical"},
    "resolved_when": {"path": "$.color", "values": ["green"]},
    "samples": [
        {
            "name": "down",
            "payload": DOWN,
            "expect": {"status": "firing", "key": "7", "title": "Disk", "severity": "critical"},
        },
        {"name": "up", "payload": UP, "expect": {"status": "resolved", "key": "7"}},
    ],
}


def told(**changes: Any) -> dict[str, str]:
    """The faults of the options with some changes."""
    return {fault.field: fault.rule for fault in FORMATS["generic"].option_faults({**OPTIONS, **changes})}


def test_a_mapping_that_does_what_its_samples_expect_is_taken() -> None:
    assert told() == {}


def test_a_change_that_breaks_a_sample_is_refused_with_what_differs() -> None:
    faults = told(resolved_when={"path": "$.color", "values": ["blue"]})
    assert faults == {"samples.1.expect.status": "The sample up would have status 'firing' instead of 'resolved'."}
    faults = told(mapping={"key": "$.check.name", "title": "$.check.name", "severity": "$.prio"})
    assert set(faults) == {"samples.0.expect.key", "samples.1.expect.key"}
    assert told(ignored_when={"path": "$.check"}) == {
        "samples.0": "The sample down would become no alert.",
        "samples.1": "The sample up would become no alert.",
    }


@pytest.mark.parametrize(
    ("samples", "field"),
    [
        ({}, "samples"),
        ([{}], "samples.0"),
        ([{"payload": "x"}], "samples.0"),
        ([{"payload": DOWN}], "samples.0.expect"),
        ([{"payload": DOWN, "expect": {}}], "samples.0.expect"),
        ([{"payload": DOWN, "expect": {"titel": "x"}}], "samples.0.expect.titel"),
        ([{"payload": DOWN, "expects": {}, "expect": {"key": "7"}}], "samples.0.expects"),
        ([{"payload": DOWN, "expect": {"key": "7"}}] * 11, "samples"),
    ],
)
def test_a_sample_that_says_nothing_is_refused(samples: Any, field: str) -> None:
    assert field in told(samples=samples)
