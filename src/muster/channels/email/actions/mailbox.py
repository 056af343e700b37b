"""Answers out of a mailbox (IMAP4rev1), for who cannot let mail come to Muster itself. The standard client runs in a thread."""

import contextlib
import imaplib
import ssl
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

LARGEST = 5 * 1024 * 1024
AT_ONCE = 20
PATIENCE = 20.0


class MailboxAway(Exception):
    """The mailbox cannot be read; the message is a sentence."""


@dataclass(frozen=True, slots=True)
class MailboxSettings:
    """The mailbox; `security` is tls, starttls or none."""

    host: str
    port: int
    user: str
    password: str = field(repr=False)
    security: str = "tls"
    folder: str = "INBOX"
    tls: ssl.SSLContext | None = None


def fetch(settings: MailboxSettings, take: Callable[[bytes], bool]) -> int:
    """Hand each unseen mail to `take` and mark it as seen when it returns True; blocks. Returns how many there were.

    Raises:
        MailboxAway: with the reason.
    """
    with _in_words(settings):
        client = _connect(settings)
        try:
            return _fetch(client, settings, take)
        finally:
            client.logout()


def check(settings: MailboxSettings) -> None:
    """Sign in and look whether the folder is there; blocks, changes nothing.

    Raises:
        MailboxAway: with the reason.
    """
    with _in_words(settings):
        client = _connect(settings)
        try:
            _select(client, settings)
        finally:
            client.logout()


@contextlib.contextmanager
def _in_words(settings: MailboxSettings) -> Iterator[None]:
    try:
        yield
    except imaplib.IMAP4.error as error:
        said = (
            error.args[0].decode("utf-8", "replace") if error.args and isinstance(error.args[0], bytes) else str(error)
        )
        raise MailboxAway(f"The mailbox at {settings.host} says: {said[:200]}.") from error
    except ssl.SSLError as error:
        raise MailboxAway(
            f"The connection to {settings.host} could not be secured: {error.reason or error}."
        ) from error
    except (OSError, TimeoutError) as error:
        raise MailboxAway(f"No connection to the mailbox at {settings.host}: {error.strerror or error}.") from error


def _connect(settings: MailboxSettings) -> imaplib.IMAP4:
    context = settings.tls or (ssl.create_default_context() if settings.security != "none" else None)
    client: imaplib.IMAP4
    if settings.security == "tls":
        client = imaplib.IMAP4_SSL(settings.host, settings.port, ssl_context=context, timeout=PATIENCE)
    else:
        client = imaplib.IMAP4(settings.host, settings.port, timeout=PATIENCE)
        if settings.security == "starttls":
            client.starttls(context)
    client.login(settings.user, settings.password)
    return client


def _fetch(client: imaplib.IMAP4, settings: MailboxSettings, take: Callable[[bytes], bool]) -> int:
    _select(client, settings)
    _, found = client.uid("SEARCH", "UNSEEN", "SMALLER", str(LARGEST))
    ids = found[0].split()[:AT_ONCE] if found and found[0] else []
    for id_ in ids:
        _, parts = client.uid("FETCH", id_.decode(), "(BODY.PEEK[])")
        raw = next((part[1] for part in parts if isinstance(part, tuple)), None)
        if raw is None or take(raw):
            client.uid("STORE", id_.decode(), "+FLAGS.SILENT", r"(\Seen)")
    return len(ids)


def _select(client: imaplib.IMAP4, settings: MailboxSettings) -> None:
    state, _ = client.select(f'"{settings.folder}"')
    if state != "OK":
        raise MailboxAway(f"The mailbox at {settings.host} has no folder {settings.folder}.")
