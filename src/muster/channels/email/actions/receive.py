"""Does what an arrived mail says: an answer is done as its writer's, a returned mail is a failed delivery (R72, R75)."""

from uuid import UUID

import structlog

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.channels.actions.chat_answers import heard
from muster.channels.email.mail_kind import Bounced, Mail, Written
from muster.channels.email.reply_address import ReplyAddresses
from muster.kit.ids import new_id
from muster.paging.actions.message_answers import answer
from muster.paging.actions.receipts import report
from muster.paging.answer import Said
from muster.paging.channel import SendOutcome
from muster.paging.store import answers, loops
from muster.people import store as people

log = structlog.get_logger("muster.mail")
ANSWER = "mail.answer"


def meant(addresses: ReplyAddresses, recipients: tuple[str, ...] | list[str]) -> UUID | None:
    """The delivery that a mail to these addresses is about."""
    found = (addresses.read(recipient) for recipient in recipients)
    return next((item for item in found if item is not None), None)


async def receive(unit: Unit, mail: Mail, delivery_id: UUID) -> str:
    """Do what a mail about a delivery says; returns what was done, for the log."""
    if await loops.back(unit.conn, delivery_id, unit.now):
        return "a synthetic page came back"
    meaning = mail.meaning
    if isinstance(meaning, Bounced):
        # What was sent before a late notice of success counts more than the success.
        known = await report(unit, "email", str(delivery_id), meaning.outcome, meaning.reason)
        return f"{'failed' if meaning.outcome is SendOutcome.REFUSED else 'delivered'}{'' if known else ' (unknown)'}"
    if not isinstance(meaning, Written):
        return f"ignored: {meaning.why}"
    if not await _is_theirs(unit, delivery_id, meaning.sender):
        return "ignored: its sender is not the person whom the page was sent to"
    if meaning.message_id and await heard(unit, "email", f"{delivery_id}/{meaning.message_id}"[:200]):
        return "ignored: it came before"
    said_back = await answer(unit, Said("email", meaning.text, delivery_id, meaning.sender))
    payload = {
        "delivery": str(delivery_id),
        "to": meaning.sender,
        "subject": meaning.subject,
        "sentence": said_back,
        "in_reply_to": meaning.message_id,
        "references": meaning.references,
    }
    await enqueue(unit, [Job(ANSWER, str(new_id(unit.now)), payload, urgent=True)])
    return "answered"


async def _is_theirs(unit: Unit, delivery_id: UUID, sender: str) -> bool:
    """Whether an address belongs to the person of a delivery: where it was sent, their account's, or another contact's."""
    sent = await answers.of_message(unit.conn, delivery_id)
    if not sent:
        return False
    person_id = sent[0].person_id
    mine = {item.address.lower() for item in sent if item.channel == "email"}
    found = await people.persons_by_id(unit.conn, [person_id])
    mine |= {item.email.lower() for item in found.values() if item.email}
    contacts = await people.contacts_of(unit.conn, [person_id])
    mine |= {contact.address.lower() for contact in contacts[person_id] if contact.kind == "email" and contact.active}
    return sender in mine
