"""The mail that answers an answer: one sentence in the same thread, marked so that no program answers it. Pure."""

from datetime import datetime
from email.header import Header
from email.utils import format_datetime, formataddr

from muster.paging.wording import one_line, shorten


def compose_reply(
    *,
    sender: str,
    recipient: str,
    subject: str,
    sentence: str,
    message_id: str,
    in_reply_to: str,
    references: str,
    now: datetime,
) -> bytes:
    """The mail. `sender` is an address for a further answer; `message_id` has no angle brackets."""
    told = one_line(subject)
    told = told if told.lower().startswith("re:") else f"Re: {told}".strip()
    headers = [
        ("From", formataddr(("Muster", sender))),
        ("To", recipient),
        ("Subject", Header(shorten(told, 200), "utf-8", 60).encode(linesep="\r\n")),
        ("Date", format_datetime(now)),
        ("Message-ID", f"<{message_id}>"),
        ("In-Reply-To", _ids(in_reply_to)),
        ("References", _ids(references)),
        ("Auto-Submitted", "auto-replied"),
        ("X-Auto-Response-Suppress", "All"),
        ("MIME-Version", "1.0"),
        ("Content-Type", "text/plain; charset=utf-8"),
        ("Content-Transfer-Encoding", "8bit"),
    ]
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers if value)
    return lines.encode() + b"\r\n" + one_line(sentence).encode() + b"\r\n"


def _ids(text: str) -> str:
    """Message ids, folded one a line, without what would break out of a header."""
    ids = [
        word
        for word in text.split()
        if word.startswith("<") and word.endswith(">") and word.isascii() and word.isprintable()
    ]
    return "\r\n ".join(ids)
