"""Two nodes of one Muster: what one takes, the other knows, also where a pooler keeps them from hearing each other."""

import asyncio
import functools
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from tests.scenario.story import Story

from muster.app.muster import Muster
from muster.base.settings import Settings
from muster.incidents.incident import State
from muster.kit.errors import Conflict
from muster.operations.actions import doctor


class Pooled(asyncpg.Connection):  # type: ignore[misc]
    """As through a PgBouncer that pools transactions: LISTEN is said, and lost with its transaction."""

    async def add_listener(self, channel: str, callback: Any) -> None:
        """Listen, for nothing."""
        await super().add_listener(channel, callback)
        await self.execute("UNLISTEN *")


def deafen(node: Muster, connect: dict[str, Any]) -> None:
    """Have a node listen through a pooler."""
    node._listen = lambda: asyncpg.connect(**connect, connection_class=Pooled)  # type: ignore[method-assign]


async def until_proven(node: Muster) -> None:
    async with asyncio.timeout(20):
        while not node.database.live.proven:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


async def test_a_node_that_hears_nobody_swallows_no_firing(story: Story) -> None:
    deaf = story.node("node-2")
    deafen(deaf, story.connect)
    await deaf.start()
    try:
        await story.fires("DiskFull", node=deaf)
        for _ in range(2):
            await deaf.runner.beat()
        story.clock.move(timedelta(seconds=10))
        await story.ends("DiskFull")
        assert (await story.incident()).state is State.RESOLVED
        story.clock.move(timedelta(seconds=1))
        await story.fires("DiskFull", node=deaf)
        assert not deaf.database.live.proven
        assert await story.count("SELECT count(*) FROM alerts WHERE status = 'firing'") == 1
    finally:
        await deaf.stop()


async def test_nodes_that_hear_each_other_know_it_and_answer_resends_from_memory(story: Story) -> None:
    other = story.node("node-2")
    await other.start()
    try:
        await until_proven(story.muster)
        await until_proven(other)
        await story.fires("DiskFull", node=other)
        before = await story.count("SELECT count(*) FROM signals")
        await story.fires("DiskFull", node=other)
        assert await story.count("SELECT count(*) FROM signals") == before
    finally:
        await other.stop()


async def test_a_second_node_of_one_name_does_not_start(story: Story) -> None:
    other = story.node("node-1")
    with pytest.raises(Conflict) as refused:
        await other.start()
    await other.stop()
    assert "node-1" in refused.value.title


async def test_the_doctor_tells_whether_nodes_hear_each_other(connect: dict[str, Any], monkeypatch: Any) -> None:
    place = "postgresql://{user}@/{database}?host={host}&port={port}"
    settings = Settings(database_url=connect.get("dsn") or place.format_map(connect))
    conn = await asyncpg.connect(**connect)
    try:
        assert (await doctor._listening(conn, settings)).ok
        monkeypatch.setattr(doctor, "PATIENCE", 0.5)
        monkeypatch.setattr(asyncpg, "connect", functools.partial(asyncpg.connect, connection_class=Pooled))
        found = await doctor._listening(conn, settings)
        assert not found.ok
        assert "MUSTER_LISTEN_DATABASE_URL" in found.fix
    finally:
        await conn.close()
