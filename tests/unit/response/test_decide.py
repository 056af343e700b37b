"""The engine: total, deterministic, and never more permissive than the plan."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.base.access import Permission
from muster.base.features import installed, ports_of
from muster.incidents.action import IncidentAction
from muster.incidents.closure_check import ClosureCheck
from muster.incidents.decision import Decision, Effect, Obligation, ObligationState, Refusal, Rule, Stage, decide
from muster.incidents.facts import Facts
from muster.incidents.incident import Incident, State
from muster.plan.model.plan import Plan
from muster.plan.permit import Actor
from muster.plan.reader import read_plan
from muster.response.action import CLOSE
from muster.response.closure import CheckState, gate
from muster.response.facts import Attestation, ClosureFacts

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
PLAN = read_plan("""
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
authority:
  close: {only: incident_manager, not_same_person_as: resolver, severities: [critical], otherwise: responder}
  severity.lower: incident_manager
closure:
  - {check: no_firing_alerts}
  - {check: record_complete, fields: [summary, trigger]}
  - {check: mitigations_complete}
  - {check: attest, name: users_recovered, by: incident_manager}
  - {check: attest, name: evidence_kept, by: security_officer, when: 'category == "security"'}
  - {check: attest, name: label_rule, by: responder, when: 'labels.tier == "one"'}
  - {check: note, name: cause, severities: [critical]}
  - {check: closing_notice_sent}
