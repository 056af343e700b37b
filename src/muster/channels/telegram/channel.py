"""Messages by a Telegram bot, with buttons that answer (https://core.telegram.org/bots/api#sendmessage)."""

import re
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any
from urllib.parse import urlsplit

import msgspec

from muster.base.http import Http, ParsedUrl, Response
from muster.channels.abilities import verbs
from muster.channels.http_receipts import LONGEST_WAIT, cut_short, exchange, never_raises, read_answer, wait_of
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, SendOutcome, handed_over, refused, retry
from muster.paging.wording import actions, shorten, with_links

API = "https://api.telegram.org"
_CHAT = re.compile(r"-?[0-9]{1,20}|@[A-Za-z][A-Za-z0-9_]{4,31}")
_LONGEST, _MOST_BUTTONS = 4096, 8
POLL = 8
"""Seconds, below the silence that the HTTP client bears."""

_UPDATES = ["message", "callback_query"]
_OFF = "Telegram is not set up: set MUSTER_TELEGRAM_TOKEN."
_MEANINGS = (
    ("bot was blocked", "the person has blocked the bot: they must unblock it"),
    ("user is deactivated", "the person has left Telegram"),
    ("can't initiate conversation", "the person must write to the bot first: link the chat again under Me, Contacts"),
    ("bot was kicked", "the bot was removed from this chat"),
    ("chat not found", "there is no such chat, or nobody has written to the bot there"),
    ("not enough rights", "the bot may not write in this chat"),
    ("upgraded to a supergroup", "the group has another id now: enter the new one"),
    ("message is not modified", "the message reads so already"),
    ("message to edit not found", "the message is not there any more"),
    ("message can't be edited", "Telegram does not let this message be changed any more"),
)


@dataclass(frozen=True, slots=True)
class Hook:
    """Where Telegram brings updates, and the secret by which they are believed."""

    url: str
    secret: str = field(repr=False)


