"""Places for embedded databases: directories that every user can pass through, unlike pytest's own of root."""

import os
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from muster.base.postgres import EmbeddedPostgres
from muster.base.postgres.layout import Layout, locate


@pytest.fixture
def empty() -> Iterator[Path]:
    """An empty directory."""
    with tempfile.TemporaryDirectory(prefix="muster-pg-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o711)
        yield Path(folder)


@pytest.fixture(scope="session")
async def place() -> AsyncIterator[Path]:
    """A directory with a used and stopped database in `data`; a test that breaks it puts it right again."""
    with tempfile.TemporaryDirectory(prefix="muster-pg-", dir="/var/tmp") as folder:
        os.chmod(folder, 0o711)
        postgres = EmbeddedPostgres(Path(folder) / "data")
        await postgres.start()
        await postgres.stop()
        yield Path(folder)


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
