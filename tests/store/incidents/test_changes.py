"""Severity, merging, false alarms, reminders, links in messages, leaving: what changes an incident besides its way."""

import asyncio
import random
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

import pytest
from tests.conftest import MovableClock
from tests.replay import replay
from tests.store.incidents.conftest import House

from muster.alerts.alert import AlertStatus
from muster.alerts.happenings import AlertChange, AlertsChanged, ChangeKind
from muster.alerts.store import alerts
from muster.base.access import ANONYMOUS, SYSTEM
from muster.clocks import actions as clock_actions
from muster.clocks import store as clocks
from muster.incidents.actions.acknowledge import PURPOSE, acknowledge, acknowledge_by_link, look_at_link
from muster.incidents.actions.false_alarm import declare_false_alarm
from muster.incidents.actions.merge import merge
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.reopen import reopen
from muster.incidents.actions.resolve import resolve
from muster.incidents.actions.roles import assign_role, end_role
from muster.incidents.actions.severity import set_severity
from muster.incidents.actions.writing import Edit, edit, link, note
from muster.incidents.incident import Incident, State
from muster.incidents.store import joined, lists, roles, words
from muster.kit.errors import Conflict, Denied, Invalid, Problem
from muster.kit.signing import sign
from muster.ledger import store as ledger
from muster.paging.store import pages
from muster.people.actions.persons import deactivate_person
from muster.response.actions.attest import attest, withdraw
from muster.response.actions.close import close

KEY = b"k" * 32


async def test_raising_the_severity_shortens_the_clock_and_pages_its_own_policy(
    house: House, clock: MovableClock
) -> None:
    incident = await house.report()
    clock.move(timedelta(minutes=4))
    async with house.database.unit(house.person("ana")) as unit:
        await set_severity(unit, "1", "critical", "Nobody can pay.")
        (running,) = (await clocks.running(unit.conn, [incident.stream]))[incident.stream]
        assert running.due_at == unit.now + timedelta(minutes=5)
        assert {page.policy for page in await pages.of_incident(unit.conn, incident.id)} == {"first", "war-room"}
        history = await words.severities(unit.conn, incident.id)
    assert [(each.severity, each.by_name) for each in history] == [("high", "ana"), ("critical", "ana")]


async def test_lowering_needs_more_authority_and_gives_more_time(house: House) -> None:
    incident = await house.report()
    with pytest.raises(Denied, match="lower the severity"):
        async with house.database.unit(house.person("ana")) as unit:
            await set_severity(unit, "1", "low", "A test shop.")
    async with house.database.unit(house.person("mona")) as unit:
        await set_severity(unit, "1", "low", "A test shop.")
        (running,) = (await clocks.running(unit.conn, [incident.stream]))[incident.stream]
        assert running.due_at == incident.opened_at + timedelta(days=1)
    with pytest.raises(Invalid, match="no such severity"):
        async with house.database.unit(house.person("mona")) as unit:
            await set_severity(unit, "1", "critcal", "x")


async def test_a_false_alarm_counts_against_its_alerts_and_is_closed_without_a_checklist(house: House) -> None:
    alert = await house.began("DiskFull")
    with pytest.raises(Denied):
        async with house.database.unit(house.person("ana")) as unit:
            await declare_false_alarm(unit, "1", "A test.")
    async with house.database.unit(house.person("mona")) as unit:
        after = await declare_false_alarm(unit, "1", "A test.")
    assert (after.state, after.false_alarm, await house.verdict(alert)) == (State.RESOLVED, True, "false")
    with pytest.raises(Denied, match="may not close"):
        async with house.database.unit(house.person("mona")) as unit:
            await close(unit, "1")
    async with house.database.unit(house.person("otto")) as unit:
        assert (await close(unit, "1")).state is State.CLOSED
    async with house.database.unit(house.person("ana")) as unit:
        assert not (await reopen(unit, "1", "It was real.")).false_alarm
    assert await house.verdict(alert) is None


async def test_an_alert_that_fires_keeps_the_incident_open_and_a_close_makes_it_real(house: House) -> None:
    alert = await house.began("DiskFull")
    async with house.database.unit(house.person("ana")) as unit:
        await acknowledge(unit, "1")
        await mitigate(unit, "1")
        await resolve(unit, "1", "More disk.")
    async with house.database.unit(house.person("mona")) as unit:
        await edit(unit, "1", Edit(trigger="Logs."))
        await attest(unit, "1", "users_recovered")
    with pytest.raises(Conflict, match="cannot be closed") as refused:
        async with house.database.unit(house.person("mona")) as unit:
            await close(unit, "1")
    assert "1 of its alerts still fires: DiskFull fires." in refused.value.detail
    await house.ended(alert)
    async with house.database.unit(house.person("mona")) as unit:
        await close(unit, "1")
    assert await house.verdict(alert) == "real"


