"""What Muster 0.1 left behind, put in its place for today's Muster: database, keys and a spool that was not given back."""

import asyncio
import contextlib
import gzip
import json
import shutil
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from typing import Any

import asyncpg
import httpx2

from muster.base.postgres import EmbeddedPostgres
from tests.places import HASTY
from tests.running import Running
from tests.upgrade.record import FOLDER

URL = "http://127.0.0.1:8080"
"""Where people reached it, which stands in links that it wrote."""
_CLOCK = """
CREATE FUNCTION public.{name}() RETURNS timestamptz LANGUAGE sql VOLATILE
    AS $$ SELECT pg_catalog.{name}() - interval '{seconds} seconds' $$
"""
_CLOCKS_FIRST = "ALTER DATABASE muster SET search_path = public, pg_catalog"


def text_of(name: str) -> str:
    """A file of the record."""
    content = (FOLDER / name).read_bytes()
    return (gzip.decompress(content) if name.endswith(".gz") else content).decode()


@contextlib.asynccontextmanager
async def restored() -> AsyncIterator[Running]:
    """Today's Muster, started on what 0.1 left, by a clock that goes on from where the record ends."""
    muster = Running(public_url=URL)
    try:
        await _put(muster)
        await muster.start()
        muster.token = (await muster.json("token", "create", "today", "--person", "admin", "--scope", "*", "--local"))[
            "token"
        ]
        yield muster
    finally:
        await muster.stop()
        shutil.rmtree(muster.folder, ignore_errors=True)


async def _put(muster: Running) -> None:
    data = muster.folder / "data"
    (data / "spool").mkdir(mode=0o711, parents=True)
    data.chmod(0o711)
    shutil.copy(FOLDER / "intake.spool", data / "spool")
    for name in ("ledger.key", "secret.key"):
        shutil.copy(FOLDER / name, data / name)
        (data / name).chmod(0o600)
    postgres = EmbeddedPostgres(data, settings=HASTY)
    await postgres.start()
    conn = await asyncpg.connect(**postgres.connect_args)
    await conn.execute(text_of("database.sql.gz"))
    await conn.execute("SET search_path = public")
    # Muster goes by its database's clock. As soon after the record as this, nothing of it has run out.
    at = datetime.fromisoformat(json.loads(text_of("credentials.json"))["at"])
    seconds = (datetime.now(UTC) - at).total_seconds()
    for name in ("clock_timestamp", "now"):
        await conn.execute(_CLOCK.format(name=name, seconds=seconds))
    await conn.execute(_CLOCKS_FIRST)
    await conn.close()
    await postgres.stop()


async def answers_of(muster: Running, paths: Iterable[str], token: str = "") -> dict[str, Any]:
    """What it answers today: JSON, the lines of a table, or a refusal as its text."""
    headers = {"authorization": f"Bearer {token or muster.token}"}
    base = f"{muster.url}/api/v1"
    async with httpx2.AsyncClient(trust_env=False, timeout=30, headers=headers) as http:
        return {path: _content(await http.get(f"{base}{path}")) for path in paths}


def _content(answer: httpx2.Response) -> Any:
    if not answer.is_success:
        return answer.text
    return answer.json() if "json" in answer.headers["content-type"] else answer.text.splitlines()


async def until(look: Any, what: str) -> Any:
    """Look again until there is something."""
    for _ in range(1200):
        if answer := await look():
            return answer
        await asyncio.sleep(0.05)
    raise AssertionError(f"{what} did not come")
