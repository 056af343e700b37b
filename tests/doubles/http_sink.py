"""An HTTP server that keeps what it gets and answers as told: with a reply, late, never, or by breaking the connection."""

import asyncio
import json
import ssl
import struct
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum, auto
from http import HTTPStatus
from socket import SO_LINGER, SOL_SOCKET
from types import TracebackType
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Received:
    """One request as it arrived; header names in lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Reply:
    """One ordinary answer; `after` seconds of thinking come first."""

    status: int = 200
    body: bytes = b"ok"
    headers: Mapping[str, str] = field(default_factory=dict)
    after: float = 0.0


class Fault(Enum):
    """Answers that are none."""

    HANG = auto()
    RESET = auto()
    CLOSE = auto()


Answer = Reply | Fault | bytes
"""A reply, a fault, or raw bytes after which the connection ends."""


class HttpSink:
    """`async with HttpSink() as sink: …; await sink.wait(2); sink.requests[0].json`.

    `sink.next(answer, …)` says what the next requests get, in order; the rest get `sink.answer`, which may be a
    function of the request. `sink.connections` counts what was ever connected.
    """

    def __init__(
        self, answer: Answer | Callable[[Received], Answer] = Reply(), *, tls: ssl.SSLContext | None = None
    ) -> None:
        self.answer = answer
        self.requests: list[Received] = []
        self.connections = 0
        self._planned: deque[Answer] = deque()
        self._tls = tls
        self._server: asyncio.Server | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._arrived = asyncio.Condition()

    @property
    def port(self) -> int:
        """The port it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    @property
    def url(self) -> str:
        """Its root without a slash at the end."""
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}"

    def next(self, *answers: Answer) -> None:
        """Answer the coming requests so."""
        self._planned.extend(answers)

    async def wait(self, count: int, within: float = 5.0) -> list[Received]:
        """The requests, once there are `count` of them."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: len(self.requests) >= count)
        return self.requests

    async def __aenter__(self) -> Self:
        self._server = await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=self._tls, limit=2**22)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self.connections += 1
        try:
            while await self._serve(reader, writer):
                pass
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> bool:
        first, *lines = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
        method, path, _ = first.split(" ")
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines if line)}
        body = await reader.readexactly(int(headers.get("content-length", "0")))
        received = Received(method, path, headers, body)
        answer = self._planned.popleft() if self._planned else self.answer
        if callable(answer):
            answer = answer(received)
        async with self._arrived:
            self.requests.append(received)
            self._arrived.notify_all()
        return await self._reply(answer, writer)

    async def _reply(self, answer: Answer, writer: asyncio.StreamWriter) -> bool:
        if answer is Fault.HANG:
            await asyncio.sleep(3600)
        if answer is Fault.RESET:
            writer.get_extra_info("socket").setsockopt(SOL_SOCKET, SO_LINGER, struct.pack("ii", 1, 0))
            writer.transport.abort()
        if isinstance(answer, bytes):
            writer.write(answer)
            await writer.drain()
        if not isinstance(answer, Reply):
            return False
        await asyncio.sleep(answer.after)
        head = [f"HTTP/1.1 {answer.status} {HTTPStatus(answer.status).phrase}", f"Content-Length: {len(answer.body)}"]
        head += [f"{name}: {value}" for name, value in answer.headers.items()]
        writer.write("\r\n".join([*head, "", ""]).encode() + answer.body)
        await writer.drain()
        return True
