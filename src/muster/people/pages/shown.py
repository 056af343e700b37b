"""What the pages of a person share: their contacts as the onlooker may see them."""

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass
from uuid import UUID

from fastapi import Request

from muster.base.unit import Unit
from muster.base.web.forms import by_field
from muster.kit.errors import Fault, Problem
from muster.people import store
from muster.people.api.contacts import ContactOut, sees_addresses, shown
from muster.people.api.parts import reach_of
from muster.people.notify_words import sentences
from muster.people.person import Person
from muster.people.reach import ContactKind
from muster.people.store import contact_rows


@dataclass(frozen=True, slots=True)
class TypedContact:
    """What was typed into the form that was refused: a new contact, or the code of the contact `id`."""

    kind: str = ""
    address: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Reached:
    """How a person is reached, for `people/contacts.html`; to those of `waiting` a code was sent.

    `problem` (what no field is to blame for), `faults` and `typed` are those of a contact that was refused; `adding` has the
    form for a new one open; `notify_words` say how pages use them.
    """

    contacts: Sequence[ContactOut]
    waiting: Set[UUID]
    kinds: Sequence[ContactKind]
    labels: Mapping[str, str]
    manages: bool
    notify_words: Sequence[str]
    problem: Problem | None
    faults: Mapping[str, Fault]
    typed: TypedContact
    adding: bool


async def reached(
    unit: Unit, request: Request, person: Person, problem: Problem | None = None, typed: TypedContact = TypedContact()
) -> Reached:
    """How a person is reached; `problem` and `typed` are those of a contact that was refused."""
    full = sees_addresses(unit, person)
    contacts = (await store.contacts_of(unit.conn, [person.id]))[person.id]
    notify = (await store.notify_of(unit.conn, [person.id]))[person.id]
    kinds = reach_of(request).kinds
    labels = {kind.kind: kind.label for kind in kinds}
    return Reached(
        contacts=[shown(contact, full=full) for contact in contacts],
        waiting=await contact_rows.waiting_for_code(unit.conn, [contact.id for contact in contacts], unit.now),
        kinds=kinds,
        labels=labels,
        manages=full,
        notify_words=sentences(notify, labels),
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
        typed=typed,
        adding=bool(problem and not typed.id) or not contacts,
    )
