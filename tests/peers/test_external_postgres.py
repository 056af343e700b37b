"""Muster on a PostgreSQL that it does not run itself: Debian's 15, the oldest that it promises to work with."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest
from tests.places import HASTY, quick_folder
from tests.running import Running

from muster.base.postgres import EmbeddedPostgres

pytestmark = pytest.mark.peers

PROGRAMS = Path("/usr/lib/postgresql/15/bin")
ROOT = Path(__file__).parents[2]
MANIFESTS = """
{kind: Person, name: ana, email: ana@contoso.example, contacts: [{kind: inbox, address: ana, verified: true}]}
---
kind: Plan
name: main
routes: [{if: 'true', to: first}]
escalation: {first: [{notify: ["person:ana"]}]}
"""
AGAIN = (
    *(f"tests/store/{feature}" for feature in ("alerts", "catalog", "incidents", "ledger", "oncall", "people", "plan")),
    "tests/store/nodes",
    "tests/store/work",
    "tests/scenario/test_escalation.py",
)


@pytest.fixture(scope="module")
async def url() -> AsyncIterator[str]:
    """The URL of an empty database on PostgreSQL 15."""
    if not (PROGRAMS / "postgres").exists():
        said = "Install PostgreSQL 15: apt-get install postgresql-15"
        assert os.environ.get("CI") != "true", said
        pytest.skip(said)
    with quick_folder() as folder:
        postgres = EmbeddedPostgres(folder / "data", programs=PROGRAMS, settings=HASTY)
        await postgres.start()
        at = postgres.connect_args
        yield f"postgresql://{at['user']}@/{at['database']}?host={at['host']}&port={at['port']}"
        await postgres.stop()


async def test_muster_serves_from_it(url: str) -> None:
    admin = await asyncpg.connect(url)
    assert admin.get_server_version().major == 15
    await admin.execute("CREATE DATABASE served")
    await admin.close()
    async with Running(database_url=url.replace("/muster?", "/served?")) as muster:
        assert not (muster.folder / "data" / "postgres").exists()
        await muster.init()
        await muster.apply(MANIFESTS)
        await muster.cli("incident", "report", "The shop is slow")
        await muster.kill()
        await muster.start()
        assert (await muster.json("incident", "show", "INC-1"))["state"] == "triggered"
        assert (await muster.json("ledger", "verify"))["sound"]


async def test_what_is_proven_of_stores_and_stories_holds_there_too(url: str) -> None:
    tests = [each for each in AGAIN if (ROOT / each).exists()]
    started = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", "-k", "not guessing", *tests),
        cwd=ROOT,
        env={**os.environ, "MUSTER_TEST_DATABASE_URL": url},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    said, _ = await started.communicate()
    assert started.returncode == 0, said.decode()[-6000:]
