"""From an alert's request to the webhook that pages for it: percentiles, what was lost and what came twice."""

import asyncio
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

MARK = re.compile(rb"mark-\d{6}-[0-9a-f]{8}")


class Sink:
    """A webhook receiver that notes when each mark first arrived and how often."""

    def __init__(self) -> None:
        self.first: dict[str, float] = {}
        self.times: dict[str, int] = {}

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=2**22)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._server.close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}/page"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                body = await _body(head, reader)
                now = time.perf_counter()
                for mark in {found.decode() for found in MARK.findall(body)}:
                    self.first.setdefault(mark, now)
                    self.times[mark] = self.times.get(mark, 0) + 1
                writer.write(b"HTTP/1.1 204 No Content\r\n\r\n")
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            writer.close()


async def _body(head: bytes, reader: asyncio.StreamReader) -> bytes:
    if length := re.search(rb"(?i)content-length: *(\d+)", head):
        return await reader.readexactly(int(length[1]))
    parts = []
    while size := int((await reader.readline()).strip() or b"0", 16):
        parts.append(await reader.readexactly(size))
        await reader.readexactly(2)
    await reader.readexactly(2)
    return b"".join(parts)


@dataclass
class Run:
    """What came of a run; latencies in milliseconds, sorted; `whole` is the seconds from the first post to the last page."""

    latencies: list[float] = field(default_factory=list)
    whole: float = 0.0
    refused: int = 0
    lost: int = 0
    twice: int = 0

    def percentile(self, share: float) -> float:
        """A percentile in milliseconds."""
        return self.latencies[min(len(self.latencies) - 1, int(share * len(self.latencies)))] if self.latencies else 0.0


async def measure(target: str, sink: Sink, *, count: int, rate: float, clients: int = 16, patience: float = 60) -> Run:
    """Post `count` alerts of distinct services, `rate` a second (0: as fast as it goes), and wait for their pages."""
    run, tag = Run(), f"{int(time.time() * 1000) & 0xFFFFFFFF:08x}"
    marks = [f"mark-{number:06d}-{tag}" for number in range(count)]
    sent: dict[str, float] = {}
    queue: asyncio.Queue[str | None] = asyncio.Queue()
    posting = [asyncio.create_task(_post(target, queue, sent, run)) for _ in range(clients)]
    began = time.perf_counter()
    for number, mark in enumerate(marks):
        if rate:
            await asyncio.sleep(max(0.0, began + number / rate - time.perf_counter()))
        queue.put_nowait(mark)
    for _ in posting:
        queue.put_nowait(None)
    await asyncio.gather(*posting)
    until = time.perf_counter() + patience
    while any(mark not in sink.first for mark in marks) and time.perf_counter() < until:  # noqa: ASYNC110
        await asyncio.sleep(0.02)
    return _summed(run, marks, sent, sink, began)


def _summed(run: Run, marks: Sequence[str], sent: dict[str, float], sink: Sink, began: float) -> Run:
    arrived = [mark for mark in marks if mark in sink.first]
    run.latencies = sorted((sink.first[mark] - sent[mark]) * 1000 for mark in arrived)
    run.whole = max((sink.first[mark] for mark in arrived), default=began) - began
    run.lost, run.twice = len(marks) - len(arrived), sum(sink.times[mark] > 1 for mark in arrived)
    return run


async def _post(target: str, queue: "asyncio.Queue[str | None]", sent: dict[str, float], run: Run) -> None:
    parts = urlsplit(target)
    reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
    while (mark := await queue.get()) is not None:
        labels = {"alertname": "ErrorBudgetBurn", "severity": "critical", "service": mark}
        body = json.dumps(
            [{"labels": labels, "annotations": {"summary": f"the error budget of {mark} burns"}}]
        ).encode()
        head = f"POST {parts.path}/api/v2/alerts HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\n"
        sent[mark] = time.perf_counter()
        writer.write(f"{head}content-length: {len(body)}\r\n\r\n".encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        if length := re.search(rb"(?i)content-length: *(\d+)", answer):
            await reader.readexactly(int(length[1]))
        run.refused += not answer.split(b" ", 2)[1].startswith(b"2")
    writer.close()
