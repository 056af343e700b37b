"""Where nobody can read what Muster prints, it works all the same: it starts, and it brings its database back."""

import asyncio
import os
import shutil
import signal
import sys

import httpx2
from tests.running import Running

from muster.base.postgres import pidfile
from muster.base.postgres.layout import locate

SERVE = (sys.executable, "-c", "from muster.app.cli import main; main()", "serve")


async def _becomes_ready(muster: Running) -> None:
    async with asyncio.timeout(60), httpx2.AsyncClient(trust_env=False) as http:
        while True:
            try:
                if (await http.get(f"{muster.url}/readyz")).status_code == 200:
                    return
            except httpx2.HTTPError:
                pass
            await asyncio.sleep(0.05)


async def test_a_full_disk_of_the_log_keeps_muster_from_nothing() -> None:
    muster = Running(log_level="debug")
    full = os.open("/dev/full", os.O_WRONLY)
    process = await asyncio.create_subprocess_exec(*SERVE, env=muster.environment, stdout=full, stderr=full)
    os.close(full)
    try:
        await _becomes_ready(muster)
        layout = locate(muster.folder / "data")
        for _ in range(2):
            found = pidfile.read(layout.pidfile)
            assert found is not None
            os.kill(found.pid, signal.SIGKILL)
            async with asyncio.timeout(60):
                while (now := pidfile.read(layout.pidfile)) is None or now.pid == found.pid or not now.is_ready:  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
            await _becomes_ready(muster)
        async with httpx2.AsyncClient(trust_env=False) as http:
            health = await http.get(f"{muster.url}/healthz")
            assert health.status_code == 200, health.text
            figures = (await http.get(f"{muster.url}/metrics")).text
        assert "muster_log_lines_dropped" in figures
        assert "muster_log_lines_dropped 0.0" not in figures
    finally:
        process.terminate()
        assert await asyncio.wait_for(process.wait(), 60) == 0
        shutil.rmtree(muster.folder, ignore_errors=True)
