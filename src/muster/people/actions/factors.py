"""Setting second factors up and taking them away: authenticator apps and recovery codes; an administrator's reset."""

import base64
import hashlib
import secrets
from uuid import UUID

import pyotp

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.people.actions.guard import CHANGED, existing_person
from muster.people.actions.locks import Locks, totp_row
from muster.people.actions.telling import tell_owner
from muster.people.events import FACTOR_ADDED, FACTOR_REMOVED, FACTORS_RESET, RECOVERY_CODE_USED, RECOVERY_CODES_MADE
from muster.people.factor import Factors
from muster.people.person import Person
from muster.people.store import factor_rows
from muster.people.totp import matching_step

CODES, CODE_BYTES = 10, 10


async def oneself(unit: Unit) -> Person:
    """Whoever acts, in the browser or by a token."""
    unit.allow(Permission.SELF_MANAGE)
    return await existing_person(unit.conn, unit.principal.name, hold=True)


async def begin_app(unit: Unit, locks: Locks) -> str:
    """The secret for an authenticator app; it counts once `confirm_app` saw a code of it. Asking again shows it again.

    Raises:
        Conflict: there is one already.
    """
    person = await oneself(unit)
    present = await factor_rows.secret_of(unit.conn, person.id)
    if present and present.confirmed:
        raise Conflict("You have an authenticator app already.", "Remove it first, then set up another one.")
    if present:
        return locks.unseal(present.sealed, totp_row(person.id))
    secret = pyotp.random_base32()
    await factor_rows.keep_secret(unit.conn, person.id, locks.seal(secret, totp_row(person.id)), unit.now)
    return secret


async def confirm_app(unit: Unit, locks: Locks, code: str) -> list[str] | Fault:
    """Let the app count, by a code of it. Returns new recovery codes if this is the first factor, or what is wrong."""
    person = await oneself(unit)
    had = await factor_rows.factors_of(unit.conn, person.id)
    if had.app:
        raise Conflict("You have an authenticator app already.", "Nothing needs to be confirmed.")
    if not await is_app_code(unit, locks, person, code, confirming=True):
        return Fault("code", "This is not the app's present code.", "Type the six digits that it shows now.")
    await _changed(unit, person, FACTOR_ADDED, "an authenticator app", kind="app")
    return await first_codes(unit, person, had)


async def remove_app(unit: Unit) -> None:
    """Take the authenticator app away."""
    person = await oneself(unit)
    if await factor_rows.drop_secret(unit.conn, person.id):
        await _changed(unit, person, FACTOR_REMOVED, "an authenticator app", kind="app")


async def is_app_code(unit: Unit, locks: Locks, person: Person, code: str, *, confirming: bool = False) -> bool:
    """Whether this is a code of the person's app that was not taken before; it is taken by this."""
    kept = await factor_rows.secret_of(unit.conn, person.id)
    if kept is None or kept.confirmed is confirming:
        return False
    step = matching_step(locks.unseal(kept.sealed, totp_row(person.id)), code, unit.now, kept.last_step)
    return step is not None and await factor_rows.take_step(unit.conn, person.id, step, unit.now)


async def first_codes(unit: Unit, person: Person, had: Factors) -> list[str]:
    """Recovery codes for somebody who had no factor before; nothing for others: theirs go on."""
    return [] if had.any else await _make_codes(unit, person)


async def make_codes(unit: Unit) -> list[str]:
    """New recovery codes in place of the earlier ones; shown once.

    Raises:
        Conflict: there is no second factor that they could stand in for.
    """
    person = await oneself(unit)
    if not (await factor_rows.factors_of(unit.conn, person.id)).any:
        raise Conflict("You have no second factor yet.", "Set one up; recovery codes come with it.")
    return await _make_codes(unit, person)


async def is_recovery_code(unit: Unit, person: Person, code: str) -> bool:
    """Whether this is an unused recovery code of the person; it is used up by this."""
    if not await factor_rows.use_code(unit.conn, person.id, _hash(person.id, code), unit.now):
        return False
    left = (await factor_rows.factors_of(unit.conn, person.id)).codes_left
    await record(unit, Event(f"person:{person.id}", RECOVERY_CODE_USED, {"name": person.name, "left": left}))
    await tell_owner(unit, person, "A recovery code was used", f"It signed in to your account; {left} are left.")
    return True


async def reset_factors(unit: Unit, name: str, reason: str = "") -> Factors:
    """Take all second factors of somebody away who has lost them; they are told. Returns what they had.

    Raises:
        Missing, Denied.
    """
    unit.allow(Permission.PERSON_MANAGE)
    person = await existing_person(unit.conn, name, hold=True)
    had = await factor_rows.factors_of(unit.conn, person.id)
    await factor_rows.drop_all(unit.conn, person.id)
    data = {"name": person.name, "had": had.words}
    await record(unit, Event(f"person:{person.id}", FACTORS_RESET, data, reason))
    words = f"{unit.principal.name} took them away; the next sign-in takes your password only. Set one up again."
    await tell_owner(unit, person, "Your second factors were reset", words)
    unit.publish(CHANGED)
    return had


async def _make_codes(unit: Unit, person: Person) -> list[str]:
    codes = [_code() for _ in range(CODES)]
    await factor_rows.replace_codes(unit.conn, person.id, [_hash(person.id, code) for code in codes], unit.now)
    await record(unit, Event(f"person:{person.id}", RECOVERY_CODES_MADE, {"name": person.name, "codes": len(codes)}))
    unit.publish(CHANGED)
    return codes


async def _changed(unit: Unit, person: Person, event: EventKind, what: str, **data: str) -> None:
    await record(unit, Event(f"person:{person.id}", event, {"name": person.name, **data}))
    verb = "added to" if event is FACTOR_ADDED else "removed from"
    title = f"A second factor was {verb} your account"
    await tell_owner(unit, person, title, f"It is {what}.")
    unit.publish(CHANGED)


def _code() -> str:
    text = base64.b32encode(secrets.token_bytes(CODE_BYTES)).decode().lower()
    return "-".join(text[start : start + 4] for start in range(0, 16, 4))


def _hash(person_id: UUID, code: str) -> bytes:
    plain = "".join(sign for sign in code.lower() if sign.isalnum())
    return hashlib.sha256(person_id.bytes + plain.encode("utf-8", "surrogateescape")).digest()
