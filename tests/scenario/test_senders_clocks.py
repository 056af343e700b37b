"""A sender whose clock is behind: its alerts page, and whoever watches over paging is told by how much."""

import json
from datetime import timedelta

from tests.scenario.story import KEY, Story

from muster.alerts.port import Request
from muster.alerts.store import clock_skews
from muster.operations.actions.doctor import _senders_clocks


async def test_a_slow_clock_loses_no_page_and_is_told_to_watchers_and_doctor(story: Story) -> None:
    await story.apply(story.person("dee", permission="administrator"))
    now = story.clock.now()
    alert = {
        "labels": {"alertname": "DiskFull", "severity": "critical"},
        "startsAt": (now - timedelta(minutes=12)).isoformat(),
        "endsAt": (now - timedelta(minutes=2)).isoformat(),
    }
    request = Request("/api/v2/alerts", "POST", {}, {}, json.dumps([alert]).encode(), now)
    assert (await story.muster.intake.accept(KEY, request)).status == 200
    await story.settle()
    assert [text.phone for text in story.texts] == ["ana"]
    assert any("behind this one by at least 2m" in notice.body for notice in story.notices)
    async with story.unit() as unit:
        (seen,) = (await clock_skews.lately(unit.conn, story.clock.now())).values()
        assert seen.skew.by == timedelta(minutes=-2)
        await unit.conn.execute("UPDATE clock_skews SET last_at = now()")
        finding = await _senders_clocks(unit.conn)
    assert not finding.ok
    assert "behind this one by at least 2m" in finding.sentence
