"""PostgreSQL stands still in the middle of everything: senders are answered, a stop ends, and nothing that was taken is lost."""

import contextlib
import os
import signal
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.doubles.http_sink import HttpSink
from tests.places import HASTY, quick_folder
from tests.scenario.fleet import database_on, muster, paged, post, readyz

from muster.base.postgres import EmbeddedPostgres

WHILE = [f"While{number}" for number in range(16)]
LATER = [f"Later{number}" for number in range(4)]


@pytest.fixture
async def postgres() -> AsyncIterator[EmbeddedPostgres]:
    """A PostgreSQL that this test may stop."""
    with quick_folder() as folder:
        server = EmbeddedPostgres(folder / "data", settings=HASTY)
        await server.start()
        yield server
        await server.stop()


def _family(pid: int) -> list[int]:
    """A process and those that it started."""
    return [pid, *map(int, Path(f"/proc/{pid}/task/{pid}/children").read_text().split())]


@contextlib.contextmanager
def standing_still(postgres: EmbeddedPostgres) -> Iterator[None]:
    """All of the server's processes are stopped meanwhile: connections stay open, and nothing answers."""
    family = _family(postgres.pid)
    for pid in family:
        os.kill(pid, signal.SIGSTOP)
    try:
        yield
    finally:
        for pid in reversed(family):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGCONT)


async def test_while_postgresql_hangs_alerts_are_taken_and_a_stop_ends(postgres: EmbeddedPostgres) -> None:
    server = dict(postgres.connect_args)
    async with HttpSink() as phone, database_on(server) as url, muster(url, phone, node="node-a") as node:
        assert await post(node, "Before") == [200]
        await paged(phone, ["Before"])
        with standing_still(postgres):
            # Prometheus gives up after ten seconds.
            assert await post(node, *WHILE, within=9) == [200] * len(WHILE)
            assert (await readyz(node))[0] == 503
            assert await post(node, *LATER, within=9) == [200] * len(LATER)
            node.signal(signal.SIGTERM)
            assert await node.ended() == 0
        await node.start()
        await paged(phone, [*WHILE, *LATER])
