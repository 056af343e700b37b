"""What is told without waking anybody: where it goes, and what shadows hear of the pages of those whom they shadow. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from muster.paging.page import Page
from muster.paging.run import TakenStep
from muster.paging.targets import Address, Reachable

LOUD, LOUDEST, MACHINE = "sms", "voice", "webhook"
PERSONAL = frozenset({"email", "inbox"})
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Shadowed:
    """What a shadow is told: `why` them, and a note with its title as the first paragraph."""

    name: str
    why: str
    note: str


def shadowed(taken: Iterable[tuple[Page, TakenStep]]) -> list[Shadowed]:
    """What the shadows of those who are paged hear, once each however many pages there are; shadows are never counted as
    reached."""
    found: dict[str, tuple[dict[str, None], dict[str, str]]] = {}
    for page, step in taken:
        for meant in step.meant:
            for shadow in meant.shadows if meant.people else ():
                people, pages = found.setdefault(shadow, ({}, {}))
                people.update(dict.fromkeys(meant.people))
                pages[page.ref] = f"Drill: {page.title}" if page.drill else page.title
    return [_told(name, list(people), pages) for name, (people, pages) in found.items()]


def _told(name: str, people: Sequence[str], pages: dict[str, str]) -> Shadowed:
    whom = " and ".join(people)
    named = [f"{ref}: {title}" for ref, title in list(pages.items())[:MOST_NAMED]]
    more = f"\nand {len(pages) - MOST_NAMED} more" if len(pages) > MOST_NAMED else ""
    title = f"{whom} {'is' if len(people) == 1 else 'are'} being paged for {next(iter(pages))}"
    title += f" and {len(pages) - 1} more" if len(pages) > 1 else ""
    why = f"You shadow {whom}. You need not answer: nobody counts on you."
    return Shadowed(name, why, f"{title}\n\n" + "\n".join(named) + more)


def told_addresses(person: Reachable, but: UUID | None) -> list[Address]:
    """Where somebody is told about their account: every proved e-mail address and inbox `but` one; where there is none, every
    other proved contact that does not ring, by SMS only as the last. A webhook is no person, and is told nothing."""
    others = [address for address in person.addresses if address.contact_id != but or but is None]
    proved = [address for address in others if address.verified and address.channel not in (LOUDEST, MACHINE)]
    personal = [address for address in proved if address.channel in PERSONAL]
    return personal or [address for address in proved if address.channel != LOUD] or proved


def quiet_address(person: Reachable) -> Address | None:
    """Where a notice goes: the first proved contact that is neither SMS nor a call, else e-mail, else a proved SMS."""
    addresses = person.addresses
    proved = [address for address in addresses if address.verified and address.channel != LOUDEST]
    choices = [
        *(each for each in proved if each.channel != LOUD),
        *(address for address in addresses if address.channel == "email"),
        *proved,
    ]
    return choices[0] if choices else None
