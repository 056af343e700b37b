"""Silences hold back and let go, flapping is damped, and what nobody re-sends is over."""

from datetime import timedelta

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, Send, count, posted, stored

from muster.alerts import jobs
from muster.alerts.actions import silences
from muster.alerts.actions.intake import Intake
from muster.alerts.alert import Alert, AlertStatus, Hold
from muster.alerts.happenings import AlertChange, ChangeKind
from muster.alerts.matchers import parse_all
from muster.alerts.silence import Silence
from muster.alerts.silence_draft import SilenceDraft
from muster.base.access import SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.work import Runner
from muster.kit.errors import Conflict, Denied, Invalid

ANA = Principal(Kind.PERSON, "ana", Level.RESPONDER)
HOUR = timedelta(hours=1)


async def work(database: Database, intake: Intake) -> None:
    """Do what is due."""
    await Runner(database, "test", jobs.handlers(intake)).drain()


def draft(
    clock: MovableClock, matchers: str = 'alertname="DiskFull"', begins: float = 0, ends: float = 1
) -> SilenceDraft:
    """A silence from and until so many hours from now."""
    return SilenceDraft(
        "silence", parse_all(matchers), clock.now() + begins * HOUR, clock.now() + ends * HOUR, "new disk"
    )  # fmt: skip


async def make(database: Database, wanted: SilenceDraft) -> Silence:
    """Ana makes a silence."""
    async with database.unit(ANA) as unit:
        return await silences.create(unit, wanted)


async def one(database: Database) -> Alert:
    """The only alert."""
    (alert,) = await stored(database)
    return alert


async def test_a_silence_holds_what_fires_and_lets_it_go_when_it_runs_out(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], clock: MovableClock
) -> None:
    await send("DiskFull")
    silence = await make(database, draft(clock))
    alert = await one(database)
    assert (alert.hold, alert.hold_ref) == (Hold.SILENCE, silence.id)
    await send("DiskFull", instance="another")
    clock.move(HOUR)
    await send("DiskFull", summary="still")
    await work(database, intake)
    assert {alert.hold for alert in await stored(database)} == {Hold.NONE}
    kinds = [change.kind for change in told]
    assert kinds[:3] == [ChangeKind.OPENED, ChangeKind.HELD, ChangeKind.HELD]
    assert kinds.count(ChangeKind.OPENED) == 3
    assert await count(database, "SELECT count(*) FROM ledger WHERE kind = 'SilenceEnded'") == 1


async def test_a_silence_to_come_holds_from_its_start(
    database: Database, intake: Intake, send: Send, clock: MovableClock
) -> None:
    await make(database, draft(clock, begins=1, ends=2))
    await send("DiskFull")
    assert not (await one(database)).hold
    clock.move(HOUR)
    await work(database, intake)
    assert (await one(database)).hold is Hold.SILENCE


async def test_expiring_lets_go_at_once_and_only_what_nothing_else_holds(
    database: Database, send: Send, clock: MovableClock
) -> None:
    first = await make(database, draft(clock, ends=2))
    second = await make(database, draft(clock, 'alertname=~"Disk.*"'))
    await send("DiskFull")
    assert (await one(database)).hold_ref == first.id
    async with database.unit(ANA) as unit:
        await silences.expire(unit, first.id, "done early")
    assert (await one(database)).hold_ref == second.id
    async with database.unit(ANA) as unit:
        await silences.expire(unit, second.id)
        with pytest.raises(Conflict):
            await silences.expire(unit, second.id)
    assert not (await one(database)).hold


async def test_changing_a_silence_decides_anew(
    database: Database, intake: Intake, send: Send, clock: MovableClock
) -> None:
    silence = await make(database, draft(clock))
    await send("DiskFull")
    await send("Slow")
    async with database.unit(ANA) as unit:
        await silences.change(unit, silence.id, draft(clock, 'alertname="Slow"', ends=3))
    holds = {alert.labels["alertname"]: alert.hold for alert in await stored(database)}
    assert holds == {"DiskFull": Hold.NONE, "Slow": Hold.SILENCE}
    clock.move(HOUR)
    await work(database, intake)
    assert {alert.hold for alert in await stored(database, held="any")} == {Hold.SILENCE}