class TelegramChannel:
    """Writes as the bot of `token`; `answers` tells how answers come: `polling`, `webhook` (then by `hook`) or `off`."""

    kind = "telegram"
    form = ContactForm("Telegram", "Chat ID", "123456789")

    def __init__(
        self, http: Http, token: str = "", *, answers: str = "polling", hook: Hook | None = None, api: str = API
    ) -> None:
        self._http, self._token, self._api, self.hook = http, token, api.rstrip("/"), hook
        self.listens = bool(token) and (answers == "polling" or (answers == "webhook" and hook is not None))
        self.polls = self.listens and answers == "polling"
        self.capabilities = Capabilities(max_length=_LONGEST, usable=bool(token), two_way=self.listens)

    def check_address(self, address: str) -> Fault | None:
        """A chat's number or a public channel's name."""
        if _CHAT.fullmatch(address):
            return None
        fix = "Link your chat by the button under Me, Contacts: nobody needs to know the number."
        return Fault("address", "A chat ID is a number.", fix)

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Send the message; once more without its links as buttons if Telegram does not like the links."""
        if not self._token:
            return refused(_OFF)
        answer = await self.ask("sendMessage", {"chat_id": address, **self._content(message)})
        if isinstance(answer, _LinksRefused):
            answer = await self.ask("sendMessage", {"chat_id": address, **self._content(message, bare=True)})
        if isinstance(answer, Receipt):
            return answer
        sent = answer if isinstance(answer, dict) else {}
        return handed_over("Telegram sent it.", str(sent.get("message_id", ""))[:32])

    @never_raises
    async def renew(self, address: str, provider_id: str, message: Message) -> Receipt:
        """Change a message of the bot's; without its buttons nothing of it can be pressed twice."""
        if not provider_id.isdecimal():
            return refused("Telegram gave this message no number.")
        content = {"chat_id": address, "message_id": int(provider_id), **self._content(message)}
        answer = await self.ask("editMessageText", content)
        return answer if isinstance(answer, Receipt) else handed_over("Telegram changed it.", provider_id)

    @never_raises
    async def say(self, to: str, text: str) -> Receipt:
        """Say a sentence in a chat, or as the answer to a pressed button (`to` is then `callback:` and its id)."""
        place, _, id = to.rpartition(":")
        if place == "callback":
            pressed = {"callback_query_id": id, "text": shorten(text, 200), "show_alert": len(text) > 60}
            answer = await self.ask("answerCallbackQuery", pressed)
        else:
            answer = await self.ask("sendMessage", {"chat_id": to, "text": shorten(text, _LONGEST)})
        return answer if isinstance(answer, Receipt) else handed_over("Telegram said it.")

    async def check(self) -> Receipt | None:
        """Whether the token counts, and of which bot it is."""
        if not self._token:
            return None
        answer = await self.ask("getMe", {})
        return answer if isinstance(answer, Receipt) else handed_over(f"@{answer.get('username', '')}")

    async def prepare(self) -> str | Receipt:
        """Tell Telegram which way updates go; the bot's name, or the receipt of a failure."""
        if self.hook is not None and not self.polls:
            wanted = {"url": self.hook.url, "secret_token": self.hook.secret, "allowed_updates": _UPDATES}
            told = await self.ask("setWebhook", wanted)
        else:
            told = await self.ask("deleteWebhook", {"drop_pending_updates": False})
        if isinstance(told, Receipt):
            return told
        me = await self.ask("getMe", {})
        return me if isinstance(me, Receipt) else str(me.get("username", ""))[:64]

    async def updates(self, offset: int) -> list[dict[str, Any]] | Receipt:
        """The updates from `offset` on, waiting up to POLL seconds for the first; what came before counts as taken."""
        content = {"offset": offset, "timeout": POLL, "limit": 100, "allowed_updates": _UPDATES}
        answer = await self.ask("getUpdates", content)
        if isinstance(answer, Receipt):
            return answer
        return [item for item in answer if isinstance(item, dict)] if isinstance(answer, list) else []

    async def ask(self, method: str, content: dict[str, Any]) -> Any | Receipt:
        """Call a method of the Bot API; its result, or the receipt of its failure. The token never shows in a reason."""
        body, headers = msgspec.json.encode(content), {"content-type": "application/json"}
        answer = await exchange(self._http, "POST", f"{self._api}/bot{self._token}/{method}", headers, body)
        return answer if isinstance(answer, Receipt) else _read(answer)

    def _content(self, message: Message, *, bare: bool = False) -> dict[str, Any]:
        """Text and buttons; no parse mode, so that nothing which an alert says is read as markup."""
        words = with_links(message) if bare else message.body
        answering = bool(message.acknowledge_url) and self.listens
        rows: list[list[dict[str, str]]] = []
        if answering:
            rows.append([
                {"text": label, "callback_data": f"{verb[:3]}:{message.delivery_id}"} for verb, label in verbs(message).items()
            ])  # fmt: skip
        if not bare:
            links = [action for action in actions(message) if not (answering and action.url == message.acknowledge_url)]
            fit = [link for link in links if _is_public(link.url)]
            rows += [[{"text": shorten(link.label, 60), "url": link.url}] for link in fit[:_MOST_BUTTONS]]
            rest = [f"{link.label}: {link.url}" for link in links if link not in fit]
            words = "\n".join([words, "", *rest]) if rest else words
        return {
            "text": shorten(f"{message.subject}\n\n{words}".strip(), _LONGEST),
            "link_preview_options": {"is_disabled": True},
            "reply_markup": {"inline_keyboard": rows},
        }


class _LinksRefused(Receipt):
    """Telegram takes the message, but not its links as buttons."""

    __slots__ = ()


def _is_public(url: str) -> bool:
    """Whether Telegram takes the URL for a button: it refuses names without a dot, such as localhost."""
    return "." in (urlsplit(url).hostname or "")


def _read(response: Response) -> Any | Receipt:
    said = response.json()
    if (cut := cut_short("Telegram", response)) is not None:
        return cut
    if not isinstance(said, dict) or not isinstance(said.get("ok"), bool):
        receipt = read_answer(ParsedUrl("https", "Telegram", 443, "/"), response)
        return retry("Something answered in Telegram's place, and not as it does.") if receipt.outcome.sent else receipt
    if said["ok"]:
        return said.get("result")
    words = str(said.get("description", ""))[:200].rstrip(".")
    code = said.get("error_code") or response.status
    if code == 429:
        asked = (said.get("parameters") or {}).get("retry_after")
        wait = min(timedelta(seconds=asked), LONGEST_WAIT) if isinstance(asked, int) else wait_of(response)
        return retry("Telegram is being sent too much (429).", wait)
    if code in (401, 404):
        return refused(f"Telegram does not know this bot ({code}): check MUSTER_TELEGRAM_TOKEN.")
    if isinstance(code, int) and code >= 500:
        return retry(f"Telegram has a problem of its own ({code}): {words}.")
    meaning = next((meaning for sign, meaning in _MEANINGS if sign in words.lower()), "")
    reason = f"Telegram refused it: {meaning + ' (' + words + ')' if meaning else words or code}."
    if "url" in words.lower() and "invalid" in words.lower():
        return _LinksRefused(SendOutcome.REFUSED, reason)
    return refused(reason)
