"""A mail server that keeps what it gets and can refuse, greylist, ask for a password, or fall silent."""

import asyncio
import ssl
from dataclasses import dataclass, field
from email import message_from_bytes, policy
from email.message import EmailMessage
from types import TracebackType
from typing import Any, Self, cast

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session


@dataclass(frozen=True, slots=True)
class Mail:
    """One accepted mail: envelope and parsed content."""

    sender: str
    recipients: list[str]
    message: EmailMessage

    @property
    def text(self) -> str:
        """The plain text part."""
        return cast(EmailMessage, self.message.get_body(("plain",))).get_content().replace("\r\n", "\n")

    @property
    def html(self) -> str:
        """The HTML part."""
        return str(cast(EmailMessage, self.message.get_body(("html",))).get_content())


@dataclass
class SmtpSink:
    """`async with SmtpSink() as smtp: …; await smtp.wait(1); smtp.messages[0].text`.

    `refuse` maps recipients to the reply that they get (`"550 5.1.1 No such user"`), `greylist` lets every recipient
    fail once, `hang` names the step at which it falls silent: `"greeting"`, `"recipient"` or `"data"`; `data_reply` is
    what it says to a whole mail. With `login`, mail is taken after authentication only.
    """

    refuse: dict[str, str] = field(default_factory=dict)
    greylist: bool = False
    hang: str = ""
    data_reply: str = "250 2.0.0 Ok: queued as 4F00D"
    login: tuple[str, str] | None = None
    tls: ssl.SSLContext | None = None
    messages: list[Mail] = field(default_factory=list)
    sessions: int = 0

    def __post_init__(self) -> None:
        self._seen: set[str] = set()
        self._arrived = asyncio.Condition()
        self._server: asyncio.Server | None = None
        self._connections: set[SMTP] = set()

    @property
    def port(self) -> int:
        """The port it listens on, at 127.0.0.1."""
        assert self._server is not None
        return int(self._server.sockets[0].getsockname()[1])

    async def wait(self, count: int, within: float = 5.0) -> list[Mail]:
        """The mails, once there are `count` of them."""
        async with asyncio.timeout(within), self._arrived:
            await self._arrived.wait_for(lambda: len(self.messages) >= count)
        return self.messages

    async def __aenter__(self) -> Self:
        loop = asyncio.get_running_loop()
        factory = asyncio.Protocol if self.hang == "greeting" else self._open
        self._server = await loop.create_server(factory, "127.0.0.1", 0)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        assert self._server is not None
        self._server.close()
        self.drop_connections()
        await asyncio.sleep(0)

    def drop_connections(self) -> None:
        """End all connections, as a restarting server does."""
        for connection in self._connections:
            if connection.transport is not None:
                connection.transport.abort()
        self._connections.clear()

    def _open(self) -> SMTP:
        self.sessions += 1
        connection = SMTP(
            self,
            hostname="mail.example",
            enable_SMTPUTF8=True,
            tls_context=self.tls,
            require_starttls=self.tls is not None,
            auth_require_tls=self.tls is not None,
            auth_required=self.login is not None,
            authenticator=self._authenticate if self.login else None,
            loop=asyncio.get_running_loop(),
        )
        self._connections.add(connection)
        return connection

    def _authenticate(
        self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: Any
    ) -> AuthResult:
        given = isinstance(data, LoginPassword) and (data.login.decode(), data.password.decode())
        return AuthResult(success=given == self.login, handled=False)

    async def handle_RCPT(
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """aiosmtpd's hook for each recipient."""
        if self.hang == "recipient":
            await asyncio.sleep(3600)
        if address in self.refuse:
            return self.refuse[address]
        if self.greylist and address not in self._seen:
            self._seen.add(address)
            return "451 4.7.1 Greylisted, please try again"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Ok"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd's hook for a whole mail."""
        if self.hang == "data":
            await asyncio.sleep(3600)
        if self.data_reply.startswith("250"):
            message = message_from_bytes(cast(bytes, envelope.content), policy=policy.default)
            mail = Mail(envelope.mail_from or "", list(envelope.rcpt_tos), cast(EmailMessage, message))
            async with self._arrived:
                self.messages.append(mail)
                self._arrived.notify_all()
        return self.data_reply
