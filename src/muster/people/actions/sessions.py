"""Beginning and ending the sessions of browsers."""

import secrets
from dataclasses import dataclass
from uuid import UUID

from muster.base.access import Kind, Permission, Principal
from muster.base.unit import Unit
from muster.kit.errors import Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions import devices
from muster.people.actions.guard import CHANGED, allow_for, existing_person
from muster.people.actions.telling import tell_owner
from muster.people.events import ACCESS_ENDED, OTHER_SESSIONS_ENDED, SESSION_REVOKED, SIGNED_IN, SIGNED_OUT
from muster.people.person import Person
from muster.people.session import AWAITING, LONGEST, Session
from muster.people.store import device_rows, factor_rows, person_rows, session_rows, token_rows
from muster.people.token import digest


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A session has begun; `cookie` is its secret, to be set in the browser and kept nowhere."""

    person: Person
    session: Session
    cookie: str
    device: str = ""


async def begin(
    unit: Unit,
    person: Person,
    address: str,
    user_agent: str,
    via: str,
    device: str = "",
    *,
    proven: bool = False,
) -> SignedIn:
    """Sign a person in who has proved who they are, `via` a password or a link; the unit acts as them from here on.

    `device` is the cookie of a browser that may be known from before; the answer's is to be set in its place. Unless a
    second factor was `proven`, the session of somebody who has one waits for it and may do nothing.
    """
    cookie = secrets.token_urlsafe(32)
    if not proven and (await factor_rows.factors_of(unit.conn, person.id)).any:
        return await _await_factor(unit, person, cookie, address, user_agent)
    unit.principal = principal_of(person)
    known = await device_rows.known(unit.conn, person.id, digest(device), unit.now)
    strange = known is None and await device_rows.count(unit.conn, person.id) > 0
    device = await devices.remember(unit, person, device)
    session = Session(
        new_id(unit.now),
        person.id,
        address[:100],
        user_agent[:300],
        unit.now,
        unit.now,
        unit.now + LONGEST,
        host_bound=True,
        proven_at=unit.now,
    )
    await session_rows.insert(unit.conn, session, digest(cookie))
    await session_rows.forget_dead(unit.conn, unit.now)
    data = {"name": person.name, "via": via, "address": session.address, "device": session.device}
    await record(unit, Event(f"person:{person.id}", SIGNED_IN, data))
    if strange:
        said = (
            f"{session.device} at {session.address or 'an unknown address'}, {unit.now:%Y-%m-%d %H:%M} UTC, by {via}."
        )
        await tell_owner(unit, person, "A new browser signed in to your account", said)
    return SignedIn(person, session, cookie, device)


async def _await_factor(unit: Unit, person: Person, cookie: str, address: str, user_agent: str) -> SignedIn:
    session = Session(
        new_id(unit.now),
        person.id,
        address[:100],
        user_agent[:300],
        unit.now,
        unit.now,
        unit.now + AWAITING,
        host_bound=True,
        awaits_factor=True,
    )
    await session_rows.insert(unit.conn, session, digest(cookie))
    return SignedIn(person, session, cookie)


async def sign_out(unit: Unit, cookie: str) -> None:
    """End the session of this cookie; the cookie is its own authority, and nothing happens when it is dead already."""
    found = await session_rows.by_token(unit.conn, digest(cookie))
    if found and await session_rows.end(unit.conn, found[0].id):
        await record(unit, Event(f"person:{found[1].id}", SIGNED_OUT, {"name": found[1].name}))
        unit.publish(CHANGED)


async def sessions_of(unit: Unit, name: str) -> list[Session]:
    """A person's living sessions, for themselves or who manages persons."""
    person = await existing_person(unit.conn, name)
    allow_for(unit, person)
    return await session_rows.sessions_of(unit.conn, person.id, unit.now)


async def revoke_session(unit: Unit, id: UUID) -> None:
    """End a session from elsewhere.

    Raises:
        Missing, Denied.
    """
    unit.allow(Permission.SELF_MANAGE)
    session = await session_rows.session(unit.conn, id)
    owner = await person_rows.person(unit.conn, session.person_id) if session else None
    if session is None or owner is None:
        raise Missing("There is no such session.", "It may have ended already.")
    allow_for(unit, owner)
    await session_rows.end(unit.conn, id)
    data = {"name": owner.name, "session": id, "device": session.device}
    await record(unit, Event(f"person:{owner.id}", SESSION_REVOKED, data))
    unit.publish(CHANGED)


async def end_everything(unit: Unit, name: str, reason: str = "") -> dict[str, int]:
    """For an account that somebody else may have got hold of: end all sessions, revoke all API tokens, forget all browsers.

    Returns how many sessions and tokens ended. The password stays: change it, or make a link.

    Raises:
        Missing, Denied.
    """
    person = await existing_person(unit.conn, name, hold=True)
    allow_for(unit, person)
    ended = {
        "sessions_ended": await session_rows.end_all(unit.conn, person.id),
        "tokens_revoked": await token_rows.revoke_all(unit.conn, person.id, unit.now),
    }
    await device_rows.forget(unit.conn, person.id)
    await record(unit, Event(f"person:{person.id}", ACCESS_ENDED, {"name": person.name, **ended}, reason))
    unit.publish(CHANGED)
    return ended


async def end_others(unit: Unit, cookie: str) -> int:
    """End one's own sessions but that of this cookie; returns how many.

    Raises:
        Missing: the cookie's session has ended.
    """
    unit.allow(Permission.SELF_MANAGE)
    found = await session_rows.by_token(unit.conn, digest(cookie))
    if found is None or found[1].id != unit.principal.person_id:
        raise Missing("There is no such session.", "Sign in, and end the others there.")
    ended = await session_rows.end_all(unit.conn, found[1].id, but=found[0].id)
    data = {"name": found[1].name, "sessions_ended": ended}
    await record(unit, Event(f"person:{found[1].id}", OTHER_SESSIONS_ENDED, data))
    unit.publish(CHANGED)
    return ended


def principal_of(person: Person) -> Principal:
    """Who acts when this person does, in a browser."""
    return Principal(Kind.PERSON, person.name, person.level, person.id)