async def test_merging_takes_alerts_and_the_graver_severity_along(house: House) -> None:
    alert = await house.began("DiskFull", "critical")
    target = await house.report(severity="low")
    async with house.database.unit(house.person("ana")) as unit:
        after = await merge(unit, "1", "2", "The same disk.")
    assert (after.ref, after.severity) == ("INC-2", "critical")
    source = await house.incident("1")
    assert (source.state, source.merged_into) == (State.CLOSED, target.id)
    async with house.database.unit(house.person("ana")) as unit:
        assert [row.alert.id for row in await joined.page(unit.conn, target.id, "all", 9)] == [alert.id]
        assert {page.state for page in await pages.of_incident(unit.conn, source.id)} == {"stopped"}
    for wrong, what in ((("2", "2"), "Nothing to merge"), (("1", "2"), "cannot be merged"), (("2", "1"), "cannot be")):
        with pytest.raises(Problem, match=what):
            async with house.database.unit(house.person("ana")) as unit:
                await merge(unit, *wrong)
    with pytest.raises(Conflict, match="cannot be reopened"):
        async with house.database.unit(house.person("mona")) as unit:
            await reopen(unit, "1", "No.")


async def test_a_graver_alert_that_joins_shortens_the_clock_and_pages_more(house: House, clock: MovableClock) -> None:
    await house.began("DiskFull")
    clock.move(timedelta(minutes=1))
    await house.began("DiskFull", "critical", key="another disk")
    incident = await house.incident()
    assert incident.severity == "critical"
    async with house.database.unit(SYSTEM) as unit:
        (running,) = (await clocks.running(unit.conn, [incident.stream]))[incident.stream]
        assert running.due_at == unit.now + timedelta(minutes=5)
        assert {page.policy for page in await pages.of_incident(unit.conn, incident.id)} == {"first", "war-room"}
        kinds = [entry.kind for entry in await ledger.of_stream(unit.conn, incident.stream)]
    assert kinds == ["IncidentOpened", "PageStarted", "AlertJoined", "SeverityChanged", "PageStarted"]


async def test_an_incident_whose_alerts_end_before_anybody_comes_resolves_itself(house: House) -> None:
    alert = await house.began("DiskFull")
    await house.ended(alert)
    incident = await house.incident()
    assert (incident.state, incident.resolved_by) == (State.RESOLVED, None)
    async with house.database.unit(SYSTEM) as unit:
        assert await clocks.running(unit.conn, [incident.stream]) == {}


async def test_of_two_at_once_one_has_it_and_the_other_is_told(house: House) -> None:
    await house.report()

    async def take(name: str) -> str:
        async with house.database.unit(house.person(name)) as unit:
            return f"{name}: {(await acknowledge(unit, '1')).state}"

    done = await asyncio.gather(*(take(name) for name in ("ana", "bo", "mona", "otto")), return_exceptions=True)
    assert sorted(type(each).__name__ for each in done) == ["Conflict", "Conflict", "Conflict", "str"]
    incident = await house.incident()
    async with house.database.unit(SYSTEM) as unit:
        entries = await ledger.of_stream(unit.conn, incident.stream)
        assert [entry.kind for entry in entries].count("IncidentAcknowledged") == 1


async def test_merging_across_each_other_neither_hangs_nor_makes_a_circle(house: House) -> None:
    await house.report()
    await house.report()

    async def merging(source: str, target: str) -> None:
        async with house.database.unit(house.person("ana")) as unit:
            await merge(unit, source, target)

    done = await asyncio.gather(merging("1", "2"), merging("2", "1"), return_exceptions=True)
    assert [type(each) for each in done].count(Conflict) == 1
    assert sorted([(await house.incident(ref)).state for ref in ("1", "2")]) == ["closed", "triggered"]


async def test_thousands_of_alerts_that_end_at_once_resolve_their_incidents_in_a_few_statements(house: House) -> None:
    found = [await house.began(f"Disk{number}") for number in range(20)]
    async with house.database.unit(SYSTEM) as unit:
        over = [replace(alert, status=AlertStatus.RESOLVED, resolved_at=unit.now) for alert in found]
        await alerts.update(unit.conn, over)
        sent: list[object] = []
        unit.conn.add_query_logger(sent.append)
        await unit.emit(AlertsChanged(tuple(AlertChange(each, ChangeKind.RESOLVED, "Over.") for each in over)))
        unit.conn.remove_query_logger(sent.append)
        assert len(sent) < 20
        assert await lists.counts(unit.conn, lists.IncidentFilter()) == {"resolved": 20}


