"""Every real payload of the formats that Muster speaks, posted to a running one: taken, stored, listed, and dealt with."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
from tests.running import Running
from tests.unit.inbound.test_samples import COVERED, asked, files

pytestmark = pytest.mark.peers

NAMES = sorted(set(COVERED.values()))
PLAN = """
kind: Person
name: ana
email: ana@contoso.example
contacts: [{kind: inbox, address: ana, verified: true}]
---
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
"""


@pytest.fixture(scope="module")
async def muster() -> AsyncIterator[Running]:
    """A running Muster with an integration of every format, and one that finds out by itself."""
    sources = [f"{{kind: Integration, name: {name}, format: {name}, key: samples-of-{name}-0123}}" for name in NAMES]
    sources.append("{kind: Integration, name: any, key: samples-of-any-0123}")
    async with Running() as running:
        await running.init()
        await running.apply("\n---\n".join([PLAN, *sources]))
        yield running


@pytest.mark.parametrize("own", [True, False], ids=["own format", "found out"])
@pytest.mark.parametrize("folder", sorted(COVERED))
async def test_every_payload_is_taken_as_its_sender_expects(
    muster: Running, samples: Path, folder: str, own: bool
) -> None:
    name = COVERED[folder] if own else "any"
    async with httpx2.AsyncClient(trust_env=False, timeout=20) as http:
        for file in files(samples, folder):
            request = asked(file)
            url = f"{muster.url}/i/samples-of-{name}-0123{request.path}"
            for _ in range(2):
                answer = await http.post(url, content=request.body, headers=dict(request.headers))
                assert answer.status_code == (202 if COVERED[folder] in ("pagerduty", "cloudevents") else 200), (
                    file.name,
                    answer.text,
                )


async def test_what_was_taken_is_listed_and_nothing_was_put_off(muster: Running, samples: Path) -> None:
    listed = await muster.json("alert", "list", "--limit", "1000")
    assert {each["integration"] for each in listed} >= {*NAMES, "any"}
    assert all(each["title"] for each in listed)
    log = muster.log.read_text()
    assert "intake.deferred" not in log
    assert "intake.failed" not in log
    assert "Traceback" not in log
    incidents = await muster.json("incident", "list")
    assert incidents
    assert (await muster.json("ledger", "verify"))["sound"]
