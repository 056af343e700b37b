"""Senders' own clients, unchanged: CloudEvents' SDK and its webhook handshake, PagerDuty's client over TLS."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from cloudevents.v1.conversion import to_binary, to_structured
from cloudevents.v1.http import CloudEvent
from pagerduty import EventsApiV2Client
from tests.doubles.certificates import Authority
from tests.running import Running

pytestmark = pytest.mark.peers
EVENTS, PAGER = "cloudevents-key-0123456789", "pagerduty-key-0123456789"
MANIFESTS = f"""
{{kind: Integration, name: events, format: cloudevents, key: {EVENTS}}}
---
{{kind: Integration, name: pager, format: pagerduty, key: {PAGER}}}
"""


@pytest.fixture(scope="module")
async def muster() -> AsyncIterator[Running]:
    """A running Muster with two integrations."""
    async with Running() as running:
        await running.init()
        await running.apply(MANIFESTS)
        yield running


async def statuses(muster: Running, integration: str) -> list[str]:
    """How the alerts of an integration stand."""
    found = (await muster.api("GET", f"/api/v1/alerts?status=all&integration={integration}")).json()["items"]
    return [alert["status"] for alert in found]


async def test_a_webhook_of_cloudevents_subscribes_and_its_sdk_fires_and_resolves(muster: Running) -> None:
    address = f"{muster.url}/i/{EVENTS}"
    async with httpx2.AsyncClient(trust_env=False) as http:
        asked = {"WebHook-Request-Origin": "eventemitter.example.com", "WebHook-Request-Rate": "120"}
        welcome = await http.options(address, headers=asked)
        assert (welcome.status_code, welcome.headers["webhook-allowed-origin"]) == (200, "eventemitter.example.com")
        assert welcome.headers["webhook-allowed-rate"] == "120"
        assert "POST" in welcome.headers["allow"]
        stranger = await http.options(f"{muster.url}/i/no-such-key-0123456789", headers=asked)
        assert stranger.status_code == 404
        for number, (word, write) in enumerate((("fired", to_binary), ("resolved", to_structured))):
            attributes = {
                "type": f"example.disk.alert.{word}",
                "source": "/disk",
                "subject": "host 1",
                "id": str(number),
            }
            headers, body = write(CloudEvent(attributes, {"message": "Disk of host1"}))
            reply = await http.post(address, headers=headers, content=body)
            assert reply.json() == {"accepted": 1}
            expected = "firing" if word == "fired" else "resolved"
            assert await statuses(muster, "events") == [expected]


async def test_pagerdutys_client_triggers_and_resolves_over_tls(muster: Running, tmp_path: Path) -> None:
    authority = Authority(tmp_path)

    async def forward(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        inner_reader, inner_writer = await asyncio.open_connection("127.0.0.1", muster.port)

        async def pump(source: asyncio.StreamReader, sink: asyncio.StreamWriter) -> None:
            while data := await source.read(65536):
                sink.write(data)
                await sink.drain()
            sink.close()

        await asyncio.gather(pump(reader, inner_writer), pump(inner_reader, writer), return_exceptions=True)

    server = await asyncio.start_server(forward, "localhost", 0, ssl=authority.server)
    port = server.sockets[0].getsockname()[1]

    def send() -> str:
        address = f"https://localhost:{port}/i/{PAGER}"
        client = EventsApiV2Client("any", base_url=address, verify=authority.client, trust_env=False)
        key = client.trigger("The database is down", "db-1", severity="critical")
        client.acknowledge(key)
        client.resolve(key)
        client.close()
        return str(key)

    async with server:
        assert await asyncio.to_thread(send)
    assert await statuses(muster, "pager") == ["resolved"]
