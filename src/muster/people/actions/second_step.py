"""The second step of signing in, and proving again who one is: what counts, under which brake, and what follows."""

from dataclasses import dataclass

from muster.base.unit import Unit
from muster.kit.errors import Missing
from muster.people.actions.braking import Refused, failed, held, succeeded
from muster.people.actions.factors import is_app_code, is_recovery_code
from muster.people.actions.guard import CHANGED
from muster.people.actions.locks import Locks
from muster.people.actions.passkeys import SIGN_IN, signer
from muster.people.actions.sessions import SignedIn, begin
from muster.people.actions.sign_in import guess_own
from muster.people.brake import for_factor, for_passkey
from muster.people.events import SECOND_STEP_FAILED, SIGN_IN_FAILED
from muster.people.person import Person
from muster.people.session import Session
from muster.people.store import device_rows, person_rows, session_rows
from muster.people.token import digest

STEP = "second step"
WRONG = "This code is wrong or was used already."
NO_PASSKEY = "This passkey does not count here."


@dataclass(frozen=True, slots=True)
class Proof:
    """What somebody shows; one of them is set."""

    password: str = ""
    code: str = ""
    credential: str = ""

    @property
    def given(self) -> bool:
        """Whether anything was shown."""
        return bool(self.password or self.code or self.credential)


async def waiting(unit: Unit, cookie: str) -> tuple[Session, Person]:
    """The session that waits for its second step.

    Raises:
        Missing: there is none, or it waited for too long.
    """
    found = await session_rows.by_token(unit.conn, digest(cookie))
    if found is None or not found[0].awaits_factor or not found[0].alive(unit.now) or not found[1].active:
        raise Missing("This sign-in took too long or was finished.", "Sign in again.")
    return found


async def finish(
    unit: Unit, locks: Locks, cookie: str, proof: Proof, address: str, user_agent: str, device: str = ""
) -> SignedIn | Refused:
    """Finish signing in with a code or a passkey. The session that waits is the authority; another one takes its place.

    Raises:
        Missing: no session waits.
    """
    session, person = await waiting(unit, cookie)
    known = await device_rows.known(unit.conn, person.id, digest(device), unit.now)
    brake = for_factor(person.id, known)
    if refused := await held(unit, brake):
        return refused
    how = await _factor(unit, locks, person, proof, f"{STEP}:{person.id}")
    if not how:
        seconds = await failed(unit, brake, f"person:{person.id}", SECOND_STEP_FAILED, {"name": person.name})
        return Refused(NO_PASSKEY if proof.credential else WRONG, seconds)
    await succeeded(unit, brake)
    await session_rows.end(unit.conn, session.id)
    return await begin(unit, person, address, user_agent, f"password and {how}", device, proven=True)


async def sign_in_by_passkey(
    unit: Unit, locks: Locks, credential: str, address: str, user_agent: str, device: str = ""
) -> SignedIn | Refused:
    """Sign in with a passkey alone, whose device has verified its owner. Open to everybody.

    A right signature always passes, for it cannot be guessed: the brake only bounds what wrong ones write.
    """
    key = await signer(unit, locks, SIGN_IN, credential, verified=True)
    person = await person_rows.person(unit.conn, key.person_id) if key else None
    if key is not None and person is not None and person.active:
        return await begin(unit, person, address, user_agent, f"passkey {key.name}", device, proven=True)
    brake = for_passkey(address)
    if refused := await held(unit, brake):
        return refused
    seconds = await failed(unit, brake, "access", SIGN_IN_FAILED, {"from": address[:100], "by": "passkey"})
    return Refused(NO_PASSKEY, seconds)


async def prove_again(unit: Unit, locks: Locks, session: Session, person: Person, proof: Proof) -> Refused | None:
    """Prove in a session that one is still who signed in; None when it was right, and the session knows it for a while."""
    if proof.password:
        if refused := await guess_own(unit, person, proof.password):
            return refused
    else:
        brake = for_factor(person.id, session.id)
        if refused := await held(unit, brake):
            return refused
        if not await _factor(unit, locks, person, proof, proving(session)):
            await failed(unit, brake, f"person:{person.id}", SECOND_STEP_FAILED, {"name": person.name})
            return Refused(NO_PASSKEY if proof.credential else WRONG)
        await succeeded(unit, brake)
    await session_rows.prove(unit.conn, session.id, unit.now)
    unit.publish(CHANGED)
    return None


def proving(session: Session) -> str:
    """The purpose of a challenge for proving again."""
    return f"prove:{session.id}"


async def _factor(unit: Unit, locks: Locks, person: Person, proof: Proof, purpose: str) -> str:
    """By what the proof counts, in words; empty where it does not."""
    if proof.credential:
        key = await signer(unit, locks, purpose, proof.credential)
        return f"passkey {key.name}" if key and key.person_id == person.id else ""
    if await is_app_code(unit, locks, person, proof.code):
        return "authenticator app"
    return "recovery code" if await is_recovery_code(unit, person, proof.code) else ""
