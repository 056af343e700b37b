"""Re-sends are recognised exactly, and forgotten as soon as the alert changes."""

from uuid import UUID

import pytest

from muster.alerts import resend_memory as module
from muster.alerts.resend_memory import ResendMemory

SOURCE, OTHER, FIRST, SECOND = (UUID(int=number) for number in range(4))


def test_only_exactly_what_is_stored_is_known() -> None:
    memory = ResendMemory()
    memory.remember(SOURCE, b"labels", b"words", FIRST)
    assert memory.alert_of(SOURCE, b"labels", b"words") == FIRST
    assert memory.alert_of(SOURCE, b"labels", b"other words") is None
    assert memory.alert_of(SOURCE, b"labels ", b"words") is None
    assert memory.alert_of(OTHER, b"labels", b"words") is None


def test_a_change_forgets_an_alert_and_no_other() -> None:
    memory = ResendMemory()
    memory.remember(SOURCE, b"one", b"", FIRST)
    memory.remember(SOURCE, b"two", b"", SECOND)
    memory.forget([FIRST, UUID(int=9)])
    assert memory.alert_of(SOURCE, b"one", b"") is None
    assert memory.alert_of(SOURCE, b"two", b"") == SECOND


def test_the_same_alert_with_other_words_replaces_what_was_known() -> None:
    memory = ResendMemory()
    memory.remember(SOURCE, b"a", b"", FIRST)
    memory.remember(SOURCE, b"b", b"", FIRST)
    assert memory.alert_of(SOURCE, b"a", b"") is None
    assert memory.alert_of(SOURCE, b"b", b"") == FIRST


def test_touches_add_up_and_are_handed_over_once() -> None:
    memory = ResendMemory()
    memory.touch(FIRST, "2026-03-02T09:00:00Z")
    memory.touch(FIRST, "2026-03-02T09:01:00Z")
    touched = memory.take_touched()
    assert (touched[FIRST].count, touched[FIRST].ends_at) == (2, "2026-03-02T09:01:00Z")
    assert memory.take_touched() == {}


def test_the_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST", 3)
    memory = ResendMemory()
    for number in range(10):
        memory.remember(SOURCE, str(number).encode(), b"", UUID(int=number))
    assert sum(memory.alert_of(SOURCE, str(number).encode(), b"") is not None for number in range(10)) <= 3
