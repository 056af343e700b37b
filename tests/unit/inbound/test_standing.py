"""When an unknown webhook says that something is over: certain, guessed, or not at all."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.inbound.asking import one, parse

from muster.inbound.generic.words import ACKNOWLEDGED, CERTAIN, EVENTS, LIKELY, STATES, TRANSITIONS

TOLD = (*TRANSITIONS, *STATES, *EVENTS)
TITLE = "Queue grows"


def read(document: dict[str, Any]) -> tuple[str, bool]:
    """The status, and whether it is certain."""
    signal = one("generic", {"title": TITLE, **document})
    return signal.status, not signal.guess


@pytest.mark.parametrize(
    "document",
    [
        {"status": "resolved"},
        {"status": "Resolved", "severity": "critical"},
        {"state": "closed"},
        {"status": "OK"},
        {"event": "incident.resolved"},
        {"event_action": "resolve", "payload": {"severity": "critical"}},
        {"message_type": "RECOVERY", "entity_id": "x"},
        {"NOTIFICATIONTYPE": "RECOVERY"},
        {"alert_type": "ALERT_RECOVERY"},
        {"event_value": 0},
        {"event_value": "0", "event_severity": "High"},
        {"resolved": True},
        {"resolved": "true"},
        {"severity": "clear"},
        {"incident": {"status": "resolved", "id": 3}},
        {"body": '{"status": "resolved"}'},
        {"firing": False},
    ],
)
def test_an_exact_value_of_an_exact_field_is_certain(document: dict[str, Any]) -> None:
    assert read(document) == ("resolved", True)


@pytest.mark.parametrize(
    "document",
    [
        {"status": "ok", "severity": "critical"},
        {"state": "closed", "priority": "P1"},
        {"status": "recovery"},
        {"status": "inactive"},
        {"action": "close", "dedup": "a"},
        {"status": "resolved", "state": "ALARM"},
        {"detail": {"state": {"value": "OK"}, "previousState": {"value": "ALARM"}}},
        {"title": "[OK] Load high"},
        {"title": "[Recovered on {host:web1}] CPU of web1"},
        {"title": "[Shop] [✅ Up] 200 - OK"},
        {"title": "RESOLVED: Load high"},
        {"title": "RECOVERY - Load high"},
    ],
)
def test_what_is_merely_likely_is_a_guess_with_its_evidence(document: dict[str, Any]) -> None:
    assert read(document) == ("resolved", False)


@pytest.mark.parametrize(
    "document",
    [
        {"title": "Replica db2 has not recovered from the failover"},
        {"title": "Recovery of db2 failed"},
        {"title": "db2 did not get back to normal"},
        {"title": "db2 is back to normal"},
        {"title": "OK-rate of the checkout fell below 50 %"},
        {"title": "OK is what nobody would call this"},
        {"title": "not OK: disk"},
        {"title": "Recovered: no", "id": "a"},
        {"title": "RECOVERY: failed", "id": "a"},
        {"title": "Resolved: failed to restart", "id": "a"},
        {"title": "OK: not", "id": "a"},
        {"title": "RESOLVED - only 1 of 3 nodes", "id": "a"},
        {"title": "[not ok] disk"},
        {"title": "[OK] -> [CRITICAL] disk"},
        {"title": "[OK → CRITICAL] disk"},
        {"title": "[OK][CRITICAL] disk"},
        {"title": "[❌ OK] disk"},
        {"title": "[up] errors 400 % in checkout", "severity": "critical"},
        {"title": "[closed] valve 7", "severity": "high"},
        {"title": "Errors ↑ up 400 %"},
        {"status": "not ok"},
        {"status": "not resolved"},
        {"status": "unresolved"},
        {"status": "un-resolved"},
        {"status": "!ok"},
        {"status": "≠ ok"},
        {"status": "ok?"},
        {"status": "ok -> critical"},
        {"status": "OK→CRITICAL"},
        {"status": "not.ok"},
        {"status": "was ok"},
        {"status": "recovery", "severity": "critical"},
        {"status": "recovery in progress"},
        {"status": "recovering"},
        {"status": "passed", "severity": "critical"},
        {"state": "inactive", "severity": "critical"},
        {"event": "close", "severity": "critical"},
        {"state": {"current": "ALERT", "previous": "OK"}},
        {"state": "ALARM", "previous_state": "OK"},
        {"previous": {"status": "resolved"}},
        {"last_state": "ok"},
        {"old_status": "resolved"},
        {"dependencies": {"db": {"status": "resolved"}}},
        {"author": {"status": "ok"}},
        {"status": "firing", "event": "resolved"},
        {"resolved": False},
        {"resolved": 1},
        {"resolved": 0},
        {"resolved": "2026-11-30"},
        {"event_value": 1},
        {"status": 0},
        {"status": 200},
        {"active": False},
        {"success": True},
        {"severity": "ok"},
        {"status": None},
        {"status": ["resolved", "firing"]},
        {"message": "resolved"},
        {"description": "ok"},
        {"title": "resolved"},
    ],
)
def test_everything_else_fires(document: dict[str, Any]) -> None:
    assert read(document)[0] == "firing"


@given(
    st.dictionaries(
        st.sampled_from([*TOLD, "severity", "message", "previous_state", "details"]),
        st.sampled_from([*sorted(CERTAIN | LIKELY)]).map(lambda word: f"not {word}")
        | st.sampled_from(
            ["has {} again", "{}?", "{} → bad", "never {}", "no {}", "nearly {}", "{} failed", "in{}!x"]
        ).flatmap(lambda form: st.sampled_from(sorted(CERTAIN | LIKELY)).map(form.format))
        | st.integers(2)
        | st.text(max_size=5).map(lambda text: f"{text} is it"),
        max_size=4,
    ),
    st.text(st.characters(codec="utf-8", exclude_characters="[]"), max_size=60).map(lambda text: f"The {text}"),
)
def test_without_an_exact_word_in_an_exact_field_it_always_fires(document: dict[str, Any], title: str) -> None:
    signal = one("generic", {"title": title, **document})
    assert (signal.status, signal.guess) == ("firing", "")


@pytest.mark.parametrize("word", sorted(ACKNOWLEDGED))
def test_an_acknowledgement_is_exact_too(word: str) -> None:
    assert read({"status": word})[0] == "acknowledged"
    assert read({"status": f"not {word}"})[0] == "firing"


@pytest.mark.parametrize("word", ["recovery", "inactive", "ok", "passed", "Close"])
def test_what_the_rules_call_the_status_is_certain(word: str) -> None:
    signal = one("generic", {"a": word, "title": TITLE, "severity": "critical"}, options={"mapping": {"status": "$.a"}})
    assert (signal.status, signal.guess) == ("resolved", "")


@pytest.mark.parametrize(
    ("document", "title"),
    [
        ({"message": "Disk full", "monitor": {"name": "web"}}, "Disk full"),
        ({"alert": {"title": "Disk full"}, "message": "long"}, "Disk full"),
        ({"name": "Disk", "message": "Disk full"}, "Disk"),
        ({"data": {"message": "inner"}, "text": "outer"}, "outer"),
    ],
)
def test_a_message_at_the_top_outranks_a_name_below(document: dict[str, Any], title: str) -> None:
    assert one("generic", document).title == title


def test_a_confirmation_reports_nothing_and_an_unsubscribe_link_is_left_out() -> None:
    envelope = {"MessageId": "1", "TopicArn": "arn:x", "UnsubscribeURL": "https://sns.example/?Action=Unsubscribe"}
    asked = parse("generic", {**envelope, "Type": "SubscriptionConfirmation", "Message": "You have chosen …"})
    assert (asked.signals, asked.status) == ((), 202)
    assert "subscription" in asked.warnings[0].rule
    told = one("generic", {**envelope, "Type": "Notification", "Subject": "Disk", "Message": "Disk is full"})
    assert told.title == "Disk"
    assert told.links == ()
    assert not any("nsubscribe" in text for text in told.annotations.values())
    other = one("generic", {"title": "x", "unsubscribe_link": "https://m.example/u/1", "url": "https://m.example/1"})
    assert [link.url for link in other.links] == ["https://m.example/1"]
