"""Adding, removing, ordering and proving the ways to reach a person."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.people.actions.guard import CHANGED, allow_for, existing_person
from muster.people.actions.telling import tell_owner
from muster.people.contact import Contact, masked
from muster.people.drafts import ContactDraft
from muster.people.events import (
    CONTACT_ADDED,
    CONTACT_PROOF_SENT,
    CONTACT_REMOVED,
    CONTACT_VERIFIED,
    CONTACTS_REORDERED,
)
from muster.people.happenings import ContactProofWanted, WaysChanged
from muster.people.person import Person
from muster.people.reach import Reach, secret_row
from muster.people.store import contact_rows
from muster.people.store.person_rows import persons_by_id

CODE_LIFE = timedelta(minutes=15)
MOST_GUESSES = 5
MOST_CONTACTS = 20
FRESH = timedelta(hours=1)
"""Within this, a proof by use is not written again."""


async def add_contact(unit: Unit, name: str, draft: ContactDraft, reach: Reach) -> Contact:
    """Add a contact behind the person's others; `verified` is for those to say who manage persons.

    Raises:
        Missing, Denied; Invalid: the channel does not take this address; Conflict: it is there already.
    """
    person = await existing_person(unit.conn, name, hold=True)
    allow_for(unit, person)
    if draft.verified:
        unit.allow(Permission.PERSON_MANAGE)
    contact = await add(unit, person, draft, reach)
    shown = f"{contact.kind} {masked(contact.kind, contact.address)}"
    await tell_owner(unit, person, "A contact was added to your account", f"It is {shown}.", but=contact.id)
    await unit.emit(WaysChanged(person))
    return contact


async def remove_contact(unit: Unit, name: str, contact_id: UUID) -> None:
    """Take a contact out of use."""
    person = await existing_person(unit.conn, name, hold=True)
    allow_for(unit, person)
    contact = await _own(unit, person, contact_id)
    await drop(unit, person, [contact])
    shown = f"{contact.kind} {masked(contact.kind, contact.address)}"
    await tell_owner(unit, person, "A contact was removed from your account", f"It was {shown}.", but=contact.id)
    await unit.emit(WaysChanged(person))


async def reorder_contacts(unit: Unit, name: str, ids: Sequence[UUID]) -> list[Contact]:
    """Set the order in which a person's contacts are tried; all of them must be listed.

    Raises:
        Missing, Denied; Invalid: the list is not exactly the person's contacts.
    """
    person = await existing_person(unit.conn, name, hold=True)
    allow_for(unit, person)
    contacts = (await contact_rows.contacts_of(unit.conn, [person.id]))[person.id]
    if sorted(ids) != sorted(contact.id for contact in contacts):
        fault = Fault("contacts", "The order must list each of the person's contacts once.", "Load them again.")
        raise Invalid("The contacts cannot be ordered like this.", faults=[fault])
    await order(unit, person, contacts, ids)
    return (await contact_rows.contacts_of(unit.conn, [person.id]))[person.id]


async def vouch_for_contact(unit: Unit, name: str, contact_id: UUID) -> Contact:
    """Mark a contact as reaching its owner on an administrator's word."""
    unit.allow(Permission.PERSON_MANAGE)
    person = await existing_person(unit.conn, name, hold=True)
    contact = await _own(unit, person, contact_id)
    await vouch(unit, person, contact)
    await unit.emit(WaysChanged(person))
    return await _own(unit, person, contact_id)


async def send_code(unit: Unit, name: str, contact_id: UUID) -> None:
    """Have a code sent to a contact; whoever enters it has the contact in hand."""
    person = await existing_person(unit.conn, name, hold=True)
    allow_for(unit, person)
    contact = await _own(unit, person, contact_id)
    code = f"{secrets.randbelow(1_000_000):06}"
    await contact_rows.keep_proof(unit.conn, contact.id, _hash(contact, code), unit.now, unit.now + CODE_LIFE)
    await unit.emit(ContactProofWanted(person, contact, code))
    await record(unit, _event(person, CONTACT_PROOF_SENT, contact))


async def prove_contact(unit: Unit, name: str, contact_id: UUID, code: str) -> Fault | None:
    """Compare the code; returns what is wrong with it, if anything. A wrong guess is counted even so (`unit.keep`)."""
    person = await existing_person(unit.conn, name, hold=True)
    allow_for(unit, person)
    contact = await _own(unit, person, contact_id)
    proof = await contact_rows.proof(unit.conn, contact.id)
    if proof is None or proof.expires_at <= unit.now or proof.wrong_guesses >= MOST_GUESSES:
        return Fault("code", "No code is waiting for this contact, or it has expired.", "Have a new one sent.")
    if not hmac.compare_digest(proof.code_hash, _hash(contact, code.strip())):
        unit.keep = True
        await contact_rows.guessed_wrong(unit.conn, contact.id)
        return Fault("code", "This is not the code that was sent.", "Copy its six digits from the latest message.")
    await contact_rows.verify(unit.conn, contact.id, "code", unit.now)
    await record(unit, _event(person, CONTACT_VERIFIED, contact, by="code"))
    await unit.emit(WaysChanged(person))
    unit.publish(CHANGED)
    return None


