"""One node, and a PostgreSQL that goes away again and again: the disks of spool and log fill up, a record is damaged.

Each test is an outage. What was answered with 200 is paged, and nothing else was promised.
"""

import asyncio
import contextlib
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest
from tests.doubles.http_sink import HttpSink
from tests.places import HASTY, quick_folder
from tests.running import Running
from tests.scenario.fleet import KEY, alerts, database_on, filled, muster, paged, pages, post, readyz, small_disk

from muster.base.postgres import EmbeddedPostgres


@dataclass
class World:
    """The node, its database, Ana's phone, and the two small disks of spool and log."""

    node: Running
    postgres: EmbeddedPostgres
    phone: HttpSink
    data: Path
    log: Path

    @contextlib.asynccontextmanager
    async def outage(self) -> AsyncIterator[None]:
        """The database is stopped meanwhile."""
        await self.postgres.stop()
        try:
            yield
        finally:
            await self.postgres.start()


@pytest.fixture(scope="module")
async def world() -> AsyncIterator[World]:
    with quick_folder() as folder, small_disk(folder / "disk", "1m") as data, small_disk(folder / "logs", "1m") as logs:
        postgres = EmbeddedPostgres(folder / "postgres", settings=HASTY)
        await postgres.start()
        try:
            async with (
                HttpSink() as phone,
                database_on(dict(postgres.connect_args)) as url,
                muster(url, phone, data_dir=data / "data", node="node-a") as node,
            ):
                await post(node, "First")
                await paged(phone, ["First"])
                await node.stop()
                node.log = logs / "log"
                await node.start()
                yield World(node, postgres, phone, data, logs)
        finally:
            await postgres.stop()


async def test_a_full_disk_of_the_log_in_one_outage_loses_nothing_in_it_or_in_the_next(world: World) -> None:
    names = [f"Full{number}" for number in range(5)], [f"Room{number}" for number in range(7)]
    with filled(world.log):
        async with world.outage():
            assert await post(world.node, *names[0]) == [200] * 5
        await paged(world.phone, names[0])
    async with world.outage():
        assert await post(world.node, *names[1][:5]) == [200] * 5
    assert await post(world.node, *names[1][5:]) == [200] * 2
    await paged(world.phone, names[1])


async def test_what_a_nearly_full_disk_takes_half_is_refused_and_nothing_else_is_lost(world: World) -> None:
    taken: list[str] = []

    async def send(name: str, body: bytes) -> None:
        headers = {"content-type": "application/json"}
        url = f"{world.node.url}/i/{KEY}/api/v2/alerts"
        async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
            status = (await http.post(url, content=body, headers=headers)).status_code
        assert status in (200, 503)
        if status == 200:
            taken.append(name)

    large = json.loads(alerts("Large"))
    large[0]["annotations"]["description"] = "x" * 20_000
    async with world.outage():
        for name in ("Small1", "Small2"):
            await send(name, alerts(name))
        with filled(world.data, but=8192):
            await send("Large", json.dumps(large).encode())
            for name in ("Small3", "Small4"):
                await send(name, alerts(name))
        for name in ("Small5", "Small6", "Small7"):
            await send(name, alerts(name))
    assert {"Small1", "Small2", "Small5", "Small6", "Small7"} <= set(taken)
    await paged(world.phone, taken)


async def test_a_damaged_record_costs_itself_only_and_is_told(world: World) -> None:
    names = [f"Record{number}" for number in range(6)]
    async with world.outage():
        for name in names:
            assert await post(world.node, name) == [200]
        await world.node.kill()
        (file,) = [
            path
            for path in (world.data / "data" / "spool").iterdir()
            if path.is_file() and names[2].encode() in path.read_bytes()
        ]
        content = bytearray(file.read_bytes())
        content[content.index(names[2].encode())] ^= 1
        file.write_bytes(content)
    await world.node.start()
    kept = [name for name in names if name != names[2]]
    await paged(world.phone, kept)
    assert names[2] not in {title for title, _ in pages(world.phone)}
    assert "could not be given back: 1 damaged place" in await world.node.cli("doctor", code=1)
    assert 'muster_spool_set_aside{kind="damaged"} 1.0' in (await world.node.api("GET", "/metrics")).text


async def test_a_key_that_nobody_has_is_refused_while_the_database_is_away(world: World) -> None:
    async with world.outage():
        async with httpx2.AsyncClient(trust_env=False, timeout=30) as http:
            answer = await http.post(f"{world.node.url}/i/no-such-key/api/v2/alerts", content=alerts("Strange"))
        assert answer.status_code >= 400
        assert await post(world.node, "Known") == [200]
    await paged(world.phone, ["Known"])
    assert "Strange" not in {title for title, _ in pages(world.phone)}


async def test_a_node_that_starts_while_the_database_is_away_takes_alerts_and_goes_on_when_it_comes(
    world: World,
) -> None:
    async with world.outage():
        await world.node.kill()
        await world.node.launch()
        async with asyncio.timeout(60):
            while (await readyz(world.node))[0] == 0:  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        closed, told = await readyz(world.node)
        assert closed == 503
        assert "database" in told["reason"]
        assert await post(world.node, "Early") == [200]
    await paged(world.phone, ["Early"])
    await world.node.until_ready()
