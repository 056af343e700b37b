"""Whoever does too much of what costs is told when to go on, in the API, the pages and the commands; answering has no budget."""

import asyncio
import os
import sys

import pytest
from tests.running import csrf
from tests.scenario.door import Door
from tests.scenario.test_streams import signed_in

from muster.base.web.budget import REPORTS
from muster.incidents.api import listing


async def command(door: Door, token: str, *words: str) -> tuple[int | None, str]:
    """How `muster …` ends, and what it complains about."""
    program = (sys.executable, "-c", "from muster.app.cli import main; main()")
    environment = {**os.environ, "MUSTER_URL": door.url, "MUSTER_TOKEN": token}
    started = await asyncio.create_subprocess_exec(*program, *words, env=environment, stderr=asyncio.subprocess.PIPE)
    _, complained = await started.communicate()
    return started.returncode, complained.decode()


async def test_a_spent_budget_is_429_everywhere_and_answering_goes_on(door: Door) -> None:
    await door.story.fires("DiskFull")
    async with signed_in(door, "ana") as browser:
        form = {"csrf": csrf((await browser.get("/me")).text)}
        headers = {"x-csrf-token": form["csrf"], "origin": door.url}
        body = {"name": "commands", "scopes": ["*"]}
        token = (await browser.post("/api/v1/tokens", json=body, headers=headers)).json()["token"]
        for _ in range(REPORTS.at_once + 10):
            answer = await browser.post("/api/v1/incidents", json={}, headers=headers)
            if answer.status_code != 422:
                break
        assert answer.status_code == 429
        assert 0 < int(answer.headers["retry-after"]) <= REPORTS.seconds + 1
        assert "Try again in" in answer.json()["detail"]
        page = await browser.post("/incidents/report", data=form, headers={"origin": door.url})
        assert (page.status_code, page.headers["retry-after"].isdecimal()) == (429, True)
        assert "many reports at once" in page.text
        code, complained = await command(door, token, "incident", "report", "The shop is slow")
        assert (code, "Try again in" in complained) == (1, True), complained
        link = door.story.texts[0].link
        for _ in range(REPORTS.at_once + 10):
            for verb in ("escalate", "acknowledge"):
                done = await browser.post(f"/api/v1/incidents/1/{verb}", json={}, headers=headers)
                assert done.status_code in (200, 409), done.text
            assert (await door.story.tap_link(link)).status_code == 200
    assert await door.story.count("SELECT count(*) FROM incidents") == 1


async def test_too_little_memory_is_503_and_says_when_to_try_again(door: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    async def none(*_: object) -> None:
        raise MemoryError

    async with signed_in(door, "ana") as browser:
        monkeypatch.setattr(listing.lists, "listing", none)
        for path in ("/api/v1/incidents", "/incidents"):
            answer = await browser.get(path)
            assert (answer.status_code, answer.headers.get("retry-after")) == (503, "5"), path
            assert "too little memory" in answer.text
        assert (await door.alert("CpuHot")).status_code == 200
