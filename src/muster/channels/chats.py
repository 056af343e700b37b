"""What was done in a chat, read from the forms of Slack and Telegram into the few things that Muster listens to. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

_VERBS = {"ack": "acknowledge", "esc": "escalate", "acknowledge": "acknowledge", "escalate": "escalate"}
_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S{1,64}))?\s*")
LONGEST_TEXT = 1000


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button of ours was pressed by `who` (the provider's id); `back` is where the answer is to be said."""

    delivery_id: UUID
    verb: str
    who: str
    back: str


@dataclass(frozen=True, slots=True)
class Wrote:
    """`who` wrote to the bot; `start` is the code of a `/start`, empty when none was given, None when it was none."""

    text: str
    who: str
    back: str
    start: str | None = None


def read_slack_action(payload: Any) -> Pressed | None:
    """What a `block_actions` payload says; None for what is none of ours, such as a pressed link."""
    if not isinstance(payload, dict) or payload.get("type") != "block_actions":
        return None
    actions = payload.get("actions")
    action = actions[0] if isinstance(actions, list) and actions and isinstance(actions[0], dict) else {}
    delivery, verb = _uuid(action.get("value")), _VERBS.get(str(action.get("action_id", "")))
    who = _text(_part(payload, "user").get("id"))
    if delivery is None or verb is None or not who:
        return None
    return Pressed(delivery, verb, who, _text(payload.get("response_url")))


def read_slack_event(payload: Any) -> Wrote | None:
    """A direct message to the app; None for everything else, above all for what bots wrote, ours included."""
    event = _part(payload, "event") if isinstance(payload, dict) else {}
    if (
        event.get("type") != "message"
        or event.get("channel_type") != "im"
        or event.get("bot_id")
        or event.get("subtype")
    ):
        return None
    who, back = _text(event.get("user")), _text(event.get("channel"))
    return Wrote(_text(event.get("text"))[:LONGEST_TEXT], who, back) if who and back else None


def read_telegram(update: Any) -> Pressed | Wrote | None:
    """What an update says: a pressed button or a text in a private chat, or nothing for us."""
    if not isinstance(update, dict):
        return None
    pressed = _part(update, "callback_query")
    if pressed:
        verb, _, delivery = _text(pressed.get("data")).partition(":")
        id, who = _uuid(delivery), _number(_part(pressed, "from").get("id"))
        if id is None or verb not in _VERBS or not who:
            return None
        return Pressed(id, _VERBS[verb], who, f"callback:{_text(pressed.get('id'))}")
    message = _part(update, "message")
    chat = _part(message, "chat")
    who = _number(chat.get("id"))
    text = _text(message.get("text"))[:LONGEST_TEXT]
    if chat.get("type") != "private" or not who or not text:
        return None
    start = _START.fullmatch(text)
    return Wrote(text, who, who, (start[1] or "") if start else None)


def _part(value: Any, name: str) -> Mapping[str, Any]:
    part = value.get(name) if isinstance(value, dict) else None
    return part if isinstance(part, dict) else {}


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Any) -> str:
    return str(value) if isinstance(value, int) and not isinstance(value, bool) else ""


def _uuid(value: Any) -> UUID | None:
    try:
        return UUID(value) if isinstance(value, str) else None
    except ValueError:
        return None
