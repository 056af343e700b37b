"""Contacts that come and go by what happens at the provider: a chat that said a code, a browser that takes no more pushes."""

from collections.abc import Sequence

from muster.base.unit import Unit
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.people.actions import contacts
from muster.people.actions.guard import CHANGED
from muster.people.actions.telling import tell_owner
from muster.people.contact import Contact, masked
from muster.people.drafts import ContactDraft
from muster.people.events import CONTACT_LOST, CONTACT_VERIFIED
from muster.people.person import Person
from muster.people.reach import Reach
from muster.people.store import contact_rows, person_rows


async def link(unit: Unit, person: Person, draft: ContactDraft, reach: Reach) -> Contact:
    """Give a person the contact that just spoke with their code, proved by that; one that is there already is proved.

    Raises:
        Invalid: the address is none, or the person has too many contacts.
    """
    present = (await contact_rows.contacts_of(unit.conn, [person.id]))[person.id]
    contact = next(
        (contact for contact in present if (contact.kind, contact.address) == (draft.kind, draft.address)), None
    )
    if contact is None:
        contact = await contacts.add(unit, person, draft, reach)
        shown = f"{contact.kind} {masked(contact.kind, contact.address)}"
        await tell_owner(unit, person, "A contact was added to your account", f"It is {shown}.", but=contact.id)
    if not contact.verified:
        await contact_rows.verify(unit.conn, contact.id, "code", unit.now)
        await record(unit, _event(person, CONTACT_VERIFIED, contact, "The chat said the code that Muster had shown."))
        unit.publish(CHANGED)
    return contact


async def retire(unit: Unit, gone: Sequence[Contact], reason: str) -> None:
    """Take contacts out of use that their provider says exist no more."""
    for contact in gone:
        person = await person_rows.person(unit.conn, contact.person_id)
        if person is None:
            continue
        await record(unit, _event(person, CONTACT_LOST, contact, reason))
        await contacts.drop(unit, person, [contact])


def _event(person: Person, kind: EventKind, contact: Contact, reason: str) -> Event:
    data = {
        "name": person.name,
        "contact": contact.id,
        "kind": contact.kind,
        "address": masked(contact.kind, contact.address),
    }
    return Event(f"person:{person.id}", kind, data | ({"by": "code"} if kind is CONTACT_VERIFIED else {}), reason)
