"""E-mail among the channels: the mail server that pages leave by, and how answers come back."""

from email.utils import parseaddr

from muster.base.settings import Settings
from muster.channels.email.channel import EmailChannel
from muster.channels.email.form import read_address
from muster.channels.email.settings import IncomingMailSettings, OutgoingMailSettings
from muster.channels.email.smtp import Security, SmtpSettings
from muster.channels.entry import ChannelEntry, Ground, Guide
from muster.kit.errors import Fault, Invalid


def _build(ground: Ground) -> EmailChannel:
    return EmailChannel(read_smtp(ground.settings), ground.reply_addresses)


def read_smtp(settings: Settings) -> SmtpSettings | None:
    """The mail server; None when e-mail is off.

    Raises:
        Invalid: with one fault for each setting that cannot be used.
    """
    own = settings.of(OutgoingMailSettings)
    if not own.smtp_host:
        return None
    faults = []
    if own.smtp_security not in list(Security):
        known = ", ".join(Security)
        faults.append(Fault("MUSTER_SMTP_SECURITY", f"{own.smtp_security!r} is unknown.", f"Use one of {known}."))
    sender = read_address(parseaddr(own.smtp_from)[1], "MUSTER_SMTP_FROM")
    if isinstance(sender, Fault):
        faults.append(sender)
    if faults:
        raise Invalid("The mail server's settings cannot be used.", faults=faults)
    return SmtpSettings(
        host=own.smtp_host,
        port=own.smtp_port,
        username=own.smtp_user,
        password=own.smtp_password,
        security=Security(own.smtp_security),
        sender=own.smtp_from,
    )


def _guide(settings: Settings, channel: EmailChannel) -> Guide:
    contact = "Each person adds an e-mail contact; without one, the address of their account is the last resort."
    own = settings.of(OutgoingMailSettings)
    if not own.smtp_host:
        server = (
            "Set MUSTER_SMTP_HOST and MUSTER_SMTP_FROM, and where the server asks for it MUSTER_SMTP_USER and "
            "MUSTER_SMTP_PASSWORD (MUSTER_SMTP_SECURITY is starttls, tls or none)."
        )
        return Guide(False, "Off: no mail server is set.", (server, "Restart Muster.", contact))
    stands = f"Mail leaves through {own.smtp_host}:{own.smtp_port} as {own.smtp_from}."
    if settings.of(IncomingMailSettings).mail_in:
        return Guide(True, f"{stands} Answers are read: a reply with ack acknowledges.", (contact,))
    answers = (
        "To let people acknowledge by a reply, set MUSTER_MAIL_IN to an address, and MUSTER_MAIL_PORT to take its mail "
        "by SMTP or MUSTER_IMAP_HOST to read its mailbox."
    )
    return Guide(True, stands, (contact, answers))


ENTRY = ChannelEntry("email", _build, _guide, examine="channels.email.doctor:examine")
