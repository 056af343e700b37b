"""Alertmanager's own command line works with Muster as it does with Alertmanager, below an integration's address."""

import asyncio
import json
import os
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

import pytest
from tests.running import Running

pytestmark = pytest.mark.peers

AMTOOL = "amtool"
MANIFESTS = """
{kind: Integration, name: prometheus, format: alertmanager, key: amtool-prometheus-key-0123}
---
{kind: Integration, name: other, format: alertmanager, key: amtool-another-key-456789}
"""
KEY, OTHER = "amtool-prometheus-key-0123", "amtool-another-key-456789"


class Amtool:
    """Runs `amtool` against one integration."""

    def __init__(self, muster: Running, key: str, folder: Path) -> None:
        self.muster, self.key, self.folder = muster, key, folder

    async def __call__(self, *words: str, code: int = 0) -> str:
        """What it printed; it must end with `code`."""
        started = await asyncio.create_subprocess_exec(
            AMTOOL,
            f"--alertmanager.url={self.muster.url}/i/{self.key}",
            "--no-version-check",
            *words,
            env={"HOME": str(self.folder), "PATH": os.environ["PATH"]},
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
        )
        out, err = await asyncio.wait_for(started.communicate(), 30)
        assert started.returncode == code, f"amtool {' '.join(words)}: {out.decode()}{err.decode()}"
        return out.decode() if code == 0 else out.decode() + err.decode()

    async def json(self, *words: str) -> list[Any]:
        """What it printed as JSON."""
        found: list[Any] = json.loads(await self(*words, "-o", "json"))
        return found

    async def alerts(self, *words: str) -> set[str]:
        """The names of the alerts that a query lists."""
        return {each["labels"]["alertname"] for each in await self.json("alert", "query", *words)}


@pytest.fixture(scope="module")
async def muster() -> AsyncIterator[Running]:
    """A running Muster with two integrations."""
    assert shutil.which(AMTOOL), "Install amtool: apt-get install prometheus-alertmanager"
    async with Running() as running:
        await running.init()
        await running.apply(MANIFESTS)
        yield running


@pytest.fixture
async def amtool(muster: Running, tmp_path: Path) -> AsyncIterator[Amtool]:
    """amtool at the first integration, where two alerts fire and nothing is silenced."""
    tool = Amtool(muster, KEY, tmp_path)
    await tool("alert", "add", "alertname=DiskFull", "severity=critical", "instance=web1", "--annotation=summary=full")
    await tool("alert", "add", "alertname=Slow", "severity=warning", "instance=web2")
    yield tool
    for each in await tool.json("silence", "query"):
        await tool("silence", "expire", each["id"])


async def test_alerts_are_added_and_queried(amtool: Amtool) -> None:
    assert await amtool.alerts() == {"DiskFull", "Slow"}
    assert await amtool.alerts("severity=critical") == {"DiskFull"}
    assert await amtool.alerts("instance=~web.*", "alertname!=Slow") == {"DiskFull"}
    assert await amtool.alerts("--receiver=nobody") == set()
    (found,) = await amtool.json("alert", "query", "alertname=DiskFull")
    assert found["annotations"] == {"summary": "full"}
    assert (found["status"]["state"], found["receivers"]) == ("active", [{"name": "muster"}])
    table = await amtool("alert", "query")
    assert "full" in table


async def test_a_silence_is_added_seen_and_expired(amtool: Amtool, muster: Running) -> None:
    made = (await amtool("silence", "add", "alertname=DiskFull", "--comment=new disk", "-d2h", "--author=ana")).strip()
    (seen,) = await amtool.json("silence", "query")
    assert (seen["id"], seen["comment"], seen["createdBy"]) == (made, "new disk", "ana")
    assert await amtool.alerts() == {"Slow"}
    assert await amtool.alerts("--silenced") == {"DiskFull"}
    (held,) = (await muster.api("GET", '/api/v1/alerts?filter=alertname="DiskFull"')).json()["items"]
    assert held["hold"] == "silence"
    assert held["hold_reason"].startswith("Silenced by ana until")
    await amtool("silence", "expire", made)
    assert await amtool.alerts() == {"DiskFull", "Slow"}
    assert made in {each["id"] for each in await amtool.json("silence", "query", "--expired")}


async def test_silences_are_updated_exported_and_imported(amtool: Amtool, tmp_path: Path) -> None:
    made = (await amtool("silence", "add", "alertname=Slow", "--comment=one", "--duration=1h")).strip()
    await amtool("silence", "update", made, "--duration=3h", "--comment=two")
    exported = await amtool.json("silence", "query")
    assert [(each["id"], each["comment"]) for each in exported] == [(made, "two")]
    unknown = {**exported[0], "id": "5f9b2c1e-0000-4000-8000-000000000000", "comment": "from elsewhere"}
    file = tmp_path / "silences.json"
    file.write_text(json.dumps([*exported, unknown]))
    await amtool("silence", "import", str(file))
    assert sorted(each["comment"] for each in await amtool.json("silence", "query")) == ["from elsewhere", "two"]


