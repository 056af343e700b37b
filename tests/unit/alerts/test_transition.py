"""What a signal makes of an alert: total, and the same whoever asks."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.alerts.examples import ALERT, NOW, SILENCE, arrival, firing, resolved, silence

from muster.alerts.alert import Alert, AlertStatus, Hold
from muster.alerts.happenings import ChangeKind
from muster.alerts.transition import ended, held_or_opened, receive

MINUTE = timedelta(minutes=1)


def test_the_first_signal_opens_an_alert() -> None:
    outcome = receive(None, arrival(), ALERT, (), ())
    assert outcome.alert is not None
    assert (outcome.alert.status, outcome.alert.episode, outcome.alert.signal_count) == (AlertStatus.FIRING, 1, 1)
    assert outcome.change is not None
    assert outcome.change.kind is ChangeKind.OPENED


@pytest.mark.parametrize("status", ["resolved", "acknowledged"])
@pytest.mark.parametrize("before", [None, resolved()])
def test_what_is_not_known_to_fire_can_neither_end_nor_be_taken(status: str, before: Alert | None) -> None:
    outcome = receive(before, arrival(status), ALERT, (), ())
    assert (outcome.alert, outcome.change) == (None, None)


def test_a_resend_updates_words_and_tells_nobody() -> None:
    outcome = receive(firing(), arrival(at=NOW + MINUTE, description="worse"), ALERT, (), ())
    assert outcome.change is None
    assert outcome.alert is not None
    assert (outcome.alert.description, outcome.alert.signal_count, outcome.alert.episode) == ("worse", 2, 1)


def test_another_severity_is_told_unless_the_alert_is_held_back() -> None:
    told = receive(firing(), arrival(severity_hint="critical"), ALERT, (), ())
    assert told.change is not None
    assert told.change.kind is ChangeKind.UPDATED
    held = firing(hold=Hold.SILENCE, hold_ref=SILENCE)
    assert receive(held, arrival(severity_hint="critical"), ALERT, (), ()).change is None


def test_an_end_and_a_new_beginning_are_a_new_episode_that_nobody_has_judged() -> None:
    over = receive(firing(verdict="false"), arrival("resolved", NOW + MINUTE), ALERT, (), ()).alert
    assert over is not None
    assert over.resolved_at == NOW + MINUTE
    again = receive(over, arrival(at=NOW + 2 * MINUTE), ALERT, (), ())
    assert again.alert is not None
    assert (again.alert.id, again.alert.episode, again.alert.verdict) == (ALERT, 2, None)
    assert again.alert.resolved_at is None


def test_a_silence_that_matches_holds_back_with_its_reason() -> None:
    outcome = receive(None, arrival(), ALERT, [silence()], ())
    assert outcome.alert is not None
    assert (outcome.alert.hold, outcome.alert.hold_ref) == (Hold.SILENCE, SILENCE)
    assert outcome.alert.hold_reason == "Silenced by ana until 2026-03-02 10:00 UTC: new disk"
    other = (
        silence('alertname="Else"'),
        silence(integration_id=ALERT),
        silence(hours=-1),
        silence(starts_at=NOW + MINUTE),
    )
    assert receive(None, arrival(), ALERT, other, ()).change == receive(None, arrival(), ALERT, (), ()).change


def test_the_longest_of_several_silences_is_named() -> None:
    long = silence(hours=5, kind="maintenance")
    outcome = receive(None, arrival(), ALERT, [silence(), long], ())
    assert outcome.alert is not None
    assert outcome.alert.hold is Hold.MAINTENANCE
    assert outcome.alert.hold_reason.startswith("In a maintenance window by ana until 2026-03-02 14:00")


def test_the_fifth_beginning_within_a_quarter_of_an_hour_is_damped() -> None:
    began = [NOW - index * MINUTE for index in range(1, 5)]
    outcome = receive(resolved(), arrival(), ALERT, (), began)
    assert outcome.alert is not None
    assert outcome.alert.hold is Hold.FLAPPING
    assert "began 5 times within 15 min" in outcome.alert.hold_reason
    assert receive(resolved(), arrival(), ALERT, (), began[:3]).alert != outcome.alert
    old = [NOW - timedelta(minutes=15, seconds=index) for index in range(9)]
    calm = receive(resolved(), arrival(), ALERT, (), old).alert
    assert calm is not None
    assert not calm.hold


def test_a_test_pages_nobody_whatever_else_holds() -> None:
    marked = arrival(labels={"alertname": "DiskFull", "muster_test": "true"})
    outcome = receive(None, marked, ALERT, [silence()], ())
    assert outcome.alert is not None
    assert outcome.alert.hold is Hold.TEST
    assert outcome.change is not None
    assert outcome.change.kind is ChangeKind.HELD


def test_an_end_takes_every_hold_away() -> None:
    over = ended(firing(hold=Hold.SILENCE, hold_reason="x", hold_ref=SILENCE), NOW, "It is over.").alert
    assert over is not None
    assert (over.hold, over.hold_reason, over.hold_ref) == (Hold.NONE, "", None)


statuses = st.sampled_from(["firing", "acknowledged", "resolved"])


@given(st.lists(st.tuples(statuses, st.integers(0, 600), st.booleans(), st.booleans()), max_size=30))
def test_any_sequence_of_signals_keeps_the_rules_of_an_alert(steps: list[tuple[str, int, bool, bool]]) -> None:
    alert: Alert | None = None
    now = NOW
    began = []
    for status, seconds, quiet, marked in steps:
        now += timedelta(seconds=seconds)
        labels = {"alertname": "DiskFull", **({"muster_test": "true"} if marked else {})}
        silences = [silence(ends_at=now + MINUTE)] if quiet else []
        before = alert
        outcome = receive(before, arrival(status, now, labels=labels), ALERT, silences, began)
        assert outcome == receive(before, arrival(status, now, labels=labels), ALERT, silences, began)
        if outcome.alert is None:
            assert outcome.change is None
            continue
        alert = outcome.alert
        assert (alert.status is AlertStatus.RESOLVED) == (alert.resolved_at is not None)
        assert bool(alert.hold) == bool(alert.hold_reason)
        assert not (alert.hold and alert.status is AlertStatus.RESOLVED)
        fresh = before is None or not before.active
        assert alert.episode == (before.episode if before else 0) + fresh
        if outcome.change:
            assert outcome.change.reason
            assert (outcome.change.kind is ChangeKind.OPENED) <= (not alert.hold)
            if outcome.change.kind in (ChangeKind.OPENED, ChangeKind.HELD):
                began.append(now)


@given(st.booleans(), st.booleans())
def test_what_holds_back_is_decided_anew_without_memory(quiet: bool, damped: bool) -> None:
    began = [NOW] * 9 if damped else []
    held = firing(hold=Hold.SILENCE, hold_reason="old", hold_ref=SILENCE)
    outcome = held_or_opened(held, [silence()] if quiet else [], began, NOW)
    assert outcome == held_or_opened(replace(held, hold=Hold.NONE), [silence()] if quiet else [], began, NOW)
