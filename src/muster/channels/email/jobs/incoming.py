"""Mail that comes in, put together from the settings: the addresses for answers, the listener, the mailbox."""

from collections.abc import Mapping
from datetime import timedelta

from muster.base.db.database import Database
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.base.work.runner import Handler
from muster.channels.email.actions.listener import ListenerSettings, MailListener, read_tls
from muster.channels.email.actions.mailbox import MailboxSettings
from muster.channels.email.form import read_address
from muster.channels.email.jobs import mail as jobs
from muster.channels.email.reply_address import LONGEST_LOCAL, ReplyAddresses
from muster.channels.email.settings import IncomingMailSettings
from muster.inbound.email.actions.alerts import AlertMail, Takes
from muster.inbound.email.alert_address import AlertAddresses
from muster.kit.errors import Fault, Invalid
from muster.paging.channel import Channel

SECURITIES = ("tls", "starttls", "none")


class IncomingMail:
    """What one node does about mail that comes in; nothing where MUSTER_MAIL_IN is not set."""

    def __init__(self, settings: IncomingMailSettings, secrets: Secrets, database: Database, intake: Takes) -> None:
        self._settings = settings
        self.addresses = read_answers(settings, secrets)
        self.mailbox = read_mailbox(settings)
        self.listener: MailListener | None = None
        self.alert_addresses: AlertAddresses | None = None
        self.alerts: AlertMail | None = None
        if self.addresses is not None:
            self.alert_addresses = AlertAddresses(self.addresses.base, secrets.derive("mail-alerts"))
            self.alerts = AlertMail(self.alert_addresses, database, secrets, intake)
        if self.addresses is not None and self.alerts is not None and settings.mail_port:
            tls = read_tls(settings.mail_certificate, settings.mail_key)
            name = self.addresses.base.rpartition("@")[2]
            listening = ListenerSettings(settings.mail_host, settings.mail_port, name, tls)
            self.listener = MailListener(listening, self.addresses, database, self.alerts)

    async def start(self, unit: Unit) -> None:
        """Begin to listen and to look."""
        if self.alerts is not None:
            await self.alerts.learn(unit.conn)
        if self.listener is not None:
            await self.listener.start()
        await jobs.begin(unit, self.mailbox)

    async def close(self) -> None:
        """Take nothing more."""
        if self.listener is not None:
            await self.listener.close()

    def handlers(self, channels: Mapping[str, Channel]) -> dict[str, Handler]:
        """The job kinds of mail; answers go back by the channel that sends e-mail."""
        posts = channels["email"]
        assert isinstance(posts, jobs.Posts)
        every = timedelta(seconds=max(1, self._settings.imap_every))
        return jobs.handlers(posts, self.addresses, self.mailbox, every, self.alerts)


def read_answers(settings: IncomingMailSettings, secrets: Secrets) -> ReplyAddresses | None:
    """The addresses for answers; None where answers are not read.

    Raises:
        Invalid: when MUSTER_MAIL_IN is no address, or nothing would read it.
    """
    if not settings.mail_in:
        if settings.mail_port or settings.imap_host:
            fault = Fault(
                "MUSTER_MAIL_IN", "Mail is to be taken in, but for which address?", "Set it, as page@muster.example."
            )
            raise Invalid("The settings for incoming mail cannot be used.", faults=[fault])
        return None
    address = read_address(settings.mail_in, "MUSTER_MAIL_IN")
    faults = []
    if isinstance(address, Fault):
        faults.append(address)
    elif len(address.rpartition("@")[0]) > LONGEST_LOCAL:
        rule = f"What is before the @ may have {LONGEST_LOCAL} characters: a mark of 43 follows it."
        faults.append(Fault("MUSTER_MAIL_IN", rule, "Use a shorter one, as page@muster.example."))
    if not settings.mail_port and not settings.imap_host:
        fix = "Set MUSTER_MAIL_PORT to take mail by SMTP, or MUSTER_IMAP_HOST to read a mailbox."
        faults.append(Fault("MUSTER_MAIL_IN", "Nothing reads the answers that go there.", fix))
    if faults:
        raise Invalid("The settings for incoming mail cannot be used.", faults=faults)
    return ReplyAddresses(str(address), secrets.derive("mail-answers"))


def read_mailbox(settings: IncomingMailSettings) -> MailboxSettings | None:
    """The mailbox; None where none is read.

    Raises:
        Invalid: for an unknown security.
    """
    if not settings.imap_host:
        return None
    if settings.imap_security not in SECURITIES:
        fix = f"Use one of {', '.join(SECURITIES)}."
        fault = Fault("MUSTER_IMAP_SECURITY", f"{settings.imap_security!r} is unknown.", fix)
        raise Invalid("The settings for incoming mail cannot be used.", faults=[fault])
    return MailboxSettings(
        host=settings.imap_host,
        port=settings.imap_port,
        user=settings.imap_user,
        password=settings.imap_password,
        security=settings.imap_security,
        folder=settings.imap_folder,
    )
