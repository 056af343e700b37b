"""Muster's own SMTP listener: takes mail for the addresses that Muster made, and for no others.

A mail is acknowledged once what it says is written down; while the database is away the sender is told to come again,
which every mail server does for days.
"""

import asyncio
import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog
from aiosmtpd.smtp import SMTP, Envelope, Session

from muster.base.access import ANONYMOUS
from muster.base.aside import aside
from muster.base.db.database import Database
from muster.channels.email.actions.receive import meant, receive
from muster.channels.email.mail_kind import read_mail
from muster.channels.email.reply_address import ReplyAddresses
from muster.inbound.email.actions.alerts import AlertMail
from muster.kit.errors import Fault, Invalid, Unavailable
from muster.paging.wording import one_line

log = structlog.get_logger("muster.mail")
LARGEST = 5 * 1024 * 1024
MOST_CONNECTIONS = 50
MOST_RECIPIENTS = 10
SILENCE = 60
NOT_OURS = "550 5.1.1 This is neither the address of a page nor that of an integration"
TAKEN = "250 2.0.0 Ok"
BUSY = "451 4.3.0 Muster's database is away, please try again"


@dataclass(frozen=True, slots=True)
class ListenerSettings:
    """Where to listen; `tls` offers STARTTLS."""

    host: str
    port: int
    name: str = "muster"
    tls: ssl.SSLContext | None = None


class MailListener:
    """Listens between `start` and `close`."""

    def __init__(
        self, settings: ListenerSettings, addresses: ReplyAddresses, database: Database, alerts: AlertMail
    ) -> None:
        self._settings, self._addresses, self._database, self._alerts = settings, addresses, database, alerts
        self._server: asyncio.Server | None = None
        self._open: set[_Connection] = set()

    @property
    def port(self) -> int:
        """The port that it listens on."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def start(self) -> None:
        """Begin to listen.

        Raises:
            Unavailable: the port cannot be had; the detail says what to do.
        """
        host, port = self._settings.host, self._settings.port
        try:
            self._server = await asyncio.get_running_loop().create_server(self._connection, host, port)
        except OSError as error:
            raise Unavailable(
                f"Muster cannot take mail on {host}:{port}: {error.strerror}.",
                "Choose another port with MUSTER_MAIL_PORT (and MUSTER_MAIL_HOST), or 0 for none.",
            ) from error
        log.info("mail.listening", host=host, port=self.port, starttls=self._settings.tls is not None)

    async def close(self) -> None:
        """End in the middle of whatever is under way: what was not acknowledged comes again."""
        if self._server is None:
            return
        self._server.close()
        for connection in list(self._open):
            if isinstance(connection.transport, asyncio.WriteTransport):
                connection.transport.abort()
        await self._server.wait_closed()

    def _connection(self) -> "asyncio.Protocol":
        if len(self._open) >= MOST_CONNECTIONS:
            return _Full()
        connection = _Connection(
            self,
            self._open,
            hostname=self._settings.name,
            ident="Muster",
            data_size_limit=LARGEST,
            enable_SMTPUTF8=True,
            tls_context=self._settings.tls,
            timeout=SILENCE,
            loop=asyncio.get_running_loop(),
        )
        self._open.add(connection)
        return connection

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for each recipient."""
        try:
            ours = self._addresses.read(address) is not None or await self._alerts.key_for(address) is not None
        except Unavailable:
            return BUSY
        if not ours:
            return NOT_OURS
        if len(envelope.rcpt_tos) >= MOST_RECIPIENTS:
            return "452 4.5.3 Too many recipients"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook for a whole mail."""
        raw = envelope.content if isinstance(envelope.content, bytes) else b""
        # A report has no sender, which is written as <>.
        sender = (envelope.mail_from or "").strip("<>")
        delivery_id = meant(self._addresses, envelope.rcpt_tos)
        try:
            keys = await self._alerts.keys_for(envelope.rcpt_tos)
            if delivery_id is not None:
                await self._answer(raw, sender, delivery_id)
            refusals = [(await self._alerts.take(key, raw)).refusal for key in keys]
        except Unavailable:
            return BUSY
        except Exception as error:
            log.error("mail.failed", delivery=str(delivery_id or ""), exc_info=error)
            return BUSY
        if delivery_id is None and not keys:
            return NOT_OURS
        refused = next((refusal for refusal in refusals if refusal), "")
        return f"554 5.6.0 {one_line(refused)[:300].encode('ascii', 'replace').decode()}" if refused else TAKEN

    async def _answer(self, raw: bytes, sender: str, delivery_id: UUID) -> None:
        mail = await aside(read_mail, raw, sender)
        async with self._database.unit(ANONYMOUS) as unit:
            done = await receive(unit, mail, delivery_id)
        log.info("mail.taken", delivery=str(delivery_id), done=done)


class _Connection(SMTP):
    def __init__(self, handler: Any, all_open: "set[_Connection]", **settings: Any) -> None:
        super().__init__(handler, **settings)
        self._all_open = all_open

    def connection_lost(self, error: Exception | None) -> None:
        self._all_open.discard(self)
        super().connection_lost(error)


class _Full(asyncio.Protocol):
    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        transport.write(b"421 4.3.2 Too many connections\r\n")
        transport.close()


def read_tls(certificate: str, key: str) -> ssl.SSLContext | None:
    """The certificate for STARTTLS; None where none is set.

    Raises:
        Invalid: when it cannot be used.
    """
    if not certificate:
        return None
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    try:
        context.load_cert_chain(Path(certificate), Path(key) if key else None)
    except (OSError, ssl.SSLError) as error:
        why = error.strerror or type(error).__name__
        fault = Fault(
            "MUSTER_MAIL_CERTIFICATE", f"{certificate} cannot be used: {why}.", "Give a PEM file and its key."
        )
        raise Invalid("The certificate for incoming mail cannot be used.", faults=[fault]) from error
    return context
