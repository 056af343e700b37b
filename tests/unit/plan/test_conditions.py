"""Steps with conditions, turns and several final rounds: as written, as told, as frozen, and what is refused."""

from datetime import UTC, date, datetime, timedelta

import jsonschema_rs
import pytest
from tests.unit.plan.texts import SMALL, changed

from muster.kit.yamldoc import read_documents
from muster.plan.diff import diff
from muster.plan.facts import AlertFacts
from muster.plan.hours import hours_at
from muster.plan.prose import prose
from muster.plan.reader import read_plan, review_plan
from muster.plan.schema import plan_schema
from muster.plan.steps import frozen_steps
from muster.plan.triage import triage

HOURS = (
    'hours: {business: {days: [mon-fri], from: "09:00", to: "17:00", holidays: portugal}}\ntime_zone: Europe/Lisbon\n'
)
TURNS = ('["schedule:primary"], wait: 2m', "team:web, mode: round_robin, if: hours.business, wait: 2m")
PLAN = HOURS + changed(TURNS)


def faults(text: str) -> list[str]:
    return [f"{each.field}: {each.rule} {each.fix}" for each in review_plan(text).faults]


def test_a_step_freezes_its_condition_and_whose_turns_it_shares() -> None:
    first, second, *_ = frozen_steps(read_plan(PLAN), "platform")
    assert ([each.text for each in first.conditions], first.mode, first.turn) == (
        ["hours.business"],
        "round_robin",
        "main/platform/1",
    )
    assert (second.conditions, second.mode, second.turn) == ((), "all", "")


def test_a_policy_that_is_handed_over_to_stands_under_the_conditions_of_both() -> None:
    text = HOURS + changed(TURNS, ("{notify: policy:platform}", "{notify: policy:platform, if: 'severity == \"low\"'}"))
    steps = frozen_steps(read_plan(text), "secops")
    assert [[each.text for each in step.conditions] for step in steps[2:4]] == [
        ['severity == "low"', "hours.business"],
        ['severity == "low"'],
    ]
    assert steps[2].turn == "main/platform/1", "whoever leads there shares the turns"


def test_final_rounds_follow_in_order() -> None:
    rounds = "{final: [{notify: person:dm, every: 10m, times: 2}, {notify: team:all, every: 20m, times: 1}]}"
    steps = frozen_steps(read_plan(changed(("{final: {every: 15m, times: 2}}", rounds))), "platform")
    assert [(str(each.targets[0]), int(each.wait.total_seconds()) // 60) for each in steps[2:]] == [
        ("person:dm", 10),
        ("person:dm", 10),
        ("team:all", 20),
    ]


@pytest.mark.parametrize(
    ("day", "hour", "expected"),
    [(2, 9, True), (2, 8, False), (2, 17, False), (7, 12, False), (3, 12, False)],
)
def test_hours_are_those_of_the_plans_zone_without_holidays(day: int, hour: int, expected: bool) -> None:
    # In March Lisbon is at UTC; the 3rd is a holiday here, the 7th a Saturday.
    plan = read_plan(PLAN)
    now = datetime(2026, 3, day, hour, 0, tzinfo=UTC)
    assert hours_at(plan, now, {"portugal": {date(2026, 3, 3)}}) == {"business": expected}


def test_routes_may_ask_for_hours_too() -> None:
    plan = read_plan(PLAN.replace("if: 'category == \"security\"'", "if: '!hours.business'"))
    day, night = datetime(2026, 3, 2, 12, tzinfo=UTC), datetime(2026, 3, 2, 3, tzinfo=UTC)
    assert triage(plan, AlertFacts(now=day)).routed.policies == ("platform",)
    assert triage(plan, AlertFacts(now=night)).routed.policies == ("secops", "platform")
    assert triage(plan, AlertFacts(now=day), {"portugal": {day.date()}}).routed.policies == ("secops", "platform")


def test_everything_wrong_is_said_at_once_with_the_fix() -> None:
    text = 'hours: {business: {days: [mon-fry], from: 9, to: "25:00"}}\n' + changed(
        ("wait: 2m}", "wait: 2m, if: 'hours.busines'}"),
        ('["person:bo"], wait: 5m', '["person:bo"], wait: 5m, if: annotations.x == "1"'),
        ("wait: 5m, repeat: 1", "wait: 5m, repeat: 1, mode: roundrobin"),
        ("{notify: policy:platform}", "{notify: policy:platform, mode: round_robin}"),
    )
    found = faults(text)
    assert [each.partition(" ")[0] for each in found] == [
        "hours.business.days.0:",
        "hours.business.from:",
        "hours.business.to:",
        "escalation.platform.0.if:",
        "escalation.platform.1.if:",
        "escalation.secops.0.mode:",
        "escalation.secops.1.mode:",
    ]
    assert "`fry` is not a weekday. Did you mean `fri`?" in found[0]
    assert 'Write "00:09"' in found[1]
    assert "`hours` has no `busines`. Did you mean `business`?" in found[3]
    assert "`annotations` is not something a rule can look at." in found[4]
    assert "has no people of its own to take turns" in found[6]


def test_asking_for_hours_that_no_plan_names_says_how_to_name_them() -> None:
    (fault,) = faults(changed(("wait: 2m}", "wait: 2m, if: hours.business}")))
    assert "the plan names none. Say which, such as `hours: {business:" in fault


def test_a_policy_whose_every_step_has_a_condition_is_warned_about() -> None:
    text = PLAN.replace('["person:bo"], wait: 5m', "person:bo, if: hours.business").replace(
        "paging: {final: {every: 15m, times: 2}}\n", ""
    )
    assert any("pages nobody" in each.rule for each in review_plan(text).warnings)
    assert not any("pages nobody" in each.rule for each in review_plan(PLAN).warnings)


def test_conditions_turns_and_rounds_are_told_and_compared() -> None:
    told = {part.anchor: part for part in prose(read_plan(PLAN))}
    assert (
        "Its business hours are mon-fri from 09:00 to 17:00, without the days of the calendar portugal."
        in told["name"].sentences
    )
    (row, *_) = told["escalation"].tables[0].rows
    assert row[1:3] == ("in turn, one of everybody in the team web", "`hours.business`")
    assert any("fires again is paged again, at most every 30 minutes" in each for each in told["escalation"].sentences)
    changes = {each.path for each in diff(read_plan(SMALL), read_plan(PLAN))}
    assert changes >= {"hours.business", "escalation.platform[1].if", "escalation.platform[1].mode"}


def test_a_step_waits_five_minutes_unless_it_says_otherwise() -> None:
    assert frozen_steps(read_plan(changed((", wait: 5m}", "}"))), "platform")[1].wait == timedelta(minutes=5)


def test_the_schema_accepts_steps_with_conditions_and_rounds_in_a_list() -> None:
    text = PLAN.replace("{final: {every: 15m, times: 2}}", "{final: [{every: 15m}], fires_again: {mitigated: note}}")
    validator = jsonschema_rs.Draft202012Validator(plan_schema())
    assert [error.message for error in validator.iter_errors(read_documents(text).documents[0].data)] == []
    assert review_plan(text).faults == ()
