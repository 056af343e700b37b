"""What is done in a chat is done as the person who did it: the one whom the page was sent to, or one whose chat it proved to be."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.channels import store
from muster.channels.chat import Pressed
from muster.kit.ids import new_id
from muster.paging.actions.message_answers import UNKNOWN, act, answer
from muster.paging.answer import Said, read_answer
from muster.paging.channel import MessageKind
from muster.paging.happenings import ContactUsed
from muster.paging.store import answers
from muster.people import store as people

SAY = "chat.say"


async def press(unit: Unit, channel: str, pressed: Pressed, names: Sequence[str] = ()) -> str:
    """Do what a button says and return the sentence to say back; `names` are other addresses of whoever pressed it.

    In somebody's own chat that is the person of the delivery. In a channel of many it is whoever has proved that this
    account is theirs; they act as themselves, with their own permissions.
    """
    who = [pressed.who, *names]
    found = await answers.of_message(unit.conn, pressed.delivery_id)
    if not found or found[0].channel != channel:
        return UNKNOWN
    delivery = found[0]
    if delivery.address.lower() in {contact.lower() for contact in who}:
        return await answer(unit, Said(channel, pressed.verb, pressed.delivery_id, delivery.address))
    owners = {contact.person_id: contact for contact in await people.proved_at(unit.conn, channel, who)}
    if len(owners) != 1:
        several = "several people" if owners else "nobody"
        return f"Muster knows {several} by {pressed.who}. Add it under Me, Contacts, and prove it; then press again."
    [owner] = owners.values()
    if owner.person_id == delivery.person_id:
        return await answer(unit, Said(channel, pressed.verb, pressed.delivery_id, delivery.address))
    person = await people.person(unit.conn, owner.person_id)
    if person is None or not person.active:
        return "Your account in Muster is not active."
    await unit.emit(ContactUsed(owner.id))
    if delivery.kind is not MessageKind.PAGE:
        return f"Your chat works. This test was for {delivery.person}."
    theirs = [replace(contact, person_id=person.id, person=person.name, contact_id=owner.id) for contact in found]
    return await act(unit, channel, read_answer(pressed.verb), theirs)


async def say(unit: Unit, channel: str, to: str, text: str) -> None:
    """Have a sentence said once all of this is durable."""
    if to:
        await enqueue(
            unit, [Job(SAY, str(new_id(unit.now)), {"channel": channel, "to": to, "text": text}, urgent=True)]
        )


async def heard(unit: Unit, channel: str, id: str) -> bool:
    """Whether this callback came before; it counts as heard from now on."""
    return not await store.hear(unit.conn, channel, id, unit.now)


async def in_hand(unit: Unit, delivery_id: UUID) -> str:
    """The channel of a delivery or bundle; empty when there is none."""
    found = await answers.of_message(unit.conn, delivery_id)
    return found[0].channel if found else ""
