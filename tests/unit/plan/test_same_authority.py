"""Plans of 0.1 mean what they meant: today's authority against that of 0.1, kept here as it was."""

from collections.abc import Mapping
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.plan.texts import SMALL, changed

from muster.base.features import installed, ports_of
from muster.plan.action import Action
from muster.plan.permit import Actor, Question, Verdict, holds, may
from muster.plan.reader import review_plan

ACTIONS = {action.name: action for action in ports_of(installed()).of(Action) if action.decided}
LEVELS = ("responder", "incident_manager", "director")
SEVERITIES = ("critical", "high", "medium", "low", "unheard-of")
DOERS = ("reporter", "acknowledger", "mitigator", "resolver")
PEOPLE = ("ana", "bo")
LEVEL = st.sampled_from(LEVELS)
RULES = st.one_of(
    LEVEL,
    st.dictionaries(st.sampled_from([*SEVERITIES[:4], "otherwise"]), LEVEL, min_size=1),
    st.fixed_dictionaries(
        {},
        optional={
            "only": LEVEL,
            "otherwise": LEVEL,
            "not_same_person_as": st.lists(st.sampled_from(DOERS), unique=True, min_size=1),
            "severities": st.lists(st.sampled_from(SEVERITIES[:4]), unique=True, min_size=1),
        },
    ),
)


def as_it_was(written: Any, verb: str, actor: Actor, severity: str, did: Mapping[str, str | None], plan: Any) -> bool:
    """`may` of 0.1, over a rule as written."""
    careful = verb in ("close", "false_alarm", "severity.lower")
    level, doers = "incident_manager" if careful else "responder", ()
    if isinstance(written, str):
        written = {"only": written}
    if written is not None:
        fields = {"only", "not_same_person_as", "severities", "otherwise"}
        by_severity = (
            {}
            if set(written) - {"otherwise"} & fields and set(written) & (fields - {"otherwise"})
            else {key: value for key, value in written.items() if key != "otherwise"}
        )
        if not by_severity and severity not in written.get("severities", (severity,)):
            level = written.get("otherwise") or level
        else:
            level = by_severity.get(severity) or written.get("only") or written.get("otherwise") or level
            doers = written.get("not_same_person_as", ()) if not by_severity else ()
    return holds(plan, actor, (level,)) and not any(doer not in did or did[doer] == actor.person for doer in doers)


@settings(max_examples=400)
@given(
    RULES | st.none(),
    st.sampled_from(sorted(ACTIONS)),
    st.sampled_from(PEOPLE),
    st.sampled_from(["viewer", "responder", "manager", "administrator"]),
    st.sampled_from(SEVERITIES),
    st.dictionaries(st.sampled_from(DOERS), st.sampled_from(PEOPLE) | st.none()),
)
def test_every_rule_of_0_1_decides_as_it_did(
    rule: Any, name: str, person: str, permission: str, severity: str, did: dict[str, str | None]
) -> None:
    authority = {} if rule is None else {name: rule}
    plan = review_plan(
        changed(("name: main", yaml.safe_dump({"authority": authority}, default_flow_style=True, width=9999)))
    ).plan
    if plan is None:
        return  # 0.1 refused it too
    actor = Actor(person, permission)
    verdict: Verdict = may(plan, ACTIONS[name], actor, Question(severity, did))
    assert verdict.allowed == as_it_was(rule, name, actor, severity, did, plan)


def test_the_plan_of_these_examples_is_valid() -> None:
    assert review_plan(SMALL).plan is not None
