"""A mail's headers and text in bounded time, whatever is in it. Pure."""

from email import message_from_bytes
from email.message import EmailMessage, Message
from email.policy import EmailPolicy
from typing import cast

from muster.inbound.email.quoting import text_of_html
from muster.kit.charsets import text_of

LARGEST = 1024 * 1024
"""What is behind is an attachment."""
MOST_PARTS = 500
_LONGEST_HEADER = 8192


class _Bounded(EmailPolicy):
    """Python's policy with short headers: some long ones keep its parser busy for minutes."""

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, str]:
        name, value = super().header_source_parse(sourcelines)
        if len(value) > _LONGEST_HEADER:
            value = value[:_LONGEST_HEADER]
            value = value[: max(value.rfind(","), value.rfind(" "))].rstrip(" ,")
        return name, value


_POLICY = cast("EmailPolicy[EmailMessage]", _Bounded())


def has_too_many_parts(raw: bytes) -> bool:
    """Whether a mail has so many parts that reading them would take too long."""
    return raw.count(b"\n--") > MOST_PARTS


def message_in(raw: bytes) -> EmailMessage:
    """The mail in these bytes; bytes that are none give one that says nothing, or one of Python's many errors."""
    return message_from_bytes(raw[:LARGEST], policy=_POLICY)


def header(mail: EmailMessage, name: str) -> str:
    """A header's value; empty where it is missing or unreadable."""
    try:
        return str(mail.get(name, ""))
    except (ValueError, IndexError, AttributeError, TypeError):
        return ""


def text_in(mail: EmailMessage) -> str:
    """What a mail says, from its text or, where it has none, its HTML."""
    plain = mail.get_body(("plain",))
    if plain is not None and (text := _content(plain)).strip():
        return text
    return text_of_html(html_in(mail))


def html_in(mail: EmailMessage) -> str:
    """A mail's HTML as it is written; empty where it has none."""
    html = mail.get_body(("html",))
    return _content(html) if html is not None else ""


def _content(part: "Message[str, str]") -> str:
    raw = part.get_payload(decode=True)
    if not isinstance(raw, bytes):
        return ""
    charset = part.get_content_charset() or "utf-8"
    try:
        return text_of(raw, charset)
    except LookupError:
        return raw.decode("latin-1")
