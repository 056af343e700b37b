"""Conditions and turns of steps: doubt pages, a skip costs no time, and nobody is asked twice before everybody was once."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.paging.test_run import EVERYBODY, NAMES, person

from muster.kit.rules import Rule
from muster.paging.known import Known
from muster.paging.run import advance, rotated
from muster.paging.targets import Snapshot
from muster.plan.model.fields import Target
from muster.plan.reading import read_plan
from muster.plan.steps import FrozenStep

PLAN = read_plan("""
name: main
time_zone: Europe/Lisbon
hours: {business: {days: [mon-fri], from: "09:00", to: "17:00"}}
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: "person:ana"}]}
""")
SUNDAY, MONDAY = datetime(2026, 11, 22, 3, 0, tzinfo=UTC), datetime(2026, 11, 23, 10, 0, tzinfo=UTC)


def step(target: str, *conditions: str, turn: str = "") -> FrozenStep:
    """A step as it is frozen."""
    rules = tuple(Rule.compile(each) for each in conditions)
    mode = "round_robin" if turn else "all"
    return FrozenStep((Target(*target.split(":", 1)),), timedelta(minutes=5), "first", rules, mode, turn)  # type: ignore[arg-type]


def at(instant: datetime, **teams: tuple[str, ...]) -> Snapshot:
    return Known(PLAN, persons=EVERYBODY, teams=teams).at(instant)


def test_a_step_whose_condition_does_not_hold_is_skipped_at_once_with_the_reason() -> None:
    steps = (step("person:ana", "hours.business"), step("person:bo", "!hours.business"))
    going = advance(steps, 0, "It fires.", at(SUNDAY), {}, SUNDAY)
    assert [(taken.number, taken.reaches) for taken in going.taken] == [(1, False), (2, True)]
    assert (
        going.taken[0].skipped
        == "It is taken only when `hours.business`, which did not hold (Sun 03:00 Europe/Lisbon)."
    )
    assert going.taken[1].why == "Step 1 was skipped."
    assert going.next_at == SUNDAY + timedelta(minutes=5)
    assert [taken.number for taken in advance(steps, 0, "It fires.", at(MONDAY), {}, MONDAY).taken] == [1]


def test_a_condition_is_decided_when_its_step_is_reached() -> None:
    steps = (step("person:ana"), step("person:bo", "now.hour >= 10"))
    before, after = datetime(2026, 11, 22, 9, 59, tzinfo=UTC), datetime(2026, 11, 22, 10, 4, tzinfo=UTC)
    assert advance(steps, 1, "", at(before), {}, before).taken[0].skipped
    assert not advance(steps, 1, "", at(after), {}, after).taken[0].skipped


def test_facts_are_those_that_were_frozen_with_the_page() -> None:
    steps = (step("person:ana", 'severity == "critical" && labels.team == "web"'),)
    facts = {"severity": "critical", "labels": {"team": "web"}}
    assert advance(steps, 0, "", at(MONDAY), {}, MONDAY, facts).taken[0].reaches
    assert advance(steps, 0, "", at(MONDAY), {}, MONDAY, {**facts, "severity": "low"}).taken[0].skipped


@pytest.mark.parametrize("rule", ['labels.team == "web"', "int(title) > 3", "hours.night"])
def test_what_cannot_be_decided_pages(rule: str) -> None:
    going = advance((step("person:ana", rule),), 0, "It fires.", at(MONDAY), {}, MONDAY, {"labels": {}, "title": "x"})
    assert going.taken[0].reaches
    assert "could not be decided" in going.taken[0].why
    assert "counts as holding" in going.taken[0].why


def test_if_every_step_is_skipped_the_run_is_over_and_says_so() -> None:
    going = advance((step("person:ana", "hours.business"),), 0, "It fires.", at(SUNDAY), {}, SUNDAY)
    assert (going.next_at, len(going.taken), going.taken[0].meant) == (None, 1, ())


def test_a_batch_goes_round_and_a_repeat_goes_to_the_next() -> None:
    steps = (step("team:web", turn="t"),) * 2
    snapshot = at(MONDAY, web=("ana", "bo", "chen"))
    chosen = []
    for _ in range(7):
        going = advance(steps, 0, "It fires.", snapshot, {}, MONDAY)
        snapshot = rotated(snapshot, going)
        chosen.append(going.taken[0].chosen)
    assert chosen == ["ana", "bo", "chen", "ana", "bo", "chen", "ana"]
    (meant,) = advance(steps, 1, "Nobody acknowledged.", snapshot, {}, MONDAY).taken[0].meant
    assert (meant.people, meant.waiting) == (("bo",), ("ana", "chen"))
    assert meant.reason == "Member of the team web. It is bo's turn; ana had the last one."


def test_who_cannot_be_reached_is_passed_over_and_named() -> None:
    persons = {**EVERYBODY, "bo": person("bo", contacts=0)}
    snapshot = Known(PLAN, persons=persons, teams={"web": ("bo", "ana")}).at(MONDAY)
    (meant,) = advance((step("team:web", turn="t"),), 0, "", snapshot, {}, MONDAY).taken[0].meant
    assert (meant.people, meant.unreached) == (("ana",), ("bo has no contact.",))


@given(st.lists(st.sets(st.sampled_from(NAMES), min_size=1), min_size=1, max_size=40))
def test_turns_are_fair_whoever_comes_and_goes(teams: list[set[str]]) -> None:
    snapshot = at(MONDAY)
    history: list[str] = []
    for present in teams:
        snapshot = Snapshot(teams={"web": tuple(sorted(present))}, persons=EVERYBODY, turns=snapshot.turns)
        going = advance((step("team:web", turn="t"),), 0, "", snapshot, {}, MONDAY)
        snapshot = rotated(snapshot, going)
        name = going.taken[0].chosen
        longest = max(present, key=lambda each: history[::-1].index(each) if each in history else len(history) + 1)
        waited = history[::-1].index(name) if name in history else len(history) + 1
        assert waited == (history[::-1].index(longest) if longest in history else len(history) + 1)
        history.append(name)


@given(st.integers(1, 60), st.integers(1, 4))
def test_with_a_steady_team_nobody_is_more_than_one_ahead(incidents: int, people: int) -> None:
    snapshot = at(MONDAY, web=NAMES[:people])
    counted: Counter[str] = Counter(dict.fromkeys(NAMES[:people], 0))
    for _ in range(incidents):
        going = advance((step("team:web", turn="t"),), 0, "", snapshot, {}, MONDAY)
        snapshot = rotated(snapshot, going)
        counted[going.taken[0].chosen] += 1
    assert max(counted.values()) - min(counted.values()) <= 1
