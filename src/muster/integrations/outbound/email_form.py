"""A message as an e-mail: plain text and HTML, threaded by incident, marked so that no auto-responder answers. Pure."""

import re
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr, parseaddr
from html import escape

from muster.kit.errors import Fault
from muster.paging.channel import Message, MessageKind
from muster.paging.wording import actions, one_line, with_links

_LOCAL = re.compile(r"[^\s@<>()\[\]\\,;:\"\x00-\x20\x7f]{1,64}")
_DOMAIN = re.compile(r"(?!-)[a-z0-9-]{1,63}(?<!-)(?:\.(?!-)[a-z0-9-]{1,63}(?<!-))*", re.IGNORECASE)
_ACCENTS = {"critical": "#b3261e", "high": "#b45309", "medium": "#1d4ed8", "low": "#4b5563"}


def read_address(text: str, field: str = "address") -> str | Fault:
    """An address as mail servers take it (the domain in ASCII), or what is wrong with it."""
    local, at, domain = text.strip().rpartition("@")
    try:
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode()
    except UnicodeError:
        ascii_domain = ""
    if not at or not _LOCAL.fullmatch(local) or local.startswith(".") or local.endswith(".") or ".." in local:
        return Fault(field, f"{text!r} is not an e-mail address.", "Write it like name@example.com.")
    if len(ascii_domain) > 253 or not _DOMAIN.fullmatch(ascii_domain):
        return Fault(field, f"{domain!r} is not a mail domain.", "Write it like name@example.com.")
    return f"{local}@{ascii_domain}"


def compose_email(message: Message, sender: str, recipient: str) -> EmailMessage:
    """The e-mail of a message; its Message-ID is made of the idempotency key, so that a repeat is recognisable."""
    name, address = parseaddr(sender)
    domain = address.rpartition("@")[2] or "localhost"
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((name or "Muster", address))
    mail["To"] = recipient
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.created_at)
    mail["Message-ID"] = f"<{message.key}@{domain}>"
    if message.incident_ref:
        mail["References"] = f"<{re.sub('[^A-Za-z0-9-]', '-', message.incident_ref)}@{domain}>"
        mail["X-Muster-Incident"] = one_line(message.incident_ref)
    mail["X-Muster-Kind"] = message.kind.value
    mail["Auto-Submitted"] = "auto-generated"
    mail["X-Auto-Response-Suppress"] = "All"
    if message.kind is MessageKind.PAGE:
        mail["Importance"] = "high"
        mail["X-Priority"] = "1"
    mail.set_content(with_links(message) or message.subject)
    mail.add_alternative(to_html(message), subtype="html")
    return mail


def to_html(message: Message) -> str:
    """The message as HTML that needs neither images nor style sheets."""
    accent = _ACCENTS.get(message.severity, "#1d4ed8")
    paragraphs = "".join(_paragraph(each) for each in message.body.split("\n\n") if each.strip())
    buttons = "".join(
        f'<p style="margin:0 0 12px"><a href="{escape(link.url)}" style="display:inline-block;padding:12px 20px;'
        f"border-radius:6px;text-decoration:none;font-weight:600;border:2px solid {accent};"
        f'{f"background:{accent};color:#ffffff" if link.url == message.acknowledge_url else f"color:{accent}"}">'
        f"{escape(link.label)}</a></p>"
        for link in actions(message)
    )
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark">'
        f"<title>{escape(message.subject)}</title></head>"
        '<body style="margin:0;padding:16px;font:16px/1.5 system-ui,sans-serif">'
        f'<div style="max-width:600px;border-top:6px solid {accent};padding-top:12px">'
        f'<h1 style="font-size:20px;margin:0 0 12px">{escape(message.subject)}</h1>'
        f"{buttons}{paragraphs}</div></body></html>"
    )


def _paragraph(text: str) -> str:
    heading, line_break, rest = text.partition("\n")
    if not line_break:
        return f'<p style="margin:0 0 12px">{escape(text)}</p>'
    lines = "<br>".join(escape(line) for line in rest.split("\n"))
    return f'<p style="margin:0 0 12px"><strong>{escape(heading)}</strong><br>{lines}</p>'
