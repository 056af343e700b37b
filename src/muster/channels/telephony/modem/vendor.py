"""A modem as a vendor of text messages: opened while Muster runs, opened again whenever it went away."""

import asyncio
import itertools
import re
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

import structlog

from muster.base.supervise import end_tasks, supervise
from muster.channels.telephony.modem import pdu
from muster.channels.telephony.modem.line import ModemError, ModemLine, NoModem
from muster.channels.telephony.modem.pdu import Arrived, NotAPdu
from muster.channels.telephony.port import DeliveryReport, Ears, PhoneReply, Text
from muster.channels.telephony.segments import split
from muster.kit.errors import Fault
from muster.paging.channel import Receipt, SendOutcome, handed_over, refused, retry

log = structlog.get_logger("muster.sms")
_SENT = re.compile(r"\+CMGS: *(\d+)")
_STORED = re.compile(r"\+CMGL: *(\d+)")
_ERROR = re.compile(r"\+CM[ES] ERROR: *(\d+)")
_SPEED = re.compile(r"(/\S+?)(?:@(\d+))?")
_REFUSED = {
    "1": "the number is unassigned", "8": "the operator bars this number", "10": "the SIM card is barred",
    "21": "the network rejected it", "27": "the number is out of service", "28": "the number is unknown",
    "29": "the operator rejected it", "30": "the network does not know the SIM card", "50": "the SIM card is barred",
}  # fmt: skip
SETTING = "MUSTER_MODEM"
LOOK_EVERY = 30.0
SEND_WITHIN = 45.0
_PARTS_KEPT = 100


class ModemSms:
    """Text messages over AT commands in PDU mode. A long text's receipt is that of its last part."""

    name = "modem"
    two_way = True
    receipt_within = timedelta(minutes=2)
    missing = ""

    def __init__(self, device: str, speed: int = 115200, pin: str = "", *, rest: float = 2.0) -> None:
        self._device, self._speed, self._pin, self._rest = device, speed, pin, rest
        self._line: ModemLine | None = None
        self._opening = asyncio.Lock()
        self._sending = asyncio.Lock()
        self._references = itertools.count(1)
        self._waiting: dict[int, str] = {}
        self._pieces: dict[tuple[str, int], dict[int, str]] = {}
        self._ears: Ears | None = None
        self._look = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()

    async def listen(self, ears: Ears) -> None:
        """Open the modem and look for messages."""
        self._ears = ears
        self._tasks.add(supervise("modem", self._keep))

    async def close(self) -> None:
        """Close the modem."""
        await end_tasks(self._tasks)
        if self._line is not None:
            self._line.close()

    async def send(self, text: Text) -> Receipt:
        """Send every part of a text; one text at a time."""
        async with self._sending:
            try:
                line = await self._opened()
                reference = 0
                for part in split(text.text, next(self._references)):
                    unit, length = pdu.encode(text.to, part)
                    said = await line.command(f"AT+CMGS={length}", data=unit, within=SEND_WITHIN)
                    found = next((found for answer_line in said if (found := _SENT.match(answer_line))), None)
                    if found is None:
                        return retry("The modem took it without saying under which reference.")
                    reference = int(found[1])
            except NoModem as error:
                return retry(str(error))
            except ModemError as error:
                return _explain(str(error))
            id_ = f"modem:{text.key}"
            self._waiting[reference] = id_
            return handed_over("The modem sent it.", id_)

    async def _opened(self) -> ModemLine:
        async with self._opening:
            if self._line is None or self._line.closed.is_set():
                self._line = await self._open()
            return self._line

    async def _open(self) -> ModemLine:
        line = ModemLine(self._device, self._speed, self._hear)
        try:
            await line.command("ATE0")
            if self._pin and any("SIM PIN" in answer_line for answer_line in await line.command("AT+CPIN?")):
                await line.command(f'AT+CPIN="{self._pin}"')
            for command in ("AT+CMEE=1", "AT+CMGF=0", "AT+CNMI=2,1,0,1,0"):
                await line.command(command)
        except ModemError as error:
            line.close()
            raise NoModem(f"The modem at {self._device} is not ready: {error}.") from error
        except NoModem:
            line.close()
            raise
        return line

    async def _keep(self) -> None:
        while True:
            try:
                line = await self._opened()
                # Before the look: a message that arrives during it asks for another.
                self._look.clear()
                await self._fetch(line)
            except NoModem as error:
                log.warning("modem.away", reason=str(error))
                await asyncio.sleep(self._rest)
                continue
            except ModemError as error:
                log.warning("modem.refused", reason=str(error))
            try:
                async with asyncio.timeout(LOOK_EVERY if not line.closed.is_set() else self._rest):
                    await self._look.wait()
            except TimeoutError:
                continue

    async def _fetch(self, line: ModemLine) -> None:
        """Read what is stored, and delete each message only once what it says is done."""
        said = await line.command("AT+CMGL=4")
        for at, answer_line in enumerate(said):
            if (found := _STORED.match(answer_line)) and at + 1 < len(said):
                try:
                    arrived = pdu.decode(said[at + 1])
                    if isinstance(arrived, Arrived):
                        await self._arrived(arrived)
                except NotAPdu as error:
                    log.warning("modem.unreadable", reason=str(error))
                await line.command(f"AT+CMGD={found[1]}")

    async def _arrived(self, arrived: Arrived) -> None:
        words = arrived.text
        if arrived.part is not None:
            reference, count, number = arrived.part
            pieces = self._pieces.setdefault((arrived.sender, reference), {})
            pieces[number] = words
            if len(self._pieces) > _PARTS_KEPT:
                self._pieces.pop(next(iter(self._pieces)))
            if len(pieces) < count:
                return
            self._pieces.pop((arrived.sender, reference), None)
            words = "".join(pieces[piece] for piece in sorted(pieces))
        if self._ears is not None:
            await self._ears.replied("sms", self.name, PhoneReply(arrived.sender, words))

    def _hear(self, line: str, data: str) -> None:
        if line.startswith("+CDS:"):
            self._start(self._reported(data))
        else:
            self._look.set()

    async def _reported(self, data: str) -> None:
        try:
            status = pdu.decode(data)
        except NotAPdu:
            return
        if not isinstance(status, pdu.Status) or not status.final:
            return
        # The report may overtake the modem's own answer to the sending.
        async with self._sending:
            id_ = self._waiting.pop(status.reference, "")
        if id_ and self._ears is not None:
            outcome = SendOutcome.DELIVERED if status.delivered else SendOutcome.REFUSED
            failed = f"It was not delivered: the network gave up (status 0x{status.code:02x})."
            await self._ears.reported(
                "sms", DeliveryReport(id_, outcome, "The phone has it." if status.delivered else failed)
            )

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def read_device(text: str) -> tuple[str, int] | Fault:
    """The device and its speed of `/dev/ttyUSB0@115200`, or what is wrong with it."""
    found = _SPEED.fullmatch(text)
    if found is None:
        return Fault(
            SETTING, f"{text!r} is no device.", "Write it like /dev/ttyUSB0, or /dev/ttyUSB0@9600 with its speed."
        )
    return found[1], int(found[2] or 115200)


def _explain(error: str) -> Receipt:
    found = _ERROR.fullmatch(error)
    code = found[1] if found else ""
    if code in _REFUSED:
        return refused(f"The modem could not send it: {_REFUSED[code]} ({error}).")
    return retry(f"The modem could not send it ({error}).")
