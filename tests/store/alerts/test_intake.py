"""Intake into a real database: one transaction for those who come together, and nothing well-formed is ever refused."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, OTHER, Send, count, posted, request, stored

from muster.alerts.actions import intake as module
from muster.alerts.actions.intake import Intake
from muster.alerts.alert import AlertStatus
from muster.alerts.happenings import AlertChange, AlertsChanged, ChangeKind
from muster.alerts.jobs import handlers
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import Runner
from muster.kit.errors import Missing

SIGNALS, TRANSITIONS = "SELECT count(*) FROM signals", "SELECT count(*) FROM alert_transitions"


async def test_an_alert_is_stored_with_its_raw_signal_and_told_once(
    database: Database, send: Send, told: list[AlertChange]
) -> None:
    reply = await send("DiskFull", instance="web1", severity="critical")
    assert reply.status == 200
    (alert,) = await stored(database)
    assert (alert.title, alert.severity_hint, alert.status) == ("DiskFull happened", "critical", AlertStatus.FIRING)
    async with database.read() as conn:
        raw = await conn.fetchrow("SELECT * FROM signals WHERE id = $1", alert.signal_id)
        heard = await conn.fetchval("SELECT last_signal_at FROM integrations WHERE name = 'prom'")
    assert raw is not None
    assert json.loads(raw["body"])[0]["labels"]["instance"] == "web1"
    assert heard is not None
    assert [(change.kind, change.alert.id) for change in told] == [(ChangeKind.OPENED, alert.id)]


async def test_those_who_come_together_share_a_transaction(
    database: Database, intake: Intake, send: Send, told: list[AlertChange]
) -> None:
    await send("Warm")
    before = await count(database, "SELECT count(DISTINCT xmin::text) FROM alerts")
    replies = await asyncio.gather(*(send("DiskFull", instance=f"web{number}") for number in range(60)))
    assert {reply.status for reply in replies} == {200}
    assert await count(database, "SELECT count(*) FROM alerts") == 61
    assert await count(database, "SELECT count(DISTINCT xmin::text) FROM alerts") <= before + 2
    assert len(told) == 61


async def test_the_same_alert_many_times_in_one_batch_is_one_alert(
    database: Database, send: Send, told: list[AlertChange]
) -> None:
    await asyncio.gather(*(send("DiskFull") for _ in range(20)))
    (alert,) = await stored(database)
    assert alert.signal_count == 20
    assert [change.kind for change in told] == [ChangeKind.OPENED]


async def test_equal_labels_of_two_integrations_are_two_alerts(database: Database, send: Send) -> None:
    await send("DiskFull")
    await send("DiskFull", key=OTHER)
    first, second = await stored(database)
    assert (first.key, first.integration_id != second.integration_id) == (second.key, True)


async def test_a_resend_writes_nothing_until_it_is_flushed(
    database: Database, intake: Intake, send: Send, told: list[AlertChange], clock: MovableClock
) -> None:
    await send("DiskFull")
    (before,) = await stored(database)
    clock.move(timedelta(minutes=1))
    for _ in range(3):
        assert (await send("DiskFull")).status == 200
    assert await stored(database) == [before]
    assert await count(database, SIGNALS) == 1
    await intake.flush_touched()
    (after,) = await stored(database)
    assert (after.last_seen_at, after.signal_count) == (clock.now(), 4)
    assert after.ends_at == clock.now() + timedelta(minutes=4)
    assert await count(database, SIGNALS) == 1
    assert len(told) == 1


async def test_other_words_are_stored_and_tell_nobody(database: Database, send: Send, told: list[AlertChange]) -> None:
    await send("DiskFull")
    await send("DiskFull", summary="Disk is nearly full")
    (alert,) = await stored(database)
    assert alert.title == "Disk is nearly full"
    assert len(told) == 1
    assert await count(database, SIGNALS) == 2


async def test_an_end_is_told_and_a_resend_after_it_begins_anew(
    database: Database, send: Send, told: list[AlertChange]
) -> None:
    await send("DiskFull")
    await send("DiskFull", over=True)
    await send("DiskFull", over=True)
    (alert,) = await stored(database)
    assert alert.status is AlertStatus.RESOLVED
    await send("DiskFull")
    (alert,) = await stored(database)
    assert (alert.status, alert.episode) == (AlertStatus.FIRING, 2)
    assert [change.kind for change in told] == [ChangeKind.OPENED, ChangeKind.RESOLVED, ChangeKind.OPENED]


async def test_what_is_malformed_is_answered_with_the_field_and_kept(
    database: Database, intake: Intake, clock: Any
) -> None:
    bad = request(clock.now(), b'[{"labels": "none"}]')
    reply = await intake.accept(KEY, bad)
    assert reply.status == 400
    assert "labels" in reply.body
    async with database.read() as conn:
        row = await conn.fetchrow("SELECT * FROM signals")
    assert row is not None
    assert (row["outcome"], row["body"]) == ("malformed", bad.body)
    assert row["faults"][0]["field"] == "0.labels"
    assert await count(database, "SELECT count(*) FROM alerts") == 0


async def test_the_valid_part_of_a_batch_is_kept_with_what_was_wrong(
    database: Database, intake: Intake, clock: Any
) -> None:
    body = b'[{"labels": {"alertname": "Good"}}, {"labels": {}}]'
    reply = await intake.accept(KEY, request(clock.now(), body))
    assert reply.status == 400
    assert [alert.labels for alert in await stored(database)] == [{"alertname": "Good"}]
    assert await count(database, "SELECT jsonb_array_length(faults) FROM signals") == 1


async def test_only_the_newest_refused_requests_are_kept(
    database: Database, intake: Intake, clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module.signals, "MALFORMED_KEPT", 3)
    for number in range(6):
        clock.move(timedelta(seconds=1))
        await intake.accept(KEY, request(clock.now(), b"{bad %d" % number))
    async with database.read() as conn:
        bodies = [row["body"] for row in await conn.fetch("SELECT body FROM signals ORDER BY received_at")]
    assert bodies == [b"{bad 3", b"{bad 4", b"{bad 5"]


@pytest.mark.parametrize("text", ["a\\u0000b", "\\ud800", "\\u202e", "x" * 5000])
async def test_what_postgresql_cannot_store_is_stored_without_it(
    database: Database, intake: Intake, clock: Any, text: str
) -> None:
    body = b'[{"labels": {"alertname": "Odd", "name": "%s"}, "annotations": {"summary": "%s"}}]' % (
        text.encode(),
        text.encode(),
    )
    assert (await intake.accept(KEY, request(clock.now(), body))).status == 200
    (alert,) = await stored(database)
    assert alert.labels["alertname"] == "Odd"
    assert await count(database, "SELECT count(*) FROM signals WHERE outcome = 'accepted'") == 1


async def test_an_unknown_key_is_refused_and_a_new_one_is_known_soon(
    database: Database, intake: Intake, clock: MovableClock
) -> None:
    wanted = posted(clock.now(), "DiskFull")
    with pytest.raises(Missing):
        await intake.accept("no-such-key-0123456789", wanted)
    async with database.read() as conn:
        await conn.execute("UPDATE integrations SET active = false WHERE name = 'prom'")
    with pytest.raises(Missing):
        await intake.accept(KEY, wanted)
    async with database.read() as conn:
        await conn.execute("UPDATE integrations SET active = true WHERE name = 'prom'")
    database.live.publish(["integrations"])
    assert (await intake.accept(KEY, wanted)).status == 200


async def test_what_fails_behind_it_is_taken_all_the_same_and_done_later(
    database: Database, intake: Intake, send: Send, told: list[AlertChange]
) -> None:
    broken = True

    async def fail(unit: Unit, happening: AlertsChanged) -> None:
        if broken and happening.changes[0].alert.labels["alertname"] == "Poison":
            raise RuntimeError("a bug in a higher feature")

    database.bus.subscribe(AlertsChanged, fail)
    replies = await asyncio.gather(send("Good"), send("Poison"), send("Better"))
    assert {reply.status for reply in replies} == {200}
    assert {alert.labels["alertname"] for alert in await stored(database)} == {"Good", "Better"}
    assert await count(database, "SELECT count(*) FROM signals WHERE outcome = 'deferred'") == 1
    broken = False
    await Runner(database, "test", handlers(intake)).drain()
    assert {alert.labels["alertname"] for alert in await stored(database)} == {"Good", "Poison", "Better"}
    assert await count(database, "SELECT count(*) FROM signals WHERE outcome = 'deferred'") == 0
    assert len(told) == 3


async def test_transitions_say_what_happened_and_by_which_signal(database: Database, send: Send) -> None:
    await send("DiskFull")
    await send("DiskFull", over=True)
    async with database.read() as conn:
        rows = await conn.fetch(
            "SELECT status, reason, signal_id IS NOT NULL AS traced FROM alert_transitions ORDER BY at"
        )
    assert {(row["status"], row["traced"]) for row in rows} == {("opened", True), ("resolved", True)}
    assert await count(database, TRANSITIONS) == 2
