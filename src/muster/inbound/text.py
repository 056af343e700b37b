"""Strings of strangers, made fit to store and to show: no NUL, no lone surrogates, bounded."""

import hashlib
import html
import json
import re
from typing import Any

_TAG = re.compile(r"<[^<>]*>")
_BREAK = re.compile(r"<(?:br|/p|/tr|/div|/li)[^<>]*>", re.IGNORECASE)


def clean(text: str) -> str:
    """The text without what PostgreSQL or UTF-8 cannot hold; each such character becomes U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", "\ufffd")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def scalar(value: Any) -> str | None:
    """A JSON scalar as people write it, None for null, objects and lists."""
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value) if abs(value) < 10**100 else f"{value:#x}"
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else repr(value)
    return None


def compact(value: Any) -> str:
    """Any JSON value as text: scalars as they are, the rest as compact JSON."""
    known = scalar(value)
    if known is not None:
        return known
    return "" if value is None else clean(json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=str))


def shorten(text: str, limit: int) -> str:
    """The text cut to `limit` characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= limit else text[: limit - 1] + "…"


def one_line(text: str) -> str:
    """The text with every run of white space as one space."""
    return " ".join(text.split())


def plain(markup: str) -> str:
    """HTML as plain text, enough to read a notice by; text without markup is unchanged but for entities."""
    spaced = _TAG.sub("", _BREAK.sub("\n", markup))
    return html.unescape(spaced).strip()


def digest(*parts: str) -> str:
    """A short stable name for parts that together identify something."""
    joined = "\x1f".join(parts).encode("utf-8", "surrogatepass")
    return hashlib.sha256(joined).hexdigest()[:32]


def bounded_key(key: str, limit: int) -> str:
    """The key itself, or one of at most `limit` characters that is as distinct."""
    return key if len(key) <= limit else f"{key[: limit - 33]}~{digest(key)}"
