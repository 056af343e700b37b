"""A story's Muster behind its real HTTP server, in the test's own process, and raw connections to it."""

import asyncio
import contextlib
import dataclasses
from collections.abc import AsyncIterator, Iterable
from typing import Self

import httpx2
from tests.running import free_port
from tests.scenario.story import KEY, Story

from muster.app import serve


class Line:
    """One TCP connection that says what it is told, byte for byte."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader, self.writer = reader, writer

    @classmethod
    async def to(cls, port: int, said: bytes = b"") -> Self:
        """Connect, and say something."""
        line = cls(*await asyncio.open_connection("127.0.0.1", port))
        line.writer.write(said)
        await line.writer.drain()
        return line

    async def head(self) -> bytes:
        """The head of the next answer."""
        return await asyncio.wait_for(self.reader.readuntil(b"\r\n\r\n"), 60)

    async def hears(self, words: bytes) -> bytes:
        """All up to these words."""
        return await asyncio.wait_for(self.reader.readuntil(words), 60)

    async def ended(self) -> bytes:
        """What is left until the server hangs up."""
        with contextlib.suppress(ConnectionError):
            return await asyncio.wait_for(self.reader.read(), 60)
        return b""

    def close(self) -> None:
        """Hang up."""
        self.writer.close()


class Door:
    """`await door.alert("DiskFull")`; `await door.lines(b"POST …", 200)`. Made by the fixture `door`."""

    def __init__(self, story: Story, port: int) -> None:
        self.story, self.port = story, port
        self.url = f"http://127.0.0.1:{port}"
        self.http = httpx2.AsyncClient(trust_env=False, base_url=self.url, timeout=60)
        self._lines: list[Line] = []

    async def line(self, said: bytes = b"") -> Line:
        """One connection, closed at the end of the test."""
        line = await Line.to(self.port, said)
        self.keep(line)
        return line

    def keep(self, line: Line) -> None:
        """Hang this one up at the end, too."""
        self._lines.append(line)

    async def lines(self, said: bytes, count: int) -> list[Line]:
        """Many that say the same."""
        return [await self.line(said) for _ in range(count)]

    async def alert(self, *names: str) -> httpx2.Response:
        """Alerts begin, told by HTTP as Prometheus does."""
        now = self.story.clock.now()
        ends = (now.replace(year=now.year + 1)).isoformat().replace("+00:00", "Z")
        body = [{"labels": {"alertname": name}, "annotations": {"summary": name}, "endsAt": ends} for name in names]
        return await self.http.post(f"/i/{KEY}/api/v2/alerts", json=body)

    def hang_up(self) -> None:
        """Close every connection of this test."""
        for line in self._lines:
            line.close()
        self._lines.clear()

    async def close(self) -> None:
        """Hang up everywhere."""
        self.hang_up()
        await self.http.aclose()


@contextlib.asynccontextmanager
async def opened(story: Story) -> AsyncIterator[Door]:
    """The story's Muster at a port of its own."""
    muster = story.muster
    muster.settings = dataclasses.replace(muster.settings, port=free_port())
    server = serve.server_of(muster)
    serving = asyncio.create_task(server.serve())
    await serve.listening(muster.settings, serving)
    door = Door(story, muster.settings.port)
    try:
        yield door
    finally:
        await door.close()
        server.stop()  # type: ignore[no-untyped-call]
        with contextlib.suppress(Exception):
            await asyncio.wait_for(serving, 10)


def post(path: str, body: bytes = b"", *, length: int | None = None, headers: Iterable[str] = ()) -> bytes:
    """A request as it goes over the wire; `length` beyond the body makes it one whose rest never comes."""
    size = len(body) if length is None else length
    head = [f"POST {path} HTTP/1.1", "Host: muster", "Content-Type: application/json", f"Content-Length: {size}"]
    return "\r\n".join([*head, *headers, "", ""]).encode() + body
