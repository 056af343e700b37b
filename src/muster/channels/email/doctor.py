"""What `muster doctor` looks at of e-mail: the server that pages leave by, and the address that answers come to."""

import asyncio
import socket

from muster.base.http import Http
from muster.base.postgres import Finding
from muster.base.secrets import Secrets
from muster.base.settings import Settings
from muster.channels.email.actions.mailbox import MailboxAway, MailboxSettings, check
from muster.channels.email.jobs.incoming import read_answers, read_mailbox
from muster.channels.email.settings import IncomingMailSettings, OutgoingMailSettings
from muster.kit.errors import Problem

PATIENCE = 5.0


async def examine(settings: Settings, http: Http) -> list[Finding]:
    """Findings about mail that goes out and mail that comes in."""
    return [await _server(settings.of(OutgoingMailSettings)), await _answers(settings.of(IncomingMailSettings))]


async def _server(settings: OutgoingMailSettings) -> Finding:
    if not settings.smtp_host:
        return Finding("e-mail", True, "E-mail is off (MUSTER_SMTP_HOST is not set).")
    try:
        _, writer = await asyncio.wait_for(asyncio.open_connection(settings.smtp_host, settings.smtp_port), PATIENCE)
        writer.close()
    except (OSError, TimeoutError, socket.gaierror) as error:
        sentence = f"The mail server {settings.smtp_host}:{settings.smtp_port} does not answer: {error or 'no answer in time'}."
        return Finding("e-mail", False, sentence, "Check MUSTER_SMTP_HOST and MUSTER_SMTP_PORT.")
    return Finding("e-mail", True, f"The mail server {settings.smtp_host}:{settings.smtp_port} answers.")


async def _answers(settings: IncomingMailSettings) -> Finding:
    name = "answers by mail"
    try:
        addresses, mailbox = read_answers(settings, Secrets(bytes(32))), read_mailbox(settings)
    except Problem as problem:
        return Finding(name, False, problem.title, str(problem))
    if addresses is None:
        return Finding(name, True, "Answers by mail are off (MUSTER_MAIL_IN is not set).")
    if mailbox is not None:
        return await _mailbox(name, mailbox)
    return Finding(name, True, f"Mail to {addresses.base} is taken on {settings.mail_host}:{settings.mail_port}.")


async def _mailbox(name: str, mailbox: MailboxSettings) -> Finding:
    try:
        await asyncio.to_thread(check, mailbox)
    except MailboxAway as error:
        return Finding(name, False, str(error), "Check the settings MUSTER_IMAP_….")
    return Finding(name, True, f"The mailbox at {mailbox.host} can be read.")
