"""Connections to the mail server: few, verified, reused for a short while, never waited for without end."""

import asyncio
import socket
import ssl
from dataclasses import dataclass, field
from enum import StrEnum

from aiosmtplib import SMTP, SMTPServerDisconnected


class Security(StrEnum):
    """How the connection is encrypted: after STARTTLS, from the first byte, or not at all."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class SmtpSettings:
    """The mail server. `timeout` is in seconds for each step, a whole delivery takes at most three times that.

    `sender` may carry a name: `Muster <muster@example.com>`. `tls` overrides which certificates are trusted.
    """

    host: str
    port: int = 587
    username: str = ""
    password: str = field(default="", repr=False)
    security: Security = Security.STARTTLS
    sender: str = "Muster <muster@localhost>"
    timeout: float = 10.0
    connections: int = 4
    keep: float = 10.0
    tls: ssl.SSLContext | None = None


class Mailer:
    """Hands messages to the mail server over at most `connections` connections, kept for `keep` idle seconds."""

    def __init__(self, settings: SmtpSettings) -> None:
        self._settings = settings
        self._turns = asyncio.Semaphore(settings.connections)
        self._idle: list[tuple[SMTP, float]] = []
        self._sweeper: asyncio.TimerHandle | None = None

    async def deliver(self, data: bytes, sender: str, recipient: str) -> str:
        """Hand one message over and give the server's words.

        Raises:
            SMTPException, TimeoutError, OSError, ValueError: as aiosmtplib does; the connection is closed then.
        """
        async with self._turns, asyncio.timeout(3 * self._settings.timeout):
            client = self._kept()
            if client is not None:
                try:
                    return await self._hand_over(client, data, sender, recipient)
                except SMTPServerDisconnected:
                    client.close()
            return await self._hand_over(await self._connect(), data, sender, recipient)

    async def close(self) -> None:
        """End all connections."""
        if self._sweeper is not None:
            self._sweeper.cancel()
            self._sweeper = None
        while self._idle:
            self._idle.pop()[0].close()

    async def _hand_over(self, client: SMTP, data: bytes, sender: str, recipient: str) -> str:
        try:
            _, said = await client.sendmail(sender, [recipient], data)
        except BaseException:
            client.close()
            raise
        loop = asyncio.get_running_loop()
        self._idle.append((client, loop.time()))
        if self._sweeper is None:
            self._sweeper = loop.call_later(self._settings.keep, self._sweep)
        return said

    def _kept(self) -> SMTP | None:
        while self._idle:
            client, _ = self._idle.pop()
            if client.is_connected:
                return client
        return None

    def _sweep(self) -> None:
        """Close what has been idle too long, and come again while anything is kept."""
        loop = asyncio.get_running_loop()
        oldest = loop.time() - self._settings.keep
        for client, since in self._idle:
            if since <= oldest:
                client.close()
        self._idle = [(client, since) for client, since in self._idle if client.is_connected]
        self._sweeper = loop.call_later(self._settings.keep, self._sweep) if self._idle else None

    async def _connect(self) -> SMTP:
        settings = self._settings
        client = SMTP(
            hostname=settings.host,
            port=settings.port,
            username=settings.username or None,
            password=settings.password or None,
            local_hostname=socket.gethostname(),
            timeout=settings.timeout,
            use_tls=settings.security is Security.TLS,
            start_tls=settings.security is Security.STARTTLS,
            tls_context=settings.tls,
        )
        await client.connect()
        return client
