"""The way to a PostgreSQL that a test can block: what is sent neither passes nor gets lost, as with a server that hangs."""

import asyncio
import contextlib
from typing import Any, Self


class Link:
    """`async with Link(connect) as link: asyncpg.connect(**link.connect); link.hang(); link.go_on()`.

    With `listening` false nobody listens until `listen`, as while the server is stopped.
    """

    def __init__(self, connect: dict[str, Any], *, listening: bool = True) -> None:
        self._to, self._listening = connect, listening
        self._asks, self._answers = asyncio.Event(), asyncio.Event()
        self._server: asyncio.Server | None = None
        self._open: set[asyncio.Task[None]] = set()
        self._writers: list[asyncio.StreamWriter] = []
        self._port = 0

    @property
    def connect(self) -> dict[str, Any]:
        """How to connect by this way."""
        return {**self._to, "host": "127.0.0.1", "port": self._port, "ssl": False}

    def hang(self, *, only_answers: bool = False) -> None:
        """Let nothing pass; with `only_answers` the server does what it is asked, and nobody hears of it."""
        if not only_answers:
            self._asks.clear()
        self._answers.clear()

    def go_on(self) -> None:
        """Let everything pass that was held up."""
        self._asks.set()
        self._answers.set()

    async def listen(self) -> None:
        """Take connections."""
        self._server = await asyncio.start_server(self._join, "127.0.0.1", self._port)

    async def __aenter__(self) -> Self:
        self.go_on()
        await self.listen()
        assert self._server is not None
        self._port = self._server.sockets[0].getsockname()[1]
        if not self._listening:
            self._server.close()
            await self._server.wait_closed()
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._server is not None:
            self._server.close()
        for task in list(self._open):
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)
        for writer in self._writers:
            with contextlib.suppress(OSError):
                await writer.wait_closed()

    async def _join(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        host, port = str(self._to["host"]), self._to.get("port", 5432)
        if host.startswith("/"):
            there = await asyncio.open_unix_connection(f"{host}/.s.PGSQL.{port}")
        else:
            there = await asyncio.open_connection(host, port)
        self._writers += [writer, there[1]]
        for source, target, gate in ((reader, there[1], self._asks), (there[0], writer, self._answers)):
            task = asyncio.create_task(_pump(source, target, gate))
            self._open.add(task)
            task.add_done_callback(self._open.discard)


async def _pump(source: asyncio.StreamReader, target: asyncio.StreamWriter, gate: asyncio.Event) -> None:
    try:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await gate.wait()
                target.write(data)
                await target.drain()
        # Who was cut off is not heard of behind a way that is blocked.
        await gate.wait()
    finally:
        target.close()
