"""An incident from its report to its close, with everything that must be refused on the way."""

from datetime import timedelta
from uuid import UUID

import pytest
from tests.conftest import MovableClock
from tests.replay import replay
from tests.store.incidents.conftest import PLAN, House

from muster.base.access import SYSTEM
from muster.clocks import store as clocks
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.escalate import escalate
from muster.incidents.actions.facts import situation_by_ref
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.reopen import reopen
from muster.incidents.actions.resolve import resolve
from muster.incidents.actions.roles import assign_role
from muster.incidents.actions.writing import Edit, edit, note
from muster.incidents.decision import ObligationState
from muster.incidents.events import EVENTS
from muster.incidents.incident import State
from muster.incidents.store import roles
from muster.incidents.timeline import line
from muster.kit.errors import Conflict, Denied, Invalid, Missing
from muster.ledger import store as ledger
from muster.ledger.event_kind import by_name
from muster.paging.store import pages
from muster.plan.actions.publish import publish
from muster.response.actions.attest import attest, withdraw
from muster.response.actions.close import close
from muster.response.closure import gate


async def test_a_report_opens_pages_and_clocks_as_an_alert_would(house: House) -> None:
    incident = await house.report("vera", severity="critical", on_behalf_of="the CFO")
    assert (incident.ref, incident.state, incident.severity) == ("INC-1", State.TRIGGERED, "critical")
    async with house.database.unit(SYSTEM) as unit:
        runs = await pages.of_incident(unit.conn, incident.id)
        assert {(page.policy, page.state) for page in runs} == {("first", "running"), ("war-room", "running")}
        (clock,) = (await clocks.running(unit.conn, [incident.stream]))[incident.stream]
        assert (clock.kind, clock.due_at) == ("acknowledge", incident.opened_at + timedelta(minutes=5))
        (first, *_) = await ledger.of_stream(unit.conn, incident.stream)
        opened = line(first, by_name(EVENTS))
    assert opened.actor == "vera"
    assert opened.what.startswith("vera reported it on behalf of the CFO.")
    assert opened.reasons


async def test_a_report_with_faults_names_them_all(house: House) -> None:
    with pytest.raises(Invalid) as refused:
        await house.report(title=" ", severity="horrible")
    assert [fault.field for fault in refused.value.faults] == ["title", "severity"]
    with pytest.raises(Invalid) as refused:
        await house.report(workload="shop")
    assert refused.value.faults[0].sentence() == "workload: The catalogue has no workload `shop`. Leave it out."


async def test_the_first_to_acknowledge_stops_paging_and_is_the_engineer(house: House) -> None:
    incident = await house.report()
    async with house.database.unit(house.person("bo")) as unit:
        after = await acknowledge(unit, "inc-1")
        assert after.state is State.ACKNOWLEDGED
        (page,) = await pages.of_incident(unit.conn, incident.id)
        assert (page.state, page.ended_reason) == ("stopped", "INC-1 was acknowledged.")
        assert await clocks.running(unit.conn, [incident.stream]) == {}
        (holding,) = (await roles.held(unit.conn, [incident.id]))[incident.id]
        assert (holding.role, holding.person) == ("on_call_engineer", "bo")
    with pytest.raises(Conflict, match="acknowledged already") as refused:
        async with house.database.unit(house.person("ana")) as unit:
            await acknowledge(unit, "1")
    assert refused.value.detail == "bo has it since 2026-03-02 09:00 UTC."


async def test_verbs_out_of_turn_say_what_helps(house: House) -> None:
    await house.report()
    for verb, helps in ((mitigate, "Acknowledge it first."), (resolve, "Acknowledge and mitigate it first.")):
        with pytest.raises(Conflict) as refused:
            async with house.database.unit(house.person("ana")) as unit:
                await verb(unit, "1")
        assert helps in refused.value.detail
    with pytest.raises(Missing):
        async with house.database.unit(house.person("ana")) as unit:
            await acknowledge(unit, "INC-99")
    with pytest.raises(Denied):
        async with house.database.unit(house.person("vera")) as unit:
            await acknowledge(unit, "1")


async def test_the_way_to_the_close_refuses_the_wrong_person_and_the_open_checklist(house: House) -> None:
    await _resolved(house, "ana")
    with pytest.raises(Denied) as denied:
        async with house.database.unit(house.person("bo")) as unit:
            await close(unit, "1")
    assert "You (bo) are a responder." in denied.value.detail
    assert "whoever signs in as manager" in denied.value.detail
    with pytest.raises(Conflict) as open_items:
        async with house.database.unit(house.person("mona")) as unit:
            await close(unit, "1")
    assert [fault.field for fault in open_items.value.faults] == [
        "closure.record_complete",
        "closure.attest:users_recovered",
    ]
    assert "The record lacks trigger." in open_items.value.detail
    with pytest.raises(Denied):
        async with house.database.unit(house.person("bo")) as unit:
            await attest(unit, "1", "users_recovered")
    async with house.database.unit(house.person("mona")) as unit:
        await attest(unit, "1", "users_recovered", "Asked support.")
        await edit(unit, "1", Edit(trigger="A bad deployment."))
        closed = await close(unit, "1", "All well.")
    assert closed.state is State.CLOSED
    async with house.database.unit(SYSTEM) as unit:
        entries = await ledger.of_stream(unit.conn, closed.stream)
        assert entries[-1].kind == "IncidentClosed"
        assert {each["check"]: each["state"] for each in entries[-1].data["checks"]}["note:cause"] == "not_asked"
        assert replay(entries).state == "closed"


