"""The engine: total, deterministic, and never more permissive than the plan."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from hypothesis import given, settings
from hypothesis import strategies as st

from muster.incidents.incident import Incident, State
from muster.plan.permit import Actor
from muster.plan.reading import read_plan
from muster.response.closure import CheckState, gate
from muster.response.decide import ObligationState, decide
from muster.response.facts import Attestation, Facts

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
    return replace(Facts(incident(), actor, did), **changes)  # type: ignore[arg-type]


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
    attested=st.dictionaries(
        st.sampled_from(["users_recovered", "evidence_kept", "label_rule"]), st.just(Attestation("x", "mona", NOW))
    ),
    notes=st.dictionaries(st.just("cause"), NAMES),
    denied=st.dictionaries(st.sampled_from(["close", "check", "edit", "acknowledge"]), st.just("Not scoped.")),
    paging=st.booleans(),
    unanswered=st.booleans(),
)


@settings(max_examples=300)
@given(st.sampled_from([PLAN, BARE]), FACTS, st.timedeltas(timedelta(0), timedelta(days=400)))
def test_it_decides_anything_always_the_same_way(plan, known: Facts, later: timedelta) -> None:  # type: ignore[no-untyped-def]
    decided = decide(plan, known, NOW + later)
    assert decided == decide(plan, known, NOW + later)
    assert len(decided.permissions) == 10
    for each in decided.permissions:
        assert each.allowed != bool(each.reasons)
    (close,) = [each for each in decided.permissions if each.verb == "close"]
    assert close.allowed == decided.gate.open
    ids = [each.id for each in decided.obligations]
    assert len(ids) == len(set(ids))
    for obligation in decided.obligations:
        assert (obligation.state is ObligationState.BLOCKED) <= bool(obligation.blocked_by)
        assert not (obligation.mine and obligation.state is ObligationState.MET)
        assert obligation.who or obligation.state is ObligationState.MET or obligation.id != "close"
    if decided.gate.open:
        assert known.incident.state is State.RESOLVED
        assert not known.firing or known.incident.false_alarm
        assert known.incident.merged_into is None
        assert known.actor.permission in ("responder", "manager", "administrator") or known.actor.roles


@given(FACTS)
def test_more_that_is_done_never_blocks_more(known: Facts) -> None:
    done = replace(
        known,
        firing=(),
        incident=replace(known.incident, summary="Words.", record={"trigger": "Words."}),
        notes={"cause": "ana"},
        attested={name: Attestation(name, "mona", NOW) for name in ("users_recovered", "evidence_kept", "label_rule")},
    )
    before, after = gate(PLAN, known, NOW), gate(PLAN, done, NOW)
    assert {each.key for each in after.checks if each.blocks} <= {each.key for each in before.checks if each.blocks}
    assert not [each for each in after.checks if each.blocks and each.kind != "mitigations_complete"]


def test_the_gate_names_everything_in_the_way() -> None:
    known = facts(RESPONDER, firing=("A", "B", "C", "D"), labels={"tier": "two"})
    assert gate(PLAN, known, NOW).reasons == (
        "4 of its alerts still fire: A, B and C and 1 more.",
        "The record lacks summary and trigger.",
        "Nobody has attested users recovered.",
        "There is no note named cause.",
        "To close at severity critical needs an incident manager; ana is not.",
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
    assert gate(PLAN, replace(false, notes={"cause": "ana"}), NOW).open
    assert not gate(PLAN, replace(false, notes={"cause": "ana"}, actor=RESPONDER), NOW).open


def test_an_attestation_by_a_role_is_open_to_its_holder() -> None:
    officer = Actor("bo", "responder", frozenset({"security_officer"}))
    known = replace(facts(officer), incident=incident(category="security"))
    (check,) = [each for each in gate(PLAN, known, NOW).checks if each.name == "evidence_kept"]
    assert check.mine
    (check,) = [
        each for each in gate(PLAN, replace(known, actor=RESPONDER), NOW).checks if each.name == "evidence_kept"
    ]
    assert not check.mine


def test_the_next_step_is_what_the_asker_may_do_now() -> None:
    known = replace(facts(RESPONDER), incident=incident(State.TRIGGERED))
    found = decide(PLAN, known, NOW).next_step()
    assert found is not None
    assert (found.id, found.action and found.action.verb) == ("acknowledge", "acknowledge")
    denied = replace(known, denied={"acknowledge": "Not scoped."})
    following = decide(PLAN, denied, NOW).next_step()
    assert following is None or following.id != "acknowledge"


def test_a_usual_checklist_is_asked_where_the_plan_has_none() -> None:
    assert [each.key for each in gate(BARE, facts(), NOW).checks] == ["no_firing_alerts"]
