"""What must be heard of regularly: its silence wakes somebody, Muster's own absence does not, and no call is lost."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest
from tests.scenario.story import KEY, Story

from muster.alerts.actions.heartbeats import MOST, declare, forget
from muster.alerts.actions.intake import Reply
from muster.alerts.heartbeat import Rhythm
from muster.alerts.port import Request
from muster.base.db.lanes import Lane
from muster.incidents.incident import State
from muster.kit.errors import Malformed, Missing


async def _call(story: Story, name: str, key: str = KEY, body: bytes = b"", **query: str) -> Reply:
    request = Request(f"/heartbeat/{name}", "GET", {}, query, body, story.clock.now())
    reply = await story.muster.pulse.accept(key, request)
    await story.settle()
    return reply


async def _wait(story: Story, **time: float) -> None:
    await story.wait(periodic=("heartbeat.watch",), **time)


async def test_a_job_that_stops_calling_wakes_somebody_and_is_over_when_it_calls_again(story: Story) -> None:
    reply = await _call(story, "backup", every="10m", grace="2m")
    assert (reply.status, reply.body["every"], reply.body["grace"]) == (200, "10m", "2m")
    await _wait(story, minutes=9)
    await _call(story, "backup")
    await _wait(story, minutes=11)
    assert story.texts == []
    await _wait(story, minutes=2)
    assert [each.phone for each in story.texts] == ["ana"]
    assert (await story.incident()).title == "backup: no heartbeat"
    assert "expected every 10m" in story.texts[0].body
    await _call(story, "backup")
    assert (await story.incident()).state is State.RESOLVED
    assert await story.count("SELECT count(*) FROM heartbeats WHERE missing_since IS NOT NULL") == 0


async def test_a_job_that_says_that_it_failed_does_not_wait_for_its_silence(story: Story) -> None:
    await _call(story, "backup", every="1d")
    await _call(story, "backup/fail", body=b"disk full")
    assert (await story.incident()).title == "backup reports a failure"
    assert "disk full" in story.texts[0].body
    await _call(story, "backup")
    assert (await story.incident()).state is State.RESOLVED


async def test_the_time_in_which_muster_was_away_is_held_against_nobody(story: Story) -> None:
    await _call(story, "backup", every="10m", grace="0s")
    await story.crash()
    story.clock.instant += timedelta(hours=3)
    story.muster = story.node()
    await story.muster.start()
    await _wait(story, minutes=9)
    assert story.texts == [], "whoever calls every ten minutes gets ten minutes to do so"
    await _wait(story, minutes=2)
    assert len(story.texts) == 1


async def test_what_was_declared_and_never_called_is_missed(story: Story) -> None:
    async with story.unit("ana") as unit:
        await declare(unit, "prometheus", "Nightly-Report", Rhythm(), "The nightly report")
    await _wait(story, minutes=7)
    assert (await story.incident()).title == "The nightly report: no heartbeat"
    assert "It was never heard of" in story.texts[0].body
    async with story.unit("ana") as unit:
        await forget(unit, "prometheus", "nightly-report", "The report is gone.")
    assert (await story.incident()).state is State.RESOLVED


async def test_a_call_does_not_change_what_people_declared(story: Story) -> None:
    manifest = (
        f"{{kind: Integration, name: prometheus, format: alertmanager, key: {KEY},"
        " heartbeats: [{name: backup, every: 1d, grace: 1h, severity: low}]}"
    )
    await story.apply(manifest)
    reply = await _call(story, "backup", every="10s")
    assert (reply.body["every"], reply.body["grace"]) == ("1d", "1h")
    await story.apply(manifest.replace("{name: backup, every: 1d, grace: 1h, severity: low}", ""))
    assert await story.count("SELECT count(*) FROM heartbeats") == 0


class _Away:
    def __init__(self, pool: Any) -> None:
        self.pool = pool

    def acquire(self, *args: Any, **kwargs: Any) -> Any:
        raise ConnectionRefusedError("the server is stopped")

    def __getattr__(self, name: str) -> Any:
        return getattr(self.pool, name)


async def test_a_call_while_the_database_is_away_counts_with_its_own_time(story: Story) -> None:
    await _call(story, "backup", every="10m", grace="0s")
    database = story.muster.database.lane(Lane.INTAKE)
    pool, database.pool = database.pool, _Away(database.pool)  # type: ignore[assignment]
    story.clock.instant += timedelta(minutes=5)
    at = story.clock.now()
    request = Request("/heartbeat/backup", "GET", {}, {}, b"", at)
    reply = await story.muster.pulse.accept(KEY, request)
    assert (reply.status, reply.body["heartbeat"]) == (202, "backup")
    database.pool = pool
    for _ in range(100):
        if await story.count("SELECT count(*) FROM heartbeats WHERE last_at = $1", at):
            break
        await asyncio.sleep(0.1)
    assert await story.count("SELECT count(*) FROM heartbeats WHERE last_at = $1", at) == 1


async def test_calls_that_cannot_be_understood_are_told_why(story: Story) -> None:
    for name, query, said in (
        ("a b", {}, "is not a heartbeat's name"),
        ("backup/later", {}, "is unknown here"),
        ("backup", {"every": "soon"}, "is not a length of time"),
        ("backup", {"every": "1s"}, "out of bounds"),
        ("backup", {"severity": "awful"}, "is unknown"),
    ):
        with pytest.raises(Malformed) as refused:
            await _call(story, name, **query)
        assert said in refused.value.faults[0].rule
    with pytest.raises(Missing):
        await _call(story, "backup", key="nobody-has-this-key")


async def test_a_name_that_changes_with_every_call_does_not_fill_the_table(story: Story) -> None:
    await story.count(
        """WITH made AS (
               INSERT INTO heartbeats (id, integration_id, name, every, grace, severity, declared, created_at)
               SELECT gen_random_uuid(), id, 'n' || number, '1d', '0', 'low', false, now()
               FROM integrations, generate_series(1, $1) AS number RETURNING 1)
           SELECT count(*) FROM made""",
        MOST,
    )
    with pytest.raises(Exception, match="at most 1000 heartbeats"):
        await _call(story, "one-more")
    assert (await _call(story, "n7")).status == 200, "those that are known are heard all the same"
