"""What a call says: short sentences that an ear can follow at 03:00. Pure."""

import re

from muster.paging.channel import Message, MessageKind
from muster.paging.wording import one_line, shorten

_REFERENCE = re.compile(r"\b([A-Z]{2,8})-(\d+)\b")
_URL = re.compile(r"https?://\S+")
_CODE = re.compile(r"\b\d{6,8}\b")
_LONGEST_SENTENCE = 240
PROMPT = "Press 1 to acknowledge. Press 2 to escalate."


def sentences(message: Message) -> list[str]:
    """The sentences of a message, without the prompt for a key."""
    happening = message.happening or one_line(message.body)
    if message.kind is MessageKind.PAGE:
        drill = " This is a drill." if message.drill else ""
        head = f"This is Muster.{drill} {_said(message.severity).capitalize()} incident {_said(message.incident_ref)}."
        found = [
            head,
            f"{_said(message.title)}.",
            _said(happening) if happening != message.title else "",
            _said(message.deadline),
        ]
    else:
        found = ["This is Muster.", f"{_said(message.title)}.", _said(happening)]
    return [shorten(part, _LONGEST_SENTENCE) for part in found if part.strip(". ")]


def _said(text: str) -> str:
    """The text as a voice reads it well: references and codes digit by digit, no addresses."""
    plain = _URL.sub("", one_line(text))
    plain = _REFERENCE.sub(lambda found: f"{found[1]} {' '.join(found[2])}", plain)
    return _CODE.sub(lambda found: ", ".join(found[0]), plain).strip()
