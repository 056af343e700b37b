"""Answers to pages: what a person writes back, presses on a keypad or on a button is done as that person (R75)."""

from muster.base.unit import Unit
from muster.paging.answer import HELP, Said, Verb, read_answer
from muster.paging.happenings import AnswerGiven, ContactUsed
from muster.paging.store import answers

UNKNOWN = "Muster does not know which page this answers: no page was sent to you here. Use the link in the message."


async def answer(unit: Unit, said: Said) -> str:
    """Do what was answered and return the sentence to say back; also a refusal or nonsense is a sentence, never an error."""
    read = read_answer(said.text)
    if read.verb in (Verb.HELP, Verb.UNCLEAR):
        return HELP if read.verb is Verb.HELP else f"Muster did not understand this. {HELP}"
    found = await answers.answered(unit.conn, said.channel, said.delivery_id, said.address)
    if not found:
        return UNKNOWN
    given = AnswerGiven(found[0], read.verb, said.channel)
    await unit.emit(given)
    if found[0].contact_id:
        await unit.emit(ContactUsed(found[0].contact_id))
    return " ".join(given.said_back) or HELP
