"""Whom an event means: by the addresses of those invited, by a name in its title, else by its organizer."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from muster.oncall.ical.event import Event

_WORD = re.compile(r"[^\W_]+(?:[._@+'-]+[^\W_]+)*")


@dataclass(frozen=True, slots=True)
class Known:
    """A person as calendars may name them."""

    name: str
    full_name: str = ""
    email: str = ""


class Directory:
    """Finds persons in what events say. Letters' case does not matter; a name must stand as whole words."""

    def __init__(self, persons: Iterable[Known]) -> None:
        self._by_email: dict[str, str] = {}
        self._by_words: dict[tuple[str, ...], str] = {}
        twice: set[tuple[str, ...]] = set()
        for person in persons:
            if person.email:
                self._by_email[person.email.casefold()] = person.name
            for text in (person.name, person.full_name, person.email):
                words = _words(text)
                if words and self._by_words.setdefault(words, person.name) != person.name:
                    twice.add(words)
        for words in twice:
            del self._by_words[words]
        self._longest = max(map(len, self._by_words), default=0)

    def people(self, event: Event) -> tuple[str, ...]:
        """Whom the event means, by name; nobody where it names nobody who is known."""
        invited = {self._by_email.get(address.casefold()) for address in event.attendees}
        organizer = self._by_email.get(event.organizer.casefold())
        found = (invited - {None}) or self._named(event.title) or {organizer} - {None}
        return tuple(sorted(name for name in found if name))

    def _named(self, title: str) -> set[str]:
        """Persons whose name, full name or address stands in a title; a longer match hides those inside it."""
        words, found, at = _words(title), set(), 0
        while at < len(words):
            for length in range(min(self._longest, len(words) - at), 0, -1):
                if person := self._by_words.get(words[at : at + length]):
                    found.add(person)
                    at += length - 1
                    break
            at += 1
        return found


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.casefold() for word in _WORD.findall(text))
