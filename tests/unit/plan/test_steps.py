"""The steps that a page takes, as they are frozen when it starts."""

from datetime import timedelta

import pytest
from tests.unit.plan.texts import SMALL, changed

from muster.plan.reader import read_plan
from muster.plan.steps import frozen_steps, role_holders


def steps(text: str, policy: str) -> list[tuple[str, int, str]]:
    plan = read_plan(text)
    return [
        (",".join(map(str, step.targets)), int(step.wait.total_seconds() / 60), step.policy)
        for step in frozen_steps(plan, policy)
    ]


def test_steps_follow_one_another_and_then_paging_goes_on() -> None:
    assert steps(SMALL, "platform") == [
        ("schedule:primary", 2, "platform"),
        ("person:bo", 5, "platform"),
        ("person:bo", 15, "paging.final"),
        ("person:bo", 15, "paging.final"),
    ]


def test_repeats_are_written_out_and_a_policy_handed_over_to_stands_in_its_place() -> None:
    assert steps(SMALL, "secops")[:4] == [
        ("team:security", 5, "secops"),
        ("team:security", 5, "secops"),
        ("schedule:primary", 2, "platform"),
        ("person:bo", 5, "platform"),
    ]


def test_without_a_final_nothing_is_added() -> None:
    assert len(steps(changed(("paging: {final: {every: 15m, times: 2}}\n", "")), "platform")) == 2


def test_an_unknown_policy_has_no_steps_to_freeze() -> None:
    with pytest.raises(KeyError):
        frozen_steps(read_plan(SMALL), "nope")


def test_a_role_means_whom_the_plan_says() -> None:
    plan = read_plan(changed(("name: main", "roles: {duty-manager: {held_by: person:bo}}")))
    assert [str(one) for one in role_holders(plan, "duty-manager")] == ["person:bo"]
    assert role_holders(plan, "security_officer") == ()
    assert plan.escalation["platform"][0].wait == timedelta(minutes=2)
