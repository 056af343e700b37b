"""The outgoing HTTP client: guarded, bounded, pooled. It follows no redirect and reads no proxy from the environment."""

import asyncio
import os
import ssl
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

from muster.base.http.connection import Connection
from muster.base.http.failure import Failure, Unreachable
from muster.base.http.guard import resolve
from muster.base.http.target import ParsedUrl, read_url
from muster.base.http.wire import Response, write_request
from muster.kit.errors import Fault

_AGENT = "muster"
_MOST_ADDRESSES = 4
_FRESH = 5.0
Resolver = Callable[[str, int, bool], Awaitable[list[str]]]


@dataclass(frozen=True, slots=True)
class Timeouts:
    """Limits in seconds: for name, connection and TLS together; for silence; for all of it, waiting for a turn excluded."""

    connect: float = 5.0
    silence: float = 10.0
    total: float = 15.0


@dataclass(slots=True)
class _Origin:
    """What is kept for one scheme, host and port."""

    turns: asyncio.Semaphore
    users: int = 0
    idle: list[Connection] = field(default_factory=list)
    looking_up: asyncio.Lock = field(default_factory=asyncio.Lock)
    addresses: list[str] = field(default_factory=list)
    fresh_until: float = 0.0


class Http:
    """Sends requests; one for the whole process, closed at its end.

    Connections are kept open for `keep` idle seconds. At most `per_origin` requests run at once to one origin, so that
    a hanging receiver holds up its own messages and nobody else's; the rest wait their turn.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        timeouts: Timeouts | None = None,
        per_origin: int = 64,
        keep: float = 15.0,
        tls: ssl.SSLContext | None = None,
        resolver: Resolver = resolve,
    ) -> None:
        self.allow_private = allow_private
        self._timeouts = timeouts or Timeouts()
        self._per_origin, self._keep = per_origin, keep
        self._tls, self._resolver = tls, resolver
        self._origins: dict[str, _Origin] = {}
        self._sweeper: asyncio.TimerHandle | None = None

    async def request(
        self,
        method: str,
        url: str | ParsedUrl,
        *,
        headers: Mapping[str, str] | None = None,
        body: bytes = b"",
        limit: int = 64 * 1024,
    ) -> Response:
        """Send one request and give the answer, whatever its status; of its body at most `limit` bytes.

        A kept connection that turns out to be closed before any answer is replaced once: a request may arrive twice,
        as after any lost answer, and carries its idempotency key for that.

        Raises:
            Unreachable: when there is no answer, with a sentence that says why.
        """
        target = read_url(url) if isinstance(url, str) else url
        if isinstance(target, Fault):
            raise Unreachable(Failure.BAD_ADDRESS, target.rule)
        try:
            given = {"user-agent": _AGENT, "accept-encoding": "identity", **(headers or {})}
            data = write_request(method, target.path, target.authority, given, body)
        except ValueError as error:
            raise Unreachable(Failure.BAD_ADDRESS, str(error)) from error
        origin = self._origins.setdefault(target.origin, _Origin(asyncio.Semaphore(self._per_origin)))
        origin.users += 1
        used: list[Connection] = []
        try:
            async with origin.turns, asyncio.timeout(self._timeouts.total):
                return await self._exchange(origin, target, data, method, limit, used)
        except TimeoutError as error:
            sentence = f"{target.host} took longer than {self._timeouts.total:g} seconds."
            raise Unreachable(Failure.TIMEOUT, sentence, used[-1].partial if used else None) from error
        finally:
            origin.users -= 1
            self._forget_unused(target.origin)

    async def post(
        self, url: str | ParsedUrl, body: bytes, headers: Mapping[str, str] | None = None, *, limit: int = 64 * 1024
    ) -> Response:
        """`request` with POST."""
        return await self.request("POST", url, headers=headers, body=body, limit=limit)

    async def close(self) -> None:
        """End all connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        for origin in self._origins.values():
            while origin.idle:
                origin.idle.pop().close()
        self._origins.clear()

    async def _exchange(
        self, origin: _Origin, target: ParsedUrl, data: bytes, method: str, limit: int, used: list[Connection]
    ) -> Response:
        connection = self._kept(origin) or await self._connect(origin, target)
        used.append(connection)
        try:
            response = await connection.exchange(data, method, limit, self._timeouts.silence)
        except Unreachable as failure:
            if not connection.exchanges or connection.answered or failure.kind is not Failure.BROKEN:
                raise
            connection = await self._connect(origin, target)
            used.append(connection)
            response = await connection.exchange(data, method, limit, self._timeouts.silence)
        if connection.usable:
            self._put_back(origin, connection)
        return response

    def _kept(self, origin: _Origin) -> Connection | None:
        while origin.idle:
            connection = origin.idle.pop()
            if connection.usable:
                return connection
        return None

    async def _connect(self, origin: _Origin, target: ParsedUrl) -> Connection:
        """A new connection, to an address that the guard has judged.

        The name is given to TLS for SNI and the certificate; only the socket knows the address.
        """
        try:
            async with asyncio.timeout(self._timeouts.connect):
                return await self._connect_any(target, await self._look_up(origin, target))
        except TimeoutError as error:
            sentence = f"{target.host} did not accept a connection within {self._timeouts.connect:g} seconds."
            raise Unreachable(Failure.TIMEOUT, sentence) from error

    async def _look_up(self, origin: _Origin, target: ParsedUrl) -> list[str]:
        """The judged addresses, looked up once for all connections that a storm opens at the same moment."""
        loop = asyncio.get_running_loop()
        async with origin.looking_up:
            if loop.time() >= origin.fresh_until:
                found = await self._resolver(target.host, target.port, self.allow_private)
                origin.addresses, origin.fresh_until = found[:_MOST_ADDRESSES], loop.time() + _FRESH
            return origin.addresses

    async def _connect_any(self, target: ParsedUrl, addresses: list[str]) -> Connection:
        share = self._timeouts.connect / len(addresses)
        for number, address in enumerate(addresses, start=1):
            try:
                async with asyncio.timeout(None if number == len(addresses) else share):
                    return await self._connect_one(target, address)
            except ssl.SSLCertVerificationError as error:
                sentence = f"The certificate of {target.host} is not to be trusted: {error.verify_message}."
                raise Unreachable(Failure.TLS, sentence) from error
            except ssl.SSLError as error:
                sentence = f"{target.host} does not speak TLS on port {target.port} ({error.reason or 'no reason'})."
                raise Unreachable(Failure.TLS, sentence) from error
            except OSError as error:
                if number == len(addresses):
                    why = os.strerror(error.errno) if error.errno else type(error).__name__
                    sentence = f"No connection to {target.host} port {target.port}: {why}."
                    raise Unreachable(Failure.NO_CONNECTION, sentence) from error
        raise Unreachable(Failure.UNKNOWN_HOST, f"The name {target.host} has no address.")

    async def _connect_one(self, target: ParsedUrl, address: str) -> Connection:
        if target.secure and self._tls is None:
            self._tls = await asyncio.to_thread(ssl.create_default_context)
        _, connection = await asyncio.get_running_loop().create_connection(
            lambda: Connection(target.host),
            address,
            target.port,
            ssl=self._tls if target.secure else None,
            server_hostname=target.host if target.secure else None,
        )
        return connection

    def _put_back(self, origin: _Origin, connection: Connection) -> None:
        loop = asyncio.get_running_loop()
        connection.idle_since = loop.time()
        origin.idle.append(connection)
        if self._sweeper is None:
            self._sweeper = loop.call_later(self._keep, self._sweep)

    def _sweep(self) -> None:
        """Close what has been idle too long, and come again while anything is kept."""
        loop = asyncio.get_running_loop()
        self._sweeper = None
        oldest = loop.time() - self._keep
        for name, origin in list(self._origins.items()):
            for connection in origin.idle:
                if connection.idle_since <= oldest:
                    connection.close()
            origin.idle = [connection for connection in origin.idle if connection.usable]
            self._forget_unused(name)
        if any(origin.idle for origin in self._origins.values()):
            self._sweeper = loop.call_later(self._keep, self._sweep)

    def _forget_unused(self, name: str) -> None:
        origin = self._origins.get(name)
        if origin is not None and not origin.users and not origin.idle:
            del self._origins[name]
