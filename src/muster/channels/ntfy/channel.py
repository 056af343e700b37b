"""Push to phones over ntfy (https://docs.ntfy.sh/publish/#publish-as-json), with buttons that acknowledge and escalate."""

import re
from dataclasses import replace
from urllib.parse import quote

import msgspec

from muster.base.http import Http, ParsedUrl, Response, read_url
from muster.channels.abilities import ESCALATE, verbs
from muster.channels.callback_links import CallbackLinks
from muster.channels.http_receipts import cut_short, deliver, exchange, never_raises, read_answer
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
    retry,
)
from muster.paging.wording import actions, shorten_bytes

PUBLIC_SERVER = "https://ntfy.sh"
_TOPIC = re.compile(r"[-_A-Za-z0-9]{1,64}")
_TOKEN = re.compile(r"[-._~+/=A-Za-z0-9]{1,200}")
_LONGEST_MESSAGE = 4096
_MOST_ACTIONS = 3
_PRIORITIES = {"critical": 5, "high": 4, "medium": 3, "low": 2}
_TAGS = {"critical": "rotating_light", "high": "warning", "medium": "bell", "low": "information_source"}


class NtfyChannel:
    """Publishes to a topic's URL. The installation's token goes to the installation's server only.

    With `links`, a page can also be escalated from the phone. A test is read back from the topic, so that its receipt says
    whether a phone that is away at the moment would find it later.
    """

    kind = "ntfy"
    form = ContactForm("ntfy", "Topic URL", "https://ntfy.sh/my-secret-topic", "Access token")
    capabilities = Capabilities(max_length=_LONGEST_MESSAGE)

    def __init__(
        self, http: Http, token: str = "", server: str = PUBLIC_SERVER, links: CallbackLinks | None = None
    ) -> None:
        origin = read_url(server)
        self._http, self._token, self._links = http, token, links
        self._token_origin = "" if isinstance(origin, Fault) else origin.origin

    def check_address(self, address: str) -> Fault | None:
        """The topic URL's form."""
        parsed = _read_topic(address)
        return parsed if isinstance(parsed, Fault) else None

    def check_secret(self, secret: str) -> Fault | None:
        """The token's form."""
        return None if not secret or _TOKEN.fullmatch(secret) else _TOKEN_FAULT

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Publish the message to the topic."""
        parsed = _read_topic(address)
        if isinstance(parsed, Fault):
            return refused(f"{parsed.rule} {parsed.fix}")
        server, topic = parsed
        token = secret or (self._token if server.origin == self._token_origin else "")
        headers = {"content-type": "application/json"}
        if token:
            if not _TOKEN.fullmatch(token):
                return refused(f"{_TOKEN_FAULT.rule} {_TOKEN_FAULT.fix}")
            headers["authorization"] = f"Bearer {token}"
        receipt = await deliver(self._http, server, self._write(message, topic), headers, _read)
        if message.kind is MessageKind.TEST and receipt.outcome.sent:
            return await self._read_back(server, topic, receipt, headers)
        return receipt

    def _write(self, message: Message, topic: str) -> bytes:
        escalate = ""
        if self._links and ESCALATE in verbs(message):
            escalate = self._links.url("answer", message.delivery_id, ESCALATE)
        return _write(message, topic, escalate)

    async def _read_back(self, server: ParsedUrl, topic: str, sent: Receipt, headers: dict[str, str]) -> Receipt:
        """Ask the server for the message under its id; what comes of it only adds to the reason."""
        url = f"{server.origin}/{topic}/json?poll=1&since=10m&id={quote(sent.provider_id, safe='')}"
        answer = await exchange(self._http, "GET", url, headers, b"")
        if isinstance(answer, Receipt):
            return handed_over(f"{sent.reason} Reading it back failed: {answer.reason}", sent.provider_id)
        if answer.status in (401, 403):
            return handed_over(f"{sent.reason} The token may not read the topic back.", sent.provider_id)
        if answer.status == 200 and f'"id":"{sent.provider_id}"' in answer.text(4000).replace(" ", ""):
            return replace(sent, reason=f"{sent.reason} It can be read back from the topic.", came_back=True)
        lost = "It cannot be read back: the server keeps no messages, so a phone that is away now will miss it."
        return handed_over(f"{sent.reason} {lost}", sent.provider_id)


_TOKEN_FAULT = Fault("secret", "This is no ntfy access token.", "Make one in ntfy's settings; it starts with tk_.")


def _read_topic(address: str) -> tuple[ParsedUrl, str] | Fault:
    target = read_url(address)
    if isinstance(target, Fault):
        return target
    topic = target.path.strip("/")
    if not _TOPIC.fullmatch(topic):
        rule = "A topic has 1 to 64 letters, digits, dashes and underscores and stands alone after the server's name."
        return Fault("address", rule, "Write it like https://ntfy.sh/my-secret-topic.")
    return ParsedUrl(target.scheme, target.host, target.port, "/"), topic


def _write(message: Message, topic: str, escalate: str) -> bytes:
    calm = message.kind in (MessageKind.RESOLVED, MessageKind.NOTICE)
    buttons: list[dict[str, object]] = [
        {"action": "http", "label": link.label, "url": link.url, "method": "POST", "clear": True}
        if link.url == message.acknowledge_url
        else {"action": "view", "label": link.label, "url": link.url}
        for link in actions(message)
    ]
    if escalate:
        button = {"action": "http", "label": verbs(message)[ESCALATE], "url": escalate, "method": "POST", "clear": True}
        buttons.insert(1, button)
    tags = ["white_check_mark"] if message.kind is MessageKind.RESOLVED else [_TAGS.get(message.severity, "bell")]
    published = {
        "topic": topic,
        "title": message.subject,
        "message": shorten_bytes(message.body, _LONGEST_MESSAGE),
        "priority": 3 if calm else _PRIORITIES.get(message.severity, 4),
        "tags": tags,
        "actions": buttons[:_MOST_ACTIONS],
    }
    return msgspec.json.encode({**published, "click": message.url} if message.url else published)


def _read(target: ParsedUrl, response: Response) -> Receipt:
    receipt, said = read_answer(target, response), response.json()
    if (cut := cut_short(target.host, response)) is not None:
        return cut
    if receipt.outcome is SendOutcome.HANDED_OVER:
        if isinstance(said, dict) and said.get("id") and said.get("event") == "message":
            return handed_over(f"{target.host} published it.", str(said["id"])[:64])
        return retry(f"{target.host} answered {response.status}, but not as ntfy does: something stands between.")
    if response.status in (401, 403):
        return refused(f"{target.host} does not let Muster publish to this topic ({response.status}): check the token.")
    return receipt
