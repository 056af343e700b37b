"""Places for embedded databases: directories that every user can pass through, unlike pytest's own of root."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from tests.places import quick_folder

from muster.base.postgres import EmbeddedPostgres
from muster.base.postgres.layout import Layout, locate


@pytest.fixture
def empty() -> Iterator[Path]:
    """An empty directory."""
    with quick_folder("muster-pg-") as folder:
        yield folder


@pytest.fixture(scope="session")
async def place() -> AsyncIterator[Path]:
    """A directory with a used and stopped database in `data`; a test that breaks it puts it right again."""
    with quick_folder("muster-pg-") as folder:
        postgres = EmbeddedPostgres(folder / "data")
        await postgres.start()
        await postgres.stop()
        yield folder


@pytest.fixture
def layout(place: Path) -> Layout:
    """The files of that database."""
    return locate(place / "data")


@pytest.fixture
async def postgres(place: Path) -> AsyncIterator[EmbeddedPostgres]:
    """A running server on that database."""
    server = EmbeddedPostgres(place / "data")
    await server.start()
    yield server
    await server.stop()
