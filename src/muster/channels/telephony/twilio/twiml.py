"""TwiML: what a call says and asks, and how a text message is answered (https://www.twilio.com/docs/voice/twiml). Pure."""

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

from muster.channels.telephony.spoken import PROMPT

LONGEST = 4000
"""Characters of TwiML that Twilio takes with the request for a call."""
_PATIENCE = 4
_HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def call(sentences: Sequence[str], answer_url: str, language: str, *, asks: bool) -> str:
    """What a call says, twice; while it speaks a key may be pressed, where it asks for one.

    It is sent with the request, so that the phone speaks even when Muster cannot be reached in that moment. An answering
    machine records it, the second time whole.
    """
    kept = list(sentences)
    while True:
        text = _call(kept, answer_url, language, asks)
        if len(text) <= LONGEST or len(kept) <= 1:
            return text
        kept.pop()


def spoken(sentence: str, language: str, *, again_at: str = "") -> str:
    """Say a sentence and hang up, or with `again_at` ask for a key once more first."""
    if not again_at:
        return f"{_HEAD}<Response>{_say(sentence, language)}<Hangup/></Response>"
    asked = _gather(_say(sentence, language) + _say(PROMPT, language), again_at)
    return f"{_HEAD}<Response>{asked}{_say('Goodbye.', language)}<Hangup/></Response>"


def texted(sentence: str) -> str:
    """Answer a text message with another; an empty sentence sends none."""
    return f"{_HEAD}<Response>{f'<Message>{escape(sentence)}</Message>' if sentence else ''}</Response>"


def _call(sentences: Sequence[str], answer_url: str, language: str, asks: bool) -> str:
    said = "".join(_say(sentence, language) for sentence in sentences)
    if not asks:
        twice = f'{said}<Pause length="1"/>{said}'
        return f"<Response>{twice}{_say('Goodbye.', language)}</Response>"
    once = _gather(said + _say(PROMPT, language), answer_url)
    return f"<Response>{once}{once}{_say('You pressed no key. Goodbye.', language)}</Response>"


def _gather(inside: str, url: str) -> str:
    return f'<Gather input="dtmf" numDigits="1" timeout="{_PATIENCE}" method="POST" action={quoteattr(url)}>{inside}</Gather>'


def _say(sentence: str, language: str) -> str:
    return f"<Say language={quoteattr(language)}>{escape(sentence)}</Say>"
