"""A message centre as a vendor of text messages: bound while Muster runs, bound again whenever the connection is lost."""

import asyncio
import itertools
from datetime import timedelta

import structlog

from muster.base.supervise import end_tasks, supervise
from muster.channels.telephony import gsm7
from muster.channels.telephony.numbers import international
from muster.channels.telephony.port import Ears, PhoneReply, Text
from muster.channels.telephony.segments import SmsPart, split
from muster.channels.telephony.smpp import pdu
from muster.channels.telephony.smpp.pdu import UDHI, Delivered
from muster.channels.telephony.smpp.session import OK, BindRefused, ConnectionLost, SmppSession, open_session
from muster.channels.telephony.smpp.settings import SmppSettings
from muster.channels.telephony.smpp.status import explain, named, read_receipt
from muster.paging.channel import Receipt, SendOutcome, handed_over, refused, retry

log = structlog.get_logger("muster.sms")
HOUR = "000000010000000R"
DEFAULT, LATIN1, WIDE = 0, 3, 8
_LONGEST_REST = 30.0


class SmppSms:
    """Text messages over SMPP 3.4. A long text's receipt is that of its last part."""

    name = "smpp"
    two_way = True
    receipt_within = timedelta(minutes=2)
    missing = ""

    def __init__(self, settings: SmppSettings) -> None:
        self._settings = settings
        self._session: SmppSession | None = None
        self._binding = asyncio.Lock()
        self._references = itertools.count(1)
        self._ears: Ears | None = None
        self._keeping: asyncio.Task[None] | None = None

    async def listen(self, ears: Ears) -> None:
        """Bind, and stay bound."""
        self._ears = ears
        self._keeping = supervise("smpp", self._keep)

    async def close(self) -> None:
        """Unbind."""
        if self._keeping is not None:
            await end_tasks([self._keeping])
        if self._session is not None:
            await self._session.close()

    async def send(self, text: Text) -> Receipt:
        """Submit every part of a text."""
        host = self._settings.host
        try:
            session = await self._bound()
            id_ = ""
            parts = split(text.text, next(self._references), wide=self._settings.alphabet == "wide")
            for number, part in enumerate(parts, start=1):
                answer = await session.request(pdu.SUBMIT, self._submit(text.to, part, last=number == len(parts)))
                if answer.status != OK:
                    return explain(host, answer.status)
                id_ = pdu.read_id(answer.body)
        except BindRefused as error:
            receipt = explain(host, error.status)
            return (
                receipt if receipt.outcome is SendOutcome.RETRY else refused(f"Muster is not let in. {receipt.reason}")
            )
        except ConnectionLost as error:
            return retry(str(error), unanswered=isinstance(error.__cause__, TimeoutError))
        return handed_over(f"{host} took it.", named(id_) if id_ else "")

    def _submit(self, to: str, part: SmsPart, *, last: bool) -> bytes:
        codes = part.codes
        if not part.wide and self._settings.alphabet == "latin1":
            codes = gsm7.letters(codes).encode("latin-1", "replace")
        return pdu.submit(
            self._settings.sender,
            to,
            part.header + codes,
            coding=WIDE if part.wide else DEFAULT,
            header=bool(part.header),
            receipt=last,
            validity=HOUR,
        )

    async def _bound(self) -> SmppSession:
        async with self._binding:
            if self._session is None or self._session.ended.is_set():
                self._session = await open_session(self._settings, self._heard)
            return self._session

    async def _keep(self) -> None:
        rest = self._settings.rest
        while True:
            try:
                session = await self._bound()
                rest = self._settings.rest
                await session.ended.wait()
                log.warning("smpp.lost", host=self._settings.host)
            except (ConnectionLost, BindRefused) as error:
                log.warning("smpp.not_bound", host=self._settings.host, reason=str(error))
            await asyncio.sleep(rest)
            rest = min(2 * rest, _LONGEST_REST)

    async def _heard(self, delivered: Delivered) -> None:
        if self._ears is None:
            return
        if delivered.is_receipt:
            if found := read_receipt(delivered):
                report, others = found
                await self._ears.reported("sms", report, also=others)
            return
        reply = PhoneReply(international(delivered.source), words(delivered))
        await self._ears.replied("sms", self.name, reply)


def words(delivered: Delivered) -> str:
    """What somebody wrote, in whatever alphabet it came."""
    codes = delivered.message
    if delivered.esm_class & UDHI and codes:
        codes = codes[codes[0] + 1 :]
    if delivered.coding & 0x0C == WIDE:
        return codes.decode("utf-16-be", "replace")
    if delivered.coding == LATIN1:
        return codes.decode("latin-1")
    if delivered.coding == 1:
        return codes.decode("ascii", "replace")
    return gsm7.letters(codes)
