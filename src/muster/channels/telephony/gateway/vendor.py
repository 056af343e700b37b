"""An HTTP gateway as a vendor of text messages or calls, as its description says."""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, quote, urlencode, urlsplit
from xml.sax.saxutils import escape

import msgspec

from muster.base.http import Http, ParsedUrl, Response, read_url
from muster.channels.http_receipts import cut_short, exchange, read_answer
from muster.channels.telephony.gateway.spec import CallbackSecret, Gateway, at, fill
from muster.channels.telephony.numbers import international
from muster.channels.telephony.port import Callback, DeliveryReport, Ears, PhoneReply, Spoken, Text
from muster.channels.telephony.spoken import PROMPT
from muster.kit.errors import Fault
from muster.paging.channel import Receipt, SendOutcome, handed_over, refused, retry
from muster.paging.wording import one_line, shorten

_XML_QUOTES = {'"': "&quot;", "'": "&apos;"}


class HttpGateway:
    """Carries text messages, or makes calls, by one request each."""

    missing = ""

    def __init__(self, http: Http, name: str, gateway: Gateway, sender: str) -> None:
        self._http, self.name, self.gateway, self._sender = http, name, gateway, sender

    @property
    def receipt_within(self) -> timedelta | None:
        """As its description says."""
        return self.gateway.within

    @property
    def two_way(self) -> bool:
        """Whether replies are described."""
        return self.gateway.replies is not None

    async def listen(self, ears: Ears) -> None:
        """Nothing to do: the gateway calls back."""

    async def close(self) -> None:
        """Nothing to do."""

    async def send(self, text: Text) -> Receipt:
        """Hand a text message over."""
        return await self._request({"to": text.to, "text": text.text, "key": text.key, "delivery": text.key})

    async def call(self, spoken: Spoken) -> Receipt:
        """Hand a call over; the text is what is to be said, once."""
        said = " ".join([*spoken.sentences, *([PROMPT] if spoken.asks else [])])
        return await self._request({"to": spoken.to, "text": said, "key": spoken.key, "delivery": spoken.delivery_id})

    async def _request(self, values: dict[str, str]) -> Receipt:
        gateway, values = self.gateway, {**values, "from": self._sender}
        target = read_url(fill(gateway.url, values, lambda text: quote(text, safe="")))
        if isinstance(target, Fault):
            return refused(f"The address of the gateway {self.name} cannot be used: {target.rule}")
        kind, body = _body(gateway, values)
        headers = {name.lower(): fill(value, values, one_line) for name, value in gateway.headers.items()}
        headers = {**({"content-type": kind} if kind else {}), **headers}
        response = await exchange(self._http, gateway.method, target, headers, body)
        return response if isinstance(response, Receipt) else self._read(target, response)

    def _read(self, target: ParsedUrl, response: Response) -> Receipt:
        gateway, said = self.gateway, response.json()
        error = shorten(one_line(at(said, gateway.error)), 200)
        if gateway.accepted and response.status not in gateway.accepted and 200 <= response.status < 300:
            return refused(f"{target.host} answered {response.status}, which does not mean that it took it.")
        receipt = read_answer(target, response)
        if gateway.accepted and response.status in gateway.accepted:
            receipt = handed_over(f"{target.host} took it ({response.status}).")
        if not receipt.outcome.sent:
            return Receipt(
                receipt.outcome,
                f"{receipt.reason} It said: {error}." if error else receipt.reason,
                "",
                receipt.retry_after,
            )
        if response.truncated and (gateway.accepted_if is not None or not gateway.id.startswith("header:")):
            return cut_short(target.host, response) or receipt
        if gateway.accepted_if is not None:
            path, values = gateway.accepted_if
            found = at(said, path)
            if found not in values:
                return refused(
                    f"{target.host} did not take it: {path} is {found or 'absent'}{f' ({error})' if error else ''}."
                )
        id_ = self._id(response, said)
        if gateway.id and not id_:
            return retry(f"{target.host} answered without the message's id ({gateway.id}).")
        return handed_over(f"{target.host} took it ({response.status}).", f"{self.name}:{id_}" if id_ else "")

    def _id(self, response: Response, said: Any) -> str:
        if self.gateway.id.startswith("header:"):
            return response.headers.get(self.gateway.id[7:].strip().lower(), "")[:64]
        return at(said, self.gateway.id)[:64]

    def verify(self, call: Callback) -> str:
        """Check the secret, in the way that the description names."""
        secret = self.gateway.callbacks
        if secret is None:
            return f"The gateway {self.name} is described without callbacks."
        if _genuine(secret, call):
            return ""
        where = {"query": "the query's secret", "header": f"the header {secret.header}"}.get(secret.by)
        return f"The request does not prove itself: {where or f'the HMAC in the header {secret.header}'} is wrong."

    def read_report(self, call: Callback) -> DeliveryReport | None:
        """The receipt in a callback."""
        reports, values = self.gateway.reports, read_values(call)
        if reports is None or not (id_ := at(values, reports.id)):
            return None
        status = at(values, reports.status)
        reason = shorten(one_line(at(values, reports.reason)), 200)
        if status in reports.delivered:
            return DeliveryReport(
                f"{self.name}:{id_}",
                SendOutcome.DELIVERED,
                f"{self.name} says that it was delivered ({one_line(status)}).",
            )
        if status in reports.failed:
            more = f": {reason}" if reason else ""
            return DeliveryReport(
                f"{self.name}:{id_}",
                SendOutcome.REFUSED,
                f"{self.name} could not deliver it ({one_line(status)}){more}.",
            )
        return None

    def read_reply(self, call: Callback) -> PhoneReply | None:
        """The answer in a callback."""
        replies, values = self.gateway.replies, read_values(call)
        if replies is None or not (sender := at(values, replies.sender)):
            return None
        return PhoneReply(international(sender), at(values, replies.text))

    def delivery_of(self, call: Callback) -> str:
        """The delivery that a callback names, where it names one."""
        return at(read_values(call), self.gateway.replies.delivery) if self.gateway.replies else ""


