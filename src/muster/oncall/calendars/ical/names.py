"""Whom an event means: by the addresses of those invited, else by the names in its title; by its organizer only if asked for."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass

from muster.oncall.calendars.ical.event import Event

_WORD = re.compile(r"[^\W_]+(?:[._@'-]+[^\W_]+)*")
_PIECE = re.compile(r"[^\W_]+")
_POSSESSIVE = re.compile(r"'s?$")
_SIGNS: dict[int, str] = {
    **dict.fromkeys(map(ord, "’‘ʼ`´＇"), "'"),
    **dict.fromkeys(map(ord, "\u2010\u2011"), "-"),
    **dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u2060\ufeff"), ""),
}
"""Signs that look like others, and signs that nobody sees."""
_ROLES = frozenset(
    re.findall(
        r"\w+",
        """on call oncall duty shift primary secondary tertiary main backup shadow escalation first second third week weekend day
        night morning evening late early team tier level l1 l2 l3 p1 p2 p3 sre ops devops platform support standby rota
        bereitschaft dienst schicht guardia astreinte""",
    )
)
"""What stands joined to a name without being a part of it: `oncall-ana`, `primary_bo`."""


@dataclass(frozen=True, slots=True)
class PersonNames:
    """A person as calendars may name them."""

    name: str
    full_name: str = ""
    email: str = ""


class Directory:
    """Finds persons in what events say. Letters' case does not matter; a name must stand as whole words.

    `organizers` lets the organizer of an event stand for it where it names nobody.
    """

    def __init__(self, persons: Iterable[PersonNames], *, organizers: bool = False) -> None:
        self._organizers = organizers
        self._by_email: dict[str, str] = {}
        self._by_words: dict[tuple[str, ...], str] = {}
        twice: set[tuple[str, ...]] = set()
        for person in persons:
            if person.email:
                self._by_email[person.email.casefold()] = person.name
            full = _words(person.full_name)
            turned = {full[at:] + full[:at] for at in range(len(full))}
            for words in {_words(person.name), _words(person.email), *turned}:
                if words and self._by_words.setdefault(words, person.name) != person.name:
                    twice.add(words)
        for words in twice:
            del self._by_words[words]
        self._longest = max(map(len, self._by_words), default=0)

    def people(self, event: Event) -> tuple[str, ...]:
        """Whom the event means, by name; nobody where it names nobody who is known."""
        invited = {self._by_email.get(address.casefold()) for address in event.attendees}
        organizer = {self._by_email.get(event.organizer.casefold())} if self._organizers else set()
        attending = (invited - {None}) or self._named(event.title) or organizer
        return tuple(sorted(name for name in attending if name))

    def _named(self, title: str) -> set[str]:
        """Persons whose name, full name or address stands in a title; a longer match hides those inside it."""
        words, matches, at = self._parted(_words(title)), set(), 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                if person := self._by_words.get(words[at : at + length]):
                    matches.add(person)
                    at += length - 1
                    break
            else:
                matches |= self._inside(words[at])
            at += 1
        return matches

    def _parted(self, words: tuple[str, ...]) -> tuple[str, ...]:
        """The words, where two full names are joined (`Ana Silva-Bo Lind`) with that joint undone."""
        parted: list[str] = []
        for at, word in enumerate(words):
            left, joint, right = word.partition("-")
            ends = any(
                (*words[at - more : at], left) in self._by_words for more in range(1, min(at, self._longest) + 1)
            )
            begins = any((right, *words[at + 1 : at + 1 + more]) in self._by_words for more in range(1, self._longest))
            parted += [left, right] if joint and ends and begins else [word]
        return tuple(parted)

    def _inside(self, word: str) -> set[str]:
        """Who is named in a word that joins a name to roles or a place (`oncall-ana`, `ana@platform`); nobody in what may be
        somebody else's name or address (`jean-luc`, `ana@elsewhere.example`)."""
        local, _, place = word.partition("@")
        if place and "." in place:
            return set()
        pieces = _PIECE.findall(local)
        named = {person for piece in pieces if (person := self._by_words.get((piece,)))}
        if whole := self._by_words.get(tuple(pieces)):
            return {whole}
        others = [piece for piece in pieces if (piece,) not in self._by_words]
        alone = all(piece in _ROLES or piece.isdecimal() for piece in others)
        return named if alone and len(named) <= 1 else set()


def _words(text: str) -> tuple[str, ...]:
    """The words of a text as they are compared: joined ones whole, without possessives."""
    plain = unicodedata.normalize("NFC", text).translate(_SIGNS).casefold()
    return tuple(_POSSESSIVE.sub("", word) or word for word in _WORD.findall(plain))
