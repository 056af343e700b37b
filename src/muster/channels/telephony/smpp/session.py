"""One bound connection to a message centre: a window of requests under way, enquire_link both ways, an end that everybody hears."""

import asyncio
import itertools
import ssl
from collections.abc import Awaitable, Callable

from muster.channels.telephony.smpp import pdu
from muster.channels.telephony.smpp.pdu import Delivered, NotSmpp, Pdu
from muster.channels.telephony.smpp.settings import SmppSettings

OK, SYSTEM_ERROR, UNKNOWN_COMMAND = 0x00, 0x08, 0x03


class ConnectionLost(Exception):
    """The connection cannot be made or is gone; the message is a sentence."""


class BindRefused(Exception):
    """The message centre refused to bind; `status` is its reason."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status 0x{status:02x}")
        self.status = status


class SmppSession:
    """Made by `open_session`; `ended` is set when it can serve no more."""

    def __init__(
        self,
        settings: SmppSettings,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        hear: Callable[[Delivered], Awaitable[None]],
    ) -> None:
        self._settings, self._reader, self._writer, self._hear = settings, reader, writer, hear
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Pdu]] = {}
        self._window = asyncio.Semaphore(settings.window)
        self._hearing: set[asyncio.Task[None]] = set()
        self.ended = asyncio.Event()
        self._tasks = [asyncio.create_task(self._read()), asyncio.create_task(self._enquire())]

    async def request(self, command: int, body: bytes) -> Pdu:
        """Send a request and give its answer.

        Raises:
            ConnectionLost: the connection ended, or no answer came in time; then the connection is given up too.
        """
        async with self._window:
            number = next(self._numbers)
            answer: asyncio.Future[Pdu] = asyncio.get_running_loop().create_future()
            self._waiting[number] = answer
            try:
                self._write(Pdu(command, 0, number, body))
                async with asyncio.timeout(self._settings.patience):
                    return await answer
            except TimeoutError as error:
                self._end()
                raise ConnectionLost(
                    f"{self._settings.host} did not answer within {self._settings.patience:g} seconds."
                ) from error
            finally:
                self._waiting.pop(number, None)

    async def close(self) -> None:
        """Unbind and end."""
        if not self.ended.is_set():
            try:
                async with asyncio.timeout(1):
                    await self.request(pdu.UNBIND, b"")
            except (ConnectionLost, TimeoutError):
                pass
        self._end()
        await asyncio.gather(*self._tasks, *self._hearing, return_exceptions=True)

    def _write(self, unit: Pdu) -> None:
        if self.ended.is_set():
            raise ConnectionLost(f"The connection to {self._settings.host} ended.")
        self._writer.write(unit.encode())

    async def _read(self) -> None:
        try:
            while True:
                head = await self._reader.readexactly(4)
                unit = pdu.decode(head + await self._reader.readexactly(pdu.length_of(head) - 4))
                if not self._take(unit):
                    return
        except (OSError, asyncio.IncompleteReadError, NotSmpp, ConnectionLost):
            pass
        finally:
            self._end()

    def _take(self, unit: Pdu) -> bool:
        """Deal with one unit; False when it was the last."""
        if unit.command & pdu.RESPONSE:
            answer = self._waiting.get(unit.sequence)
            if answer is not None and not answer.done():
                answer.set_result(unit)
        elif unit.command == pdu.DELIVER:
            task = asyncio.create_task(self._deliver(unit))
            self._hearing.add(task)
            task.add_done_callback(self._hearing.discard)
        elif unit.command in (pdu.ENQUIRE, pdu.UNBIND):
            self._write(Pdu(unit.command | pdu.RESPONSE, OK, unit.sequence))
            return unit.command == pdu.ENQUIRE
        else:
            self._write(Pdu(pdu.GENERIC_NACK, UNKNOWN_COMMAND, unit.sequence))
        return True

    async def _deliver(self, unit: Pdu) -> None:
        """Answered only once what was heard is written down: the centre keeps what was not answered, and sends it again."""
        status = OK
        try:
            await self._hear(pdu.read_delivered(unit.body))
        except NotSmpp:
            status = OK
        except Exception:
            status = SYSTEM_ERROR
        if not self.ended.is_set():
            self._write(Pdu(pdu.DELIVER | pdu.RESPONSE, status, unit.sequence, b"\0"))

    async def _enquire(self) -> None:
        while not self.ended.is_set():
            await asyncio.sleep(self._settings.enquire_every)
            try:
                await self.request(pdu.ENQUIRE, b"")
            except ConnectionLost:
                return

    def _end(self) -> None:
        if self.ended.is_set():
            return
        self.ended.set()
        self._writer.close()
        gone = ConnectionLost(f"The connection to {self._settings.host} ended.")
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(gone)
        for task in self._tasks:
            if task is not asyncio.current_task():
                task.cancel()


async def open_session(settings: SmppSettings, hear: Callable[[Delivered], Awaitable[None]]) -> SmppSession:
    """Connect and bind as a transceiver.

    Raises:
        ConnectionLost: no connection.
        BindRefused: the message centre does not let this account in.
    """
    context = ssl.create_default_context() if settings.secure else None
    try:
        async with asyncio.timeout(settings.patience):
            reader, writer = await asyncio.open_connection(settings.host, settings.port, ssl=context)
    except TimeoutError as error:
        raise ConnectionLost(f"{settings.host} did not accept a connection in time.") from error
    except OSError as error:
        raise ConnectionLost(
            f"No connection to {settings.host} port {settings.port}: {error.strerror or error}."
        ) from error
    session = SmppSession(settings, reader, writer, hear)
    body = pdu.bind(settings.system_id, settings.password, settings.system_type)
    answer = await session.request(pdu.BIND, body)
    if answer.status != OK:
        await session.close()
        raise BindRefused(answer.status)
    return session
