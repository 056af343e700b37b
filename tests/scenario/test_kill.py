"""kill -9 of the whole process, with real time and a real command: what was answered is there, has its incident, and rang."""

import asyncio
import json
import random
from collections import Counter
from datetime import UTC, datetime, timedelta

import httpx2
import pytest
from tests.doubles.http_sink import HttpSink, Received
from tests.running import Running

KEY = "the-key-of-the-storm"
ALERTS = 200
MANIFESTS = """
kind: Person
name: ana
email: ana@contoso.example
contacts: [{kind: webhook, address: "%(phone)s/ana", verified: true}]
---
kind: Person
name: bo
email: bo@contoso.example
contacts: [{kind: webhook, address: "%(phone)s/bo", verified: true}]
---
{kind: Integration, name: prometheus, format: alertmanager, key: %(key)s}
---
kind: Plan
name: main
severities: {critical: {acknowledge_within: %(wait)s}}
severity_rules: [{if: 'true', then: critical}]
routes: [{if: 'true', to: first}]
grouping: {by: [alertname], window: 10m}
escalation:
  first: [{notify: ["person:ana"], wait: %(wait)s}, {notify: ["person:bo"], wait: 10m}]
"""


@pytest.mark.parametrize("seed", [1, 2])
async def test_what_was_answered_before_the_kill_has_its_incident_and_rang(seed: int) -> None:
    chance = random.Random(seed)
    async with HttpSink() as phone, Running() as muster:
        await muster.init()
        await muster.apply(MANIFESTS % {"phone": phone.url, "key": KEY, "wait": "1h"})
        taken: set[str] = set()
        async with httpx2.AsyncClient(trust_env=False, timeout=10) as http:
            storm = [asyncio.create_task(_post(http, muster, f"Storm{number}", taken)) for number in range(ALERTS)]
            kill_at = chance.randint(10, ALERTS - 10)
            while len(taken) < kill_at:  # noqa: ASYNC110
                await asyncio.sleep(0)
            await muster.kill()
            await asyncio.gather(*storm)
        assert len(taken) >= kill_at
        await muster.start()
        rang = await _rang(phone, taken)
        assert taken <= rang.keys()
        async with asyncio.timeout(20):
            alerts = await _all(muster, "/api/v1/alerts?status=firing")
            incidents = await _all(muster, "/api/v1/incidents")
        named = Counter(each["labels"]["alertname"] for each in alerts)
        assert taken <= named.keys()
        assert set(named.values()) == {1}
        opened = Counter(each["title"] for each in incidents)
        assert taken <= opened.keys()
        assert set(opened.values()) == {1}
        for name, ids in rang.items():
            assert len(ids) == 1, f"{name} rang under several names: {ids}"
        assert (await muster.json("ledger", "verify"))["sound"]


async def test_an_escalation_goes_on_after_a_kill_as_if_nothing_had_been() -> None:
    async with HttpSink() as phone, Running() as muster:
        await muster.init()
        await muster.apply(MANIFESTS % {"phone": phone.url, "key": KEY, "wait": "4s"})
        async with httpx2.AsyncClient(trust_env=False) as http:
            await _post(http, muster, "DiskFull", set())
        await phone.wait(1)
        await muster.kill()
        await muster.start()
        # Ana's phone may ring again with the same message: that it had arrived was not written yet.
        for _ in range(300):
            if (messages := _messages(phone)) and len(messages) > 1:
                break
            await asyncio.sleep(0.05)
        await asyncio.sleep(1)
        messages = _messages(phone)
        assert [path for path, _ in messages] == ["/ana", "/bo"]
        kinds = [each["kind"] for each in await _all(muster, "/api/v1/incidents/INC-1/timeline")]
        assert kinds.count("ClockBreached") == 1
        async with httpx2.AsyncClient(trust_env=False) as browser:
            assert (await browser.post(messages[1][1])).status_code == 200
        assert (await muster.json("incident", "show", "INC-1"))["state"] == "acknowledged"


def _messages(phone: HttpSink) -> list[tuple[str, str]]:
    found = {each.headers["webhook-id"]: (each.path, each.json["data"]["acknowledge_url"]) for each in phone.requests}
    return list(found.values())


async def _post(http: httpx2.AsyncClient, muster: Running, name: str, taken: set[str]) -> None:
    now = datetime.now(UTC)
    body = [
        {
            "labels": {"alertname": name},
            "annotations": {"summary": name},
            "startsAt": now.isoformat(),
            "endsAt": (now + timedelta(hours=1)).isoformat(),
        }
    ]
    headers = {"content-type": "application/json"}
    try:
        answer = await http.post(f"{muster.url}/i/{KEY}/api/v2/alerts", content=json.dumps(body), headers=headers)
    except httpx2.HTTPError:
        return
    if answer.status_code < 300:
        taken.add(name)


async def _rang(phone: HttpSink, wanted: set[str]) -> dict[str, set[str]]:
    for _ in range(400):
        found = _by_alert(phone.requests)
        if wanted <= found.keys():
            return found
        await asyncio.sleep(0.05)
    missing = wanted - _by_alert(phone.requests).keys()
    raise AssertionError(f"{len(missing)} of {len(wanted)} never rang: {sorted(missing)[:5]}")


def _by_alert(requests: list[Received]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for each in requests:
        found.setdefault(each.json["data"]["title"], set()).add(each.headers["webhook-id"])
    return found


async def _all(muster: Running, path: str) -> list[dict[str, object]]:
    found: list[dict[str, object]] = []
    after = ""
    while True:
        glue = "&" if "?" in path else "?"
        page = (await muster.api("GET", f"{path}{glue}limit=200{after}")).json()
        found += page["items"]
        if not page.get("next"):
            return found
        after = f"&after={page['next']}"
