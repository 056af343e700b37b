"""Pages for programs: signed JSON posts after the Standard Webhooks specification; the body is in docs/reference/webhook.md."""

import base64
import binascii
import hashlib
import hmac
from secrets import token_bytes

import msgspec

from muster.base.http import Http, read_url
from muster.channels.http_receipts import deliver, never_raises
from muster.kit.clock import Clock
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, MessageKind, Receipt, refused

_PREFIX = "whsec_"
_TYPES = {
    MessageKind.PAGE: "incident.page",
    MessageKind.NOTICE: "incident.notice",
    MessageKind.RESOLVED: "incident.resolved",
    MessageKind.TEST: "channel.test",
}


class WebhookChannel:
    """Posts to a URL; `secret` is the installation's, for contacts without one of their own."""

    kind = "webhook"
    form = ContactForm("Webhook", "URL", "https://example.com/hooks/muster", "Signing secret (whsec_…)")
    capabilities = Capabilities(recognises_repeats=True, read_by_people=False)

    def __init__(self, http: Http, clock: Clock, secret: str = "") -> None:
        self._http, self._clock, self._secret = http, clock, secret

    def check_address(self, address: str) -> Fault | None:
        """The URL's form."""
        target = read_url(address)
        return target if isinstance(target, Fault) else None

    def check_secret(self, secret: str) -> Fault | None:
        """The secret's form: one or, while it is being changed, two."""
        return None if not secret or _keys(secret) else _SECRET_FAULT

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Post the message, signed now."""
        target = read_url(address)
        if isinstance(target, Fault):
            return refused(f"{target.rule} {target.fix}")
        if not _keys(secret or self._secret):
            return refused(f"{_SECRET_FAULT.rule} {_SECRET_FAULT.fix}")
        body = write_body(message)
        timestamp = str(int(self._clock.now().timestamp()))
        headers = {
            "content-type": "application/json",
            "webhook-id": message.key,
            "webhook-timestamp": timestamp,
            "webhook-signature": signature(secret or self._secret, message.key, timestamp, body),
        }
        return await deliver(self._http, target, body, headers)


def new_secret() -> str:
    """A fresh signing secret."""
    return encode_secret(token_bytes(32))


def encode_secret(key: bytes) -> str:
    """A signing secret as people copy it."""
    return _PREFIX + base64.b64encode(key).decode()


def signature(secret: str, identity: str, timestamp: str, body: bytes) -> str:
    """What `webhook-signature` holds for a secret; empty for one that cannot be read."""
    return " ".join(_sign(key, identity, timestamp, body) for key in _keys(secret))


def write_body(message: Message) -> bytes:
    """The JSON body."""
    data = {
        "delivery_id": message.delivery_id,
        "incident": message.incident_ref,
        "severity": message.severity,
        "title": message.title,
        "subject": message.subject,
        "body": message.body,
        "url": message.url,
        "acknowledge_url": message.acknowledge_url,
        "links": [{"label": link.label, "url": link.url} for link in message.links],
        "context": message.context,
        **({"drill": True} if message.drill else {}),
    }
    return msgspec.json.encode({"type": _TYPES[message.kind], "timestamp": message.created_at, "data": data})


_SECRET_FAULT = Fault(
    "secret",
    "A webhook needs a signing secret: whsec_ and 24 to 64 bytes in base64.",
    "Let Muster make one, or leave it empty to use the installation's.",
)


def _keys(secret: str) -> list[bytes]:
    """The keys of a secret; none when any of them is malformed."""
    keys = []
    for part in secret.split():
        try:
            key = base64.b64decode(part.removeprefix(_PREFIX), validate=True)
        except (binascii.Error, ValueError):
            return []
        if not part.startswith(_PREFIX) or not 24 <= len(key) <= 64:
            return []
        keys.append(key)
    return keys


def _sign(key: bytes, identity: str, timestamp: str, body: bytes) -> str:
    signed = f"{identity}.{timestamp}.".encode() + body
    return "v1," + base64.b64encode(hmac.digest(key, signed, hashlib.sha256)).decode()
