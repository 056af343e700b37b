"""Muster is started while the database is away: alerts are taken at once, /readyz says why, and all goes on when it comes."""

import asyncio

import httpx2
from tests.doubles.link import Link
from tests.scenario.story import Story


async def test_muster_started_while_the_database_is_away_takes_alerts_and_goes_on_when_it_comes(story: Story) -> None:
    await story.muster.intake.learn_keys()
    await story.crash()
    async with Link(story.connect, listening=False) as link:
        late = story.muster = story.node(connect=link.connect)
        await late.start(patient=True)
        assert (await story.posts("DiskFull")).status == 200
        assert not late.intake.caught_up
        answer = await ask(story, "/readyz")
        assert (answer.status_code, answer.json()["ready"]) == (503, False)
        assert "The database cannot be reached." in answer.json()["reason"]
        # It works as far as it can: a restart would only close the door.
        assert (await ask(story, "/healthz")).status_code == 200
        assert (await ask(story, "/sign-in")).status_code == 503
        await link.listen()
        async with asyncio.timeout(20):
            await late.begun.wait()
            while not late.intake.caught_up:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
        await story.settle()
        assert story.rung == [("ana", 0)]
        assert (await ask(story, "/readyz")).status_code == 200
        await late.stop()
        await story.restart()


async def test_a_database_that_does_not_exist_is_told_at_readyz(story: Story) -> None:
    lost = story.node(connect={**story.connect, "database": "nowhere"})
    await story.crash()
    await lost.start(patient=True)
    story.muster, before = lost, story.muster
    answer = await ask(story, "/readyz")
    assert answer.status_code == 503
    assert "Create it (createdb)" in answer.json()["reason"]
    await lost.stop()
    story.muster = before
    await story.restart()


async def ask(story: Story, path: str) -> httpx2.Response:
    """What Muster answers."""
    transport = httpx2.ASGITransport(app=story.muster.app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://127.0.0.1:8600") as client:
        return await client.get(path)
