"""Nothing that dies, however it dies, keeps the embedded PostgreSQL from coming back."""

import asyncio
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from tests.store.postgres.help import Parent, ask, execute, is_running, run, until, wait_until

from muster.base.postgres import EmbeddedPostgres, ServerState, account, binaries, config, leftover, stop_leftover
from muster.base.postgres.layout import locate
from muster.base.postgres.process import LAUNCHER
from muster.kit.errors import Unavailable


async def test_a_killed_server_comes_back_with_what_was_committed(postgres: EmbeddedPostgres) -> None:
    await execute(postgres.connect_args, "CREATE TABLE IF NOT EXISTS kept ()")
    for _ in range(3):
        killed = postgres.pid
        os.kill(killed, signal.SIGKILL)
        await until(lambda killed=killed: postgres.pid != killed and postgres.state is ServerState.RUNNING)
        assert await ask(postgres.connect_args, "SELECT count(*) FROM kept") == 0


async def test_a_server_that_dies_again_and_again_is_tried_with_pauses(postgres: EmbeddedPostgres, place: Path) -> None:
    commits, aside = place / "data" / "postgres" / "cluster" / "pg_xact", place / "aside"
    commits.rename(aside)
    os.kill(postgres.pid, signal.SIGKILL)
    await until(lambda: postgres.state is ServerState.RESTARTING)
    await asyncio.sleep(0.25)
    assert postgres.state is ServerState.RESTARTING
    aside.rename(commits)
    await until(lambda: postgres.state is ServerState.RUNNING)
    assert await ask(postgres.connect_args, "SELECT 1") == 1


def test_a_killed_muster_takes_its_server_along_and_the_next_starts_at_once(place: Path) -> None:
    parent = Parent(place / "data", place / "fallback")
    parent.kill()
    successor = Parent(place / "data", place / "fallback")
    assert successor.problem == ""
    assert not is_running(parent.pid)
    successor.kill()
    wait_until(lambda: not is_running(successor.pid))
    assert leftover.servers_in(locate(place / "data").cluster) == []


def test_a_server_left_running_is_found_and_replaced(place: Path) -> None:
    abandoned = _abandoned_server(place / "data")
    successor = Parent(place / "data", place / "fallback")
    assert successor.problem == ""
    assert abandoned.wait(5) == 0
    with pytest.raises(Unavailable, match=f"Another Muster .process {successor.popen.pid}."):
        stop_leftover(place / "data")
    successor.stop()

    abandoned = _abandoned_server(place / "data")
    assert stop_leftover(place / "data") > 1
    assert abandoned.wait(5) == 0
    assert stop_leftover(place / "data") == 0


async def test_process_ids_used_again_by_somebody_else_are_no_obstacle(place: Path) -> None:
    layout = locate(place / "data")
    owner = layout.cluster.stat()
    with _stranger(owner.st_uid) as stranger:
        for path in (layout.pidfile, layout.home / "socket" / ".s.PGSQL.5432.lock"):
            path.write_text(f"{stranger.pid}\n{layout.cluster}\n1780000000\n5432\n\n\n  5432001   1\nready   \n")
            os.chown(path, owner.st_uid, owner.st_gid)
        (layout.home / "socket" / ".s.PGSQL.5432").touch()
        postgres = EmbeddedPostgres(place / "data")
        await postgres.start()
        assert stranger.poll() is None, "the stranger is left in peace"
        await postgres.stop()
        stranger.kill()


@pytest.mark.parametrize(
    "content",
    [b"", b"\0" * 4096, b"\xff\xfe rubbish", b"rubbish\n", b"0\n", b"99999999999999999999\n", b"12 34\n", b"\n\n\n"],
    ids=["empty", "zeros", "no text", "no number", "nobody", "beyond any", "two numbers", "blank"],
)
async def test_a_damaged_postmaster_pid_is_no_obstacle(place: Path, content: bytes) -> None:
    layout = locate(place / "data")
    owner = layout.cluster.stat()
    layout.pidfile.write_bytes(content)
    os.chown(layout.pidfile, owner.st_uid, owner.st_gid)
    postgres = EmbeddedPostgres(place / "data")
    await postgres.start()
    assert await ask(postgres.connect_args, "SELECT 1") == 1
    await postgres.stop()


async def test_a_cancelled_start_leaves_nothing_running_or_locked(place: Path) -> None:
    for seconds in (0.001, 0.01, 0.03):
        postgres = EmbeddedPostgres(place / "data")
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(postgres.start(), seconds)
        assert postgres.state is ServerState.STOPPED
        assert leftover.servers_in(locate(place / "data").cluster) == []


async def test_a_first_start_killed_before_its_database_was_named_is_finished(place: Path) -> None:
    postgres = EmbeddedPostgres(place / "data")
    await postgres.start()
    await execute({**postgres.admin_args, "database": "template1"}, "DROP DATABASE muster")
    await execute({**postgres.admin_args, "database": "template1"}, "DROP ROLE muster")
    await postgres.stop()
    dsn = await postgres.start()
    await execute(dsn, "CREATE TABLE kept ()")
    await postgres.stop()


async def test_ctrl_c_reaches_muster_but_not_its_server(postgres: EmbeddedPostgres) -> None:
    assert os.getpgid(postgres.pid) != os.getpgid(0)


async def test_the_end_of_a_process_is_seen_without_the_kernels_help(
    place: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delattr(os, "pidfd_open")
    postgres = EmbeddedPostgres(place / "data")
    await postgres.start()
    killed = postgres.pid
    os.kill(killed, signal.SIGKILL)
    await until(lambda: postgres.pid != killed and postgres.state is ServerState.RUNNING)
    await postgres.stop()


def _stranger(uid: int) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(["sleep", "60"], user=uid if os.geteuid() == 0 else None)


def _abandoned_server(data_dir: Path) -> "subprocess.Popen[bytes]":
    """A server on the directory without a Muster above it, as after a kill -9 where the kernel does not end it."""
    layout = locate(data_dir)
    server = account.for_server(account.current(), [layout.cluster])
    programs = binaries.within_reach(binaries.find(), layout, server)
    popen = subprocess.Popen(
        [programs.bin / "postgres", *config.server_flags(layout, layout.home / "socket")],
        stderr=subprocess.DEVNULL,
        cwd=layout.home,
        **({"user": server.uid, "group": server.gid, "extra_groups": []} if os.geteuid() == 0 else {}),
    )
    wait_until(lambda: layout.pidfile.exists() and "ready" in layout.pidfile.read_text())
    return popen


def test_launching_for_a_parent_that_is_gone_starts_nothing() -> None:
    told = run(
        sys.executable, "-I", "-S", LAUNCHER, os.getppid(), os.geteuid(), os.getegid(), 9, "/bin/echo", "started"
    )
    assert told.returncode == 1
    assert b"Muster ended" in told.stderr
    assert told.stdout == b""
