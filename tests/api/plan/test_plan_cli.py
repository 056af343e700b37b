"""`muster plan` against a real server: what it prints and how it fails."""

import asyncio
import json
import os
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
from fastapi import FastAPI
from granian.constants import Interfaces
from granian.server.embed import Server
from tests.unit.plan.texts import SMALL, changed

from muster.kit.errors import Problem
from muster.plan import cli
from muster.plan.reader import review_plan

FASTER = changed(("acknowledge_within: 5m", "acknowledge_within: 3m"))
Run = Callable[..., Awaitable[str]]


@pytest.fixture
async def run(app: FastAPI) -> AsyncIterator[Run]:
    """Runs `muster plan …` as Mona in a process of its own and returns what it printed, refusals included."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = Server(app, address="127.0.0.1", port=port, interface=Interfaces.ASGI)
    serving = asyncio.create_task(server.serve())
    await _listens(port)
    environment = {**os.environ, "MUSTER_URL": f"http://127.0.0.1:{port}", "MUSTER_TOKEN": "mona", "COLUMNS": "200"}

    async def run(*words: str, code: int = 0) -> str:
        started = await asyncio.create_subprocess_exec(
            *(sys.executable, "-c", "from muster.app.cli import main; main()", "plan", *words),
            env=environment,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        printed, _ = await started.communicate()
        assert started.returncode == code, printed.decode()
        return printed.decode()

    yield run
    server.stop()
    await serving


async def _listens(port: int) -> None:
    for _ in range(100):
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            return
        except OSError:
            await asyncio.sleep(0.05)
    raise TimeoutError(port)


async def test_a_plan_is_checked_published_shown_and_compared(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(SMALL)
    assert "Valid; it would change nothing." in await run("validate", str(file))
    assert "Published version 1 of the plan main." in await run("publish", str(file), "--note", "A start.")
    assert "Nothing to publish: this is already version 1" in await run("publish", str(file))
    file.write_text(FASTER)
    assert "is 3m; it was 5m." in await run("publish", str(file))
    assert "is 3m; it was 5m." in await run("diff")
    assert "A critical incident must be acknowledged within 3 minutes." in await run("show")
    assert await run("show", "--version", "1", "--yaml") == SMALL
    assert "Published version 3" in await run("restore", "1")
    assert [each["number"] for each in json.loads(await run("versions", "--json"))] == [3, 2, 1]
    assert "in force already" in await run("activate", "main", code=1)


async def test_an_alert_is_tried_out(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(SMALL)
    printed = await run("simulate", "--label", "severity=critical", "--at", "2026-11-22T03:00:00Z", "--file", str(file))
    assert "A critical operational incident, to be acknowledged by 2026-11-22T03:05:00Z." in printed
    assert "schedule:primary" in printed


async def test_faults_are_listed_in_their_places(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "plan.yaml"
    file.write_text(changed(("5m}", "5}")))
    for command in ("validate", "publish"):
        assert f"{file}:3:34: severities.critical.acknowledge_within: `5` has no unit." in await run(
            command, str(file), code=1
        )


def test_what_needs_no_server_works_without_one(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    cli.app(["starter", "--admin", "ana"], result_action="return_value")
    assert review_plan(capsys.readouterr().out).faults == ()
    with pytest.raises(Problem, match="cannot be read"):
        cli.app(["validate", str(tmp_path / "nope")], result_action="return_value")
