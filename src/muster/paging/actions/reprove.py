"""Has contacts proved anew before their proof is too old, and takes every answer for a proof (R73)."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from muster.base.unit import Unit
from muster.clocks import actions as clocks
from muster.clocks import store as clock_rows
from muster.clocks.clock import ClockState, RunningClock
from muster.kit.ids import new_id
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.notices import send
from muster.paging.channel import MessageKind
from muster.paging.delivery import pending
from muster.paging.events import PROOF_ASKED
from muster.paging.happenings import ContactUsed
from muster.paging.reproof import REPROVE, Watched, clock_of, upkeep
from muster.paging.targets import Address, Reachable
from muster.people import store as people
from muster.people.actions.contacts import prove_by_use
from muster.people.contact import Contact
from muster.plan import store as plans
from muster.plan.model.contacts import Contacts

UPKEEP = "contact.upkeep"
UPKEEP_EVERY = timedelta(minutes=15)
_AT_ONCE = 200


async def rules_in_force(unit: Unit) -> Contacts:
    """How long proofs are believed by the plan in force; the usual where there is none."""
    version = await plans.in_force(unit.conn)
    return version.plan.contacts if version else Contacts()


async def keep_up(unit: Unit) -> None:
    """Start and end the clocks of contacts, and ask the owners of those whose proof is about to be too old."""
    rules = await rules_in_force(unit)
    contacts = await people.every_active_contact(unit.conn)
    watched = [_watched(each) for each in await clock_rows.of_kind(unit.conn, REPROVE)]
    due = upkeep(contacts, watched, rules, unit.now)
    for subject, contact_id in due.cancel:
        await clocks.drop(unit, [subject], REPROVE, contact_id)
    await clocks.start(unit, due.start)
    await _ask(unit, due.ask[:_AT_ONCE])


async def on_contact_used(unit: Unit, used: ContactUsed) -> None:
    """Subscribed to answers and taps: the contact is proved, and its clock begins anew."""
    contact = await prove_by_use(unit, used.contact_id)
    if contact is None:
        return
    await clocks.meet(unit, [f"person:{contact.person_id}"], REPROVE, str(contact.id))
    await clocks.start(unit, [clock_of(contact, await rules_in_force(unit))])


async def _ask(unit: Unit, contacts: Sequence[Contact]) -> None:
    if not contacts:
        return
    persons = await people.persons_by_id(unit.conn, {contact.person_id for contact in contacts})
    sent = []
    for each in contacts:
        person = persons[each.person_id]
        address = Address(each.id, each.kind, each.address, each.verified)
        owner = Reachable(person.id, person.name, person.time_zone, person.active, (address,))
        why = f"The proof that pages reach {person.name} here is getting old: answer this test, or tap its link."
        sent.append(pending(new_id(unit.now), MessageKind.TEST, owner, address, why, unit.now))
    await people.asked_to_prove(unit.conn, [contact.id for contact in contacts], unit.now)
    await record_all(unit, [
        Event(f"person:{each.person_id}", PROOF_ASKED, {"channel": each.channel, "delivery": each.id}, each.why)
        for each in sent
    ])  # fmt: skip
    await send(unit, sent)


def _watched(clock: RunningClock) -> Watched:
    return Watched(
        UUID(clock.about),
        clock.subject,
        clock.due_at,
        str(clock.data.get("proved_at", "")),
        clock.state is ClockState.RUNNING,
    )
