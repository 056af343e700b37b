"""The link in a test page: one button that proves the contact, no sign-in (R73).

As with a page's own link, the signed token is the authority: whoever holds it has what was sent to the contact in hand, and
proving that is all that it can do.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Path, Request, Response

from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import public
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.kit.errors import Denied, Problem
from muster.kit.signing import LONGEST_TOKEN, Rejection, verify
from muster.paging.actions.links import Links
from muster.paging.delivery import Delivery
from muster.paging.happenings import ContactUsed
from muster.paging.store import deliveries
from muster.people import store as people
from muster.people.contact import Contact
from muster.people.person import Person

PURPOSE = "prove"
Token = Annotated[str, Path(max_length=LONGEST_TOKEN + 1)]
WHY = "The signed link from the test page is the authority; it lets its bearer do nothing but prove this contact."

router = page_router("/t")


@dataclass(frozen=True, slots=True)
class ContactTest:
    """What a link is about: the test, its contact (None once it is out of use) and its owner."""

    delivery: Delivery
    contact: Contact | None
    person: Person


@template("paging/proving.html")
@dataclass(frozen=True, slots=True)
class Proving:
    """The link of a test page; `done` once it was tapped."""

    token: str
    test: ContactTest
    done: bool
    topics: Sequence[str] = ()


@template("paging/no_proof.html")
@dataclass(frozen=True, slots=True)
class NoProof:
    """A link that is of no use: expired, cut off, forged, or its person has left."""

    problem: Problem
    topics: Sequence[str] = ()


@router.get("/{token}")
@public(WHY)
async def proving_page(unit: Uses, request: Request, token: Token) -> Response:
    """Show what the link is about; changes nothing, so that link previews prove nothing."""
    return await _show(unit, request, token, done=False)


@router.post("/{token}")
@public(WHY)
async def do_prove(unit: Uses, request: Request, token: Token) -> Response:
    """Prove the contact to which the test was sent."""
    return await _show(unit, request, token, done=True)


async def _show(unit: Unit, request: Request, token: str, *, done: bool) -> Response:
    try:
        test = await _read(unit, services_of(request).of(Links).key, token)
    except Denied as problem:
        return render(request, NoProof(problem), status=problem.status)
    if done and test.contact:
        await unit.emit(ContactUsed(test.contact.id))
    return render(request, Proving(token, test, done))


async def _read(unit: Unit, key: bytes, token: str) -> ContactTest:
    read = verify(key, PURPOSE, token, unit.now)
    if isinstance(read, Rejection):
        raise Denied("This link does not count.", str(read))
    delivery_id = UUID(read.subject)
    delivery = (await deliveries.by_ids(unit.conn, [delivery_id])).get(delivery_id)
    person = await people.person(unit.conn, delivery.person_id) if delivery else None
    if delivery is None or person is None or not person.active:
        raise Denied("This link does not count any more.", "The person whom it was sent to has left.")
    contact = await people.contact(unit.conn, delivery.contact_id) if delivery.contact_id else None
    return ContactTest(delivery, contact if contact and contact.active else None, person)
