"""Answers to pages: what a person writes back, presses on a keypad or on a button is done as that person (R75)."""

from collections.abc import Sequence
from datetime import timedelta

from muster.base.unit import Unit
from muster.paging.answer import HELP, Answer, AnswerDoubt, Said, Verb, read_answer
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery
from muster.paging.happenings import AnswerGiven, ContactUsed
from muster.paging.store import answers, pages

UNKNOWN = "Muster does not know which page this answers: no page was sent to you here. Use the link in the message."
DOUBTS = {
    None: "Muster did not understand this. Nothing changed, and the page goes on.",
    AnswerDoubt.UNKNOWN: "Muster did not understand this. Nothing changed, and the page goes on.",
    AnswerDoubt.MORE: "You wrote more than Muster can be sure of. Nothing changed, and the page goes on.",
    AnswerDoubt.NUMBER: "Muster is not sure which incident this number means. Nothing changed, and the page goes on.",
}
MOST_AT_ONCE = 100
REMEMBERED = timedelta(days=7)
"""How long after it was sent a message can be answered by its address alone."""


async def answer(unit: Unit, said: Said) -> str:
    """Do what was answered and return the sentence to say back; also a refusal or nonsense is a sentence, never an error.

    Without a reference the newest message is meant: its incident, or all of those of a bundle.
    """
    read = read_answer(said.text)
    found = await _answered(unit, said)
    for contact_id in {each.contact_id for each in found[:1] if each.contact_id}:
        await unit.emit(ContactUsed(contact_id))
    if read.verb is Verb.UNCLEAR:
        return f"{DOUBTS[read.doubt]} {HELP}"
    if read.verb is Verb.HELP:
        return HELP
    if not found:
        return UNKNOWN
    if found[0].kind is not MessageKind.PAGE:
        return "Thank you: this contact works."
    return await act(unit, said.channel, read, await _all(unit, said, read, found))


async def act(unit: Unit, channel: str, read: Answer, found: Sequence[Delivery]) -> str:
    """Do what was answered for those of a person's deliveries that are meant; one incident is acted on once."""
    refs = {
        page.id: page.ref
        for page in (await pages.by_ids(unit.conn, [each.page_id for each in found if each.page_id])).values()
    }
    named = {each: refs[each.page_id] for each in found if each.page_id}
    chosen: dict[str, Delivery] = {}
    for delivery in _meant(found, named, read):
        chosen.setdefault(named[delivery], delivery)
    told = [f"You were not paged for {ref} here." for ref in read.refs if ref not in named.values()]
    for ref, delivery in list(chosen.items())[:MOST_AT_ONCE]:
        given = AnswerGiven(delivery, read.verb, channel)
        await unit.emit(given)
        told += given.said_back or [f"Muster cannot do this for {ref}."]
    if left := len(chosen) - MOST_AT_ONCE:
        told += [f"{left} more are waiting: answer `ack all` again."] if left > 0 else []
    others = [ref for ref in dict.fromkeys(named.values()) if ref not in chosen]
    if others and not read.refs:
        told.append(
            f"Also waiting for you: {', '.join(others[:5])}{' …' if len(others) > 5 else ''}. Answer `ack all`."
        )
    return _short(told)


async def _answered(unit: Unit, said: Said) -> list[Delivery]:
    if said.delivery_id is not None:
        return await answers.of_message(unit.conn, said.delivery_id)
    return await answers.to_address(unit.conn, said.channel, said.address, unit.now - REMEMBERED)


async def _all(unit: Unit, said: Said, read: Answer, found: Sequence[Delivery]) -> Sequence[Delivery]:
    """An answer to one message that names others, or all, is about everything that the person was sent there."""
    if said.delivery_id is None or not (read.refs or read.everything):
        return found
    rest = await answers.to_address(unit.conn, found[0].channel, found[0].address, unit.now - REMEMBERED)
    own = [each for each in rest if each.person_id == found[0].person_id]
    return [*found, *(each for each in own if each.id not in {one.id for one in found})]


def _meant(found: Sequence[Delivery], named: dict[Delivery, str], read: Answer) -> list[Delivery]:
    mine = [each for each in found if each in named and each.person_id == found[0].person_id]
    if read.refs:
        return [each for each in mine if named[each] in read.refs]
    if read.everything:
        return mine
    newest = found[0]
    return [each for each in mine if each == newest or (newest.bundle_id and each.bundle_id == newest.bundle_id)]


def _short(told: Sequence[str]) -> str:
    if len(told) <= 4:
        return " ".join(told)
    return f"{' '.join(told[:3])} And {len(told) - 3} more like this."
