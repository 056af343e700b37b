"""What MUSTER_GATEWAYS says of an HTTP gateway, and what is wrong with it. Pure.

The setting is JSON, or the path of a JSON file: an object that maps each gateway's name to its description. In URL, headers,
and body `{to}`, `{text}`, `{from}`, `{key}` and `{delivery}` stand for the message's own; a doubled brace for a brace.
"""

import re
import string
from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta
from typing import Any, Literal

import msgspec

from muster.base.http import read_url
from muster.kit.duration import parse_duration
from muster.kit.errors import Broken, Fault

SETTING = "MUSTER_GATEWAYS"
VALUES = frozenset({"to", "text", "from", "key", "delivery"})
TAKEN = frozenset({"twilio", "smpp", "modem"})
Quote = Callable[[str], str]
_NAME = re.compile(r"[a-z][a-z0-9-]{0,30}")


class CallbackSecret(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """How callbacks prove themselves: `hmac-sha256` over the body in a header (hexadecimal or base64), the secret itself in a
    header, or in the query as `secret`."""

    secret: str
    by: Literal["hmac-sha256", "header", "query"] = "query"
    header: str = "x-signature"


class Reports(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """Where a delivery report has what: fields by path (`status`, `data.0.id`), and the words that mean something final."""

    id: str
    status: str
    delivered: tuple[str, ...]
    failed: tuple[str, ...]
    reason: str = ""
    within: str = "2m"


class Replies(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"sender": "from"}):
    """Where a reply has its sender and text; for calls `delivery`, what the gateway was given as `{delivery}`."""

    sender: str
    text: str
    delivery: str = ""


class Gateway(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"channel": "for", "json_body": "json"}):
    """One gateway. One of `json`, `form` and `xml` is the body; without any there is none.

    `accepted` are the statuses that mean that it took the message, `accepted_if` a path and the values of which the answer must
    have one there; `id` is the path of the message's id in the answer, or `header:NAME`; `error` the path of a reason.
    """

    url: str
    channel: Literal["sms", "voice"] = "sms"
    method: Literal["POST", "GET", "PUT"] = "POST"
    headers: dict[str, str] = {}
    json_body: Any = None
    form: dict[str, str] | None = None
    xml: str = ""
    accepted: tuple[int, ...] = ()
    accepted_if: tuple[str, tuple[str, ...]] | None = None
    id: str = ""
    error: str = ""
    callbacks: CallbackSecret | None = None
    reports: Reports | None = None
    replies: Replies | None = None

    @property
    def within(self) -> timedelta | None:
        """How long its receipts take; None when it gives none."""
        return parse_duration(self.reports.within) if self.reports else None


def read_gateways(text: str) -> dict[str, Gateway] | list[Fault]:
    """The gateways of the setting's JSON, or everything that is wrong with it."""
    try:
        raw = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError as error:
        return [
            Fault(SETTING, f"It is not a JSON object of gateways: {error}.", 'Write {"name": {"url": "https://…"}}.')
        ]
    gateways, faults = {}, []
    for name, part in raw.items():
        try:
            gateways[name] = msgspec.json.decode(part, type=Gateway)
        except (msgspec.ValidationError, msgspec.DecodeError) as error:
            faults.append(Fault(f"{SETTING} {name}", f"{error}."))
            continue
        faults += _check(name, gateways[name])
    return faults or gateways


def _check(name: str, gateway: Gateway) -> Iterator[Fault]:
    where = f"{SETTING} {name}"
    if not _NAME.fullmatch(name) or name in TAKEN:
        yield Fault(where, f"{name!r} cannot be a gateway's name.", "Use lower case letters, digits and dashes.")
    plain = fill(gateway.url, dict.fromkeys(VALUES, "1"), str) if not _unknown(gateway.url) else gateway.url
    target = read_url(plain, f"{where}.url")
    if isinstance(target, Fault):
        yield target
    bodies = [gateway.json_body is not None, gateway.form is not None, bool(gateway.xml)]
    if sum(bodies) > 1:
        yield Fault(where, "json, form and xml exclude each other.", "Keep one of them.")
    texts = [
        gateway.url,
        *gateway.headers.values(),
        *(gateway.form or {}).values(),
        gateway.xml,
        *_texts(gateway.json_body),
    ]
    for text in texts:
        for wrong in _unknown(text):
            yield Fault(where, f"{{{wrong}}} stands for nothing in {text[:60]!r}.", f"Use {', '.join(sorted(VALUES))}.")
    if not any("{text}" in text for text in texts):
        yield Fault(where, "The message's text stands nowhere.", "Put {text} into the URL or the body.")
    if (gateway.reports or gateway.replies) and gateway.callbacks is None:
        yield Fault(f"{where}.callbacks", "Reports and replies need a secret.", 'Add {"secret": "…", "by": "query"}.')
    if gateway.callbacks is not None and len(gateway.callbacks.secret) < 16:
        yield Fault(f"{where}.callbacks.secret", "The secret is too short.", "Use 16 random characters or more.")
    if gateway.reports is not None:
        if not gateway.id:
            yield Fault(
                f"{where}.id", "A report can be matched only by the message's id.", "Say where the answer has it."
            )
        try:
            parse_duration(gateway.reports.within)
        except Broken as error:
            yield error.at(f"{where}.reports.within")


def fill(template: str, values: Mapping[str, str], quote: Quote) -> str:
    """A template with its values put in, each made safe by `quote`."""
    parts = []
    for literal, name, _, _ in string.Formatter().parse(template):
        parts.append(literal)
        if name is not None:
            parts.append(quote(values[name]))
    return "".join(parts)


def at(data: Any, path: str) -> str:
    """What stands at a path (`data.0.id`) of JSON, as text; empty when nothing does."""
    for part in path.split(".") if path else ():
        if isinstance(data, dict):
            data = data.get(part)
        elif isinstance(data, list) and part.isdecimal() and int(part) < len(data):
            data = data[int(part)]
        else:
            return ""
    if isinstance(data, bool):
        return str(data).lower()
    return str(data) if isinstance(data, str | int | float) and path else ""


def _unknown(text: str) -> list[str]:
    try:
        names = [name for _, name, _, _ in string.Formatter().parse(text) if name is not None]
    except ValueError:
        return [text[:20]]
    return [name for name in names if name not in VALUES]


def _texts(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for value in data.values():
            yield from _texts(value)
    elif isinstance(data, list):
        for value in data:
            yield from _texts(value)
