"""Sends the code that proves a contact: the way that a page takes, so that the proof proves the right thing."""

from muster.base.unit import Unit
from muster.kit.ids import new_id
from muster.paging.actions.sending import send
from muster.paging.channel import MessageKind
from muster.paging.delivery import pending
from muster.paging.targets import Address, Reachable
from muster.people.happenings import ContactProofWanted


async def send_proof(unit: Unit, wanted: ContactProofWanted) -> None:
    """Subscribed to what people ask for. The code stands in the job only and is gone once it was sent."""
    contact, person = wanted.contact, wanted.person
    address = Address(contact.id, contact.kind, contact.address, contact.verified)
    owner = Reachable(person.id, person.name, person.time_zone, person.active, (address,))
    why = f"{person.name} is proving this contact."
    delivery = pending(new_id(unit.now), MessageKind.NOTICE, owner, address, why, unit.now)
    note = f"Your code is {wanted.code}. Enter it in Muster to prove that pages reach you here."
    await send(unit, [delivery], note)
