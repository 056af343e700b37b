"""A backup that is started to prove it pages nobody until somebody says that it is the real one."""

import asyncio
import shutil
import sys
from typing import Any

from tests.running import Running

SERVE = (sys.executable, "-c", "from muster.app.cli import main; main()", "serve")
MANIFESTS = """
{kind: Person, name: ana, email: ana@contoso.example, contacts: [{kind: inbox, address: ana, verified: true}]}
---
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
"""


async def _messages(muster: Running) -> list[str]:
    """The states of the messages to Ana."""
    asked = await muster.api("GET", "/api/v1/deliveries?person=ana")
    assert asked.status_code == 200, asked.text
    found = asked.json()
    return [message["state"] for message in (found["items"] if isinstance(found, dict) else found)]


async def _ready(muster: Running) -> dict[str, Any]:
    return dict((await muster.api("GET", "/readyz", token="")).json())


async def test_a_copy_rehearses_until_it_is_adopted() -> None:
    async with Running() as real:
        await real.init()
        await real.apply(MANIFESTS)
        second = Running(data_dir=real.folder / "data")
        with second.log.open("wb") as log:
            refused = await asyncio.create_subprocess_exec(*SERVE, env=second.environment, stdout=log, stderr=log)
            assert await asyncio.wait_for(refused.wait(), 60) == 1
        assert "Another Muster (process" in second.log.read_text()
        shutil.rmtree(second.folder)
        await real.stop()
        copy = Running()
        try:
            copying = await asyncio.create_subprocess_exec("cp", "-a", real.folder / "data", copy.folder / "data")
            assert await copying.wait() == 0
            await copy.start()
            assert "is a copy of" in (await _ready(copy))["rehearsal"]
            copy.token = real.token
            await copy.cli("incident", "report", "The shop is slow")
            page = (await copy.api("GET", "/sign-in", token="")).text
            assert "This is a rehearsal: nobody is paged" in page
            assert await _messages(copy) == ["pending"]
            assert "muster_rehearsal 1.0" in (await copy.api("GET", "/metrics", token="")).text
            await copy.cli("adopt")
            async with asyncio.timeout(60):
                while "rehearsal" in await _ready(copy) or "pending" in await _messages(copy):  # noqa: ASYNC110 - it watches from outside
                    await asyncio.sleep(0.1)
            kinds = [event["kind"] for event in (await copy.api("GET", "/api/v1/ledger")).json()["items"]]
            assert "InstanceAdopted" in kinds
        finally:
            await copy.stop()
            shutil.rmtree(copy.folder, ignore_errors=True)
        await real.start()
        assert "rehearsal" not in await _ready(real), "the original goes on as it was"
