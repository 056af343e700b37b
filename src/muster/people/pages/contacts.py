"""The forms of a person's contacts; they stand on one's own page and on a person's page under settings."""

from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.budget import CODES
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, see_other
from muster.base.web.needs import needs
from muster.kit.errors import Conflict, Invalid, Problem
from muster.people import store
from muster.people.actions import contacts
from muster.people.actions.guard import existing_person
from muster.people.api.parts import reach_of
from muster.people.drafts import ContactDraft
from muster.people.pages.me import own_page
from muster.people.pages.persons import person_page
from muster.people.pages.shown import TypedContact

router = page_router("/settings/people/{name}/contacts")


@router.post("")
@needs(Permission.SELF_MANAGE, sensitive=True)
async def do_add(
    unit: Uses,
    request: Request,
    name: str,
    kind: Field = "",
    address: Field = "",
    secret: Field = "",
    back: Field = "",
    prove: Field = "",
) -> Response:
    """Add a contact; with `prove`, have a code sent to it at once."""
    draft = ContactDraft(kind=kind, address=address, secret=secret)
    try:
        added = await contacts.add_contact(unit, name, draft, reach_of(request))
        if prove:
            await contacts.send_code(unit, name, added.id)
    except (Invalid, Conflict) as problem:
        return await _again(unit, request, name, back, problem, TypedContact(kind, address))
    return _back(name, back)


@router.post("/{id}/remove")
@needs(Permission.SELF_MANAGE, sensitive=True)
async def do_remove(unit: Uses, name: str, id: UUID, back: Field = "") -> Response:
    """Take a contact out of use."""
    await contacts.remove_contact(unit, name, id)
    return _back(name, back)


@router.post("/{id}/first")
@needs(Permission.SELF_MANAGE, sensitive=True)
async def do_put_first(unit: Uses, name: str, id: UUID, back: Field = "") -> Response:
    """Try a contact before the others."""
    person = await existing_person(unit.conn, name)
    present = [contact.id for contact in (await store.contacts_of(unit.conn, [person.id]))[person.id]]
    await contacts.reorder_contacts(unit, name, [id, *(other for other in present if other != id)])
    return _back(name, back)


@router.post("/{id}/code")
@needs(Permission.SELF_MANAGE, budget=CODES)
async def do_send_code(unit: Uses, name: str, id: UUID, back: Field = "") -> Response:
    """Have a code sent to a contact."""
    await contacts.send_code(unit, name, id)
    return _back(name, back)


@router.post("/{id}/prove")
@needs(Permission.SELF_MANAGE)
async def do_prove(unit: Uses, request: Request, name: str, id: UUID, code: Field = "", back: Field = "") -> Response:
    """Prove a contact with its code."""
    if fault := await contacts.prove_contact(unit, name, id, code):
        problem = Invalid("The contact is not proved.", faults=[fault])
        return await _again(unit, request, name, back, problem, TypedContact(id=str(id)))
    return _back(name, back)


@router.post("/{id}/vouch")
@needs(Permission.PERSON_MANAGE, sensitive=True)
async def do_vouch(unit: Uses, name: str, id: UUID, back: Field = "") -> Response:
    """Vouch for a contact."""
    await contacts.vouch_for_contact(unit, name, id)
    return _back(name, back)


def _back(name: str, back: str) -> Response:
    return see_other("/me" if back == "me" else f"/settings/people/{name}")


async def _again(unit: Unit, request: Request, name: str, back: str, problem: Problem, typed: TypedContact) -> Response:
    if back == "me" and name == unit.principal.name:
        return await own_page(unit, request, contact_problem=problem, typed=typed)
    return await person_page(unit, request, name, contact_problem=problem, typed=typed)
