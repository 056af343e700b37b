"""Messages in Mattermost: by incoming webhook into its channel, or by Muster's bot to a person, with buttons that answer.

https://developers.mattermost.com/integrate/webhooks/incoming, https://developers.mattermost.com/api-documentation and
https://developers.mattermost.com/integrate/plugins/interactive-messages. The server keeps the address of a button to itself
and calls it when somebody presses it, unsigned; so each carries a signature of ours.
"""

import re
from typing import Any
from urllib.parse import quote

import msgspec

from muster.base.http import Http, ParsedUrl, Response, read_url
from muster.channels.abilities import ACKNOWLEDGE, verbs
from muster.channels.callback_links import CallbackLinks
from muster.channels.http_receipts import cut_short, deliver, exchange, never_raises, read_answer, wait_of
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, SendOutcome, handed_over, refused, retry
from muster.paging.wording import actions, shorten

_LONGEST = 4000
_USER = re.compile(r"@?[a-z0-9][a-z0-9._-]{0,63}")
_SPECIAL = re.compile(r"([\\`*_{}\[\]()#+\-!|~<>:@])")
_COLOURS = {"critical": "#b3261e", "high": "#b45309", "medium": "#1d4ed8"}
_EXAMPLE = "https://chat.example.com/hooks/xxx"
_NO_BOT = (
    "Mattermost takes messages to a person from a bot only: set MUSTER_MATTERMOST_URL and MUSTER_MATTERMOST_TOKEN."
)


class MattermostChannel:
    """Posts to an incoming webhook, whose URL is the secret, or as the bot of `token` at `url`. Without `links` nobody presses
    anything."""

    kind = "mattermost"
    form = ContactForm("Mattermost", "User name or incoming webhook URL", "@amara")

    def __init__(self, http: Http, links: CallbackLinks | None, url: str = "", token: str = "") -> None:
        self._http, self._links, self._url, self._token = http, links, url.rstrip("/"), token
        self._bot = ""
        self._direct: dict[str, str] = {}
        if not self._set_up:
            self.form = ContactForm("Mattermost", "Incoming webhook URL", _EXAMPLE)
        self.capabilities = Capabilities(max_length=_LONGEST, two_way=True)

    @property
    def _set_up(self) -> bool:
        return bool(self._url and self._token)

    def check_address(self, address: str) -> Fault | None:
        """The form of a user name or of a webhook's URL."""
        if _USER.fullmatch(address):
            return None if self._set_up else Fault("address", _NO_BOT, "Or enter an incoming webhook's URL.")
        target = read_url(address)
        if isinstance(target, Fault):
            rule = "A Mattermost address is a user name or an incoming webhook's URL."
            return target if "://" in address else Fault("address", rule, f"Write it like {self.form.example}.")
        if "/hooks/" not in target.path:
            return Fault("address", "This is not an incoming webhook of Mattermost.", f"It looks like {_EXAMPLE}.")
        return None

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Post the message."""
        content = self._content(message)
        if not _USER.fullmatch(address):
            target = read_url(address)
            if isinstance(target, Fault):
                return refused(f"{target.rule} {target.fix}")
            body = msgspec.json.encode({"text": "", "attachments": [content]})
            return await deliver(self._http, target, body, {"content-type": "application/json"}, _read_webhook)
        channel = await self._channel_with(address.removeprefix("@"))
        if isinstance(channel, Receipt):
            return channel
        post = {"channel_id": channel, "message": "", "props": {"attachments": [content]}}
        made = await self._ask("POST", "/posts", post)
        if isinstance(made, Receipt):
            if not made.outcome.sent:
                self._direct.pop(address.removeprefix("@"), None)
            return made
        return handed_over("Mattermost posted it.", str(made.get("id", ""))[:64])

    @never_raises
    async def renew(self, address: str, provider_id: str, message: Message) -> Receipt:
        """Change a post of the bot's."""
        if not provider_id or not self._set_up:
            return refused("Mattermost lets a bot change its own posts only.")
        change = {"id": provider_id, "message": "", "props": {"attachments": [self._content(message)]}}
        made = await self._ask("PUT", f"/posts/{quote(provider_id, safe='')}/patch", change)
        return made if isinstance(made, Receipt) else handed_over("Mattermost changed it.", provider_id)

    async def check(self) -> Receipt | None:
        """Whether the bot's token counts."""
        if not self._set_up:
            return None
        me = await self._ask("GET", "/users/me")
        return me if isinstance(me, Receipt) else handed_over(f"@{me.get('username', '')}")

    async def _channel_with(self, user: str) -> str | Receipt:
        """The direct channel of the bot with somebody, looked up once."""
        if not self._set_up:
            return refused(_NO_BOT)
        if user in self._direct:
            return self._direct[user]
        them = await self._ask("GET", f"/users/username/{quote(user, safe='')}")
        if isinstance(them, Receipt):
            return them
        if them.get("delete_at"):
            return refused(f"@{user} has left Mattermost.")
        if not self._bot:
            me = await self._ask("GET", "/users/me")
            if isinstance(me, Receipt):
                return me
            self._bot = str(me.get("id", ""))
        channel = await self._ask("POST", "/channels/direct", [self._bot, str(them.get("id", ""))])
        if isinstance(channel, Receipt):
            return channel
        self._direct[user] = str(channel.get("id", ""))
        return self._direct[user]

    async def _ask(self, method: str, path: str, body: Any = None) -> dict[str, Any] | Receipt:
        headers = {"authorization": f"Bearer {self._token}", "content-type": "application/json"}
        data = b"" if body is None else msgspec.json.encode(body)
        answer = await exchange(self._http, method, f"{self._url}/api/v4{path}", headers, data)
        if isinstance(answer, Receipt):
            return answer
        cut = cut_short("Mattermost", answer)
        if cut is None:
            return _read(answer)
        # Only a post is sent by its answer; whatever else was asked must be asked again.
        return cut if path.startswith("/posts") else retry("Mattermost's answer did not come whole.", unanswered=True)

    def _content(self, message: Message) -> dict[str, Any]:
        """The message as an attachment: https://developers.mattermost.com/integrate/reference/message-attachments."""
        links = [f"[{plain(link.label)}]({link.url})" for link in actions(message)]
        if message.acknowledge_url:
            links = links[1:]
        text = f"{plain(shorten(message.body, _LONGEST))}\n\n{' · '.join(links)}".strip()
        content: dict[str, Any] = {
            "fallback": message.subject,
            "color": _COLOURS.get(message.severity, "#4b5563"),
            "title": message.subject,
            "text": text,
        }
        if message.url:
            content["title_link"] = message.url
        if message.acknowledge_url and self._links:
            content["actions"] = [_button(self._links, verb, label, message) for verb, label in verbs(message).items()]
        return content


