"""What has had its time goes, what is still needed stays, and the ledger says how much went."""

from datetime import timedelta
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.scenario.story import KEY, Story, told

from muster.alerts.port import Request
from muster.privacy.jobs import KINDS, RETAIN, forget_old
from muster.privacy.settings import RetentionSettings


async def counts(story: Story) -> dict[str, int]:
    """What there is of what has a time to live."""
    return {
        "signals": await story.count("SELECT count(*) FROM signals WHERE outcome = 'accepted'"),
        "refused": await story.count("SELECT count(*) FROM signals WHERE outcome = 'malformed'"),
        "addresses": await story.count(
            "SELECT count(*) FROM deliveries WHERE address <> '' AND incident_id IS NOT NULL"
        ),
        "messages": await story.count("SELECT count(*) FROM inbox_messages"),
    }


async def lived(story: Story) -> None:
    """An incident of long ago: two signals of one alert, a refused one, messages, answered and over."""
    await story.fires("DiskFull")
    body = b'[{"labels": "none"}]'
    headers = {"content-type": "application/json"}
    await story.muster.intake.accept(KEY, Request("/api/v2/alerts", "POST", headers, {}, body, story.clock.now()))
    await story.tap(story.texts[0])
    story.clock.move(timedelta(minutes=1))
    await story.ends("DiskFull")


async def test_what_has_had_its_time_goes_and_is_counted(story: Story) -> None:
    await lived(story)
    before = await counts(story)
    assert before["signals"] == 2
    assert before["refused"] == 1
    assert before["addresses"] >= 1
    async with story.unit() as unit:
        assert await forget_old(unit, RetentionSettings()) == {}
    story.clock.move(timedelta(days=31))
    async with story.unit() as unit:
        assert await forget_old(unit, RetentionSettings()) == {"refused_signals": 1}
    story.clock.move(timedelta(days=400))
    async with story.unit() as unit:
        gone = await forget_old(unit, RetentionSettings())
    assert gone["addresses"] >= before["addresses"]
    await story.jump(story.clock.now() + timedelta(hours=2))
    after = await counts(story)
    # The last request of an alert stays as long as the alert.
    assert after == {"signals": 1, "refused": 0, "addresses": 0, "messages": 0}
    async with story.muster.database.read() as conn:
        rows = await conn.fetch("SELECT data FROM ledger WHERE kind = 'OldDataForgotten' ORDER BY position")
    told = [row["data"] for row in rows]
    assert {"refused_signals": 1} in told
    assert gone in told
    assert {"signals": 1} in told
    # The incident still tells who was paged.
    assert [state for _, state, _ in await story.messages()]


async def test_it_runs_once_a_day_by_itself(story: Story) -> None:
    await lived(story)
    await story.jump(story.clock.now() + timedelta(days=32))
    assert (
        await story.count("SELECT count(*) FROM ledger WHERE kind = 'OldDataForgotten' AND data ? 'refused_signals'")
        == 1
    )
    assert await story.count("SELECT count(*) FROM work WHERE kind = $1", RETAIN) == 1


async def test_nothing_goes_where_the_settings_say_for_ever(connect: dict[str, Any], clock: MovableClock) -> None:
    for_ever = {"keep_signals": 0, **{setting: 0 for setting, _ in KINDS.values()}}
    async with told(connect, clock, **for_ever) as story:
        await lived(story)
        before = await counts(story)
        story.clock.move(timedelta(days=4000))
        async with story.unit() as unit:
            assert await forget_old(unit, story.muster.settings.of(RetentionSettings)) == {}
        assert await counts(story) == before


@pytest.mark.parametrize("setting", [setting for setting, _ in KINDS.values()])
def test_every_time_to_live_is_a_setting_with_a_default(setting: str) -> None:
    assert getattr(RetentionSettings(), setting) > 0
