"""Runs the Muster that is installed, gives it a life, and keeps its database, keys, spool, answers and an export.

`python -m tests.upgrade.recording`, as root (who may listen on port 9), with the Python of a checkout of 0.1.
"""

import asyncio
import contextlib
import gzip
import json
import shutil
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from typing import Any

from muster.alerts.actions.spool import Spool, Spooled
from muster.base.postgres import binaries, running_args
from tests.running import Running
from tests.upgrade.record import FOLDER
from tests.upgrade.recording import incidents, people
from tests.upgrade.recording.answers import answers
from tests.upgrade.recording.stage import MANIFESTS, Stage

PORT = 8080
PHONES = 9
"""The port of discard: people's phones listen there while this is recorded, and nothing does later."""
SPOOLED = {"labels": {"alertname": "Spooled", "component": "web"}, "annotations": {"summary": "Kept while away"}}


async def main() -> None:
    """Record everything."""
    async with _phones(), Running(cold=True, port=PORT, node="one") as muster:
        await muster.init()
        stage = Stage(muster)
        await people.set_up(stage)
        await people.silences(stage)
        await incidents.play(stage)
        await people.rota(stage)
        await people.access(stage)
        await _settled(stage)
        again = await muster.json("apply", "--dry-run", "-f", str(MANIFESTS))
        assert {row["outcome"] for row in again["applied"]} == {"unchanged"}, again
        await people.seal(stage)
        # Before the dump, since an export is recorded too.
        await muster.cli("ledger", "export", str(muster.folder / "ledger.jsonl"))
        _write("ledger.jsonl.gz", (muster.folder / "ledger.jsonl").read_text(encoding="utf-8"))
        _write("answers.json.gz", json.dumps({path: answer async for path, answer in answers(stage)}, indent=1))
        _write("metrics.txt", "".join(f"{name}\n" for name in await _metrics(muster)))
        stage.credentials["token bo"] = stage.tokens["bo"]
        _write(
            "credentials.json", json.dumps({**stage.credentials, "at": datetime.now(UTC).isoformat()}, indent=1) + "\n"
        )
        _write("database.sql.gz", await _dump(muster))
        await muster.stop()
        for name in ("ledger.key", "secret.key"):
            shutil.copy(muster.folder / "data" / name, FOLDER / name)
        await _spool(muster)


async def _settled(stage: Stage) -> None:
    """Return once every gathered message has left and nothing has been recorded for a while."""
    newest, same = "", 0
    names = [person["name"] for person in (await stage.call("GET", "/persons"))["items"]]
    while same < 10:
        await asyncio.sleep(0.5)
        entry = (await stage.call("GET", "/ledger?limit=1"))["items"][0]
        deliveries = [row for name in names for row in await stage.call("GET", f"/deliveries?limit=200&person={name}")]
        waits = any(delivery["hold"] == "bundle" for delivery in deliveries)
        same = same + 1 if entry["hash"] == newest and not waits else 0
        newest = entry["hash"]


async def _metrics(muster: Running) -> list[str]:
    text = (await muster.api("GET", "/metrics")).text
    return sorted({line.split()[2] for line in text.splitlines() if line.startswith("# TYPE muster_")})


async def _dump(muster: Running) -> str:
    where: dict[str, Any] = running_args(muster.folder / "data") or {}
    words = ("--inserts", "--rows-per-insert=200", "--no-owner", "--no-privileges", "--no-comments")
    place = ("-h", where["host"], "-p", str(where["port"]), "-U", where["user"], where["database"])
    process = await asyncio.create_subprocess_exec(
        str(binaries.find().bin / "pg_dump"), *words, *place, stdout=asyncio.subprocess.PIPE
    )
    text, _ = await process.communicate()
    assert process.returncode == 0
    # Of newer servers and of psql only.
    apart = (line for line in text.decode().splitlines(True) if not line.startswith(("SET transaction_timeout", "\\")))
    return "".join(apart)


async def _spool(muster: Running) -> None:
    """A request that was answered while the database was away, and not yet given back to it."""
    key = "muster-0-1-prometheus-key-0123456789"
    content = {"content-type": "application/json"}
    body = json.dumps([SPOOLED]).encode()
    spool = Spool(muster.folder / "spooled")
    await spool.keep(Spooled(key, "/api/v2/alerts", "POST", content, {}, body, datetime.now(UTC)))
    shutil.copy(muster.folder / "spooled" / "intake.spool", FOLDER / "intake.spool")


@contextlib.asynccontextmanager
async def _phones() -> AsyncIterator[None]:
    async def take(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        lines = head.decode().lower().split("\r\n")
        size = next(int(line.partition(":")[2]) for line in lines if line.startswith("content-length"))
        await reader.readexactly(size)
        status = b"410 Gone" if lines[0].split()[1] == "/gone" else b"200 OK"
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(take, "127.0.0.1", PHONES)
    async with server:
        yield


def _write(name: str, text: str) -> None:
    # Without the time, the same text is the same file.
    (FOLDER / name).write_bytes(gzip.compress(text.encode(), mtime=0) if name.endswith(".gz") else text.encode())


if __name__ == "__main__":
    asyncio.run(main())