async def test_a_plan_published_meanwhile_changes_nothing_for_a_running_incident(house: House) -> None:
    await house.report()
    easy = PLAN.replace("{only: incident_manager, not_same_person_as: resolver}", "responder")
    async with house.database.unit(SYSTEM) as unit:
        await publish(unit, easy[: easy.index("closure:")])
    async with house.database.unit(house.person("ana")) as unit:
        for verb in (acknowledge, mitigate, resolve):
            await verb(unit, "1")
    with pytest.raises(Denied) as refused:
        async with house.database.unit(house.person("ana")) as unit:
            await close(unit, "1")
    assert "by the plan (main 1)" in refused.value.detail
    await house.report()
    async with house.database.unit(house.person("ana")) as unit:
        for verb in (acknowledge, mitigate, resolve, close):
            await verb(unit, "2")
    assert (await house.incident("2")).state is State.CLOSED


async def test_when_nobody_answers_any_step_the_obligation_says_so(house: House, clock: MovableClock) -> None:
    incident = await house.report()
    for _ in range(2):
        async with house.database.unit(house.person("ana")) as unit:
            await escalate(unit, "1", "Nobody answers.")
    async with house.database.unit(house.person("bo")) as unit:
        assert [page.state for page in await pages.of_incident(unit.conn, incident.id)] == ["exhausted"]
        situation = await situation_by_ref(unit, "1")
        decided = situation.decision
    first = decided.obligations[0]
    assert (first.id, first.mine) == ("acknowledge", True)
    assert first.why.endswith("Every step has been paged and nobody has answered.")
    clock.move(timedelta(minutes=20))
    async with house.database.unit(house.person("bo")) as unit:
        await escalate(unit, "1")
        anew = (await pages.of_incident(unit.conn, incident.id))[-1]
        assert (anew.state, anew.why[:20]) == ("running", "Nobody answered; bo ")


async def test_who_resolved_may_not_close(house: House) -> None:
    await _resolved(house, "mona")
    async with house.database.unit(house.person("mona")) as unit:
        await attest(unit, "1", "users_recovered")
        await edit(unit, "1", Edit(trigger="A bad deployment."))
    with pytest.raises(Denied) as refused:
        async with house.database.unit(house.person("mona")) as unit:
            await close(unit, "1")
    assert "mona resolved it: somebody else must close." in refused.value.detail
    async with house.database.unit(house.person("otto")) as unit:
        assert (await close(unit, "1")).state is State.CLOSED


async def test_a_responder_cannot_take_the_role_that_may_close(house: House) -> None:
    await house.report()
    with pytest.raises(Denied, match="may not give this role"):
        async with house.database.unit(house.person("ana")) as unit:
            await assign_role(unit, "1", "incident_response_manager", "ana")
    async with house.database.unit(house.person("mona")) as unit:
        await assign_role(unit, "1", "incident_response_manager", "ana", "She knows the shop.")
    async with house.database.unit(house.person("ana")) as unit:
        situation = await situation_by_ref(unit, "1")
        decided = situation.decision
        (manager,) = [each for each in decided.obligations if each.id == "assign_manager"]
        assert (manager.state, manager.met_by) == (ObligationState.MET, "ana")
        assert not gate(situation.held.version.plan, situation.facts, unit.now).authority


async def test_reopening_pages_again_and_forgets_what_was_attested(house: House, clock: MovableClock) -> None:
    incident = await _resolved(house, "ana")
    async with house.database.unit(house.person("mona")) as unit:
        await attest(unit, "1", "users_recovered")
    clock.move(timedelta(hours=1))
    async with house.database.unit(house.person("bo")) as unit:
        after = await reopen(unit, "1", "It is back.")
        assert (after.state, after.acknowledged_by) == (State.TRIGGERED, None)
        assert [page.state for page in await pages.of_incident(unit.conn, incident)] == ["stopped", "running"]
        (running,) = (await clocks.running(unit.conn, [after.stream]))[after.stream]
        assert running.due_at == unit.now + timedelta(minutes=15)
        situation = await situation_by_ref(unit, "1")
        states = {each.key: each.state for each in gate(situation.held.version.plan, situation.facts, unit.now).checks}
        assert states["attest:users_recovered"] == "open"


async def test_an_attestation_can_be_taken_back_by_its_maker(house: House) -> None:
    await _resolved(house, "ana")
    async with house.database.unit(house.person("mona")) as unit:
        await attest(unit, "1", "users_recovered")
    with pytest.raises(Conflict, match="mona has attested"):
        async with house.database.unit(house.person("otto")) as unit:
            await attest(unit, "1", "users_recovered")
    async with house.database.unit(house.person("mona")) as unit:
        await withdraw(unit, "1", "users_recovered", "Too early.")
    with pytest.raises(Invalid, match="no such item"):
        async with house.database.unit(house.person("mona")) as unit:
            await attest(unit, "1", "users_recoverd")


async def test_a_closed_record_stands_and_notes_still_go_in(house: House) -> None:
    await _resolved(house, "ana")
    async with house.database.unit(house.person("mona")) as unit:
        await attest(unit, "1", "users_recovered")
        await edit(unit, "1", Edit(trigger="A bad deployment."))
        await close(unit, "1")
    with pytest.raises(Conflict, match="its record stands"):
        async with house.database.unit(house.person("mona")) as unit:
            await edit(unit, "1", Edit(title="Nothing happened"))
    async with house.database.unit(house.person("ana")) as unit:
        await note(unit, "1", "The vendor called.")


async def _resolved(house: House, by: str) -> UUID:
    incident = await house.report()
    async with house.database.unit(house.person(by)) as unit:
        await acknowledge(unit, "1")
        await mitigate(unit, "1", "Rolled back.")
        after = await resolve(unit, "1", "Deployed the fix.")
    assert after.record == {"mitigation": "Rolled back.", "resolution": "Deployed the fix."}
    return incident.id
