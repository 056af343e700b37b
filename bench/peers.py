"""Starts what is measured: Muster from an empty directory, and Debian's Alertmanager, each calling one local webhook."""

import asyncio
import contextlib
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ALERTMANAGER = "/usr/bin/prometheus-alertmanager"
KEY = "bench-integration-key-0123456789"
ORGANISATION = """
kind: Person
name: ana
email: ana@example.org
permission: responder
contacts: [{{kind: webhook, address: "{hook}", verified: true}}]
---
kind: Integration
name: bench
format: alertmanager
key: {key}
---
kind: Plan
name: main
severities: {{critical: {{acknowledge_within: 5m}}, low: {{acknowledge_within: 1d}}}}
severity_rules: [{{if: 'true', then: critical}}]
routes: [{{if: 'true', to: first}}]
grouping: {{by: [{group}], window: 10m}}
escalation: {{first: [{{notify: ["person:ana"], wait: 30m}}]}}
"""


@dataclass(frozen=True)
class Peer:
    """A running system; `target` takes Prometheus' alerts below /api/v2, `pid` is its main process."""

    name: str
    target: str
    pid: int
    ready_after: float
    token: str = ""


def free_port() -> int:
    """A free port of the loopback interface."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextlib.contextmanager
def muster(hook: str, group: str, holds: str = "") -> Iterator[Peer]:
    """Muster with its own PostgreSQL, one person on a webhook, alerts grouped by `group`; long turns are noted in `holds`."""
    folder = Path(tempfile.mkdtemp(prefix="muster-bench-", dir="/var/tmp"))
    folder.chmod(0o711)
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    environment = {
        **os.environ,
        "MUSTER_DATA_DIR": str(folder / "data"),
        "MUSTER_PORT": str(port),
        "MUSTER_ALLOW_PRIVATE_TARGETS": "1",
        "MUSTER_LOG_LEVEL": "warning",
        "MUSTER_URL": url,
    }
    started = time.perf_counter()
    watched = f"from bench.holds import watch; watch({holds!r}); " if holds else ""
    process = subprocess.Popen(_command("serve", first=watched), env=environment, stdout=subprocess.DEVNULL)
    try:
        _wait(f"{url}/readyz")
        ready = time.perf_counter() - started
        words = _command("init", "--org", "Bench", "--admin-email", "a@example.org", "--admin-password-stdin", "--json")
        made = subprocess.run(
            words, env=environment, input="a long enough password\n", text=True, capture_output=True, check=True
        )
        environment["MUSTER_TOKEN"] = json.loads(made.stdout)["token"]
        text = ORGANISATION.format(hook=hook, key=KEY, group=group)
        subprocess.run(
            _command("apply", "-f", "-"), env=environment, input=text, text=True, capture_output=True, check=True
        )
        yield Peer("muster", f"{url}/i/{KEY}", process.pid, ready, environment["MUSTER_TOKEN"])
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def alertmanager(hook: str, *, grouped: bool) -> Iterator[Peer]:
    """Alertmanager, grouping by service, or each alert alone and at once."""
    folder = Path(tempfile.mkdtemp(prefix="alertmanager-bench-"))
    port = free_port()
    by, wait = ("[service]", "1s") if grouped else ("['...']", "0s")
    (folder / "config.yml").write_text(
        f"route: {{receiver: hook, group_by: {by}, group_wait: {wait}, group_interval: 5s, repeat_interval: 1h}}\n"
        f"receivers: [{{name: hook, webhook_configs: [{{url: '{hook}'}}]}}]\n"
    )
    words = [
        ALERTMANAGER, f"--config.file={folder}/config.yml", f"--storage.path={folder}",
        f"--web.listen-address=127.0.0.1:{port}", "--cluster.listen-address=", "--log.level=error",
    ]  # fmt: skip
    started = time.perf_counter()
    process = subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        url = f"http://127.0.0.1:{port}"
        _wait(f"{url}/-/ready")
        yield Peer("alertmanager", url, process.pid, time.perf_counter() - started)
    finally:
        process.terminate()
        process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def memory(pid: int) -> float:
    """Proportional memory of a process and all below it, in MB."""
    pids, found = [pid], 0.0
    for each in pids:
        with contextlib.suppress(OSError, subprocess.CalledProcessError):
            rows = Path(f"/proc/{each}/smaps_rollup").read_text().splitlines()
            found += sum(int(row.split()[1]) for row in rows if row.startswith("Pss:")) / 1024
            pids += [int(child) for child in Path(f"/proc/{each}/task/{each}/children").read_text().split()]
    return found


def _command(*words: str, first: str = "") -> list[str]:
    return [sys.executable, "-c", first + "from muster.app.cli import main; main()", *words]


def _wait(url: str) -> None:
    for _ in range(1200):
        with contextlib.suppress(OSError), urllib.request.urlopen(url, timeout=1):
            return
        time.sleep(0.02)
    raise TimeoutError(url)


async def settle(seconds: float = 1.0) -> None:
    """Let a system come to rest between two measurements."""
    await asyncio.sleep(seconds)
