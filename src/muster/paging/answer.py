"""What a person wrote, pressed or typed in answer to a page, read into one of the few things that an answer can mean. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

HELP = (
    "Answer `ack` to take the newest one, `ack INC-142` for one of them, `ack all` for all, `escalate` to pass it on."
)

_VERBS = {
    "acknowledge": ("ack", "acknowledge", "acknowledged", "acked", "taken", "mine"),
    "escalate": ("escalate", "esc", "pass", "next"),
    "help": ("help", "?", "info"),
}
_BRIEF = {"1": "acknowledge", "yes": "acknowledge", "y": "acknowledge", "ok": "acknowledge", "okay": "acknowledge",
          "👍": "acknowledge", "✅": "acknowledge", "2": "escalate"}  # fmt: skip
"""Words that mean something only when they stand alone or with a reference: `ok, who broke it?` takes nothing."""

_WORDS = {word: verb for verb, words in _VERBS.items() for word in words}
_REF = re.compile(r"(?:inc[-–#\s]?|#)(\d{1,12})|(\d{2,12})", re.IGNORECASE)
_ALL = frozenset({"all", "everything"})
_EDGES = ".,;:!()[]\"'`*_ \t"


class Verb(StrEnum):
    """What an answer asks for; `unclear` when nothing that Muster knows."""

    ACKNOWLEDGE = "acknowledge"
    ESCALATE = "escalate"
    HELP = "help"
    UNCLEAR = "unclear"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked for, for which incidents (`INC-142`; none named means the newest), or for all of the person's."""

    verb: Verb
    refs: tuple[str, ...] = ()
    everything: bool = False


@dataclass(frozen=True, slots=True)
class Said:
    """An answer as a channel brings it: with the delivery (or bundle) where the channel carries it, else the address that
    it came from."""

    channel: str
    text: str
    delivery_id: UUID | None = None
    address: str = ""


def read_answer(text: str) -> Answer:
    """Read an answer from its first line that says something; quoted lines (`> …`) do not count."""
    lines = (line.strip() for line in text[:4000].splitlines())
    line = next((each for each in lines if each and not each.startswith((">", "|"))), "")
    line = re.sub(r"\binc[\s#–]+(?=\d)", "inc-", line, flags=re.IGNORECASE)
    words = [word for each in line.lower().split()[:40] if (word := each.strip(_EDGES))]
    refs: list[str] = []
    rest: list[str] = []
    for index, word in enumerate(words):
        found = _REF.fullmatch(word)
        if found and not (index == 0 and len(words) == 1 and word in _BRIEF):
            ref = f"INC-{int(found[1] or found[2])}"
            refs += [ref] if ref not in refs else []
        elif word not in ("and", "please", "pls"):
            rest.append(word)
    everything = any(word in _ALL for word in rest)
    rest = [word for word in rest if word not in _ALL]
    if not rest:
        return Answer(Verb.UNCLEAR, tuple(refs), everything)
    verb = _WORDS.get(rest[0]) or (_BRIEF.get(rest[0]) if len(rest) == 1 else None)
    return Answer(Verb(verb) if verb else Verb.UNCLEAR, tuple(refs), everything)
