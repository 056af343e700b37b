"""The whole way with a real Prometheus: a target dies, somebody is woken, the incident is carried to its close."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
from tests.doubles.http_sink import HttpSink, Reply
from tests.doubles.smtp import SmtpSink
from tests.running import Running, free_port

pytestmark = pytest.mark.peers

KEY = "a-real-prometheus-key"
PROMETHEUS = """
global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yml]
alerting:
  alertmanagers:
    - path_prefix: /i/%(key)s
      api_version: v2
      static_configs: [{targets: ["127.0.0.1:%(muster)d"]}]
scrape_configs:
  - {job_name: shop, static_configs: [{targets: ["127.0.0.1:%(target)d"]}]}
"""
RULES = """
groups:
  - name: shop
    rules:
      - alert: ShopDown
        expr: up{job="shop"} == 0
        labels: {severity: critical}
        annotations: {summary: The shop does not answer, description: Nobody can buy anything.}
"""
MANIFESTS = """
kind: Person
name: ana
email: ana@contoso.example
permission: responder
contacts: [{kind: email, address: ana@contoso.example, verified: true}]
---
kind: Person
name: bo
email: bo@contoso.example
permission: manager
contacts: [{kind: webhook, address: "%(webhook)s/bo", verified: true}]
---
{kind: Integration, name: prometheus, format: alertmanager, key: %(key)s}
---
kind: Plan
name: main
severities: {critical: {acknowledge_within: 5m}, low: {acknowledge_within: 1d}}
severity_rules: [{if: 'severity == "critical"', then: critical}, {if: 'true', then: low}]
routes: [{if: 'true', to: first}]
escalation:
  first:
    - {notify: ["person:ana"], wait: 2s}
    - {notify: ["person:bo"], wait: 10m}
authority:
  levels: [responder, incident_manager]
  holders:
    responder: [permission:responder]
    incident_manager: [permission:manager]
  close: {only: incident_manager, not_same_person_as: resolver}
closure:
  - {check: no_firing_alerts}
  - {check: record_complete, fields: [trigger, resolution]}
  - {check: attest, name: users_recovered, by: incident_manager, about: Customers can buy again.}
"""
METRICS = Reply(200, b"shop_orders_total 1\n", {"Content-Type": "text/plain; version=0.0.4"})


@pytest.fixture
async def prometheus(tmp_path: Path) -> AsyncIterator[Callable[[int, int], Awaitable[None]]]:
    """Starts Debian's Prometheus, scraping a target and sending to Muster: (Muster's port, the target's)."""
    program = shutil.which("prometheus")
    if program is None:
        said = "Install Prometheus: apt-get install prometheus"
        assert os.environ.get("CI") != "true", said
        pytest.skip(said)
    processes = []

    async def start(muster: int, target: int) -> None:
        (tmp_path / "prometheus.yml").write_text(PROMETHEUS % {"key": KEY, "muster": muster, "target": target})
        (tmp_path / "rules.yml").write_text(RULES)
        with (tmp_path / "log").open("wb") as log:
            processes.append(
                await asyncio.create_subprocess_exec(
                    program,
                    f"--config.file={tmp_path}/prometheus.yml",
                    f"--storage.tsdb.path={tmp_path}/tsdb",
                    f"--web.listen-address=127.0.0.1:{free_port()}",
                    # It keeps telling of what has ended at this rhythm; the default is a minute.
                    "--rules.alert.resend-delay=1s",
                    stdout=log,
                    stderr=log,
                )
            )

    yield start
    for process in processes:
        process.terminate()
        await process.wait()


async def test_a_target_dies_and_the_incident_is_carried_to_its_close(
    prometheus: Callable[[int, int], Awaitable[None]],
) -> None:
    async with (
        SmtpSink() as smtp,
        HttpSink() as phone,
        Running(smtp_host="127.0.0.1", smtp_port=smtp.port, smtp_security="none") as muster,
    ):
        await muster.init()
        await muster.apply(MANIFESTS % {"webhook": phone.url, "key": KEY})
        ana, bo = await muster.token_of("ana"), await muster.token_of("bo")
        async with _target() as target:
            await prometheus(muster.port, target.port)
            await target.wait(2, within=20)
            port = target.port
        # The target is gone: Prometheus finds out, Ana gets a mail, and Bo is paged after her.
        # Before it she was told by mail of the token that was made for her.
        notice, mail = await smtp.wait(2, within=20)
        assert "token" in notice.message["subject"]
        assert mail.recipients == ["ana@contoso.example"]
        assert mail.message["subject"] == "CRITICAL INC-1: The shop does not answer"
        assert "Nobody can buy anything." in mail.text
        page = (await phone.wait(1, within=10))[0].json["data"]
        assert (page["incident"], page["context"]["step"]) == ("INC-1", 2)

        # Bo taps the link, without signing in; looking at it changes nothing.
        async with httpx2.AsyncClient(trust_env=False) as browser:
            looked = await browser.get(page["acknowledge_url"])
            assert (looked.status_code, await _state(muster)) == (200, "triggered")
            tapped = await browser.post(page["acknowledge_url"])
            assert (tapped.status_code, await _state(muster)) == (200, "acknowledged")
        await muster.cli("incident", "mitigate", "INC-1", "--note", "Sent everybody to the other shop.", token=ana)
        assert await _state(muster) == "mitigated"

        async with _target(port):
            await _until(lambda: _told(muster, "AllAlertsEnded"))
            await muster.cli("incident", "resolve", "INC-1", "--note", "The shop was started anew.", token=bo)
            # The wrong person, then the open checklist, then the one who resolved it: each with its reason.
            refused = await muster.cli("incident", "close", "INC-1", code=1, token=ana)
            assert "an incident manager may close. You (ana) are a responder." in refused
            refused = await muster.cli("incident", "close", "INC-1", code=1)
            assert "Customers can buy again." in refused, refused
            assert "The record lacks trigger." in refused, refused
            await muster.cli("incident", "edit", "INC-1", "--trigger", "The shop's process died.", token=bo)
            await muster.cli("incident", "check", "INC-1", "users_recovered", "--note", "Orders come in.", token=bo)
            refused = await muster.cli("incident", "close", "INC-1", code=1, token=bo)
            assert "resolved" in refused, refused
            assert await _state(muster) == "resolved"
            await muster.cli("incident", "close", "INC-1")
            assert await _state(muster) == "closed"
        assert len(smtp.messages) == 2
        assert len(phone.requests) == 1
        verified = await muster.json("ledger", "verify")
        assert verified["sound"], verified


def _target(port: int = 0) -> "_Target":
    return _Target(port)


class _Target(HttpSink):
    """The shop's /metrics; at a port of one's own choice once more."""

    def __init__(self, port: int) -> None:
        super().__init__(METRICS)
        self._wanted = port

    async def __aenter__(self) -> "_Target":
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", self._wanted)
        return self


async def _state(muster: Running) -> str:
    found: str = (await muster.api("GET", "/api/v1/incidents/INC-1")).json()["state"]
    return found


async def _told(muster: Running, kind: str) -> bool:
    found: Any = (await muster.api("GET", "/api/v1/incidents/INC-1/timeline")).text
    return kind in found


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    for _ in range(100):
        if await holds():
            return
        await asyncio.sleep(0.3)
    raise AssertionError("It did not come about within 30 seconds.")
