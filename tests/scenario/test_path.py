"""Muster watches its own way: pages to itself through real channels, word through another one, and a beat for the outside."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from tests.conftest import MovableClock
from tests.doubles.http_sink import HttpSink, Reply
from tests.running import free_port
from tests.scenario.story import INTEGRATION, PLAN, Story, Text, told

from muster.channels.email.jobs.incoming import IncomingMail

WATCH, BEAT = ("path.watch",), ("heartbeat.out",)


@dataclass(frozen=True, slots=True)
class Watched:
    """A story whose mails go out to its own listener, with an outside that expects its heartbeat."""

    story: Story
    outside: HttpSink

    @property
    def told(self) -> list[Text]:
        """What those who watch over paging got."""
        return [each for each in self.story.notices if "You watch over Muster" in each.body]


@pytest.fixture
async def watched(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Watched]:
    port = free_port()
    async with HttpSink() as outside:
        settings = {
            "smtp_host": "127.0.0.1",
            "smtp_port": port,
            "smtp_security": "none",
            "smtp_from": "muster@muster.example",
            "mail_in": "page@muster.example",
            "mail_port": port,
            "heartbeat_url": f"{outside.url}/ping/secret",
        }
        async with told(connect, clock, bare=True, **settings) as story:
            await story.apply(story.person("ana", permission="administrator"), story.person("bo"), INTEGRATION)
            await story.apply(story.person("cy"), PLAN)
            yield Watched(story, outside)


async def _rounds(story: Story) -> dict[str, tuple[int, bool]]:
    async with story.muster.database.read() as conn:
        rows = await conn.fetch("SELECT channel, failures, good_at IS NOT NULL AS good FROM loop_rounds")
    return {row["channel"]: (row["failures"], row["good"]) for row in rows}


async def _get(story: Story, path: str) -> str:
    transport = httpx2.ASGITransport(app=story.muster.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
        return (await client.get(path)).text


async def test_a_mail_goes_out_and_comes_back_every_five_minutes(watched: Watched) -> None:
    story = watched.story
    await story.wait(minutes=11, periodic=WATCH)
    assert await _rounds(story) == {"email": (0, True), "inbox": (0, True)}
    assert await story.count("SELECT count(*) FROM loop_marks") == 0
    assert await story.count("SELECT count(*) FROM inbox_messages") == 0, "nothing of it stays"
    assert watched.told == []
    metrics = await _get(story, "/metrics")
    proven = (
        f'muster_path_proven_timestamp_seconds{{channel="email",closed="yes"}} {story.clock.now().timestamp() - 60:.1f}'
    )
    assert proven.split(" ")[0] in metrics


async def test_what_breaks_is_told_through_another_channel_once_and_so_is_that_it_works_again(watched: Watched) -> None:
    story = watched.story
    await story.wait(minutes=6, periodic=WATCH)
    await story.muster.services.of(IncomingMail).close()
    await story.wait(minutes=15, periodic=WATCH)
    failures, _ = (await _rounds(story))["email"]
    assert failures >= 2
    (text,) = watched.told
    assert text.phone == "ana"
    assert "Two synthetic pages in a row did not come through." in text.body
    assert await story.count("SELECT count(*) FROM ledger WHERE kind = 'PathBroken'") == 1
    async with story.muster.database.unit(await story.as_("ana")) as unit:
        await story.muster.services.of(IncomingMail).start(unit)
    await story.wait(minutes=6, periodic=WATCH)
    assert [each.phone for each in watched.told] == ["ana", "ana"]
    assert (await _rounds(story))["email"] == (0, True)


async def test_the_outside_hears_a_beat_while_somebody_can_be_paged(watched: Watched) -> None:
    story = watched.story
    await story.wait(minutes=3, periodic=BEAT)
    assert [each.path for each in watched.outside.requests] == ["/ping/secret"] * 4
    watched.outside.next(Reply(500), Reply(500))
    await story.wait(minutes=2, periodic=BEAT)
    assert len(watched.outside.requests) == 6, "a beat that is not heard is followed by the next one"
    async with story.unit() as unit:
        await unit.conn.execute("UPDATE loop_rounds SET failures = 2, failing_since = $1", unit.now)
    await story.wait(minutes=3, periodic=BEAT)
    assert len(watched.outside.requests) == 6, "nobody can be paged: the outside is to think that Muster is gone"


async def test_what_others_send_to_the_loop_counts_for_nothing(watched: Watched) -> None:
    story = watched.story
    transport = httpx2.ASGITransport(app=story.muster.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
        signed = {"webhook-id": "x", "webhook-timestamp": "1", "webhook-signature": "v1,AAAA"}
        assert (await client.post("/callbacks/loop", content=b"{}", headers=signed)).status_code == 403
        assert (await client.post("/callbacks/loop", content=b"{}")).status_code == 403
    story.clock.instant += timedelta(seconds=1)