async def test_what_somebody_has_taken_is_not_opened_when_its_silence_ends(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], clock: MovableClock
) -> None:
    silence = await make(database, draft(clock))
    await send("DiskFull")
    async with database.unit(SYSTEM) as unit:
        await unit.conn.execute("UPDATE alerts SET status = 'acknowledged'")
    async with database.unit(ANA) as unit:
        await silences.expire(unit, silence.id)
    alert = await one(database)
    assert (alert.hold, alert.status) == (Hold.NONE, AlertStatus.ACKNOWLEDGED)
    assert ChangeKind.OPENED not in [change.kind for change in told]


async def test_silences_need_permission_and_name_all_faults(database: Database, clock: MovableClock) -> None:
    async with database.unit(Principal(Kind.PERSON, "vera", Level.VIEWER)) as unit:
        with pytest.raises(Denied):
            await silences.create(unit, draft(clock))
    async with database.unit(ANA) as unit:
        wanted = SilenceDraft("silence", (), clock.now(), clock.now(), "", integration="nowhere")
        with pytest.raises(Invalid) as refused:
            await silences.create(unit, wanted)
    assert [fault.field for fault in refused.value.faults] == ["matchers", "ends_at", "comment", "integration"]


async def test_flapping_is_damped_and_pages_once_it_stays(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], clock: MovableClock
) -> None:
    for _ in range(5):
        await send("DiskFull")
        clock.move(timedelta(seconds=30))
        await send("DiskFull", over=True)
    await send("DiskFull")
    alert = await one(database)
    assert (alert.hold, alert.episode) == (Hold.FLAPPING, 6)
    assert "began 6 times within 15 min" in alert.hold_reason
    assert [change.kind for change in told].count(ChangeKind.OPENED) == 4
    clock.move(timedelta(minutes=4))
    await send("DiskFull", summary="still")
    clock.move(timedelta(minutes=1, seconds=1))
    await work(database, intake)
    alert = await one(database)
    assert (alert.hold, alert.active) == (Hold.NONE, True)
    assert [change.kind for change in told].count(ChangeKind.OPENED) == 5


async def test_a_damped_alert_that_ended_and_began_again_waits_its_own_time(
    database: Database, intake: Intake, send: Send, clock: MovableClock
) -> None:
    for _ in range(5):
        await send("DiskFull")
        await send("DiskFull", over=True)
    await send("DiskFull")
    clock.move(timedelta(minutes=3))
    await send("DiskFull", over=True)
    await send("DiskFull")
    clock.move(timedelta(minutes=2, seconds=1))
    await work(database, intake)
    assert (await one(database)).hold is Hold.FLAPPING
    clock.move(timedelta(minutes=3))
    await work(database, intake)
    assert not (await one(database)).hold


async def test_what_nobody_resends_is_over_but_not_right_after_muster_was_away(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], clock: MovableClock
) -> None:
    await send("DiskFull")
    async with database.unit(SYSTEM) as unit:
        await jobs.begin(unit)
        await jobs.begin(unit)
    await work(database, intake)
    clock.move(timedelta(minutes=10))
    await work(database, intake)
    assert (await one(database)).active
    for _ in range(4):
        clock.move(timedelta(seconds=15))
        await work(database, intake)
    alert = await one(database)
    assert alert.status is AlertStatus.RESOLVED
    assert "said nothing more by 2026-03-02 09:04:00 UTC" in told[-1].reason
    assert await count(database, "SELECT count(*) FROM work WHERE kind = 'alert.expire'") == 1


async def test_what_is_resent_in_time_stays(
    database: Database, intake: Intake, send: Send, clock: MovableClock
) -> None:
    async with database.unit(SYSTEM) as unit:
        await jobs.begin(unit)
    for _ in range(40):
        await send("DiskFull")
        await intake.flush_touched()
        await work(database, intake)
        clock.move(timedelta(seconds=15))
    alert = await one(database)
    assert (alert.active, alert.episode) == (True, 1)


async def test_old_signals_go_but_never_the_last_of_an_alert(
    database: Database, intake: Intake, send: Send, clock: MovableClock
) -> None:
    await send("DiskFull")
    await send("DiskFull", summary="newer")
    await intake.accept(KEY, posted(clock.now(), "Slow"))
    async with database.unit(SYSTEM) as unit:
        await jobs.begin(unit)
    clock.move(timedelta(days=91))
    await work(database, intake)
    assert await count(database, "SELECT count(*) FROM signals") == 2
    assert await count(database, "SELECT count(*) FROM signals JOIN alerts ON signal_id = signals.id") == 2
