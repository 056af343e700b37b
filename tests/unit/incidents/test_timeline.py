"""The timeline: total over whatever a ledger holds, and a fold that follows the lifecycle."""

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.replay import MOVES, replay

from muster.base.features import installed, ports_of
from muster.incidents.incident import State
from muster.incidents.lifecycle import FALSE_ALARM, MERGE, REOPEN, TRANSITIONS, Transition, move
from muster.incidents.timeline import EVERYTHING, counted, kinds_in, line, row
from muster.ledger.canon import json_text
from muster.ledger.entry import Entry
from muster.ledger.event_kind import EventKind, by_name

ALL = ports_of(installed()).of(EventKind)
KINDS = by_name(ALL)
NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
KEYS = (
    "to",
    "from",
    "role",
    "person",
    "severity",
    "taken",
    "targets",
    "people",
    "reasons",
    "alerts",
    "changed",
    "title",
)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS) | st.text(max_size=5), inner),
    max_leaves=12,
)


def entry(
    seq: int, kind: str, body: str = "{}", actor: str = '{"kind":"person","name":"ana"}', reason: str = ""
) -> Entry:
    at = NOW + timedelta(seconds=seq)
    return Entry(seq, "incident:x", seq, at, kind, actor, reason, body, b"", b"")


@given(st.sampled_from(sorted(KINDS)) | st.text(max_size=20), JSON)
def test_any_event_with_any_data_is_a_line(kind: str, data: Any) -> None:
    shown = line(entry(1, kind, json_text(data), reason="Because."), KINDS)
    assert shown.what
    assert shown.reasons[0] == "Because."


@given(st.text(max_size=30), st.text(max_size=30), st.text(max_size=30))
def test_a_spoilt_entry_is_a_line_too(kind: str, body: str, actor: str) -> None:
    assert line(entry(1, kind, body, actor), KINDS).what


@given(st.lists(st.tuples(st.text(max_size=12) | st.sampled_from(sorted(KINDS)), JSON), max_size=10))
def test_the_fold_is_total(told: list[tuple[str, Any]]) -> None:
    entries = [entry(seq, kind, json_text(data)) for seq, (kind, data) in enumerate(told, 1)]
    replay(entries)
    assert all(row(item, KINDS).what for item in entries)


@given(st.lists(st.sampled_from(TRANSITIONS), max_size=20), st.data())
def test_the_fold_follows_the_lifecycle_and_ignores_what_it_does_not_know(
    transitions: list[Transition], data: st.DataObject
) -> None:
    state, merged, false = State.TRIGGERED, False, False
    entries = [entry(1, "IncidentOpened", json_text({"severity": "high"}))]
    for transition in transitions:
        if data.draw(st.booleans()):
            entries.append(entry(len(entries) + 1, "SomethingOfLater", json_text({"to": "nowhere"})))
        moved = move(state, transition, merged=merged)
        if moved.to is not None:
            entries.append(entry(len(entries) + 1, transition.event.name, json_text({"from": state, "to": moved.to})))
            false = transition is FALSE_ALARM or (false and transition is not REOPEN)
            state, merged = moved.to, merged or transition is MERGE
    told = replay(entries)
    assert (told.state, told.severity, told.merged, told.false_alarm) == (state, "high", merged, false)


def test_moves_are_all_the_transitions() -> None:
    assert {transition.event.name for transition in TRANSITIONS} == MOVES


def test_a_page_is_told_with_whom_and_why() -> None:
    target = {
        "target": "schedule:primary",
        "people": ["ana"],
        "reason": "Ana has the shift.",
        "unreached": ["bo has left."],
    }
    shown = line(entry(1, "PageStarted", json_text({"policy": "first", "taken": [{"targets": [target]}]})), KINDS)
    assert (shown.what, shown.weight) == ("Paging ana by first.", "")
    assert shown.reasons == ("schedule:primary: Ana has the shift.", "bo has left.")
    nobody = line(entry(1, "PageStarted", json_text({"policy": "first", "taken": []})), KINDS)
    assert (nobody.what, nobody.weight) == ("Paging nobody by first.", "breach")


def test_an_act_begins_with_its_actor_and_shows_what_they_wrote() -> None:
    shown = row(entry(1, "SeverityChanged", '{"from":"low","to":"high"}', reason="More customers."), KINDS)
    assert (shown.actor, shown.what) == ("ana", "changed the severity from low to high.")
    assert (shown.detail, shown.reasons) == ("More customers.", ())
    alone = line(entry(1, "SeverityChanged", '{"from":"low","to":"high"}', reason="More customers."), KINDS)
    assert (alone.what, alone.reasons) == ("Changed the severity from low to high.", ("More customers.",))


def test_an_event_says_who_caused_it_unless_it_begins_with_them() -> None:
    assert row(entry(1, "RoleAssigned", '{"person":"bo","title":"Scribe"}'), KINDS).detail == "By ana."
    assert row(entry(1, "RoleAssigned", '{"person":"ana","title":"Scribe"}'), KINDS).detail == ""
    assert row(entry(1, "AlertEnded", "{}", '{"kind":"system","name":"muster"}'), KINDS).detail == ""


def test_a_kind_that_nobody_declares_is_shown_by_its_name() -> None:
    shown = row(entry(1, "SomethingOfLater", '{"to":"nowhere"}', reason="Because."), KINDS)
    assert (shown.what, shown.icon, shown.reasons) == ("Something of later.", "info", ("Because.",))


def test_everything_and_a_chapter_that_does_not_exist_filter_nothing() -> None:
    assert kinds_in(EVERYTHING, ALL) == ()
    assert kinds_in("Gossip", ALL) == ()


def test_chapters_are_counted_and_everything_counts_the_unknown_too() -> None:
    counts = counted({"NoteAdded": 3, "LinkAdded": 1, "FromTheFuture": 2}, ALL)
    assert counts == {EVERYTHING: 6, "Decisions": 0, "Notes": 4, "Alerts": 0, "Pages": 0}
