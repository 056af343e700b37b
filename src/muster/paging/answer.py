"""What a person wrote, pressed or typed in answer to a page, read into one of the few things that an answer can mean. Pure.

An answer that acknowledges stops an escalation. So only what is certain counts: a known word that stands first, alone or with
words that change nothing. Whatever else is written makes it a doubt, and a doubt is asked back while the page goes on.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from uuid import UUID

from muster.paging import answer_words as words

HELP = "Answer `ack` alone to take it, `ack INC-142` to take another one, `ack all` for all, `escalate` to pass it on."

_TOKEN = re.compile(
    r"(?P<ref>\binc\s*[-#]?\s*(?P<inc>\d{1,12})\b(?![.:]\d)|#(?P<hash>\d{1,12})\b)"
    r"|(?P<time>\b\d{1,2}[:.h]\d{2}\b)|(?P<span>\b\d{1,4}(?P<unit>[a-z]+)\b)"
    r"|(?P<no>-\d+|~~)|(?P<number>\b\d+\b)"
    r"|(?P<word>[^\W\d_][\w']*|[👍✅👌✔🫡])|(?P<mark>[^\s.,;:!()\[\]\"'`*_~…-])"
)
_DASHES = {**dict.fromkeys(map(ord, "‐‑‒–—―−﹣－"), "-"), **dict.fromkeys(map(ord, "’‘ʼ＇"), "'")}
_STRIKES = range(0x0334, 0x0339)
_KEYCAP = "\u20e3"
_LONGEST = timedelta(minutes=90)
"""Who will be there later than this may only say when the acknowledgement is to be expected."""
_SHORT, _NEAR = 100, 6
"""Lines below the answer may take it back, as far as they are short and near: what is long or far down is small print."""


class Verb(StrEnum):
    """What an answer asks for; `unclear` when nothing that Muster is sure of."""

    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    HELP = "help"
    UNCLEAR = "unclear"


class AnswerDoubt(StrEnum):
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
    doubt: AnswerDoubt | None = None


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
    own = [line for line in lines if not line.startswith((">", "|"))]
    while own and (not own[0] or _greets(own[0].casefold())):
        own = own[1:]
    answer = _read_line(own[0].casefold()) if own else Answer(Verb.UNCLEAR, doubt=AnswerDoubt.UNKNOWN)
    if answer.verb is Verb.ACKNOWLEDGE and _taken_back(own[1:]):
        return Answer(Verb.UNCLEAR, answer.refs, answer.everything, AnswerDoubt.MORE)
    return answer


def plain(text: str) -> str:
    """A text without what cannot be seen: byte order and direction marks, soft hyphens, variants; any dash as a hyphen, any
    apostrophe as a straight one. What strikes letters out stays, so that they are no word."""
    text = unicodedata.normalize("NFKC", text).translate(_DASHES)
    return "".join(sign for sign in text if not _unseen(sign))


def _unseen(sign: str) -> bool:
    return (sign not in "\n\r\t" and ord(sign) not in _STRIKES) and (
        unicodedata.category(sign) in ("Cf", "Cc", "Mn") or "\U0001f3fb" <= sign <= "\U0001f3ff" or sign == _KEYCAP
    )


def _greets(line: str) -> bool:
    heard = [token[0] for token in _TOKEN.finditer(line)]
    known = any(word in words.VERBS or word in words.BRIEF for word in heard)
    return 0 < len(heard) <= 4 and heard[0] in words.GREETINGS and not known


def _read_line(line: str) -> Answer:
    tokens = list(_TOKEN.finditer(words.PLAIN_YES.sub(r"\g<before>ack ", line.removeprefix("/"), count=1)))
    refs = tuple(dict.fromkeys(f"INC-{int(token['inc'] or token['hash'])}" for token in tokens if token["ref"]))
    rest = [token for token in tokens if not token["ref"] and token[0] not in words.POLITE]
    if not rest:
        return Answer(Verb.UNCLEAR, refs, doubt=AnswerDoubt.UNKNOWN)
    first, *rest = rest
    everything = bool(rest) and rest[0][0] in words.ALL and first.end() + 1 >= rest[0].start()
    rest = rest[1:] if everything else rest
    if known := words.VERBS.get(first[0]):
        doubt = AnswerDoubt.MORE if everything and refs else _doubt(Verb(known), rest)
        return Answer(Verb.UNCLEAR if doubt else Verb(known), refs, everything, doubt)
    if (brief := words.BRIEF.get(first[0])) and all(words.BRIEF.get(token[0]) == brief for token in rest):
        counted = any(token["number"] for token in rest) or (everything and not first["number"])
        return (
            Answer(Verb(brief), refs, everything) if not counted else Answer(Verb.UNCLEAR, refs, doubt=AnswerDoubt.MORE)
        )
    return Answer(Verb.UNCLEAR, refs, everything, AnswerDoubt.NUMBER if first["number"] else AnswerDoubt.UNKNOWN)


def _doubt(verb: Verb, rest: list[re.Match[str]]) -> AnswerDoubt | None:
    if verb is Verb.HELP:
        return None
    if verb is Verb.ESCALATE:
        return AnswerDoubt.MORE if any(token[0] in words.NEGATIONS for token in rest) else None
    for at, token in enumerate(rest):
        if token["number"] and not _counts_time(rest, at):
            return AnswerDoubt.NUMBER
        if token["number"] and at + 1 < len(rest) and _long(token[0], rest[at + 1][0]):
            return AnswerDoubt.MORE
        if not _harmless(token):
            return AnswerDoubt.MORE
    return None


def _harmless(token: re.Match[str]) -> bool:
    if token["word"]:
        return token[0] in words.HARMLESS or token[0] in words.HARMLESS_SIGNS
    if token["span"]:
        return token["unit"] in words.UNITS and not _long(token[0].removesuffix(token["unit"]), token["unit"])
    return not token["no"] and (not token["mark"] or token["mark"] in words.HARMLESS_SIGNS)


def _counts_time(rest: list[re.Match[str]], at: int) -> bool:
    before = rest[at - 1][0] if at else ""
    after = rest[at + 1][0] if at + 1 < len(rest) else ""
    return (
        before in words.BEFORE_NUMBERS
        or after in words.UNITS
        or (at + 2 < len(rest) and rest[at + 2][0] in words.UNITS)
    )


def _long(number: str, unit: str) -> bool:
    return unit[0] in "hm" and timedelta(minutes=int(number[:6]) * (60 if unit[0] == "h" else 1)) > _LONGEST


def _taken_back(below: list[str]) -> bool:
    """Whether a line below the answer may take it back. What follows without an empty line belongs to the answer, so it must be
    harmless, a name or small print; below that only what is known to contradict counts."""
    beside, seen = True, 0
    for line in below:
        beside = beside and bool(line)
        if not line:
            continue
        seen += 1
        if seen > _NEAR or words.SIGNED.match(line):
            return False
        if len(line) <= _SHORT and (words.CONTRARY.search(line) or words.ASKS.search(line)):
            return True
        if beside and len(line) <= _SHORT and not _signs(line) and not _says_nothing(line.casefold()):
            return True
    return False


def _signs(line: str) -> bool:
    """A name, a role, a number to call: words with capitals, signs and digits, and no sentence."""
    parts = line.split()
    return len(parts) <= 8 and all(not part[0].islower() or words.JOINS.fullmatch(part) for part in parts)


def _says_nothing(line: str) -> bool:
    tokens = list(_TOKEN.finditer(line))
    return all(_harmless(token) or token["number"] or words.BRIEF.get(token[0]) == "acknowledge" for token in tokens)
