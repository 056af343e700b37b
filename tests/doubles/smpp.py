"""A message centre that speaks SMPP 3.4, read and written here with struct alone: binds, takes, receipts, delivers, misbehaves."""

import asyncio
import itertools
import struct
from dataclasses import dataclass, field
from typing import Any

BIND, SUBMIT, DELIVER, ENQUIRE, UNBIND = 0x09, 0x04, 0x05, 0x15, 0x06


@dataclass
class Submitted:
    """One submit_sm."""

    id: str
    source: str
    to: str
    esm_class: int
    coding: int
    receipt: int
    validity: str
    message: bytes
    header: bytes = b""


@dataclass
class MessageCentre:
    """`async with MessageCentre() as smsc: …; await smsc.wait(1); await smsc.receipt(smsc.taken[0], "DELIVRD")`.

    `statuses` are what the next submits are answered with, `bind_status` every bind; `hang` lets submits wait for ever.
    `hexadecimal` writes ids in hexadecimal in answers and in decimal in receipts, as some centres do.
    """

    password: str = "secret"
    bind_status: int = 0
    hang: bool = False
    hexadecimal: bool = False
    statuses: list[int] = field(default_factory=list)
    taken: list[Submitted] = field(default_factory=list)
    binds: int = 0
    enquiries: int = 0
    most_at_once: int = 0

    def __post_init__(self) -> None:
        self._numbers = itertools.count(4_000_000_000)
        self._sequences = itertools.count(1)
        self._arrived = asyncio.Condition()
        self._writers: list[asyncio.StreamWriter] = []
        self._bound: list[asyncio.StreamWriter] = []
        self._answers: dict[int, asyncio.Future[int]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._server: asyncio.Server | None = None
        self.slow = 0.0
        self._under_way = 0

    async def __aenter__(self) -> "MessageCentre":
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        return self

    async def __aexit__(self, *error: Any) -> None:
        assert self._server is not None
        self._server.close()
        self.drop()
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    @property
    def url(self) -> str:
        """What MUSTER_SMPP is set to."""
        assert self._server is not None
        return f"smpp://muster:{self.password}@127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def drop(self) -> None:
        """End every connection without a word."""
        for writer in self._writers:
            writer.transport.abort()
        self._writers.clear()
        self._bound.clear()

    async def wait(self, count: int, within: float = 5.0) -> list[Submitted]:
        """What was submitted, once there are `count` of them."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: len(self.taken) >= count)
        return self.taken

    async def bound(self, count: int = 1, within: float = 5.0) -> None:
        """Return once the client has bound so often."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: self.binds >= count and bool(self._bound))

    async def receipt(
        self, taken: Submitted, stat: str, *, err: str = "000", options: bool = True, text: str = ""
    ) -> int:
        """Send a delivery receipt; the status with which the client answered."""
        id_ = str(int(taken.id, 16)) if self.hexadecimal else taken.id
        words = (
            text
            or f"id:{id_} sub:001 dlvrd:001 submit date:2603020900 done date:2603020901 stat:{stat} err:{err} text:CRITICAL"
        )
        states = {"DELIVRD": 2, "EXPIRED": 3, "DELETED": 4, "UNDELIV": 5, "ACCEPTD": 6, "UNKNOWN": 7, "REJECTD": 8}
        tlv = b""
        if options:
            tlv = struct.pack(">HH", 0x001E, len(id_) + 1) + id_.encode() + b"\0"
            tlv += struct.pack(">HHB", 0x0427, 1, states[stat])
        return await self._deliver(taken.to, taken.source, 0x04, 0, words.encode("ascii"), tlv)

    async def text(self, sender: str, words: str, *, coding: int = 0) -> int:
        """A phone sends a text; the status with which the client answered."""
        data = words.encode("utf-16-be" if coding == 8 else "latin-1")
        return await self._deliver(sender.lstrip("+"), "12345", 0, coding, data, b"")

    async def _deliver(self, source: str, to: str, esm: int, coding: int, message: bytes, tlv: bytes) -> int:
        body = b"\0" + b"\x01\x01" + source.encode() + b"\0" + b"\0\0" + to.encode() + b"\0"
        body += bytes((esm, 0, 0)) + b"\0\0" + bytes((0, 0, coding, 0, len(message))) + message + tlv
        number = next(self._sequences)
        answer: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        self._answers[number] = answer
        self._send(self._bound[-1], DELIVER, 0, number, body)
        async with asyncio.timeout(10):
            return await answer

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._tasks.add(task)
        self._writers.append(writer)
        try:
            while True:
                length, command, status, number = struct.unpack(">IIII", await reader.readexactly(16))
                body = await reader.readexactly(length - 16)
                await self._take(writer, command, status, number, body)
                if command == UNBIND:
                    break
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass
        finally:
            self._tasks.discard(task)
            writer.close()

    async def _take(self, writer: asyncio.StreamWriter, command: int, status: int, number: int, body: bytes) -> None:
        if command == BIND:
            system_id, password = body.split(b"\0")[:2]
            bad = (system_id, password.decode()) != (b"muster", self.password)
            status = self.bind_status or (0x0E if bad else 0)
            self._send(writer, BIND | 0x80000000, status, number, b"smsc\0")
            if not status:
                async with self._arrived:
                    self.binds += 1
                    self._bound.append(writer)
                    self._arrived.notify_all()
        elif command == SUBMIT:
            task = asyncio.create_task(self._submitted(writer, number, body))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)
        elif command == ENQUIRE:
            self.enquiries += 1
            self._send(writer, ENQUIRE | 0x80000000, 0, number)
        elif command == UNBIND:
            self._send(writer, UNBIND | 0x80000000, 0, number)
        elif command == DELIVER | 0x80000000:
            self._answers.pop(number).set_result(status)

    async def _submitted(self, writer: asyncio.StreamWriter, number: int, body: bytes) -> None:
        self._under_way += 1
        self.most_at_once = max(self.most_at_once, self._under_way)
        await asyncio.sleep(3600 if self.hang else self.slow)
        self._under_way -= 1
        status = self.statuses.pop(0) if self.statuses else 0
        if status:
            self._send(writer, SUBMIT | 0x80000000, status, number)
            return
        serial = next(self._numbers)
        id_ = f"{serial:X}" if self.hexadecimal else str(serial)
        submitted = _read(id_, body)
        async with self._arrived:
            self.taken.append(submitted)
            self._arrived.notify_all()
        self._send(writer, SUBMIT | 0x80000000, 0, number, id_.encode() + b"\0")

    def _send(self, writer: asyncio.StreamWriter, command: int, status: int, number: int, body: bytes = b"") -> None:
        writer.write(struct.pack(">IIII", 16 + len(body), command, status, number) + body)


def _read(id_: str, body: bytes) -> Submitted:
    _service, rest = body.split(b"\0", 1)
    source, rest = rest[2:].split(b"\0", 1)
    to, rest = rest[2:].split(b"\0", 1)
    esm_class, rest = rest[0], rest[3:]
    _schedule, rest = rest.split(b"\0", 1)
    validity, rest = rest.split(b"\0", 1)
    receipt, coding, length = rest[0], rest[2], rest[4]
    message = rest[5:]
    assert len(message) == length <= 254, "sm_length does not fit"
    header = message[: message[0] + 1] if esm_class & 0x40 else b""
    return Submitted(
        id_, source.decode(), to.decode(), esm_class, coding, receipt, validity.decode(), message[len(header) :], header
    )
