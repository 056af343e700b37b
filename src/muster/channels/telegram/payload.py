"""What Telegram tells of pressed buttons and private messages. Pure."""

import re
from typing import Any

from muster.channels.chat import LONGEST_TEXT, VERBS, Pressed, Wrote, number_of, part_of, text_of, uuid_of

_START = re.compile(r"/start(?:@\w+)?(?:\s+(\S{1,64}))?\s*")


def read_telegram(update: Any) -> Pressed | Wrote | None:
    """What an update says: a pressed button or a text in a private chat, or nothing for us."""
    if not isinstance(update, dict):
        return None
    pressed = part_of(update, "callback_query")
    if pressed:
        verb, _, delivery = text_of(pressed.get("data")).partition(":")
        id, who = uuid_of(delivery), number_of(part_of(pressed, "from").get("id"))
        if id is None or verb not in VERBS or not who:
            return None
        return Pressed(id, VERBS[verb], who, f"callback:{text_of(pressed.get('id'))}")
    message = part_of(update, "message")
    chat = part_of(message, "chat")
    who = number_of(chat.get("id"))
    text = text_of(message.get("text"))[:LONGEST_TEXT]
    if chat.get("type") != "private" or not who or not text:
        return None
    start = _START.fullmatch(text)
    return Wrote(text, who, who, (start[1] or "") if start else None)
