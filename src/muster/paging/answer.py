"""What a person wrote, pressed or typed in answer to a page, read into one of the few things that an answer can mean. Pure.

An answer that acknowledges stops an escalation. So only what is certain counts: a known word that stands first, alone or with
words that change nothing. Whatever else is written makes it a doubt, and a doubt is asked back while the page goes on.
"""

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from muster.paging import answer_words as words

HELP = "Answer `ack` alone to take it, `ack INC-142` to take another one, `ack all` for all, `escalate` to pass it on."

_TOKEN = re.compile(
    r"(?P<ref>\binc\s*[-#]?\s*(?P<inc>\d{1,12})\b(?![.:]\d)|#(?P<hash>\d{1,12})\b)"
    r"|(?P<time>\b\d{1,2}[:.h]\d{2}\b)|(?P<span>\b\d{1,4}(?P<unit>[a-z]+)\b)|(?P<number>\b\d+\b)"
    r"|(?P<word>[^\W\d_][\w'’]*|👍|✅)|(?P<mark>[^\s.,;:!()\[\]\"'’`*_~…-])"
)
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-")
_SHORT, _NEAR = 100, 6
"""Lines below the answer may take it back, as far as they are short and near: what is long or far down is small print."""


class Verb(StrEnum):
    """What an answer asks for; `unclear` when nothing that Muster is sure of."""

    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    HELP = "help"
    UNCLEAR = "unclear"


class Doubt(StrEnum):
    """Why an answer is unclear."""

    UNKNOWN = "unknown"
    """It does not begin with a word that Muster knows."""
    MORE = "more"
    """It begins with one, and what follows may take it back."""
    NUMBER = "number"
    """A number stands where an incident may be meant, and is not written as one."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked for, for which incidents (`INC-142`; none named means the message answered, or the newest), or for all of
    the person's. `doubt` says why it is unclear."""

    verb: Verb
    refs: tuple[str, ...] = ()
    everything: bool = False
    doubt: Doubt | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as a channel brings it: with the delivery (or bundle) where the channel carries it, else the address that
    it came from."""

    channel: str
    text: str
    delivery_id: UUID | None = None
    address: str = ""


def read_answer(text: str) -> Answer:
    """Read an answer from its first line that says something; quoted lines (`> …`) do not count, lines below it only in so far
    as they take it back."""
    lines = [line.strip() for line in plain(text[:4000]).splitlines()]
    own = [line for line in lines if line and not line.startswith((">", "|"))]
    if len(own) > 1 and _greets(own[0].casefold()):
        own = own[1:]
    answer = _read_line(own[0].casefold()) if own else Answer(Verb.UNCLEAR, doubt=Doubt.UNKNOWN)
    if answer.verb is Verb.ACKNOWLEDGE and _taken_back(own[1:]):
        return Answer(Verb.UNCLEAR, answer.refs, answer.everything, Doubt.MORE)
    return answer


def plain(text: str) -> str:
    """A text without what cannot be seen: byte order and direction marks, soft hyphens, variants; any dash as a hyphen."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(sign for sign in text if not _unseen(sign))


def _unseen(sign: str) -> bool:
    return sign not in "\n\r\t" and (
        unicodedata.category(sign) in ("Cf", "Cc", "Mn") or "\U0001f3fb" <= sign <= "\U0001f3ff"
    )


def _greets(line: str) -> bool:
    heard = [token[0] for token in _TOKEN.finditer(line)]
    known = any(word in words.VERBS or word in words.BRIEF for word in heard)
    return 0 < len(heard) <= 4 and heard[0] in words.GREETINGS and not known


def _read_line(line: str) -> Answer:
    tokens = list(_TOKEN.finditer(line))
    refs = tuple(dict.fromkeys(f"INC-{int(token['inc'] or token['hash'])}" for token in tokens if token["ref"]))
    rest = [token for token in tokens if not token["ref"] and token[0] not in words.POLITE]
    everything = any(token[0] in words.ALL for token in rest[:2])
    rest = [token for at, token in enumerate(rest) if at > 1 or token[0] not in words.ALL]
    if not rest:
        return Answer(Verb.UNCLEAR, refs, everything, Doubt.UNKNOWN)
    first, *rest = rest
    if known := words.VERBS.get(first[0]):
        doubt = _doubt(Verb(known), rest)
        return Answer(Verb.UNCLEAR if doubt else Verb(known), refs, everything, doubt)
    if (brief := words.BRIEF.get(first[0])) and not rest:
        return Answer(Verb(brief), refs, everything)
    return Answer(Verb.UNCLEAR, refs, everything, Doubt.NUMBER if first["number"] else Doubt.UNKNOWN)


def _doubt(verb: Verb, rest: list[re.Match[str]]) -> Doubt | None:
    if verb is Verb.HELP:
        return None
    if verb is Verb.ESCALATE:
        return Doubt.MORE if any(token[0] in words.NEGATIONS for token in rest) else None
    for at, token in enumerate(rest):
        if token["number"] and not _counts_time(rest, at):
            return Doubt.NUMBER
        if not _harmless(token):
            return Doubt.MORE
    return None


def _harmless(token: re.Match[str]) -> bool:
    if token["word"]:
        return token[0].replace("’", "'") in words.HARMLESS
    if token["span"]:
        return token["unit"] in words.UNITS
    return not token["mark"] or token["mark"] in "~&+/"


def _counts_time(rest: list[re.Match[str]], at: int) -> bool:
    before = rest[at - 1][0] if at else ""
    after = rest[at + 1][0] if at + 1 < len(rest) else ""
    return (
        before in words.BEFORE_NUMBERS
        or after in words.UNITS
        or (at + 2 < len(rest) and rest[at + 2][0] in words.UNITS)
    )


def _taken_back(below: list[str]) -> bool:
    for line in below[:_NEAR]:
        if words.SIGNED.match(line):
            return False
        if len(line) <= _SHORT and words.CONTRARY.search(line):
            return True
    return False
