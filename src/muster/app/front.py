"""The front door: intake goes straight to its handler, everything else through ASGI.

Granian's native interface (RSGI) answers twice as many small requests as its ASGI one; intake is the path on which that
counts. The bridge below is the whole price of it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Any
from urllib.parse import quote

import structlog
from granian._granian import RSGIProtocolClosed
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message

from muster.base.web.client_address import caller_of
from muster.base.web.headers import UNNAMED
from muster.base.web.inflow import Gone
from muster.base.web.place import template_of
from muster.base.web.shape import LONGEST_QUERY
from muster.kit.networks import Network

log = structlog.get_logger("muster.web")
PLAIN = [("content-type", "text/plain"), UNNAMED]
BODILESS = frozenset({"GET", "HEAD", "OPTIONS"})

Intake = Callable[[Any, Any], Awaitable[None]]
"""Takes an RSGI scope and protocol for a path below /i/ and answers it."""


class Front:
    """The callable that the server runs for each request."""

    def __init__(self, app: ASGIApp, intake: Intake, trusted: Sequence[Network] = ()) -> None:
        self._app, self._intake, self._trusted = app, intake, trusted

    async def __rsgi__(self, scope: Any, protocol: Any) -> None:
        if scope.proto != "http":
            protocol.close(1002)
        elif not has_one_host(scope):
            protocol.response_str(400, PLAIN, "A request names its host, once.\n")
        elif len(scope.query_string) > LONGEST_QUERY:
            protocol.response_str(414, PLAIN, "The address is too long.\n")
        elif scope.path.startswith("/i/"):
            await self._intake(scope, protocol)
        else:
            await Bridge(scope, protocol, self._trusted).run(self._app)


class Bridge:
    """One request, from RSGI to ASGI and back."""

    def __init__(self, scope: Any, protocol: Any, trusted: Sequence[Network] = ()) -> None:
        self._scope, self._protocol, self._trusted = scope, protocol, trusted
        self._body: Any = None
        # What only reads has no body that anybody looks at.
        self._told, self._ended = False, scope.method in BODILESS
        self._gone = asyncio.Event()
        self._watch: asyncio.Task[None] | None = None
        self._start: Message | None = None
        self._stream: Any = None

    async def run(self, app: ASGIApp) -> None:
        """Serve the request; an application that breaks before it answers becomes a plain 500."""
        scope = self._asgi_scope()
        try:
            await app(scope, self._receive, self._send)
        except Exception as error:
            if _is_gone(error):
                return
            busy = isinstance(error, MemoryError)
            if self._stream is None and not self._gone.is_set():
                self._protocol.response_empty(
                    503 if busy else 500, [UNNAMED, *([("retry-after", "5")] if busy else [])]
                )
            log.error("request.failed", method=self._scope.method, path=template_of(scope), exc_info=error)
        finally:
            self._gone.set()
            # The server ends a streamed answer when its transport is let go, and not when this returns.
            self._stream = None
            if self._watch:
                self._watch.cancel()

    def _asgi_scope(self) -> dict[str, Any]:
        scope = self._scope
        headers = [
            (name.encode("latin-1"), value.encode("latin-1", "replace")) for name, value in scope.headers.items()
        ]
        if scope.authority and "host" not in scope.headers:
            headers.append((b"host", scope.authority.encode("latin-1")))
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": scope.http_version,
            "method": scope.method,
            "scheme": scope.scheme,
            # RSGI gives the path decoded.
            "path": scope.path,
            "raw_path": quote(scope.path).encode(),
            "query_string": scope.query_string.encode("latin-1"),
            "root_path": "",
            "headers": headers,
            "client": self._client(),
            "server": _address(scope.server),
            "state": {},
        }

    def _client(self) -> tuple[str, int] | None:
        peer = _address(self._scope.client)
        return (caller_of(peer[0], self._scope.headers.items(), self._trusted), peer[1]) if peer else None

    async def _receive(self) -> Message:
        if self._ended and not self._told:
            self._told = True
            return {"type": "http.request", "body": b"", "more_body": False}
        if not self._ended:
            if self._body is None:
                self._body = self._protocol.__aiter__()
            try:
                return {"type": "http.request", "body": bytes(await anext(self._body)), "more_body": True}
            except StopAsyncIteration:
                self._told = self._ended = True
                return {"type": "http.request", "body": b"", "more_body": False}
            except RSGIProtocolClosed:
                self._told = self._ended = True
                self._gone.set()
                return {"type": "http.disconnect"}
        if self._watch is None:
            self._watch = asyncio.ensure_future(self._watch_client())
        await self._gone.wait()
        return {"type": "http.disconnect"}

    async def _watch_client(self) -> None:
        await self._protocol.client_disconnect()
        self._gone.set()

    async def _send(self, message: Message) -> None:
        if self._gone.is_set():
            raise Gone("the client went away")
        if message["type"] == "http.response.start":
            self._start = message
            return
        body, more = message.get("body", b""), message.get("more_body", False)
        if self._stream is None and self._start is not None:
            head = self._start["status"], _texts(self._start["headers"])
            if not more:
                self._stream = False
                self._protocol.response_bytes(*head, bytes(body))
                return
            self._stream = self._protocol.response_stream(*head)
        if body and self._stream:
            try:
                await self._stream.send_bytes(bytes(body))
            except RuntimeError as error:
                self._gone.set()
                raise Gone("the client went away") from error


def has_one_host(scope: Any) -> bool:
    """Whether a request names one host: not two, none only by HTTP/1.0, and in its address no other than in its header."""
    hosts = [value for name, value in scope.headers.items() if name == "host"]
    if not hosts:
        return bool(scope.http_version in ("1", "1.0") or scope.authority)
    return len(hosts) == 1 and (not scope.authority or scope.authority == hosts[0])


def _is_gone(error: BaseException) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(_is_gone(inner) for inner in error.exceptions)
    return isinstance(error, ClientDisconnect | Gone)


def _texts(headers: list[tuple[bytes, bytes]]) -> list[tuple[str, str]]:
    return [(name.decode("latin-1"), value.decode("latin-1")) for name, value in headers]


def _address(text: str | None) -> tuple[str, int] | None:
    host, _, port = (text or "").rpartition(":")
    return (host.strip("[]"), int(port)) if port.isdecimal() else None
