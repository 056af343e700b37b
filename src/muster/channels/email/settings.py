"""Settings of e-mail: the server that pages leave by, and how mail comes in."""

from dataclasses import dataclass

from muster.base.settings import setting


@dataclass(frozen=True, slots=True)
class OutgoingMailSettings:
    """The mail server that pages leave by."""

    smtp_host: str = setting("", "The mail server for e-mail pages; empty: e-mail is off.")
    smtp_port: int = setting(587, "The mail server's port.")
    smtp_user: str = setting("", "The user name at the mail server.")
    smtp_password: str = setting("", "The password at the mail server.", secret=True)
    smtp_security: str = setting("starttls", "starttls, tls or none.")
    smtp_from: str = setting("muster@localhost", "The sender of e-mail pages.")


@dataclass(frozen=True, slots=True)
class IncomingMailSettings:
    """How answers and alerts come in by mail."""

    mail_in: str = setting(
        "", "The address below which answers to pages and alerts by e-mail arrive; empty: none are read."
    )
    mail_host: str = setting("0.0.0.0", "The address on which Muster takes mail.")
    mail_port: int = setting(0, "The port on which Muster takes mail by SMTP; 0: it does not.")
    mail_certificate: str = setting("", "The certificate (PEM) for STARTTLS on that port; empty: without TLS.")
    mail_key: str = setting("", "The certificate's private key (PEM).")
    imap_host: str = setting("", "A mailbox that such mail arrives in, read by IMAP; empty: none is read.")
    imap_port: int = setting(993, "The mailbox's port.")
    imap_security: str = setting("tls", "tls, starttls or none.")
    imap_user: str = setting("", "The user name at the mailbox.")
    imap_password: str = setting("", "The password at the mailbox.", secret=True)
    imap_folder: str = setting("INBOX", "The folder that answers arrive in.")
    imap_every: int = setting(15, "Seconds between two looks into the mailbox.")


SETTINGS = (OutgoingMailSettings, IncomingMailSettings)
