"""Senders whose clocks differ: what only seems to be over fires, and somebody is told by how much."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from tests.conftest import MovableClock
from tests.store.alerts.conftest import KEY, Send, request, stamp, stored

from muster.alerts.actions.intake import Intake
from muster.alerts.alert import AlertStatus
from muster.alerts.clock_skew import LATE
from muster.alerts.happenings import ClockDiffers
from muster.alerts.jobs import handlers
from muster.alerts.store import clock_skews
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import Runner

MINUTE = timedelta(minutes=1)


async def post(intake: Intake, clock: MovableClock, starts: timedelta, ends: timedelta, name: str = "Slow") -> None:
    """Post an alert whose times are so long after now (negative: before) by this clock."""
    now = clock.now()
    alert = {"labels": {"alertname": name}, "startsAt": stamp(now + starts), "endsAt": stamp(now + ends)}
    assert (await intake.accept(KEY, request(now, json.dumps([alert]).encode()))).status == 200


async def statuses(database: Database) -> dict[str, AlertStatus]:
    """How each alert stands."""
    return {alert.labels["alertname"]: alert.status for alert in await stored(database)}


async def test_what_arrives_ended_fires_as_long_as_its_end_moves_on_and_somebody_is_told_by_how_much(
    database: Database, intake: Intake, clock: MovableClock
) -> None:
    heard: list[ClockDiffers] = []

    async def hear(unit: Unit, happening: ClockDiffers) -> None:
        heard.append(happening)

    database.bus.subscribe(ClockDiffers, hear)
    for _ in range(4):
        await post(intake, clock, -12 * MINUTE, -2 * MINUTE)
        assert await statuses(database) == {"Slow": AlertStatus.FIRING}
        clock.move(MINUTE)
    (alert,) = await stored(database)
    assert LATE in alert.annotations
    await Runner(database, "test", handlers(intake)).drain()
    assert [(told.integration, told.skew.by) for told in heard] == [("prom", -2 * MINUTE)]
    async with database.read() as conn:
        (seen,) = (await clock_skews.lately(conn, clock.now())).values()
    assert (seen.name, seen.skew.by) == ("prom", -2 * MINUTE)
    assert seen.skew.sentence() == "The sender's clock seems to be behind this one by at least 2m."


async def test_one_that_did_end_is_over_when_it_says_so_again(
    database: Database, intake: Intake, clock: MovableClock
) -> None:
    await post(intake, clock, -12 * MINUTE, -2 * MINUTE)
    clock.move(MINUTE)
    await post(intake, clock, -13 * MINUTE, -3 * MINUTE)
    assert await statuses(database) == {"Slow": AlertStatus.RESOLVED}


async def test_where_another_alert_shows_that_the_clock_is_right_an_end_is_an_end(
    database: Database, intake: Intake, clock: MovableClock, send: Send
) -> None:
    await send("Other")
    clock.move(MINUTE)
    await post(intake, clock, -12 * MINUTE, -2 * MINUTE)
    assert await statuses(database) == {"Other": AlertStatus.FIRING}
    async with database.read() as conn:
        assert await clock_skews.lately(conn, clock.now()) == {}


@pytest.mark.parametrize("again", range(1, 4))
async def test_an_end_that_is_repeated_by_one_or_two_senders_stays_an_end(
    database: Database, intake: Intake, clock: MovableClock, send: Send, again: int
) -> None:
    await send("Slow")
    for number in range(again):
        clock.move(MINUTE)
        await post(intake, clock, -5 * MINUTE, -(number + 1) * MINUTE + timedelta(seconds=30 * (number % 2)))
    assert await statuses(database) == {"Slow": AlertStatus.RESOLVED}


async def test_a_clock_that_falls_behind_while_an_alert_is_known_is_noticed(
    database: Database, intake: Intake, clock: MovableClock, send: Send
) -> None:
    await send("Slow")
    await send("Slow", over=True)
    clock.move(timedelta(minutes=30))
    await post(intake, clock, -12 * MINUTE, -2 * MINUTE)
    assert await statuses(database) == {"Slow": AlertStatus.FIRING}


async def test_what_ended_long_ago_is_believed(database: Database, intake: Intake, clock: MovableClock) -> None:
    await post(intake, clock, timedelta(days=-3), timedelta(days=-2))
    assert await statuses(database) == {}


async def test_a_clock_that_is_ahead_is_told_too(database: Database, intake: Intake, clock: MovableClock) -> None:
    await post(intake, clock, 7 * MINUTE, 11 * MINUTE)
    async with database.read() as conn:
        (seen,) = (await clock_skews.lately(conn, clock.now())).values()
    assert seen.skew.sentence() == "The sender's clock seems to be ahead of this one by 7m."


@pytest.mark.parametrize(
    "end",
    [
        "9999-12-31T23:59:59Z",
        "9999-12-31T23:59:59.999999999-12:00",
        "9001-01-01T00:00:00+05:30",
        "99999-01-01T00:00:00Z",
    ],
)
async def test_an_end_in_the_far_future_is_far_away(
    database: Database, intake: Intake, clock: MovableClock, end: str
) -> None:
    now = clock.now()
    for _ in range(2):
        alert = {"labels": {"alertname": "Long"}, "startsAt": stamp(now - MINUTE), "endsAt": end}
        assert (await intake.accept(KEY, request(clock.now(), json.dumps([alert]).encode()))).status == 200
        clock.move(MINUTE)
    await intake.flush_touched()
    (alert_,) = await stored(database)
    assert alert_.status is AlertStatus.FIRING
    assert alert_.ends_at is not None
    assert alert_.ends_at >= datetime(9000, 1, 1, tzinfo=UTC)