async def prove_by_use(unit: Unit, contact_id: UUID) -> Contact | None:
    """Its owner has answered what was sent there: proof as good as a code. A proof of the last hour is left as it is; None
    where the contact is out of use or nothing changed. Whoever calls has made sure that it was the owner."""
    contact = await contact_rows.contact(unit.conn, contact_id)
    if contact is None or not contact.active:
        return None
    if contact.verified_at and unit.now - contact.verified_at < FRESH:
        return None
    person = (await persons_by_id(unit.conn, [contact.person_id]))[contact.person_id]
    await contact_rows.verify(unit.conn, contact.id, "use", unit.now)
    await record(unit, _event(person, CONTACT_VERIFIED, contact, by="use"))
    await unit.emit(WaysChanged(person))
    unit.publish(CHANGED)
    return await contact_rows.contact(unit.conn, contact_id)


async def add(unit: Unit, person: Person, draft: ContactDraft, reach: Reach) -> Contact:
    """Validate and write a contact and its events; the caller has checked the permission and holds the person."""
    faults = list(reach.faults(draft.kind, draft.address, draft.secret))
    present = (await contact_rows.contacts_of(unit.conn, [person.id]))[person.id]
    if len(present) >= MOST_CONTACTS:
        faults.append(Fault("", f"A person has at most {MOST_CONTACTS} contacts.", "Remove one that is not used."))
    if faults:
        raise Invalid("The contact cannot be saved.", faults=faults)
    id = new_id(unit.now)
    sealed = reach.seal(draft.secret, secret_row(id)) if draft.secret else None
    rank = len(present) + 1
    if not await contact_rows.insert(unit.conn, id, person.id, draft.kind, draft.address, rank, sealed, unit.now):
        raise Conflict(f"{person.full_name} has this contact already.", "Nothing needs to be added.")
    contact = await _own(unit, person, id)
    await record(unit, _event(person, CONTACT_ADDED, contact))
    if draft.verified:
        await vouch(unit, person, contact)
    unit.publish(CHANGED)
    return await _own(unit, person, id)


async def drop(unit: Unit, person: Person, contacts: Sequence[Contact]) -> None:
    """Take contacts out of use and close the gap in the order; the caller has checked the permission."""
    gone = {contact.id for contact in contacts}
    await contact_rows.remove(unit.conn, list(gone), unit.now)
    left = (await contact_rows.contacts_of(unit.conn, [person.id]))[person.id]
    await contact_rows.rank(unit.conn, [contact.id for contact in left])
    for contact in contacts:
        await record(unit, _event(person, CONTACT_REMOVED, contact))
    unit.publish(CHANGED)


async def order(unit: Unit, person: Person, contacts: Sequence[Contact], ids: Sequence[UUID]) -> bool:
    """Write an order that differs from the present one; the caller has checked the permission. True if it differed."""
    if [contact.id for contact in contacts] == list(ids):
        return False
    await contact_rows.rank(unit.conn, ids)
    kinds = {contact.id: contact.kind for contact in contacts}
    data = {"name": person.name, "order": [{"contact": id, "kind": kinds[id]} for id in ids]}
    await record(unit, Event(f"person:{person.id}", CONTACTS_REORDERED, data))
    unit.publish(CHANGED)
    return True


async def vouch(unit: Unit, person: Person, contact: Contact) -> None:
    """Mark a contact as proved by an administrator; the caller has checked the permission."""
    if not contact.verified:
        await contact_rows.verify(unit.conn, contact.id, "administrator", unit.now)
        await record(unit, _event(person, CONTACT_VERIFIED, contact, by="administrator"))
        unit.publish(CHANGED)


async def _own(unit: Unit, person: Person, contact_id: UUID) -> Contact:
    contact = await contact_rows.contact(unit.conn, contact_id)
    if contact is None or contact.person_id != person.id or not contact.active:
        raise Missing(f"{person.full_name} has no such contact.", "Load their contacts again.")
    return contact


def _hash(contact: Contact, code: str) -> bytes:
    return hashlib.sha256(contact.id.bytes + code.encode("utf-8", "surrogateescape")).digest()


def _event(person: Person, kind: EventKind, contact: Contact, **more: str) -> Event:
    shown = {"contact": contact.id, "kind": contact.kind, "address": masked(contact.kind, contact.address)}
    return Event(f"person:{person.id}", kind, {"name": person.name, **shown, **more})
