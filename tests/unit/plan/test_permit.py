"""Who may do what: by level, by role, by severity, with separation of duties; in doubt nobody."""

from collections.abc import Mapping
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.plan.texts import SMALL, changed

from muster.base.features import installed, ports_of
from muster.plan.action import Action
from muster.plan.model.plan import Plan
from muster.plan.permit import Actor, Extent, Question, Verdict, holds, may_attest
from muster.plan.permit import may as decide
from muster.plan.reader import read_plan
from muster.plan.refusal import sentence

PLAN = read_plan(SMALL)
ANA = Actor("ana", "responder")
BO = Actor("bo", "manager")
CY = Actor("cy", "administrator")
ACTIONS = {action.name: action for action in ports_of(installed()).of(Action) if action.decided}


def may(plan: Plan, name: str, actor: Actor, severity: str, did: Mapping[str, str | None], **known: Any) -> Verdict:
    return decide(plan, ACTIONS[name], actor, Question(severity, did, **known))


def sentences(verdict: Verdict) -> tuple[str, ...]:
    return tuple(map(sentence, verdict.reasons))


def with_authority(text: str):  # type: ignore[no-untyped-def]
    return read_plan(changed(("name: main", f"authority: {text}")))


def test_by_default_responders_respond_and_managers_close() -> None:
    assert may(PLAN, "acknowledge", ANA, "critical", {}).allowed
    refused = may(PLAN, "close", ANA, "critical", {})
    assert not refused.allowed
    assert sentences(refused) == ("Only an incident manager may close. You (ana) are a responder.",)
    assert may(PLAN, "close", BO, "critical", {}).allowed
    assert not may(PLAN, "acknowledge", Actor("eve", "viewer"), "critical", {}).allowed


def test_the_incident_s_manager_may_close_whatever_the_level_of_sign_in() -> None:
    manager = Actor("ana", "responder", roles=frozenset({"incident_response_manager"}))
    assert may(PLAN, "close", manager, "critical", {}).allowed


def test_whoever_resolved_may_not_close_where_the_plan_separates_duties() -> None:
    plan = with_authority("{close: {only: incident_manager, not_same_person_as: resolver, severities: [critical]}}")
    assert sentences(may(plan, "close", BO, "critical", {"resolver": "bo"})) == (
        "bo resolved it: somebody else must close.",
    )
    assert may(plan, "close", BO, "critical", {"resolver": "ana"}).allowed
    assert may(plan, "close", BO, "critical", {"resolver": None}).allowed, (
        "nobody resolved it, such as when alerts ended"
    )
    assert may(plan, "close", BO, "low", {"resolver": "bo"}).allowed, "the rule holds for critical incidents"


def test_what_is_not_known_is_refused() -> None:
    plan = with_authority("{close: {only: responder, not_same_person_as: resolver}}")
    assert sentences(may(plan, "close", ANA, "critical", {})) == (
        "It is not known who resolved it, and that person may not close.",
    )


def test_a_deed_may_need_another_level_at_each_severity() -> None:
    plan = with_authority("{severity.lower: {critical: director, otherwise: responder}}")
    assert not may(plan, "severity.lower", BO, "critical", {}).allowed
    assert may(plan, "severity.lower", CY, "critical", {}).allowed
    assert may(plan, "severity.lower", ANA, "low", {}).allowed
    assert sentences(may(plan, "severity.lower", BO, "critical", {})) == (
        "At severity critical, only a director may lower the severity. You (bo) are an incident manager.",
    )


def test_levels_are_held_by_those_whom_the_plan_names() -> None:
    plan = with_authority(
        "{levels: [helper, incident_manager], holders: {helper: [team:ops], incident_manager: person:ana}}"
    )
    assert may(plan, "acknowledge", Actor("dan", "viewer", teams=frozenset({"ops"})), "low", {}).allowed
    assert may(plan, "close", ANA, "low", {}).allowed
    assert not may(plan, "close", CY, "low", {}).allowed
    assert not holds(plan, CY, ("nope",))


def test_an_item_is_attested_by_its_level_or_role() -> None:
    check = PLAN.closure[1]
    assert may_attest(PLAN, check, BO).allowed
    assert sentences(may_attest(PLAN, check, ANA)) == (
        "Only an incident manager may attest users_recovered. You (ana) are a responder.",
    )
    officer = check.model_copy(update={"by": "security_officer"})
    assert may_attest(PLAN, officer, Actor("ana", "responder", frozenset({"security_officer"}))).allowed


@given(
    st.sampled_from(sorted(ACTIONS)),
    st.sampled_from(["viewer", "responder", "manager", "administrator", "?"]),
    st.text(max_size=8),
)
def test_a_verdict_is_always_reached_and_a_refusal_always_has_its_reason(
    name: str, permission: str, severity: str
) -> None:
    verdict = may(PLAN, name, Actor("x", permission), severity, {})
    assert verdict.allowed != bool(verdict.reasons)
    if permission in ("viewer", "?"):
        assert not verdict.allowed


def test_a_rule_may_hold_by_criticality_and_scope() -> None:
    plan = with_authority(
        "{close: {only: director, criticality: business_critical, scope: {users: 1000, regions: 2}, otherwise: responder}}"
    )

    def closes(actor: Actor, criticality: str | None, **extent: int) -> bool:
        return may(plan, "close", actor, "low", {}, criticality=criticality, extent=Extent(**extent)).allowed

    assert closes(CY, "business_critical", users=1000)
    assert not closes(ANA, "business_critical", users=1000)
    assert not closes(ANA, "business_critical", users=1, regions=2), "one number is enough"
    assert closes(ANA, "business_critical", users=999, regions=1)
    assert closes(ANA, "standard", users=5000), "both conditions must hold"


def test_what_is_not_known_counts_as_the_gravest() -> None:
    graver = with_authority("{close: {only: director, criticality: business_critical, otherwise: responder}}")
    milder = with_authority("{close: {only: responder, criticality: [low, standard], otherwise: director}}")
    scoped = with_authority("{close: {only: director, scope: {users: 10}, otherwise: responder}}")
    for plan in (graver, milder, scoped):
        assert not may(plan, "close", BO, "low", {}).allowed
        assert may(plan, "close", CY, "low", {}).allowed
    apart = with_authority("{close: {not_same_person_as: resolver, criticality: low}}")
    assert not may(apart, "close", BO, "low", {"resolver": "bo"}).allowed


def test_a_rule_from_before_an_action_was_known_holds_once_it_is() -> None:
    plan = with_authority(
        "{containment.isolate: {critical: director, otherwise: responder}, mitigation.bypass: {who: me}}"
    )
    isolate, bypass = (
        Action(name="containment.isolate", words="isolate"),
        Action(name="mitigation.bypass", words="bypass"),
    )
    assert not decide(plan, isolate, BO, Question("critical")).allowed
    assert decide(plan, isolate, ANA, Question("low")).allowed
    assert not decide(plan, bypass, CY, Question("low")).allowed, "a rule that cannot be read lets nobody"
