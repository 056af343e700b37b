"""Pages by e-mail through the installation's mail server."""

import re
import ssl
from email.utils import parseaddr

from aiosmtplib import (
    SMTPAuthenticationError,
    SMTPConnectError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
    SMTPServerDisconnected,
    SMTPTimeoutError,
)

from muster.channels.email.form import compose_email, read_address
from muster.channels.email.reply_address import ReplyAddresses
from muster.channels.email.smtp import Mailer, SmtpSettings
from muster.channels.http_receipts import never_raises
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, handed_over, refused, retry
from muster.paging.wording import one_line, shorten

_QUEUED = re.compile(r"queued as (\S+)", re.IGNORECASE)


class EmailChannel:
    """Sends e-mail; without settings it says what to set."""

    kind = "email"
    form = ContactForm("E-mail", "E-mail address", "amara@example.com")

    def __init__(self, settings: SmtpSettings | None, answers: ReplyAddresses | None = None) -> None:
        self.capabilities = Capabilities(usable=settings is not None, two_way=answers is not None)
        self._settings, self._answers = settings, answers
        self._mailer = Mailer(settings) if settings else None

    def check_address(self, address: str) -> Fault | None:
        """The address's form."""
        parsed = read_address(address)
        return parsed if isinstance(parsed, Fault) else None

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    async def close(self) -> None:
        """End the connections to the mail server."""
        if self._mailer is not None:
            await self._mailer.close()

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Hand the message to the mail server."""
        if self._mailer is None or self._settings is None:
            return refused("E-mail is not set up: set MUSTER_SMTP_HOST and the settings beside it.")
        recipient = read_address(address)
        if isinstance(recipient, Fault):
            return refused(f"{recipient.rule} {recipient.fix}")
        reply_to = self._answers.of(message.delivery_id) if self._answers else ""
        mail = compose_email(message, self._settings.sender, recipient, reply_to)
        # Where answers are read, mail that comes back goes there too, and tells which delivery failed.
        receipt = await self.post(mail, reply_to or parseaddr(self._settings.sender)[1], recipient)
        if reply_to and receipt.outcome.sent:
            return handed_over(receipt.reason, str(message.delivery_id))
        return receipt

    @never_raises
    async def post(self, raw: bytes, sender: str, recipient: str) -> Receipt:
        """Hand over a mail that is composed already; `sender` is the envelope's, empty for none."""
        if self._mailer is None or self._settings is None:
            return refused("E-mail is not set up: set MUSTER_SMTP_HOST and the settings beside it.")
        host = self._settings.host
        try:
            said = await self._mailer.deliver(raw, sender, recipient)
        except (SMTPException, OSError, ValueError) as error:
            return explain(error, host)
        queued = _QUEUED.search(said)
        return handed_over(f"{host} took it: {_quote(said)}.", queued[1][:100] if queued else "")


def explain(error: Exception, host: str) -> Receipt:
    """The receipt of a failed hand-over: what the mail server said, and whether trying again may help."""
    if isinstance(error, SMTPRecipientsRefused):
        error = error.recipients[0]
    if isinstance(error, SMTPResponseException):
        whom = "Muster's user name and password" if isinstance(error, SMTPAuthenticationError) else "it"
        sentence = f"{host} refused {whom}: {error.code} {_quote(error.message)}."
        return refused(sentence) if error.code >= 500 else retry(sentence)
    insecure = _tls_error(error)
    if insecure is not None:
        why = getattr(insecure, "verify_message", "") or insecure.reason or "no reason given"
        return retry(f"The connection to {host} could not be secured: {why}.")
    if isinstance(error, TimeoutError | SMTPTimeoutError):
        return retry(f"{host} did not answer in time.", unanswered=True)
    if isinstance(error, SMTPServerDisconnected):
        return retry(f"{host} ended the connection.")
    if isinstance(error, SMTPConnectError | OSError):
        return retry(f"No connection to the mail server {host}: {_reason(error)}.")
    return refused(f"{host} cannot send this: {_quote(str(error))}")


def _tls_error(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _reason(error: BaseException) -> str:
    system = error.__cause__ if isinstance(error.__cause__, OSError) else error
    return getattr(system, "strerror", None) or _quote(str(error))


def _quote(text: str) -> str:
    return shorten(one_line(text), 200).rstrip(".")