""")
BARE = read_plan("""
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
""")
PORTS = ports_of(installed())
KINDS = {kind.name: kind for kind in PORTS.of(ClosureCheck)}
RESPONDER, MANAGER = Actor("ana", "responder"), Actor("mona", "manager")


def incident(state: State = State.RESOLVED, **changes: object) -> Incident:
    made = Incident(
        id=UUID(int=1), number=1, title="Down", summary="", state=state, severity="critical", severity_reason="",
        category="operational", plan_version_id=UUID(int=2), policies=("first",), group_key="k", joins_until=NOW,
        workload="", component="", source="person", reporter_id=None, on_behalf_of="", opened_at=NOW,
        acknowledged_at=None, acknowledged_by=None, mitigated_at=None, mitigated_by=None, resolved_at=None,
        resolved_by=None, closed_at=None, closed_by=None, false_alarm=False, merged_into=None, record={}, changed_at=NOW,
    )  # fmt: skip
    return replace(made, **changes)  # type: ignore[arg-type]


def facts(actor: Actor = MANAGER, **changes: object) -> Facts:
    did = {"reporter": None, "acknowledger": "ana", "mitigator": "ana", "resolver": "ana"}
    return replace(Facts(incident(), actor, did, contributed=known()), **changes)  # type: ignore[arg-type]


def known(**facts: object) -> dict[type, object]:
    return {ClosureFacts: ClosureFacts(KINDS, **facts)}  # type: ignore[arg-type]


def decided(plan: Plan, facts: Facts, now: datetime) -> Decision:
    """What every rule of every feature says."""
    return decide(plan, facts, now, PORTS.of(IncidentAction), PORTS.of(Rule))


PERMISSIONS = (
    Permission.INCIDENT_CLOSE,
    Permission.INCIDENT_CHECK,
    Permission.INCIDENT_EDIT,
    Permission.INCIDENT_ACKNOWLEDGE,
)
NAMES = st.sampled_from(["ana", "mona", "dora", ""])
INCIDENTS = st.builds(
    incident,
    st.sampled_from(State),
    severity=st.sampled_from(["critical", "high", "medium", "low", "gone"]),
    category=st.sampled_from(["operational", "security"]),
    summary=st.sampled_from(["", "  ", "Words."]),
    record=st.dictionaries(st.sampled_from(["trigger", "resolution"]), st.sampled_from(["", "Words."])),
    false_alarm=st.booleans(),
    merged_into=st.none() | st.just(UUID(int=9)),
)
ACTORS = st.builds(
    Actor,
    NAMES,
    st.sampled_from(["nobody", "viewer", "responder", "manager", "administrator", "?"]),
    st.frozensets(st.sampled_from(["incident_response_manager", "security_officer"])),
    st.frozensets(st.sampled_from(["a", "b"])),
)
FACTS = st.builds(
    Facts,
    INCIDENTS,
    ACTORS,
    st.dictionaries(st.sampled_from(["reporter", "acknowledger", "mitigator", "resolver"]), NAMES | st.none()),
    roles=st.dictionaries(st.sampled_from(["incident_response_manager", "security_officer"]), NAMES),
    firing=st.lists(NAMES, max_size=5).map(tuple),
    labels=st.dictionaries(st.sampled_from(["tier", "alertname"]), st.sampled_from(["one", "two"])),
    contributed=st.just({})
    | st.builds(
        ClosureFacts,
        st.just(KINDS),
        attested=st.dictionaries(
            st.sampled_from(["users_recovered", "evidence_kept", "label_rule"]), st.just(Attestation("x", "mona", NOW))
        ),
        notes=st.dictionaries(st.just("cause"), NAMES),
    ).map(lambda value: {ClosureFacts: value}),
    denied=st.dictionaries(st.sampled_from(PERMISSIONS), st.just("Not scoped.")),
    paging=st.booleans(),
    unanswered=st.booleans(),
)


@settings(max_examples=300)
@given(st.sampled_from([PLAN, BARE]), FACTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_it_decides_anything_always_the_same_way(plan, facts: Facts, later: timedelta) -> None:  # type: ignore[no-untyped-def]
    decision, closing = decided(plan, facts, NOW + later), gate(plan, facts, NOW + later)
    assert decision == decided(plan, facts, NOW + later)
    assert len(decision.permissions) == 10
    for allowance in decision.permissions:
        assert allowance.allowed != bool(allowance.reasons)
    (close,) = [allowance for allowance in decision.permissions if allowance.verb == "close"]
    assert close.allowed == closing.open
    ids = [obligation.id for obligation in decision.obligations]
    assert len(ids) == len(set(ids))
    for obligation in decision.obligations:
        assert (obligation.state is ObligationState.BLOCKED) <= bool(obligation.blocked_by)
        assert not (obligation.mine and obligation.state is ObligationState.MET)
        assert obligation.who or obligation.state is ObligationState.MET or obligation.id != "close"
    if closing.open:
        assert facts.incident.state is State.RESOLVED
        assert not facts.firing or facts.incident.false_alarm
        assert facts.incident.merged_into is None
        assert facts.actor.permission in ("responder", "manager", "administrator") or facts.actor.roles


@given(FACTS)
def test_more_that_is_done_never_blocks_more(facts: Facts) -> None:
    items = ("users_recovered", "evidence_kept", "label_rule")
    attested = {name: Attestation(name, "mona", NOW) for name in items}
    done = replace(
        facts,
        firing=(),
        incident=replace(facts.incident, summary="Words.", record={"trigger": "Words."}),
        contributed=known(notes={"cause": "ana"}, attested=attested),
    )
    before, after = gate(PLAN, facts, NOW), gate(PLAN, done, NOW)
    assert {each.key for each in after.checks if each.blocks} <= {each.key for each in before.checks if each.blocks}
    assert not [each for each in after.checks if each.blocks and each.kind != "mitigations_complete"]


def test_the_gate_names_everything_in_the_way() -> None:
    seen = facts(RESPONDER, firing=("A", "B", "C", "D"), labels={"tier": "two"})
    assert gate(PLAN, seen, NOW).reasons == (
        "4 of its alerts still fire: A, B and C and 1 more.",
        "The record lacks summary and trigger.",
        "Nobody has attested users recovered.",
        "There is no note named cause.",
        "At severity critical, only an incident manager may close. You (ana) are a responder.",
        "ana resolved it: somebody else must close.",
    )


def test_a_rule_that_cannot_be_decided_asks() -> None:
    states = {each.key: each.state for each in gate(PLAN, facts(labels={}), NOW).checks}
    assert states["attest:label_rule"] is CheckState.OPEN
    assert states["attest:evidence_kept"] is CheckState.NOT_ASKED
    assert states["closing_notice_sent"] is CheckState.NOT_ENFORCED
    states = {each.key: each.state for each in gate(PLAN, facts(labels={"tier": "two"}), NOW).checks}
    assert states["attest:label_rule"] is CheckState.NOT_ASKED


def test_a_false_alarm_is_asked_for_notes_and_authority_only() -> None:
    false = replace(facts(firing=("A",)), incident=incident(false_alarm=True))
    decided = gate(PLAN, false, NOW)
    assert decided.reasons == ("There is no note named cause.",)
    assert gate(PLAN, replace(false, contributed=known(notes={"cause": "ana"})), NOW).open
    assert not gate(PLAN, replace(false, contributed=known(notes={"cause": "ana"}), actor=RESPONDER), NOW).open


def test_an_attestation_by_a_role_is_open_to_its_holder() -> None:
    officer = Actor("bo", "responder", frozenset({"security_officer"}))
    seen = replace(facts(officer), incident=incident(category="security"))
    (check,) = [each for each in gate(PLAN, seen, NOW).checks if each.name == "evidence_kept"]
    assert check.mine
    (check,) = [each for each in gate(PLAN, replace(seen, actor=RESPONDER), NOW).checks if each.name == "evidence_kept"]
    assert not check.mine


def test_the_next_step_is_what_the_asker_may_do_now() -> None:
    seen = replace(facts(RESPONDER), incident=incident(State.TRIGGERED))
    step = decided(PLAN, seen, NOW).next_step()
    assert step is not None
    assert (step.id, step.action and step.action.verb) == ("acknowledge", "acknowledge")
    denied = replace(seen, denied={Permission.INCIDENT_ACKNOWLEDGE: "Not scoped."})
    following = decided(PLAN, denied, NOW).next_step()
    assert following is None or following.id != "acknowledge"


def test_a_usual_checklist_is_asked_where_the_plan_has_none() -> None:
    assert [each.key for each in gate(BARE, facts(), NOW).checks] == ["no_firing_alerts"]


def test_what_is_not_known_blocks() -> None:
    states = {check.key: (check.state, check.reason) for check in gate(PLAN, facts(contributed={}), NOW).checks}
    assert states["attest:users_recovered"] == (CheckState.OPEN, "It is not known whether this is met.")
    assert states["note:cause"] == (CheckState.OPEN, "It is not known whether this is met.")


def test_a_rule_of_another_feature_adds_obligations_refusals_and_effects_and_never_allows() -> None:
    class Notify(Effect):
        """What the other feature would do."""

    effect, owed = Notify(), Obligation("notify", "Notify", "Anybody.", True, ObligationState.OPEN, "")
    rule = Rule("notices", Stage.RESPONSE, lambda plan, facts, now: (owed, Refusal(CLOSE, ("No notice.",)), effect))
    done = facts(
        incident=incident(summary="Words.", record={"trigger": "Words."}, severity="high"),
        labels={"tier": "two"},
        contributed=known(attested={"users_recovered": Attestation("users_recovered", "mona", NOW)}),
    )
    assert "close" in decided(PLAN, done, NOW).allowed
    decision = decide(PLAN, done, NOW, PORTS.of(IncidentAction), (*PORTS.of(Rule), rule))
    assert decision.effects == (effect,)
    assert [obligation.id for obligation in decision.obligations][4:5] == ["notify"]
    assert decision.obligations[-1].id == "close"
    assert decision.allowed == decided(PLAN, done, NOW).allowed - {"close"}
