"""A heartbeat's rhythm is read or every fault told, and its signals are one alert."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.alerts.heartbeat import Heartbeat, Rhythm, failed, missing, read_name, read_rhythm, returned
from muster.kit.errors import Fault

NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)


def _beat(**changes: object) -> Heartbeat:
    fields: dict[str, object] = {
        "id": UUID(int=1), "integration_id": UUID(int=2), "name": "backup", "title": "", "rhythm": Rhythm(),
        "labels": {"team": "data"}, "declared": False, "created_at": NOW, "last_at": None, "missing_since": None,
    }  # fmt: skip
    return Heartbeat(**{**fields, **changes})  # type: ignore[arg-type]


def test_every_signal_of_a_heartbeat_is_of_the_same_alert() -> None:
    beat = _beat(labels={"heartbeat": "another", "team": "data"})
    signals = [missing(beat, NOW), failed(beat, NOW), returned(beat, NOW)]
    assert {each.key for each in signals} == {"heartbeat:backup"}
    assert [each.status for each in signals] == ["firing", "firing", "resolved"]
    assert {each.labels["heartbeat"] for each in signals} == {"backup"}, "what it is called cannot be overridden"


def test_it_is_due_after_its_rhythm_and_its_grace() -> None:
    assert _beat().due_at == NOW + timedelta(minutes=6)
    assert _beat(last_at=NOW + timedelta(hours=1)).due_at == NOW + timedelta(hours=1, minutes=6)


def test_what_was_heard_last_is_said() -> None:
    assert "last heard of at 2026-11-22 03:00:00 UTC" in missing(_beat(last_at=NOW), NOW).description
    assert "never heard of" in missing(_beat(), NOW).description


@pytest.mark.parametrize(
    ("given", "fields"),
    [
        ({"every": "soon", "grace": "-1", "severity": "bad"}, ["every", "grace", "severity"]),
        ({"every": "9s"}, ["every"]),
        ({"every": "367d"}, ["every"]),
        ({"grace": "367d"}, ["grace"]),
    ],
)
def test_every_fault_of_a_rhythm_is_told_at_once(given: dict[str, object], fields: list[str]) -> None:
    read = read_rhythm(given)
    assert isinstance(read, list)
    assert [each.field for each in read] == fields


def test_what_is_left_out_is_as_usual() -> None:
    assert read_rhythm({"every": "", "grace": None}) == Rhythm()
    assert read_rhythm({"grace": "0s"}, Rhythm(timedelta(days=1))) == Rhythm(timedelta(days=1), timedelta(0))


@given(st.text(max_size=80))
def test_a_name_is_read_or_refused(text: str) -> None:
    read = read_name(text)
    assert isinstance(read, Fault) or (read == text.lower() and len(read) <= 63)
