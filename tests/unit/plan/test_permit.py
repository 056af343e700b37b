"""Who may do what: by level, by role, by severity, with separation of duties; in doubt nobody."""

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.plan.texts import SMALL, changed

from muster.plan.model.authority import VERBS
from muster.plan.permit import Actor, holds, may, may_attest
from muster.plan.reading import read_plan

PLAN = read_plan(SMALL)
ANA = Actor("ana", "responder")
BO = Actor("bo", "manager")
CY = Actor("cy", "administrator")


def with_authority(text: str):  # type: ignore[no-untyped-def]
    return read_plan(changed(("name: main", f"authority: {text}")))


def test_by_default_responders_respond_and_managers_close() -> None:
    assert may(PLAN, "acknowledge", ANA, "critical", {}).allowed
    refused = may(PLAN, "close", ANA, "critical", {})
    assert not refused.allowed
    assert refused.reasons == ("To close at severity critical needs an incident manager; ana is not.",)
    assert may(PLAN, "close", BO, "critical", {}).allowed
    assert not may(PLAN, "acknowledge", Actor("eve", "viewer"), "critical", {}).allowed


def test_the_incident_s_manager_may_close_whatever_the_level_of_sign_in() -> None:
    manager = Actor("ana", "responder", roles=frozenset({"incident_response_manager"}))
    assert may(PLAN, "close", manager, "critical", {}).allowed


def test_whoever_resolved_may_not_close_where_the_plan_separates_duties() -> None:
    plan = with_authority("{close: {only: incident_manager, not_same_person_as: resolver, severities: [critical]}}")
    assert may(plan, "close", BO, "critical", {"resolver": "bo"}).reasons == (
        "bo resolved it: somebody else must close.",
    )
    assert may(plan, "close", BO, "critical", {"resolver": "ana"}).allowed
    assert may(plan, "close", BO, "critical", {"resolver": None}).allowed, (
        "nobody resolved it, such as when alerts ended"
    )
    assert may(plan, "close", BO, "low", {"resolver": "bo"}).allowed, "the rule holds for critical incidents"


def test_what_is_not_known_is_refused() -> None:
    plan = with_authority("{close: {only: responder, not_same_person_as: resolver}}")
    assert may(plan, "close", ANA, "critical", {}).reasons == (
        "It is not known who resolved it, and that person may not close.",
    )


def test_a_deed_may_need_another_level_at_each_severity() -> None:
    plan = with_authority("{severity.lower: {critical: director, otherwise: responder}}")
    assert not may(plan, "severity.lower", BO, "critical", {}).allowed
    assert may(plan, "severity.lower", CY, "critical", {}).allowed
    assert may(plan, "severity.lower", ANA, "low", {}).allowed


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
    assert may_attest(PLAN, check, ANA).reasons == ("To attest users_recovered needs an incident manager; ana is not.",)
    officer = check.model_copy(update={"by": "security_officer"})
    assert may_attest(PLAN, officer, Actor("ana", "responder", frozenset({"security_officer"}))).allowed


@given(
    st.sampled_from(VERBS),
    st.sampled_from(["viewer", "responder", "manager", "administrator", "?"]),
    st.text(max_size=8),
)
def test_a_verdict_is_always_reached_and_a_refusal_always_has_its_reason(
    verb: str, permission: str, severity: str
) -> None:
    verdict = may(PLAN, verb, Actor("x", permission), severity, {})  # type: ignore[arg-type]  # drawn from the verbs
    assert verdict.allowed != bool(verdict.reasons)
    if permission in ("viewer", "?"):
        assert not verdict.allowed
