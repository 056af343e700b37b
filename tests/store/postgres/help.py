"""What the tests of the embedded PostgreSQL share: places that any user can pass through, and Muster-like processes."""

import asyncio
import json
import os
import pwd
import site
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from muster.base.postgres.account import SystemUser, blocked_at

ROOT = Path(__file__).parents[3]
PARENT = Path(__file__).with_name("parent.py")

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")


def ordinary() -> SystemUser:
    """Some user without rights, other than root."""
    entry = pwd.getpwnam("nobody")
    return SystemUser(entry.pw_uid, entry.pw_gid, entry.pw_name)


def python_for(account: SystemUser | None) -> str:
    """A Python of this version that `account` can execute; the test is skipped if there is none."""
    if account is None:
        return sys.executable
    for path in (sys.executable, f"/usr/bin/python{sys.version_info.major}.{sys.version_info.minor}"):
        if os.path.exists(path) and not blocked_at(Path(path), account) and not blocked_at(PARENT, account):
            return path
    pytest.skip(f"{account.name} cannot reach a Python and the tests")


class Parent:
    """A Muster-like process that has started an embedded PostgreSQL, or was refused (`problem`)."""

    def __init__(self, data_dir: Path, fallback: Path, account: SystemUser | None = None) -> None:
        user: dict[str, Any] = {"user": account.uid, "group": account.gid, "extra_groups": []} if account else {}
        path = os.pathsep.join([str(ROOT / "src"), *site.getsitepackages()])
        self.popen = subprocess.Popen(
            [python_for(account), "-B", PARENT, data_dir, fallback],
            stdout=subprocess.PIPE,
            cwd="/",
            env={"PYTHONPATH": path, "PATH": os.defpath},
            **user,
        )
        assert self.popen.stdout is not None
        told = json.loads(next(line for line in self.popen.stdout if line.startswith(b"{")))
        self.dsn: str = told.get("dsn", "")
        self.pid: int = told.get("pid", 0)
        self.problem: str = told.get("problem", "")

    def kill(self) -> None:
        """kill -9, as a crash of all of Muster."""
        self.popen.kill()
        self._close()

    def stop(self) -> None:
        """SIGTERM, as a service manager does."""
        self.popen.terminate()
        self._close()

    def _close(self) -> None:
        self.popen.wait(20)
        assert self.popen.stdout is not None
        self.popen.stdout.close()


def is_running(pid: int) -> bool:
    """Whether a process runs; a dead one that nobody has collected does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def wait_until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that other processes do."""
    until = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < until, "it did not happen in time"
        time.sleep(0.01)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    """Wait for something that happens on this event loop."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - it watches from outside, there is no event to wait for
            await asyncio.sleep(0.002)


def run(*command: object, **options: Any) -> "subprocess.CompletedProcess[bytes]":
    """Run a command to its end, whatever its status."""
    return subprocess.run([str(part) for part in command], check=False, capture_output=True, **options)


async def execute(connect: dict[str, Any] | str, command: str) -> None:
    """Run commands on a server."""
    connection = await (asyncpg.connect(connect) if isinstance(connect, str) else asyncpg.connect(**connect))
    try:
        await connection.execute(command)
    finally:
        await connection.close()


async def ask(connect: dict[str, Any] | str, query: str) -> Any:
    """One value from a server."""
    connection = await (asyncpg.connect(connect) if isinstance(connect, str) else asyncpg.connect(**connect))
    try:
        return await connection.fetchval(query)
    finally:
        await connection.close()
