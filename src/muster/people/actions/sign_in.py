"""Signing in with a password: guesses are slowed down, and nothing tells whether an account exists."""

from dataclasses import dataclass
from datetime import timedelta

from muster.base.unit import Unit
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.people.actions import hashing
from muster.people.actions.sessions import SignedIn, begin
from muster.people.person import Person
from muster.people.store import failure_rows, person_rows
from muster.people.throttle import ACCOUNT, ADDRESS, Bound, after_failure, pause, wait

WRONG = "The name or the password is wrong."
_STREAM = "access"


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was signed in, as a sentence; `retry_after` in whole seconds, 0 when they may try again at once."""

    reason: str
    retry_after: int = 0


async def sign_in(unit: Unit, who: str, password: str, address: str, user_agent: str) -> SignedIn | Refused:
    """Sign in by name or e-mail address. Open to everybody; a refusal is counted and kept (`unit.keep`).

    Of an account one attempt is judged at a time, so that parallel guesses gain nothing.
    """
    who = who.strip()
    person = await _person(unit, who)
    account = f"account:{person.id}" if person else f"unknown:{who.lower():.300}"
    place = f"address:{address:.100}"
    if not await failure_rows.take_turn(unit.conn, account):
        return Refused("Another attempt for this account is just being judged. Try again in a second.", 1)
    if (pausing := await _pausing(unit, account, place)) > timedelta(0):
        seconds = int(pausing.total_seconds()) + 1
        return Refused(f"Too many attempts failed. Try again in {_spoken(seconds)}.", seconds)
    stored = await person_rows.password_hash(unit.conn, person.id) if person and person.active else None
    if not await hashing.matches(stored, password) or person is None:
        return await _failed(unit, who, person, account, place)
    await failure_rows.forgive(unit.conn, account)
    if stored and hashing.is_outdated(stored):
        await person_rows.set_password_hash(unit.conn, person.id, await hashing.hash_password(password))
    return await begin(unit, person, address, user_agent, "password")


async def guess_own(unit: Unit, person: Person, password: str) -> Refused | None:
    """Judge the password of somebody who is signed in already, under the same brake; None when it is right."""
    account = f"account:{person.id}"
    if not await failure_rows.take_turn(unit.conn, account):
        return Refused("Another attempt for this account is just being judged. Try again in a second.", 1)
    if (pausing := await _pausing(unit, account, account)) > timedelta(0):
        seconds = int(pausing.total_seconds()) + 1
        return Refused(f"Too many attempts failed. Try again in {_spoken(seconds)}.", seconds)
    if await hashing.matches(await person_rows.password_hash(unit.conn, person.id), password):
        await failure_rows.forgive(unit.conn, account)
        return None
    await _failed(unit, person.name, person, account, account)
    return Refused("This is not your present password.")


async def _person(unit: Unit, who: str) -> Person | None:
    return await (person_rows.person_at if "@" in who else person_rows.person_named)(unit.conn, who)


async def _pausing(unit: Unit, account: str, place: str) -> timedelta:
    known = await failure_rows.failures_of(unit.conn, [account, place])
    return max(wait(ACCOUNT, known.get(account), unit.now), wait(_bound(place), known.get(place), unit.now))


async def _failed(unit: Unit, who: str, person: Person | None, account: str, place: str) -> Refused:
    unit.keep = True
    known = await failure_rows.failures_of(unit.conn, [account, place])
    await failure_rows.count_failure(unit.conn, sorted({account, place}), unit.now)
    await failure_rows.forget_old(unit.conn, unit.now)
    stream = f"person:{person.id}" if person else _STREAM
    data = {"tried": who[:100], "from": place.partition(":")[2]}
    events = [Event(stream, "SignInFailed", data)]
    for subject in {account, place}:
        bound, now_failed = _bound(subject), after_failure(known.get(subject), unit.now)
        if now_failed.count == bound.free:
            events.append(Event(stream, "SignInThrottled", {"subject": subject, "failures": now_failed.count}))
    await record_all(unit, events)
    waiting = max(
        pause(_bound(subject), after_failure(known.get(subject), unit.now).count) for subject in (account, place)
    )
    return Refused(WRONG, int(waiting.total_seconds()))


def _bound(subject: str) -> Bound:
    return ADDRESS if subject.startswith("address:") else ACCOUNT


def _spoken(seconds: int) -> str:
    if seconds < 90:
        return f"{seconds} second{'s' if seconds != 1 else ''}"
    return f"{-(-seconds // 60)} minutes"
