"""A real Alertmanager with `opsgenie_configs` pages through Muster: only its api_url is another."""

import asyncio
import shutil
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from tests.running import Running, free_port

pytestmark = pytest.mark.peers

ALERTMANAGER = "prometheus-alertmanager"
KEY = "alertmanager-by-opsgenie"
CONFIG = """
route: {receiver: muster, group_wait: 0s, group_interval: 1s, group_by: [alertname]}
receivers:
  - name: muster
    opsgenie_configs:
      - {api_url: "%s/i/%s/", api_key: any, update_alerts: true, priority: P1, message: "{{ .CommonAnnotations.summary }}"}
"""


async def test_it_fires_changes_its_words_and_resolves(tmp_path: Path) -> None:
    assert shutil.which(ALERTMANAGER), "Install Alertmanager: apt-get install prometheus-alertmanager"
    port = free_port()
    async with Running() as muster, httpx2.AsyncClient(trust_env=False) as http:
        await muster.init()
        await muster.apply(f"{{kind: Integration, name: opsgenie, format: opsgenie, key: {KEY}}}")
        (tmp_path / "am.yml").write_text(CONFIG % (muster.url, KEY))
        process = await asyncio.create_subprocess_exec(
            ALERTMANAGER,
            f"--config.file={tmp_path}/am.yml",
            f"--storage.path={tmp_path}/data",
            f"--web.listen-address=127.0.0.1:{port}",
            "--cluster.listen-address=",
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
        )
        try:
            await _tell(http, port, "The shop is down")
            await _shows(muster, "The shop is down", "firing")
            await _tell(http, port, "Both shops are down", beside="b")
            await _tell(http, port, "Both shops are down")
            await _shows(muster, "Both shops are down", "firing")
            await _tell(http, port, "Both shops are down", over=True)
            await _tell(http, port, "Both shops are down", beside="b", over=True)
            await _shows(muster, "Both shops are down", "resolved")
        finally:
            process.terminate()
            await process.wait()


async def _tell(http: httpx2.AsyncClient, port: int, summary: str, *, beside: str = "a", over: bool = False) -> None:
    alert = {"labels": {"alertname": "ShopDown", "shop": beside}, "annotations": {"summary": summary}}
    ended = {"endsAt": datetime.now(UTC).isoformat()} if over else {}
    for _ in range(100):
        try:
            answer = await http.post(f"http://127.0.0.1:{port}/api/v2/alerts", json=[{**alert, **ended}])
        except httpx2.HTTPError:
            await asyncio.sleep(0.1)
        else:
            assert answer.status_code == 200
            return
    raise AssertionError("Alertmanager does not answer.")


async def _shows(muster: Running, title: str, status: str) -> None:
    found = None
    for _ in range(150):
        found = (await muster.api("GET", "/api/v1/alerts?status=all")).json()["items"]
        if [(alert["title"], alert["status"]) for alert in found] == [(title, status)]:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"It was not {status}: {found}")
