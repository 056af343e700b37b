"""Re-sends are recognised exactly, and forgotten as soon as the alert changes."""

from uuid import UUID

import pytest

from muster.alerts import known as module
from muster.alerts.known import Known

SOURCE, OTHER, FIRST, SECOND = (UUID(int=number) for number in range(4))


def test_only_exactly_what_is_stored_is_known() -> None:
    known = Known()
    known.learn(SOURCE, b"labels", b"words", FIRST)
    assert known.resent(SOURCE, b"labels", b"words") == FIRST
    assert known.resent(SOURCE, b"labels", b"other words") is None
    assert known.resent(SOURCE, b"labels ", b"words") is None
    assert known.resent(OTHER, b"labels", b"words") is None


def test_a_change_forgets_an_alert_and_no_other() -> None:
    known = Known()
    known.learn(SOURCE, b"one", b"", FIRST)
    known.learn(SOURCE, b"two", b"", SECOND)
    known.forget([FIRST, UUID(int=9)])
    assert known.resent(SOURCE, b"one", b"") is None
    assert known.resent(SOURCE, b"two", b"") == SECOND


def test_the_same_alert_with_other_words_replaces_what_was_known() -> None:
    known = Known()
    known.learn(SOURCE, b"a", b"", FIRST)
    known.learn(SOURCE, b"b", b"", FIRST)
    assert known.resent(SOURCE, b"a", b"") is None
    assert known.resent(SOURCE, b"b", b"") == FIRST


def test_touches_add_up_and_are_handed_over_once() -> None:
    known = Known()
    known.touch(FIRST, "2026-03-02T09:00:00Z")
    known.touch(FIRST, "2026-03-02T09:01:00Z")
    touched = known.take_touched()
    assert (touched[FIRST].count, touched[FIRST].ends_at) == (2, "2026-03-02T09:01:00Z")
    assert known.take_touched() == {}


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    known = Known()
    for number in range(10):
        known.learn(SOURCE, str(number).encode(), b"", UUID(int=number))
    assert sum(known.resent(SOURCE, str(number).encode(), b"") is not None for number in range(10)) <= 3