async def test_one_tap_acknowledges_without_sign_in_and_tells_the_second_who_has_it(house: House) -> None:
    incident = await house.report()
    async with house.database.unit(ANONYMOUS) as unit:
        assert (await look_at_link(unit.conn, KEY, _token(house, incident, "ana"), unit.now)).sentence == (
            "Nobody has INC-1 yet."
        )
        first = await acknowledge_by_link(unit, KEY, _token(house, incident, "ana"))
    assert (first.sentence, first.incident.state) == ("You have INC-1.", State.ACKNOWLEDGED)
    async with house.database.unit(ANONYMOUS) as unit:
        second = await acknowledge_by_link(unit, KEY, _token(house, incident, "bo"))
        again = await acknowledge_by_link(unit, KEY, _token(house, incident, "ana"))
    assert (second.sentence, again.sentence) == ("ana has INC-1 already.", "You have INC-1.")
    async with house.database.unit(SYSTEM) as unit:
        entries = await ledger.of_stream(unit.conn, incident.stream)
        (taken,) = [entry for entry in entries if entry.kind == "IncidentAcknowledged"]
        assert (taken.who["kind"], taken.who["name"]) == ("link", "ana")


async def test_a_link_does_not_count_when_altered_expired_or_its_person_has_left(
    house: House, clock: MovableClock
) -> None:
    incident = await house.report()
    token = _token(house, incident, "otto")
    for bad in (token[:-2] + "AA", "x", _token(house, incident, "otto", purpose="other")):
        with pytest.raises(Denied):
            async with house.database.unit(ANONYMOUS) as unit:
                await acknowledge_by_link(unit, KEY, bad)
    async with house.database.unit(house.person("dora")) as unit:
        await deactivate_person(unit, "otto")
    with pytest.raises(Denied) as refused:
        async with house.database.unit(ANONYMOUS) as unit:
            await acknowledge_by_link(unit, KEY, token)
    assert "has left" in refused.value.detail
    clock.move(timedelta(days=2))
    with pytest.raises(Denied, match="does not count"):
        async with house.database.unit(ANONYMOUS) as unit:
            await acknowledge_by_link(unit, KEY, _token(house, incident, "ana", clock.now() - timedelta(days=1)))
    assert (await house.incident()).state is State.TRIGGERED


async def test_acknowledged_and_forgotten_is_paged_anew_until_somebody_answers(
    house: House, clock: MovableClock
) -> None:
    incident = await house.report(severity="critical")
    async with house.database.unit(house.person("ana")) as unit:
        await acknowledge(unit, "1")
    clock.move(timedelta(hours=1))
    await _breach(house, incident)
    async with house.database.unit(SYSTEM) as unit:
        assert [page.state for page in await pages.running(unit.conn, incident.id)] == ["running"]
    async with house.database.unit(ANONYMOUS) as unit:
        await acknowledge_by_link(unit, KEY, _token(house, incident, "bo", clock.now()))
    async with house.database.unit(SYSTEM) as unit:
        assert await pages.running(unit.conn, incident.id) == []
        (running,) = (await clocks.running(unit.conn, [incident.stream]))[incident.stream]
        assert (running.kind, running.due_at) == ("mitigate", unit.now + timedelta(hours=1))
    async with house.database.unit(house.person("ana")) as unit:
        await mitigate(unit, "1")
        assert await clocks.running(unit.conn, [incident.stream]) == {}


async def test_whoever_has_a_role_in_an_open_incident_cannot_leave(house: House) -> None:
    await house.report()
    async with house.database.unit(house.person("mona")) as unit:
        await assign_role(unit, "1", "incident_response_manager", "otto")
    with pytest.raises(Conflict) as refused:
        async with house.database.unit(house.person("dora")) as unit:
            await deactivate_person(unit, "otto")
    assert "INC-1, which is open" in refused.value.detail
    async with house.database.unit(house.person("otto")) as unit:
        await end_role(unit, "1", "incident_response_manager", "Going home.")
    async with house.database.unit(house.person("dora")) as unit:
        await deactivate_person(unit, "otto")


