"""Everything wrong with a silence or an integration is said at once, in the field that it belongs to."""

from datetime import timedelta
from typing import Any

import pytest
from tests.unit.alerts.examples import NOW

from muster.alerts.integration_draft import IntegrationDraft
from muster.alerts.matchers import parse_all
from muster.alerts.silence_draft import SilenceDraft, read_matchers
from muster.inbound.formats import forms


def draft(matchers: str = 'a="b"', begins: float = 0, ends: float = 1, comment: str = "why") -> SilenceDraft:
    """A silence from and until so many hours from NOW."""
    hour = timedelta(hours=1)
    return SilenceDraft("silence", parse_all(matchers), NOW + begins * hour, NOW + ends * hour, comment)


@pytest.mark.parametrize(
    ("wanted", "fields"),
    [
        (draft(), []),
        (draft(begins=-1), []),
        (draft(matchers=""), ["matchers"]),
        (draft(matchers='a=~".*",b=""'), ["matchers"]),
        (draft(matchers='a!="b"'), ["matchers"]),
        (draft(matchers='a=~".*",b="c"'), []),
        (draft(begins=2), ["ends_at"]),
        (draft(begins=-3, ends=-1), ["ends_at"]),
        (draft(ends=24 * 91), ["ends_at"]),
        (draft(begins=24 * 30, ends=24 * 120), []),
        (draft(comment=" "), ["comment"]),
        (draft(comment="x" * 2001), ["comment"]),
        (draft(matchers="", begins=2, comment=""), ["matchers", "ends_at", "comment"]),
    ],
)
def test_faults_of_a_silence(wanted: SilenceDraft, fields: list[str]) -> None:
    faults = wanted.faults(NOW)
    assert [fault.field for fault in faults] == fields
    assert all(fault.rule.endswith(".") and fault.fix.endswith(".") for fault in faults)


def test_matchers_are_read_line_by_line_and_each_bad_line_is_said() -> None:
    matchers, faults = read_matchers('a="b", c=~"d.*"\n\nnonsense\ne="f"\nx=~"("')
    assert [matcher.text() for matcher in matchers] == ['a="b"', 'c=~"d.*"', 'e="f"']
    assert [fault.field for fault in faults] == ["matchers", "matchers"]


@pytest.mark.parametrize(
    ("fields", "faulty"),
    [
        ({}, []),
        ({"name": "Prod Prometheus"}, ["name"]),
        ({"key": "short"}, ["key"]),
        ({"key": "with/slash-and-more-characters"}, ["key"]),
        ({"key": "x" * 201}, ["key"]),
        ({"key": "A0._~-" * 5}, []),
        ({"format": "alertmanagr"}, ["format"]),
        ({"format": "auto"}, []),
        ({"format": "auto", "options": {"x": 1}}, ["options"]),
        ({"options": {"resolve_timout": "5m"}}, ["options.resolve_timout"]),
        ({"options": {"resolve_timeout": "x" * 60_000}}, ["options"]),
        ({"format": "generic", "options": {"mapping": 3}}, ["options.mapping"]),
        ({"title": "two\nlines", "name": "", "key": "x"}, ["name", "title", "key"]),
    ],
)
def test_faults_of_an_integration(fields: dict[str, Any], faulty: list[str]) -> None:
    wanted = IntegrationDraft(**{"name": "prometheus", "format": "alertmanager", **fields})
    assert [fault.field for fault in wanted.faults(forms())] == faulty
