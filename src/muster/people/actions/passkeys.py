"""Passkeys (WebAuthn): registering them, and judging what they signed."""

import json
import secrets
from dataclasses import dataclass
from hashlib import sha256
from uuid import UUID

from muster.base.unit import Unit
from muster.kit.errors import Fault, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people import challenge
from muster.people.actions.factors import first_codes, oneself
from muster.people.actions.guard import CHANGED
from muster.people.actions.locks import Locks
from muster.people.actions.telling import tell_owner
from muster.people.person import Person
from muster.people.rules import label_faults
from muster.people.store import factor_rows

SIGN_IN = "sign-in"
MOST = 20
LONGEST_ANSWER = 20_000
_REFUSED = Fault("credential", "The browser's passkey was not accepted.", "Reload the page and try again.")


@dataclass(frozen=True, slots=True)
class _Signed:
    """What a browser answered: which challenge it signed, by which credential."""

    challenge: bytes
    credential_id: bytes


async def registering(unit: Unit, locks: Locks, person: Person, organisation: str) -> str:
    """What the browser is asked for to make a passkey, as JSON."""
    # Imported where it is used: it brings a certificate library that most processes never need.
    from webauthn import generate_registration_options, options_to_json
    from webauthn.helpers.structs import (
        AuthenticatorSelectionCriteria,
        PublicKeyCredentialDescriptor,
        ResidentKeyRequirement,
        UserVerificationRequirement,
    )

    known = await factor_rows.credentials_of(unit.conn, person.id)
    options = generate_registration_options(
        rp_id=locks.site.id,
        rp_name=f"Muster {organisation}".strip(),
        user_id=person.id.bytes,
        user_name=person.name,
        user_display_name=person.full_name,
        challenge=_challenge(unit, locks, f"register:{person.id}"),
        authenticator_selection=AuthenticatorSelectionCriteria(
            resident_key=ResidentKeyRequirement.PREFERRED, user_verification=UserVerificationRequirement.PREFERRED
        ),
        exclude_credentials=[PublicKeyCredentialDescriptor(id=credential) for credential in known],
    )
    return options_to_json(options)


async def asking(unit: Unit, locks: Locks, purpose: str, person: Person | None = None) -> str:
    """What the browser is asked for to sign with a passkey, as JSON: one of the person's, or without a person any."""
    from webauthn import generate_authentication_options, options_to_json
    from webauthn.helpers.structs import PublicKeyCredentialDescriptor, UserVerificationRequirement

    known = await factor_rows.credentials_of(unit.conn, person.id) if person else []
    verification = UserVerificationRequirement.PREFERRED if person else UserVerificationRequirement.REQUIRED
    options = generate_authentication_options(
        rp_id=locks.site.id,
        challenge=_challenge(unit, locks, purpose),
        allow_credentials=[PublicKeyCredentialDescriptor(id=credential) for credential in known],
        user_verification=verification,
    )
    return options_to_json(options)


async def add_passkey(unit: Unit, locks: Locks, name: str, credential: str) -> list[str] | Fault:
    """Keep a passkey that the browser made. Returns new recovery codes if it is the first factor, or what is wrong."""
    from webauthn import verify_registration_response
    from webauthn.helpers.exceptions import WebAuthnException

    person = await oneself(unit)
    had = await factor_rows.factors_of(unit.conn, person.id)
    if faults := label_faults("name", name, "The name", longest=100):
        return faults[0]
    if len(had.passkeys) >= MOST:
        return Fault("name", f"A person has at most {MOST} passkeys.", "Remove one that is not used.")
    signed = await _take(unit, locks, f"register:{person.id}", credential)
    if signed is None:
        return _REFUSED
    try:
        made = verify_registration_response(
            credential=credential,
            expected_challenge=signed.challenge,
            expected_rp_id=locks.site.id,
            expected_origin=locks.site.origin,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return _REFUSED
    key = factor_rows.Key(
        new_id(unit.now), person.id, made.credential_id, made.credential_public_key, made.sign_count, name.strip()
    )
    if not await factor_rows.keep_key(unit.conn, key, unit.now):
        return Fault("credential", "This passkey is registered already.", "Use another device or security key.")
    await _changed(unit, person, "FactorAdded", "added to", key.name)
    return await first_codes(unit, person, had)


async def remove_passkey(unit: Unit, id: UUID) -> None:
    """Take a passkey away.

    Raises:
        Missing: there is none such.
    """
    person = await oneself(unit)
    name = await factor_rows.drop_key(unit.conn, person.id, id)
    if name is None:
        raise Missing("You have no such passkey.", "Load the page again.")
    await _changed(unit, person, "FactorRemoved", "removed from", name)


async def signer(
    unit: Unit, locks: Locks, purpose: str, credential: str, *, verified: bool = False
) -> factor_rows.Key | None:
    """The passkey that signed for that purpose; None where the signature does not count. `verified` asks that its owner
    proved to the device who they are, by a finger, a face or a PIN."""
    from webauthn import verify_authentication_response
    from webauthn.helpers.exceptions import WebAuthnException

    signed = await _take(unit, locks, purpose, credential)
    key = await factor_rows.key_of(unit.conn, signed.credential_id) if signed else None
    if signed is None or key is None:
        return None
    try:
        judged = verify_authentication_response(
            credential=credential,
            expected_challenge=signed.challenge,
            expected_rp_id=locks.site.id,
            expected_origin=locks.site.origin,
            credential_public_key=key.public_key,
            credential_current_sign_count=key.sign_count,
            require_user_verification=verified,
        )
    except (WebAuthnException, ValueError, KeyError, TypeError):
        return None
    await factor_rows.key_used(unit.conn, key.id, judged.new_sign_count, unit.now)
    return key


async def _take(unit: Unit, locks: Locks, purpose: str, credential: str) -> _Signed | None:
    signed = _read(credential)
    if signed is None or not challenge.is_ours(locks.challenge_key, purpose, signed.challenge, unit.now):
        return None
    digest = sha256(signed.challenge).digest()
    taken = await factor_rows.take_challenge(unit.conn, digest, unit.now, unit.now + challenge.LIFE)
    return signed if taken else None


def _read(credential: str) -> _Signed | None:
    from webauthn.helpers import base64url_to_bytes

    if len(credential) > LONGEST_ANSWER:
        return None
    try:
        answer = json.loads(credential)
        client = json.loads(base64url_to_bytes(answer["response"]["clientDataJSON"]))
        return _Signed(base64url_to_bytes(client["challenge"]), base64url_to_bytes(answer["rawId"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _challenge(unit: Unit, locks: Locks, purpose: str) -> bytes:
    return challenge.make(locks.challenge_key, purpose, secrets.token_bytes(challenge.NONCE), unit.now)


async def _changed(unit: Unit, person: Person, event: str, verb: str, name: str) -> None:
    data = {"name": person.name, "kind": "passkey", "passkey": name}
    await record(unit, Event(f"person:{person.id}", event, data))
    await tell_owner(unit, person, f"A passkey was {verb} your account", f"It is called {name}.")
    unit.publish(CHANGED)
