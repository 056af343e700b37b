"""The ways to reach a person as JSON."""

from datetime import datetime
from typing import Any
from uuid import UUID

from fastapi import Request, Response
from pydantic import BaseModel

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.base.web import problems
from muster.base.web.budget import CODES
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.errors import Invalid
from muster.people import store
from muster.people.actions import contacts
from muster.people.actions.guard import existing_person, is_self
from muster.people.api.parts import Body, reach_of
from muster.people.contact import Contact, masked
from muster.people.drafts import ContactDraft
from muster.people.person import Person

router = api_router("/persons/{name}/contacts", "contacts")


class ContactOut(BaseModel):
    """One way to reach somebody; to others than its owner and administrators `address` shows only its beginning.

    `wanted_anew`: its owner was asked at `asked_at` to prove it again, and has not done so yet.
    """

    id: UUID
    kind: str
    address: str
    rank: int
    verified: bool
    verified_at: datetime | None
    verified_by: str
    asked_at: datetime | None
    wanted_anew: bool


class Order(Body):
    """All of the person's contacts, the first to be tried first."""

    contacts: list[UUID]


class Code(Body):
    """The code that came with the message."""

    code: str


class Contacts(BaseModel):
    """All contacts of a person, the first to be tried first."""

    items: list[ContactOut]


def sees_addresses(unit: Unit, person: Person) -> bool:
    """Whether the caller may see the addresses in full."""
    return is_self(unit, person) or not refusal(unit.principal, Permission.PERSON_MANAGE)


def shown(contact: Contact, *, full: bool) -> ContactOut:
    """A contact as this caller may see it."""
    return ContactOut(
        id=contact.id,
        kind=contact.kind,
        address=contact.address if full else masked(contact.kind, contact.address),
        rank=contact.rank,
        verified=contact.verified,
        verified_at=contact.verified_at,
        verified_by=contact.verified_by,
        asked_at=contact.asked_at,
        wanted_anew=contact.wanted_anew,
    )


async def _all(unit: Unit, name: str) -> Contacts:
    person = await existing_person(unit.conn, name)
    full = sees_addresses(unit, person)
    found = (await store.contacts_of(unit.conn, [person.id]))[person.id]
    return Contacts(items=[shown(contact, full=full) for contact in found])


@router.get("")
@needs(Permission.PERSON_READ)
async def list_contacts(unit: Uses, name: str) -> Contacts:
    """List a person's contacts."""
    return await _all(unit, name)


@router.post("", status_code=201)
@needs(Permission.SELF_MANAGE, sensitive=True)
async def add_contact(unit: Uses, request: Request, name: str, body: ContactDraft) -> ContactOut:
    """Add a contact behind the others."""
    return shown(await contacts.add_contact(unit, name, body, reach_of(request)), full=True)


@router.put("/order")
@needs(Permission.SELF_MANAGE, sensitive=True)
async def order_contacts(unit: Uses, name: str, body: Order) -> Contacts:
    """Set the order in which a person's contacts are tried."""
    await contacts.reorder_contacts(unit, name, body.contacts)
    return await _all(unit, name)


@router.delete("/{id}", status_code=204)
@needs(Permission.SELF_MANAGE, sensitive=True)
async def remove_contact(unit: Uses, name: str, id: UUID) -> Response:
    """Take a contact out of use."""
    await contacts.remove_contact(unit, name, id)
    return Response(status_code=204)


@router.post("/{id}/code", status_code=202)
@needs(Permission.SELF_MANAGE, budget=CODES)
async def send_code(unit: Uses, name: str, id: UUID) -> Contacts:
    """Have a code sent to a contact, to prove that it reaches its owner."""
    await contacts.send_code(unit, name, id)
    return await _all(unit, name)


@router.post("/{id}/prove", response_model=Contacts)
@needs(Permission.SELF_MANAGE)
async def prove_contact(unit: Uses, name: str, id: UUID, body: Code) -> Any:
    """Prove a contact with the code that was sent to it."""
    if fault := await contacts.prove_contact(unit, name, id, body.code):
        return problems.as_response(Invalid("The contact is not proved.", faults=[fault]))
    return await _all(unit, name)


@router.post("/{id}/vouch")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def vouch_for_contact(unit: Uses, name: str, id: UUID) -> ContactOut:
    """Mark a contact as reaching its owner on an administrator's word."""
    return shown(await contacts.vouch_for_contact(unit, name, id), full=True)