def _button(links: CallbackLinks, verb: str, label: str, message: Message) -> dict[str, Any]:
    url = links.url("mattermost", message.delivery_id, verb)
    style = "primary" if verb == ACKNOWLEDGE else "default"
    integration = {"url": url, "context": {"verb": verb, "delivery": str(message.delivery_id)}}
    return {"id": verb, "name": label, "type": "button", "style": style, "integration": integration}


def plain(text: str) -> str:
    """Text in which Mattermost finds no Markdown and no mention."""
    return _SPECIAL.sub(r"\\\1", text).replace("\\@", "@\u200b")


def _read(response: Response) -> dict[str, Any] | Receipt:
    said = response.json()
    if 200 <= response.status < 300 and isinstance(said, dict):
        return said
    words = str(said.get("message", ""))[:200].rstrip(".") if isinstance(said, dict) else ""
    if response.status == 429:
        return retry("Mattermost is being sent too much (429).", wait_of(response))
    if response.status == 401:
        return refused("Mattermost does not accept the bot's token (401): check MUSTER_MATTERMOST_TOKEN.")
    if response.status == 403:
        return refused(f"Mattermost does not let the bot do this (403): {words or 'no reason given'}.")
    if response.status == 404 and words:
        return refused(f"Mattermost does not find this: {words} (404).")
    receipt = read_answer(ParsedUrl("https", "Mattermost", 443, "/"), response)
    return retry("Something answered in Mattermost's place, and not as it does.") if receipt.outcome.sent else receipt


def _read_webhook(target: ParsedUrl, response: Response) -> Receipt:
    receipt, said = read_answer(target, response), response.json()
    if receipt.outcome is SendOutcome.HANDED_OVER:
        taken = response.truncated or response.text(20).strip('"') == "ok"
        return (
            handed_over("Mattermost posted it.")
            if taken
            else retry(f"{target.host} did not answer as Mattermost does.")
        )
    if receipt.outcome is SendOutcome.REFUSED and isinstance(said, dict) and said.get("message"):
        return refused(f"Mattermost refused it ({response.status}): {str(said['message'])[:200].rstrip('.')}.")
    return receipt
