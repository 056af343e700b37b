"""Fixtures that all tests share: a real PostgreSQL, a database of its own for each test, a clock that can be moved."""

import asyncio
import os
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlsplit

import asyncpg
import pytest
from hypothesis import settings

from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.database import Database, connect_pool
from muster.base.db.migrate import migrate
from muster.base.features import installed, ports_of
from muster.base.live import LiveHub
from muster.base.unit import Unit
from tests.places import HASTY, quick_folder

# A busy machine is no failure, and the same code passes or fails alike wherever it runs; MUSTER_EXPLORE=1 looks further.
settings.register_profile("muster", deadline=None, derandomize=not os.environ.get("MUSTER_EXPLORE"))
settings.load_profile("muster")

SAMPLES = Path(os.environ.get("MUSTER_SAMPLES", Path(__file__).parents[2] / "shared" / "samples"))


class MovableClock:
    """A clock that stands still until a test moves it."""

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self.instant = start

    def now(self) -> datetime:
        """The instant to which the test has moved."""
        return self.instant

    def move(self, by: timedelta) -> None:
        """Let time pass."""
        self.instant += by


@pytest.fixture(scope="session")
def samples() -> Path:
    """The folder of real payloads; a test that needs it is skipped where it is absent."""
    if not SAMPLES.is_dir():
        pytest.skip(f"the folder of real payloads is not at {SAMPLES} (set MUSTER_SAMPLES)")
    return SAMPLES


@pytest.fixture(scope="session")
def trial() -> Path:
    """The folder of inputs that a trial of 0.1 got wrong; a test that needs it is skipped where it is absent."""
    folder = SAMPLES.parent / "trial"
    if not folder.is_dir():
        pytest.skip(f"the folder of a trial's inputs is not at {folder} (set MUSTER_SAMPLES to the folder beside it)")
    return folder


@pytest.fixture(scope="session")
async def server() -> AsyncIterator[dict[str, Any]]:
    """How to connect to a running PostgreSQL: the one in MUSTER_TEST_DATABASE_URL, or Muster's own."""
    if url := os.environ.get("MUSTER_TEST_DATABASE_URL"):
        yield _arguments(url)
        return
    from muster.base.postgres import EmbeddedPostgres

    with quick_folder() as folder:
        postgres = EmbeddedPostgres(folder / "data", settings=HASTY)
        await postgres.start()
        yield dict(postgres.connect_args)
        await postgres.stop()


@pytest.fixture(scope="session")
async def template(server: dict[str, Any], worker_id: str) -> AsyncIterator[str]:
    """The name of a migrated database to copy."""
    name = f"template_{worker_id}_{os.getpid()}"
    admin = await asyncpg.connect(**server)
    await admin.execute(f'CREATE DATABASE "{name}"')
    pool = await connect_pool({**server, "database": name}, size=2)
    await migrate(pool)
    await pool.close()
    yield name
    await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
    await admin.close()


@pytest.fixture(scope="session")
def worker_id() -> str:
    """This process's name among parallel ones; pytest-xdist overrides it."""
    return os.environ.get("PYTEST_XDIST_WORKER", "one")


@pytest.fixture
def clock() -> MovableClock:
    """A movable clock, on a Monday morning."""
    return MovableClock()


@pytest.fixture
async def connect(server: dict[str, Any], template: str) -> AsyncIterator[dict[str, Any]]:
    """How to connect to a fresh, migrated database of this test's own."""
    name = f"test_{os.getpid()}_{next(_numbers)}"
    admin = await asyncpg.connect(**server)
    await admin.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}" STRATEGY FILE_COPY')
    yield {**server, "database": name}
    for _ in range(200):
        try:
            await admin.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            break
        except asyncpg.InsufficientPrivilegeError:
            # Autovacuum is in it, as a role that ours may not end; it is gone in a moment.
            await asyncio.sleep(0.05)
    await admin.close()


@pytest.fixture
async def database(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Database]:
    """A database with its pool; nothing is subscribed to its bus."""
    pool = await connect_pool(connect, size=8)
    yield Database(pool, clock, Bus(ports_of(installed())), LiveHub())
    await asyncio.wait_for(pool.close(), 10)


@pytest.fixture
async def unit(database: Database) -> AsyncIterator[Unit]:
    """One unit of work by Muster itself, committed at the end of the test."""
    async with database.unit(SYSTEM) as unit:
        yield unit


def _arguments(url: str) -> dict[str, Any]:
    """What asyncpg.connect takes for a URL, part by part, so that a test can put something between it and the server."""
    parts = urlsplit(url)
    query = dict(parse_qsl(parts.query))
    found = {
        "host": query.get("host", parts.hostname or "127.0.0.1"),
        "port": int(query.get("port", parts.port or 5432)),
        "user": parts.username,
        "password": parts.password,
        "database": parts.path.strip("/"),
    }
    return {name: value for name, value in found.items() if value}


def _count() -> Iterator[int]:
    number = 0
    while True:
        number += 1
        yield number


_numbers = _count()
