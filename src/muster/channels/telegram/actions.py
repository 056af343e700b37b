"""What people do in Telegram, whichever way it came: buttons, answers, and the code that makes a chat theirs."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_urlsafe
from typing import Any

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.channels import store
from muster.channels.actions.chat_answers import heard, press, say
from muster.channels.chat import Pressed, Wrote
from muster.channels.events import CHAT_LINK_MADE
from muster.channels.telegram.payload import read_telegram
from muster.kit.errors import Invalid
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions.message_answers import answer
from muster.paging.answer import Said
from muster.people import store as people
from muster.people.actions.guard import existing_person
from muster.people.actions.linking import link
from muster.people.drafts import ContactDraft
from muster.people.reach import Reach

CHANNEL = "telegram"
LIFE = timedelta(minutes=30)
_HOW = "Get a link under Me, Contacts in Muster and open it here."


@dataclass(frozen=True, slots=True)
class Invitation:
    """A code for the bot; `url` opens the bot with it, empty while the bot's name is not known."""

    code: str
    url: str
    expires_at: datetime


async def invite(unit: Unit) -> Invitation:
    """Make the code with which one's own chat is linked; an earlier one does not count any more."""
    unit.allow(Permission.SELF_MANAGE)
    person = await existing_person(unit.conn, unit.principal.name)
    code = token_urlsafe(18)
    until = unit.now + LIFE
    await store.keep_link(unit.conn, CHANNEL, person.id, _hash(code), unit.now, until)
    await record(unit, Event(f"person:{person.id}", CHAT_LINK_MADE, {"name": person.name, "channel": CHANNEL}))
    bot = await store.remembered(unit.conn, CHANNEL, "bot")
    return Invitation(code, f"https://t.me/{bot}?start={code}" if bot else "", until)


async def on_update(unit: Unit, update: Any, reach: Reach) -> None:
    """Do what an update says, once, and have the answer said."""
    done = read_telegram(update)
    if done is None or await heard(unit, CHANNEL, str(update.get("update_id", ""))):
        return
    if isinstance(done, Pressed):
        await say(unit, CHANNEL, done.back, await press(unit, CHANNEL, done))
    elif done.start is not None:
        await say(unit, CHANNEL, done.back, await _link(unit, done, reach))
    else:
        said = await answer(unit, Said(CHANNEL, done.text.removeprefix("/"), address=done.who))
        await say(unit, CHANNEL, done.back, said)


async def _link(unit: Unit, wrote: Wrote, reach: Reach) -> str:
    if not wrote.start:
        return f"This is Muster's bot. {_HOW}"
    person_id = await store.take_link(unit.conn, CHANNEL, _hash(wrote.start), unit.now)
    person = await people.person(unit.conn, person_id) if person_id else None
    if person is None or not person.active:
        return f"This link was used already or has expired. {_HOW}"
    try:
        await link(unit, person, ContactDraft(kind=CHANNEL, address=wrote.who), reach)
    except Invalid as problem:
        return str(problem)
    return f"Linked: pages for {person.full_name or person.name} can arrive here now."


def _hash(code: str) -> bytes:
    return hashlib.sha256(b"chat-link:" + code.encode()).digest()
