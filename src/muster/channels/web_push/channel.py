"""Push to a browser or an installed web app without anybody's account: RFC 8030, 8291 and 8292.

The address is the browser's own at its maker's push service, which sees neither what is said nor to whom. The browser reports
by a signed address when it has shown the message: that is the receipt.
"""

from dataclasses import replace
from datetime import timedelta
from typing import Any, Protocol

import msgspec

from muster.base.http import Http, ParsedUrl, Response, read_url
from muster.channels.abilities import verbs
from muster.channels.callback_links import CallbackLinks
from muster.channels.http_receipts import deliver, never_raises, read_answer
from muster.channels.web_push.crypto import LARGEST, Vapid, encrypt, read_subscription
from muster.kit.base64url import encode
from muster.kit.clock import Clock
from muster.kit.errors import Fault
from muster.paging.channel import (
    Capabilities,
    ContactForm,
    Message,
    MessageKind,
    Receipt,
    SendOutcome,
    handed_over,
    refused,
)
from muster.paging.wording import shorten, shorten_bytes

_URGENT = frozenset({"critical", "high"})
_LIVES = {MessageKind.PAGE: 3600, MessageKind.TEST: 600}
_LONGEST_LIFE = 86_400
_AGAIN = "Use the button under Me, Contacts again in that browser."
_KEYS_FAULT = Fault("secret", "A browser's keys are missing or are none.", _AGAIN)


class BrowserStore(Protocol):
    """What is kept for the browsers: this Muster's key pair, and who of them is left."""

    async def keys(self) -> Vapid:
        """The key pair by which push services know this Muster."""
        ...

    async def gone(self, address: str, reason: str) -> None:
        """A push service says that the browser at this address takes no pushes any more."""
        ...


class WebPushChannel:
    """Pushes to browsers; `contact` is whom push services may ask."""

    kind = "web_push"
    form = ContactForm(
        "This browser or phone (web push)",
        "Push address",
        "https://push.example.com/wpush/v2/xxxx",
        "Keys of the browser",
    )
    capabilities = Capabilities(
        receipts=True, two_way=True, max_length=2000, recognises_repeats=True, receipt_within=timedelta(minutes=1)
    )

    def __init__(self, http: Http, clock: Clock, links: CallbackLinks, browsers: BrowserStore, contact: str) -> None:
        self._http, self._clock, self._links = http, clock, links
        self._browsers, self._contact = browsers, contact

    def check_address(self, address: str) -> Fault | None:
        """The URL's form; nothing but https, except where private targets are allowed."""
        target = read_url(address)
        if isinstance(target, Fault):
            return target
        if not target.secure and not self._http.allow_private:
            return Fault("address", "Push services speak https.", _AGAIN)
        return None

    def check_secret(self, secret: str) -> Fault | None:
        """The form of the browser's keys."""
        return None if not secret or read_subscription(secret) else _KEYS_FAULT

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Encrypt the message for the browser and hand it to its push service."""
        fault, target, to = self.check_address(address), read_url(address), read_subscription(secret)
        if fault is not None or isinstance(target, Fault):
            return refused(f"{fault.rule} {fault.fix}" if fault else "This is no address.")
        if to is None:
            return refused(f"{_KEYS_FAULT.rule} {_KEYS_FAULT.fix}")
        keys = await self._browsers.keys()
        headers = {
            "content-type": "application/octet-stream",
            "content-encoding": "aes128gcm",
            "authorization": keys.authorise(target.origin, self._contact, self._clock.now()),
            "ttl": str(_LIVES.get(message.kind, _LONGEST_LIFE)),
            "urgency": _urgency(message),
            "topic": encode(message.delivery_id.bytes),
        }
        body = encrypt(self._write(message), to)
        receipt = await deliver(self._http, target, body, headers, _read)
        if receipt.provider_id == _GONE:
            await self._browsers.gone(address, receipt.reason)
            return refused(receipt.reason)
        return replace(receipt, provider_id=str(message.delivery_id)) if receipt.outcome.sent else receipt

    def _write(self, message: Message) -> bytes:
        """What the service worker shows, cut to fit."""
        content: dict[str, Any] = {
            "title": shorten(message.subject, 120),
            "kind": message.kind,
            "severity": message.severity,
            "ref": message.incident_ref,
            "tag": message.key,
            "url": message.url,
            "acknowledge": None,
            "receipt": self._links.url("web_push", message.delivery_id),
        }
        content |= {verb: self._links.url("answer", message.delivery_id, verb) for verb in verbs(message)}
        room = LARGEST - len(msgspec.json.encode(content)) - 20
        # What JSON escapes grows: halved until it fits.
        body = message.body
        while len(data := msgspec.json.encode({**content, "body": body})) > LARGEST and room > 3:
            body, room = shorten_bytes(message.body, room), room // 2
        return data


_GONE = "\0gone"


def _urgency(message: Message) -> str:
    if message.kind is MessageKind.TEST or (message.kind is MessageKind.PAGE and message.severity in _URGENT):
        return "high"
    return "normal" if message.kind in (MessageKind.PAGE, MessageKind.NOTICE) else "low"


def _read(target: ParsedUrl, response: Response) -> Receipt:
    receipt, host = read_answer(target, response), target.host
    if receipt.outcome is SendOutcome.HANDED_OVER:
        return handed_over(f"{host} took it for the browser.")
    if response.status in (404, 410):
        reason = f"The browser takes no pushes at this address any more ({host}: {response.status}). {_AGAIN}"
        return Receipt(SendOutcome.REFUSED, reason, _GONE)
    if response.status in (401, 403):
        said = response.text(100)
        reason = (
            f"{host} does not accept this Muster's key for this browser ({response.status}): {said or 'no reason'}."
        )
        return refused(f"{reason} {_AGAIN}")
    return receipt