async def test_roles_notes_and_links_are_checked(house: House) -> None:
    await house.report()
    mona = house.person("mona")
    for role, person, place in (("manager", "ana", "role"), ("security_officer", "anna", "person"),
                                ("security_officer", "vera", "person")):  # fmt: skip
        with pytest.raises(Invalid) as refused:
            async with house.database.unit(mona) as unit:
                await assign_role(unit, "1", role, person)
        assert refused.value.faults[0].field == place
    for url in ("javascript:alert(1)", "https://", "ftp://x", "https://a b", "//x"):
        with pytest.raises(Invalid):
            async with house.database.unit(mona) as unit:
                await link(unit, "1", url)
    async with house.database.unit(mona) as unit:
        await link(unit, "1", "https://meet.example/1", "Call")
    with pytest.raises(Conflict, match="this link already"):
        async with house.database.unit(mona) as unit:
            await link(unit, "1", "https://meet.example/1")


async def test_lists_filter_by_state_severity_words_and_what_is_mine(house: House, clock: MovableClock) -> None:
    await house.report("vera", "The shop answers 500")
    clock.move(timedelta(seconds=1))
    await house.report("bo", "Mail is late", severity="low")
    async with house.database.unit(house.person("ana")) as unit:
        await acknowledge(unit, "2")
        ana = unit.principal.person_id

        async def refs(**chosen: object) -> list[str]:
            return [each.ref for each in await lists.listing(unit.conn, lists.IncidentFilter(**chosen), 10)]  # type: ignore[arg-type]

        assert await refs() == ["INC-2", "INC-1"]
        assert await refs(states=["triggered"]) == ["INC-1"]
        assert await refs(severities=["low"]) == ["INC-2"]
        assert await refs(q="SHOP") == await refs(q="inc-1") == ["INC-1"]
        assert await refs(mine=ana) == ["INC-2"]
        assert await lists.counts(unit.conn, lists.IncidentFilter()) == {"triggered": 1, "acknowledged": 1}


@pytest.mark.parametrize("seed", range(6))
async def test_the_timeline_folds_to_the_rows(house: House, clock: MovableClock, seed: int) -> None:
    """Whatever people do, in whatever order, allowed or refused: the events replay to the state that the rows have."""
    choose = random.Random(seed)
    await house.report(severity="critical")
    await house.report(severity="low")
    verbs = (
        lambda unit: acknowledge(unit, "1"),
        lambda unit: mitigate(unit, "1", "m"),
        lambda unit: resolve(unit, "1", "r"),
        lambda unit: reopen(unit, "1", "o"),
        lambda unit: declare_false_alarm(unit, "1", "f"),
        lambda unit: set_severity(unit, "1", choose.choice(["critical", "high", "low"]), "s"),
        lambda unit: assign_role(unit, "1", choose.choice(["security_officer", "on_call_engineer"]), "bo"),
        lambda unit: end_role(unit, "1", choose.choice(["security_officer", "on_call_engineer"])),
        lambda unit: edit(unit, "1", Edit(trigger=f"t{choose.random()}")),
        lambda unit: note(unit, "1", "n", "cause"),
        lambda unit: attest(unit, "1", "users_recovered"),
        lambda unit: withdraw(unit, "1", "users_recovered"),
        lambda unit: close(unit, "1"),
    )
    done = 0
    for _ in range(60):
        clock.move(timedelta(seconds=choose.randint(0, 90)))
        try:
            async with house.database.unit(house.person(choose.choice(["mona", "otto", "dora"]))) as unit:
                await choose.choice(verbs)(unit)
                done += 1
        except Problem:
            pass
    assert done > 15
    incident = await house.incident()
    async with house.database.unit(SYSTEM) as unit:
        held = (await roles.held(unit.conn, [incident.id])).get(incident.id, [])
        told = replay(await ledger.of_stream(unit.conn, incident.stream))
        assert (told.state, told.severity, told.false_alarm) == (
            incident.state,
            incident.severity,
            incident.false_alarm,
        )
        assert told.roles == {each.role: each.person for each in held}
        history = await words.severities(unit.conn, incident.id)
        assert history[-1].severity == incident.severity


async def _breach(house: House, incident: Incident) -> None:
    async with house.database.unit(SYSTEM) as unit:
        (running,) = (await clocks.running(unit.conn, [incident.stream]))[incident.stream]
        broken = await clocks.breach(unit.conn, running.id, unit.now)
        assert broken is not None
        await clock_actions.breach(unit, broken)


def _token(house: House, incident: Incident, name: str, now: object = None, purpose: str = PURPOSE) -> str:
    at = now or incident.opened_at
    person = house.person(name).person_id
    return sign(KEY, purpose, f"{incident.id}/{person}/{UUID(int=7)}", at + timedelta(hours=24), b"n" * 9)  # type: ignore[operator]