async def test_another_integration_is_another_world(amtool: Amtool, muster: Running, tmp_path: Path) -> None:
    other = Amtool(muster, OTHER, tmp_path)
    made = (await amtool("silence", "add", "alertname=~.+", "--comment=all", "--duration=1h")).strip()
    assert await other.alerts() == set()
    assert await other.json("silence", "query") == []
    assert "404" in await other("silence", "expire", made, code=1)
    await other("alert", "add", "alertname=DiskFull")
    assert await other.alerts() == {"DiskFull"}
    assert await amtool.alerts() == set()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("silence", "add", "a=~.*", "--comment=x"), "must not accept the empty string"),
        (("silence", "add", "a=b", "--comment=x", "--duration=9000h"), "at most 90 days"),
        (("silence", "expire", "5f9b2c1e-0000-4000-8000-000000000000"), "404"),
    ],
)
async def test_refusals_reach_the_terminal(amtool: Amtool, words: tuple[str, ...], said: str) -> None:
    assert said in await amtool(*words, code=1)


async def test_unknown_silences_are_answered_as_alertmanager_does(muster: Running) -> None:
    at = f"/i/{KEY}/api/v2/silence"
    odd = await muster.api("DELETE", f"{at}/UNKNOWN", token="")
    assert (odd.status_code, odd.json()["code"]) == (422, 601)
    assert odd.json()["message"] == 'silenceID in path must be of type uuid: "UNKNOWN"'
    missing = await muster.api("DELETE", f"{at}/5f9b2c1e-0000-4000-8000-000000000000", token="")
    assert (missing.status_code, missing.content) == (404, b"")


async def test_a_silence_expires_twice_without_harm(amtool: Amtool) -> None:
    made = (await amtool("silence", "add", "alertname=DiskFull", "--comment=x", "-d2h")).strip()
    await amtool("silence", "expire", made)
    await amtool("silence", "expire", made)
    assert "UNKNOWN" not in await amtool("silence", "expire", "UNKNOWN", code=1)


async def test_labels_with_dots_are_filtered_as_they_are_printed(amtool: Amtool, muster: Running) -> None:
    dotted = [{"labels": {"alertname": "HostHot", "host.name": "edge-03", "Προμηθεύς": "δοκιμή"}}]
    await muster.api("POST", f"/i/{KEY}/api/v2/alerts", dotted, token="")
    for written in ('host.name="edge-03"', '"host.name"="edge-03"', "host.name=edge-03", 'Προμηθεύς=~"δοκ.*"'):
        query = urlencode({"filter": written})
        found = await muster.api("GET", f"/i/{KEY}/api/v2/alerts?{query}", token="")
        assert [alert["labels"]["alertname"] for alert in found.json()] == ["HostHot"], written
        listed = (await muster.api("GET", f"/api/v1/alerts?{query}")).json()["items"]
        assert [alert["labels"]["alertname"] for alert in listed] == ["HostHot"], written
        printed = await muster.cli("alert", "list", "--filter", written, "--json")
        assert "HostHot" in printed
    over = [{**dotted[0], "endsAt": datetime.now(UTC).isoformat()}]
    await muster.api("POST", f"/i/{KEY}/api/v2/alerts", over, token="")


async def test_an_unknown_key_opens_nothing(muster: Running, tmp_path: Path) -> None:
    assert "404" in await Amtool(muster, "no-such-key-0123456789", tmp_path)("alert", "query", code=1)


async def test_what_amtool_did_is_in_the_ledger(amtool: Amtool, muster: Running) -> None:
    await amtool("silence", "add", "alertname=DiskFull", "--comment=new disk", "--author=bo")
    entries = (await muster.api("GET", "/api/v1/ledger?kind=SilenceCreated&limit=1")).json()["items"]
    assert (entries[0]["actor"]["kind"], entries[0]["actor"]["name"]) == ("integration", "prometheus")
    assert (entries[0]["data"]["created_by"], entries[0]["reason"]) == ("bo", "new disk")


async def test_the_rest_of_the_api_answers(amtool: Amtool, muster: Running) -> None:
    assert "disabled" in await amtool("cluster", "show")
    base = f"/i/{KEY}"
    assert (await muster.api("GET", f"{base}/-/ready")).text == "OK"
    assert (await muster.api("GET", f"{base}/api/v2/receivers")).json() == [{"name": "muster"}]
    groups = (await muster.api("GET", f"{base}/api/v2/alerts/groups")).json()
    assert {group["labels"]["alertname"] for group in groups} == {"DiskFull", "Slow"}
    assert (await muster.api("GET", f"{base}/api/v2/silence/nonsense")).status_code == 404
    assert (await muster.api("GET", f"{base}/api/v2/alerts?filter=nonsense")).status_code == 400
    assert (await muster.api("POST", f"{base}/api/v2/silences", [1])).status_code == 400
