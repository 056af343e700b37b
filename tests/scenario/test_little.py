"""A node with little memory and few files: it refuses what it cannot hold with 503, and goes on taking alerts."""

import asyncio
import contextlib
import json
from collections import Counter
from typing import Any

import httpx2
from tests.doubles.http_sink import HttpSink
from tests.running import Running
from tests.scenario.fleet import KEY, alerts, database_on, muster, paged, post, readyz

LITTLE = "ulimit -n 128 -v 800000"
MANY, LARGE, IDLE = 30, 2_000_000, 200


def _large(number: int) -> bytes:
    """An alert of two megabytes."""
    (alert,) = json.loads(alerts(f"Large{number}"))
    alert["annotations"]["description"] = "x" * LARGE
    return json.dumps([alert]).encode()


async def _send(node: Running, path: str, body: bytes) -> int:
    headers = {"content-type": "application/json", "authorization": f"Bearer {node.token}"}
    async with httpx2.AsyncClient(trust_env=False, timeout=60) as http:
        return (await http.post(f"{node.url}{path}", content=body, headers=headers)).status_code


async def test_large_bodies_and_idle_connections_keep_no_alert_out_of_a_small_node(server: dict[str, Any]) -> None:
    async with (
        HttpSink() as phone,
        database_on(server) as url,
        muster(url, phone, before=LITTLE) as node,
    ):
        intake = f"/i/{KEY}/api/v2/alerts"
        answers = Counter(await asyncio.gather(*(_send(node, intake, _large(number)) for number in range(MANY))))
        assert set(answers) <= {200, 503}, answers
        sources = [{"file": "large.yaml", "text": "# " + "x" * LARGE}]
        manifests = json.dumps({"sources": sources, "dry_run": True}).encode()
        applied = Counter(await asyncio.gather(*(_send(node, "/api/v1/apply", manifests) for _ in range(MANY))))
        assert max(applied) < 500 or max(applied) == 503, applied
        assert (await readyz(node))[0] == 200
        assert await post(node, "AfterLarge") == [200]
        async with contextlib.AsyncExitStack() as stack:
            for _ in range(IDLE):
                _, writer = await asyncio.open_connection("127.0.0.1", node.port)
                stack.callback(writer.close)
            assert await post(node, "BesideIdle", within=60) == [200]
        await paged(phone, ["AfterLarge", "BesideIdle"])
