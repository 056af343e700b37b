"""Signing in with a password: guesses are slowed down, nobody can be shut out, and nothing tells whether an account exists."""

from muster.base.unit import Unit
from muster.people.actions import hashing
from muster.people.actions.braking import Refused, failed, held, succeeded
from muster.people.actions.sessions import SignedIn, begin
from muster.people.brake import for_device, for_oneself, for_stranger
from muster.people.events import SIGN_IN_FAILED
from muster.people.person import Person
from muster.people.store import device_rows, person_rows
from muster.people.token import digest

WRONG = "The name or the password is wrong."
_STREAM = "access"


async def sign_in(
    unit: Unit, who: str, password: str, address: str, user_agent: str, device: str = ""
) -> SignedIn | Refused:
    """Sign in by name or e-mail address. Open to everybody; a refusal is counted and kept (`unit.keep`).

    `device` is the browser's cookie. A browser that the person has used before is slowed down by its own failures only.
    """
    who = who.strip()
    person = await _person(unit, who)
    known = await device_rows.known(unit.conn, person.id if person else None, digest(device), unit.now)
    brake = for_device(known) if known else for_stranger(who, address)
    if waiting := await held(unit, brake):
        return waiting
    stored = await person_rows.password_hash(unit.conn, person.id) if person and person.active else None
    if not await hashing.matches(stored, password, known=brake.known) or person is None:
        stream = f"person:{person.id}" if person else _STREAM
        seconds = await failed(unit, brake, stream, SIGN_IN_FAILED, {"from": address[:100]})
        return Refused(WRONG, seconds)
    await succeeded(unit, brake)
    if stored and hashing.is_outdated(stored):
        await person_rows.set_password_hash(unit.conn, person.id, await hashing.hash_password(password))
    return await begin(unit, person, address, user_agent, "password", device)


async def guess_own(unit: Unit, person: Person, password: str) -> Refused | None:
    """Judge the password of somebody who is signed in already, under a brake of their own; None when it is right."""
    brake = for_oneself(person.id)
    if waiting := await held(unit, brake):
        return waiting
    stored = await person_rows.password_hash(unit.conn, person.id)
    if await hashing.matches(stored, password, known=True):
        await succeeded(unit, brake)
        return None
    await failed(unit, brake, f"person:{person.id}", SIGN_IN_FAILED, {"name": person.name})
    return Refused("This is not your present password.")


async def _person(unit: Unit, who: str) -> Person | None:
    return await (person_rows.person_at if "@" in who else person_rows.person_named)(unit.conn, who)