def read_values(call: Callback) -> Any:
    """What a callback says: JSON, or fields of a form; the query where there is no body."""
    if "json" in call.headers.get("content-type", "") or call.body[:1] in (b"{", b"["):
        try:
            return msgspec.json.decode(call.body)
        except msgspec.DecodeError:
            return {}
    return dict(call.values)


def _body(gateway: Gateway, values: Mapping[str, str]) -> tuple[str, bytes]:
    if gateway.json_body is not None:
        return "application/json", msgspec.json.encode(_filled(gateway.json_body, values))
    if gateway.form is not None:
        form = {name: fill(value, values, str) for name, value in gateway.form.items()}
        return "application/x-www-form-urlencoded", urlencode(form).encode()
    if gateway.xml:
        return "application/xml; charset=utf-8", fill(
            gateway.xml, values, lambda text: escape(text, _XML_QUOTES)
        ).encode()
    return "", b""


def _filled(data: Any, values: Mapping[str, str]) -> Any:
    if isinstance(data, str):
        return fill(data, values, str)
    if isinstance(data, dict):
        return {name: _filled(value, values) for name, value in data.items()}
    return [_filled(value, values) for value in data] if isinstance(data, list) else data


def _genuine(secret: CallbackSecret, call: Callback) -> bool:
    key = secret.secret.encode()
    if secret.by == "query":
        given = parse_qs(urlsplit(call.url).query).get("secret", [""])[0]
        return hmac.compare_digest(given.encode(), key)
    header = call.headers.get(secret.header.lower(), "")
    if secret.by == "header":
        return hmac.compare_digest(header.removeprefix("Bearer ").encode(), key)
    mac = hmac.digest(key, call.body, hashlib.sha256)
    given = header.removeprefix("sha256=")
    try:
        raw = bytes.fromhex(given) if len(given) == 64 else base64.b64decode(given, validate=True)
    except (ValueError, binascii.Error):
        return False
    return hmac.compare_digest(raw, mac)
