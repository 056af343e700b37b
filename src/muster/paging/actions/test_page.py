"""A test page: the same queue, the same channel, the same receipts as a real one."""

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.notices import send
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery, pending
from muster.paging.events import TEST_REQUESTED
from muster.paging.targets import Address


async def send_test(unit: Unit, person: str, address: str | None = None) -> Delivery:
    """Send a test page to a person's first contact, or to the one with this address.

    Raises:
        Missing: there is no such person or contact.
    """
    mine = person == unit.principal.name
    unit.allow(Permission.SELF_MANAGE if mine else Permission.CHANNEL_TEST)
    found = (await snapshots.reachable(unit, [person])).get(person)
    if found is None:
        raise Missing(f"There is no person {person}.")
    chosen: Address | None = next((each for each in found.addresses if address in (None, each.address)), None)
    if chosen is None:
        raise Missing(f"{person} has no such contact.", "Add a contact first.")
    why = f"{unit.principal.name} asked for a test page to {person}."
    delivery = pending(new_id(unit.now), MessageKind.TEST, found, chosen, why, unit.now)
    await record(
        unit, Event(f"person:{found.id}", TEST_REQUESTED, {"channel": chosen.channel, "delivery": delivery.id})
    )
    await send(unit, [delivery])
    return delivery
