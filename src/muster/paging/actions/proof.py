"""Sends the code that proves a contact: the way that a page takes, so that the proof proves the right thing."""

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.ids import new_id
from muster.paging.actions.start import DELIVERY
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery, DeliveryState
from muster.paging.store import deliveries
from muster.people.happenings import ContactProofWanted


async def send_proof(unit: Unit, wanted: ContactProofWanted) -> None:
    """Subscribed to what people ask for. The code stands in the job only and is gone once it was sent."""
    contact, person = wanted.contact, wanted.person
    delivery = Delivery(
        id=new_id(unit.now),
        page_id=None,
        incident_id=None,
        step=0,
        kind=MessageKind.NOTICE,
        person_id=person.id,
        person=person.name,
        contact_id=contact.id,
        channel=contact.kind,
        address=contact.address,
        why=f"{person.name} is proving this contact.",
        state=DeliveryState.PENDING,
        attempts=0,
        reason="",
        provider_id="",
        failover_of=None,
        created_at=unit.now,
        sent_at=None,
        ended_at=None,
    )
    await deliveries.insert(unit.conn, [delivery])
    note = f"Your code is {wanted.code}. Enter it in Muster to prove that pages reach you here."
    await enqueue(unit, [Job(DELIVERY, str(delivery.id), {"note": note}, urgent=True)])
