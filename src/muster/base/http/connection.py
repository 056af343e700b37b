"""One kept-open HTTP/1.1 connection: writes a request, waits for its answer, tells whether it can serve another."""

import asyncio
from typing import cast

from muster.base.http.failure import Failure, Unreachable
from muster.base.http.wire import Garbled, Response, ResponseReader


class Connection(asyncio.Protocol):
    """A connection to one origin; it serves one exchange at a time."""

    def __init__(self, host: str) -> None:
        self._host = host
        self._transport: asyncio.WriteTransport | None = None
        self._reader: ResponseReader | None = None
        self._answer: asyncio.Future[Response] | None = None
        self._silence: asyncio.TimerHandle | None = None
        self._heard = 0.0
        self._patience = 0.0
        self.answered = False
        self.exchanges = 0
        self.idle_since = 0.0

    @property
    def usable(self) -> bool:
        """Whether another request can be sent."""
        return self._transport is not None and not self._transport.is_closing() and self._answer is None

    @property
    def partial(self) -> Response | None:
        """What has come of the present answer, if that is at least its head."""
        return self._reader.partial if self._reader is not None else None

    async def exchange(self, request: bytes, method: str, limit: int, patience: float) -> Response:
        """Send a request and give its answer, with at most `limit` bytes of body and `patience` seconds of silence.

        Raises:
            Unreachable: TIMEOUT or BROKEN; the connection is closed then.
        """
        if self._transport is None or not self.usable:
            raise Unreachable(Failure.BROKEN, f"{self._host} ended the connection.")
        loop = asyncio.get_running_loop()
        self._reader = ResponseReader(method, limit)
        self._answer = loop.create_future()
        self._heard, self._patience, self.answered = loop.time(), patience, False
        self._silence = loop.call_later(patience, self._watch)
        self._transport.write(request)
        try:
            response = await self._answer
        except BaseException:
            self.close()
            raise
        finally:
            self._silence.cancel()
        self.exchanges += 1
        keep, self._reader, self._answer = self._reader.keep_alive, None, None
        if not keep:
            self.close()
        return response

    def close(self) -> None:
        """End the connection without a farewell that could hang."""
        if self._transport is not None:
            self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.WriteTransport, transport)

    def data_received(self, data: bytes) -> None:
        if self._reader is None or self._answer is None or self._answer.done():
            self.close()
            return
        self._heard, self.answered = asyncio.get_running_loop().time(), True
        try:
            self._reader.feed(data)
        except Garbled as error:
            self._fail(Failure.BROKEN, f"{self._host} gave an answer that cannot be read: {error}.")
            return
        if self._reader.done:
            self._answer.set_result(self._reader.response)

    def eof_received(self) -> bool:
        self._end()
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self._end()

    def _end(self) -> None:
        if self._reader is None or self._answer is None or self._answer.done():
            return
        try:
            self._reader.close()
        except Garbled as error:
            self._fail(Failure.BROKEN, f"{self._host} gave no whole answer: {error}.")
        else:
            self._answer.set_result(self._reader.response)

    def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        left = self._heard + self._patience - loop.time()
        if left <= 0:
            self._fail(Failure.TIMEOUT, f"{self._host} said nothing for {self._patience:g} seconds.")
        else:
            self._silence = loop.call_later(left, self._watch)

    def _fail(self, kind: Failure, sentence: str) -> None:
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Unreachable(kind, sentence, self.partial))
