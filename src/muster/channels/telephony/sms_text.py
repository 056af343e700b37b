"""What a text message says: the incident first, the link and the way to answer always, the rest as far as it fits. Pure."""

from collections.abc import Callable

from muster.channels.telephony import gsm7
from muster.channels.telephony.segments import count
from muster.paging.channel import Message, MessageKind
from muster.paging.wording import one_line, shorten

_SHORTEST = 12
_LONGEST = 1200
Spell = Callable[[str], str | None]


def compose_sms(message: Message, segments: int, *, two_way: bool) -> str:
    """The text of a message within `segments` parts (one more where the link alone needs it).

    Spelled in the 7-bit alphabet where that loses nothing. Where it would, the letters are wide and a part holds 67 of
    them, too few for the long link that acknowledges: then the short link to the incident stands, and the answer acknowledges.
    """
    plain = _lines(message, two_way, message.acknowledge_url or message.url, segments, gsm7.spelled)
    if plain is not None:
        return plain
    wide = _lines(message, two_way, message.url if two_way else message.acknowledge_url or message.url, segments, str)
    return wide or one_line(message.subject)


def _lines(message: Message, two_way: bool, link: str, segments: int, spell: Spell) -> str | None:
    head = one_line(message.subject)
    happening = message.happening or one_line(message.body)
    tail = [line for line in (message.deadline, _answer(message) if two_way else "", link) if line]
    if message.title and happening.startswith(message.title):
        happening = happening[len(message.title) :].lstrip(" .:-")
    return _fitting(head, happening, tail, segments, spell)


def _fitting(head: str, happening: str, tail: list[str], segments: int, spell: Spell) -> str | None:
    """The longest version that fits: first the happening gives way, then the deadline, then the head."""
    if spell("\n".join([head, happening, *tail])) is None:
        return None
    for kept in (tail, tail[1:]) if len(tail) > 1 else (tail,):
        room = min(len(happening), _LONGEST)
        while room >= min(len(happening), _SHORTEST) and room > 0:
            text = spell("\n".join(line for line in (head, shorten(happening, room), *kept) if line)) or ""
            if count(text) <= segments:
                return text
            room = room * 7 // 8 if room > 40 else room - 4
        text = spell("\n".join([head, *kept])) or ""
        if count(text) <= segments:
            return text
    ends = tail[-2:]
    for room in range(len(head), _SHORTEST, -4):
        text = spell("\n".join([shorten(head, room), *ends])) or ""
        if count(text) <= segments:
            return text
    return spell("\n".join([shorten(head, 60), *ends]))


def _answer(message: Message) -> str:
    return "Reply ack, or esc to escalate." if message.kind is MessageKind.PAGE else ""
