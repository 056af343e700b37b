"""When a contact must be proved anew, and who has to be asked now: pure (R73)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.clocks.clock import ClockKind, ClockSpec
from muster.people.contact import Contact, masked
from muster.plan.model.contacts import Contacts

REPROVE = ClockKind("reprove", "paging")
"""A clock of a person, about one of their contacts."""
CLOCKS = (REPROVE,)
ASK_AGAIN = timedelta(days=7)
"""After it is overdue its owner is asked this often."""


@dataclass(frozen=True, slots=True)
class Watched:
    """A clock that runs or has run out for a contact: by its `proved_at` it is told whether it is of the present proof."""

    contact_id: UUID
    subject: str
    due_at: datetime
    proved_at: str
    running: bool


@dataclass(frozen=True, slots=True)
class Upkeep:
    """What brings clocks and questions up to date: clocks to `cancel` (subject, contact), to `start`, and contacts to `ask`."""

    cancel: tuple[tuple[str, str], ...]
    start: tuple[ClockSpec, ...]
    ask: tuple[Contact, ...]


def upkeep(contacts: Sequence[Contact], watched: Iterable[Watched], rules: Contacts, now: datetime) -> Upkeep:
    """Compare the contacts in use with the clocks that there are.

    A proof has one clock, which is breached once; a new proof, or another `reprove_every`, gets a new one. Owners are asked
    once before the clock runs out, and after it every `ASK_AGAIN` until they answer.
    """
    known: Mapping[UUID, list[Watched]] = _by_contact(watched)
    present = {contact.id: contact for contact in contacts if contact.verified}
    cancel = [
        (clock.subject, str(id_))
        for id_, clocks in known.items()
        for clock in clocks
        if clock.running and not _fits(clock, present.get(id_), rules)
    ]
    start = [
        clock_of(each, rules)
        for each in present.values()
        if not any(_fits(clock, each, rules) for clock in known.get(each.id, ()))
    ]
    ask = [each for each in present.values() if _is_to_be_asked(each, rules, now)]
    return Upkeep(tuple(cancel), tuple(start), tuple(ask))


def clock_of(contact: Contact, rules: Contacts) -> ClockSpec:
    """The clock of a contact's present proof."""
    if contact.verified_at is None:
        raise ValueError("A contact that was never proved has no clock.")
    data = {"contact": str(contact.id), "channel": contact.kind, "proved_at": contact.verified_at.isoformat()}
    label = f"Prove {contact.kind} {masked(contact.kind, contact.address)} again"
    due_at = contact.verified_at + rules.reprove_every
    return ClockSpec(f"person:{contact.person_id}", REPROVE, label, due_at, data, about=str(contact.id))


def _fits(clock: Watched, contact: Contact | None, rules: Contacts) -> bool:
    if contact is None or contact.verified_at is None:
        return False
    return clock.proved_at == contact.verified_at.isoformat() and clock.due_at == contact.reprove_at(
        rules.reprove_every
    )


def _is_to_be_asked(contact: Contact, rules: Contacts, now: datetime) -> bool:
    until = contact.reprove_at(rules.reprove_every)
    if until is None or now < until - rules.ask_before:
        return False
    asked = contact.asked_at
    if asked is None or asked < until - rules.ask_before:
        return True
    return now >= until and (asked < until or now - asked >= ASK_AGAIN)


def _by_contact(watched: Iterable[Watched]) -> dict[UUID, list[Watched]]:
    found: dict[UUID, list[Watched]] = {}
    for each in watched:
        found.setdefault(each.contact_id, []).append(each)
    return found
