"""Quiet messages: what wakes nobody and belongs to no page. They take the way that a page takes, but never a call (R72)."""

from collections.abc import Iterable, Sequence

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.kit.ids import new_id
from muster.oncall.happenings import ShiftNotice
from muster.paging.actions import snapshot as snapshots
from muster.paging.actions.start import DELIVERY
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery, pending
from muster.paging.quiet_address import quiet_address, told_addresses
from muster.paging.store import deliveries
from muster.paging.targets import Address, Reachable
from muster.people.happenings import AccountChanged, ContactProofWanted

WHY_SHIFTS = "Muster tells you about your shifts; choose under On call, My shifts."
WHY_ACCOUNT = "Muster tells you what happens to your account."


async def send(unit: Unit, messages: Sequence[Delivery], note: str = "") -> None:
    """Send tests or notices; `note` is what a notice says, its first paragraph the title where others follow. It stands in
    the job only, and is gone once it was sent."""
    if not messages:
        return
    await deliveries.insert(unit.conn, messages)
    payload = {"note": note} if note else {}
    await enqueue(unit, [Job(DELIVERY, str(message.id), payload, urgent=True) for message in messages])


async def notify(unit: Unit, names: Iterable[str], title: str, text: str, why: str) -> None:
    """Send a notice to persons; who has left, or can be reached by nothing but a call, gets none."""
    persons = await snapshots.reachable(unit, set(names))
    notices = [
        pending(new_id(unit.now), MessageKind.NOTICE, person, address, why, unit.now)
        for person in persons.values()
        if person.active and (address := quiet_address(person))
    ]
    await send(unit, notices, f"{title}\n\n{text}")


async def send_notice(unit: Unit, notice: ShiftNotice) -> None:
    """Subscribed to what schedules say of shifts."""
    await notify(unit, [notice.person], notice.title, notice.body, WHY_SHIFTS)


async def send_account_notice(unit: Unit, changed: AccountChanged) -> None:
    """Subscribed to changes of accounts: to every proved contact but the one that was changed."""
    persons = await snapshots.reachable(unit, {changed.person.name})
    notices = [
        pending(new_id(unit.now), MessageKind.NOTICE, person, address, WHY_ACCOUNT, unit.now)
        for person in persons.values()
        if person.active
        for address in told_addresses(person, changed.but)
    ]
    await send(unit, notices, f"{changed.title}\n\n{changed.body}")


async def send_proof(unit: Unit, wanted: ContactProofWanted) -> None:
    """Subscribed to contacts that are to be proved. The code stands in the job only and is gone once it was sent."""
    contact, person = wanted.contact, wanted.person
    address = Address(contact.id, contact.kind, contact.address, contact.verified)
    owner = Reachable(person.id, person.name, person.time_zone, person.active, (address,))
    why = f"{person.name} is proving this contact."
    delivery = pending(new_id(unit.now), MessageKind.NOTICE, owner, address, why, unit.now)
    note = f"Your code is {wanted.code}. Enter it in Muster to prove that pages reach you here."
    await send(unit, [delivery], note)
