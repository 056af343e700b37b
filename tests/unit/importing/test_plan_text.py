"""An import adds to the plan in force and leaves every line of it, comments with it."""

from typing import Any

from muster.importing.plan_text import plan_with
from muster.importing.to_plan import PlanParts
from muster.kit.yamldoc import read_documents

PLAN = """# How we answer. Ask Ana before you change it.
name: main
routes:
  - {if: 'labels.team == "dba"', to: databases}   # the old way
  # everything else
  - {if: 'true', to: platform}
escalation:
  platform:                     # who answers first
    - {notify: ["person:ana"], wait: 5m}
    - {notify: ["person:bo"]}

  databases:
    - {notify: ["team:dba"]}
closure:
  - {check: no_firing_alerts}
"""
STEPS: list[dict[str, Any]] = [{"notify": ["schedule:primary", "person:cy"], "wait": "5m"}]


def wanted(name: str = "pagerduty-primary", steps: list[dict[str, Any]] | None = None) -> PlanParts:
    """A policy and the route to it."""
    return PlanParts({name: steps or STEPS}, [{"if": 'workload in ["shop", "till"]', "to": name}])


def data(text: str | None) -> dict[str, Any]:
    """The plan as it is read."""
    (document,) = read_documents(text or "").documents
    assert isinstance(document.data, dict)
    return document.data


def test_lines_and_comments_stay_and_new_ones_are_added() -> None:
    text, said = plan_with(PLAN, "main", wanted(), "PagerDuty")
    assert said == []
    assert text is not None
    assert [line for line in PLAN.splitlines() if line not in text.splitlines()] == []
    assert data(text)["routes"] == [
        {"if": 'labels.team == "dba"', "to": "databases"},
        {"if": 'workload in ["shop", "till"]', "to": "pagerduty-primary"},
        {"if": "true", "to": "platform"},
    ]
    assert data(text)["escalation"] == {**data(PLAN)["escalation"], "pagerduty-primary": STEPS}
    assert data(text)["kind"] == "Plan"


def test_importing_the_same_again_changes_nothing() -> None:
    text, _ = plan_with(PLAN, "main", wanted(), "PagerDuty")
    assert plan_with(text, "main", wanted(), "PagerDuty") == (None, [])


def test_a_policy_that_has_changed_there_is_replaced_here_and_nothing_else() -> None:
    text, _ = plan_with(PLAN, "main", wanted(), "PagerDuty")
    later = [{"notify": ["person:dee"], "wait": "10m"}]
    again, said = plan_with(text, "main", wanted(steps=later), "PagerDuty")
    assert said == []
    assert data(again) == {**data(text), "escalation": {**data(text)["escalation"], "pagerduty-primary": later}}
    assert "# who answers first" in str(again)


def test_a_route_that_is_there_for_another_policy_stays_and_that_is_said() -> None:
    plan = PLAN.replace("  # everything else\n", '  - {if: \'workload in ["shop", "till"]\', to: platform}\n')
    text, said = plan_with(plan, "main", wanted(), "PagerDuty")
    assert len(data(text)["routes"]) == 3
    assert "already; it stays" in said[0]


def test_a_plan_written_on_one_line_is_written_anew_and_that_is_said() -> None:
    plan = "{name: main, routes: [{if: 'true', to: p}], escalation: {p: [{notify: [person:ana]}]}}\n"
    text, said = plan_with(plan, "main", wanted(), "PagerDuty")
    assert "without its comments" in said[0]
    assert set(data(text)["escalation"]) == {"p", "pagerduty-primary"}
    assert data(text)["routes"][-1] == {"if": "true", "to": "p"}


def test_lists_that_are_not_indented_and_crlf_are_added_to_as_well() -> None:
    plan = "name: main\r\nroutes:\r\n- if: 'true'\r\n  to: p\r\nescalation:\r\n  p:\r\n  - notify: [person:ana]\r\n"
    text, said = plan_with(plan, "main", wanted(), "PagerDuty")
    assert said == []
    assert data(text)["routes"][0]["to"] == "pagerduty-primary"
    assert set(data(text)["escalation"]) == {"p", "pagerduty-primary"}


def test_without_a_plan_the_first_one_is_made_and_its_last_route_is_told() -> None:
    text, said = plan_with(None, "main", wanted(), "PagerDuty")
    assert data(text)["routes"][-1] == {"if": "true", "to": "pagerduty-primary"}
    assert "There was no plan yet" in said[0]
    assert plan_with(None, "main", PlanParts(), "PagerDuty") == (None, [])
