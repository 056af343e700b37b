"""Two nodes behind a PgBouncer that pools transactions, set up as the how-to says."""

import asyncio
import contextlib
import json
import os
import pwd
import shutil
import signal
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest
from tests.conftest import MovableClock
from tests.doubles.http_sink import HttpSink
from tests.places import HASTY, quick_folder
from tests.running import Running, free_port
from tests.scenario.fleet import beside, database_on, muster, paged, post, readyz

from muster.base.bus import Bus
from muster.base.db.database import Database
from muster.base.live import LiveHub
from muster.base.postgres import EmbeddedPostgres

pytestmark = pytest.mark.peers

PROGRAM = Path("/usr/sbin/pgbouncer")
CONFIGURATION = """
[databases]
* = host={host} port={port} user={user}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {listen}
unix_socket_dir =
auth_type = any
pool_mode = transaction
default_pool_size = 8
max_client_conn = 100
"""
NAMES = [f"Disk{number}" for number in range(8)]


@pytest.fixture(scope="module")
async def server() -> AsyncIterator[dict[str, Any]]:
    """A PostgreSQL that also lets its own account in, as which the PgBouncer runs: that refuses to be root."""
    if not PROGRAM.exists():  # noqa: ASYNC240
        said = "Install PgBouncer: apt-get install pgbouncer"
        assert os.environ.get("CI") != "true", said
        pytest.skip(said)
    with quick_folder() as folder:
        postgres = EmbeddedPostgres(folder / "data", settings=HASTY)
        await postgres.start()
        at = dict(postgres.connect_args)
        map_ = Path(at["host"]).parent / "pg_ident.conf"
        map_.write_text(f"{map_.read_text()}house {_account(at)} {at['user']}\n")
        os.kill(postgres.pid, signal.SIGHUP)
        yield at
        await postgres.stop()


def _account(server: dict[str, Any]) -> str:
    return pwd.getpwuid(Path(server["host"]).stat().st_uid).pw_name


@contextlib.asynccontextmanager
async def bouncer(server: dict[str, Any], url: str) -> AsyncIterator[str]:
    """The address of the same database through a PgBouncer."""
    port = free_port()
    with quick_folder() as folder:
        configuration = folder / "pgbouncer.ini"
        configuration.write_text(CONFIGURATION.format_map({**server, "listen": port}))
        configuration.chmod(0o644)
        words = ["-u", _account(server)] if os.geteuid() == 0 else []
        process = await asyncio.create_subprocess_exec(PROGRAM, "-q", *words, configuration)
        try:
            through = f"postgresql://{server['user']}@127.0.0.1:{port}/{url.split('?')[0].rpartition('/')[2]}"
            await _answers(through)
            yield through
        finally:
            process.terminate()
            await process.wait()


async def _answers(url: str) -> None:
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(OSError, asyncpg.PostgresError):
                conn = await asyncpg.connect(url, statement_cache_size=0)
                await conn.close()
                return
            await asyncio.sleep(0.05)


async def _renewed(url: str) -> None:
    """The PgBouncer takes other connections to the server, as it does now and then; who listened by one is not told."""
    conn = await asyncpg.connect(url)
    others = "datname = current_database() AND pid <> pg_backend_pid()"
    await conn.execute(f"SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE {others}")
    await conn.close()


async def _firing(node: Running) -> list[str]:
    found = (await node.api("GET", "/api/v1/alerts?status=firing")).json()["items"]
    return sorted(alert["labels"]["alertname"] for alert in found)


async def _comes_and_goes(phone: HttpSink, first: Running, second: Running) -> None:
    """Alerts fire at one node, end at the other, and fire at the first again: each is paged twice."""
    for name in NAMES:
        assert await post(first, name) == [200]
        assert await post(second, name, ended=True) == [200]
        assert await post(first, name) == [200]
    async with asyncio.timeout(30):
        # Without a re-send, nothing else brings a swallowed firing back.
        while await _firing(first) != NAMES:  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    await paged(phone, NAMES, times=2)


async def _doctor(node: Running, *, code: int) -> dict[str, Any]:
    """What the doctor found about listening."""
    found = json.loads(await node.cli("doctor", "--json", code=code))
    return next(finding for finding in found if finding["name"] == "listening")


async def test_behind_a_pooler_no_firing_is_swallowed_and_it_is_told_that_nodes_do_not_hear_each_other(
    server: dict[str, Any],
) -> None:
    async with HttpSink() as phone, database_on(server) as url, bouncer(server, url) as through:
        async with muster(through, phone, statement_cache=0, node="node-a") as first:
            second = beside(first, statement_cache=0, node="node-b")
            try:
                await second.start()
                await _renewed(url)
                await _comes_and_goes(phone, first, second)
                async with asyncio.timeout(40):
                    while "MUSTER_LISTEN_DATABASE_URL" not in (await readyz(first))[1].get("listening", ""):  # noqa: ASYNC110
                        await asyncio.sleep(0.1)
                finding = await _doctor(first, code=1)
                assert not finding["ok"]
                assert "MUSTER_LISTEN_DATABASE_URL" in finding["fix"]
                assert "muster_hears_other_nodes 0" in (await first.api("GET", "/metrics")).text
            finally:
                await second.stop()
                shutil.rmtree(second.folder)
        conn = await asyncpg.connect(url)
        # No limit was left behind in a connection of the pool: each held for its transaction.
        left = await conn.fetchval("SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'")
        await conn.close()
        assert left == 0


async def test_reads_keep_to_one_connection_of_the_pool_and_to_their_limits(server: dict[str, Any]) -> None:
    async with database_on(server) as url, bouncer(server, url) as through:
        database = await Database.over({"dsn": through}, MovableClock(), Bus(), LiveHub(), size=24, statement_cache=0)

        async def read(number: int) -> int:
            async with database.read() as conn:
                # What is prepared in one round trip and run in the next must meet the same connection of the pool.
                found = [await conn.fetchval("SELECT $1::int + $2::int", number, more) for more in range(5)]
                assert await conn.fetchval("SELECT current_setting('statement_timeout')") == "15s"
                return sum(found)

        async with asyncio.timeout(60):
            assert await asyncio.gather(*(read(number) for number in range(200))) == [5 * n + 10 for n in range(200)]
        await database.close()


async def test_with_an_address_to_listen_at_nodes_behind_a_pooler_hear_each_other(server: dict[str, Any]) -> None:
    async with HttpSink() as phone, database_on(server) as url, bouncer(server, url) as through:
        direct = {"statement_cache": 0, "listen_database_url": url}
        async with muster(through, phone, node="node-a", **direct) as first:
            second = beside(first, node="node-b", **direct)
            try:
                await second.start()
                for node in (first, second):
                    async with asyncio.timeout(40):
                        while "muster_hears_other_nodes 1" not in (await node.api("GET", "/metrics")).text:  # noqa: ASYNC110
                            await asyncio.sleep(0.1)
                await _comes_and_goes(phone, first, second)
                assert (await _doctor(first, code=0))["ok"]
                assert "listening" not in (await readyz(first))[1]
            finally:
                await second.stop()
                shutil.rmtree(second.folder)
