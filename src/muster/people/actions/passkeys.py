"""Passkeys (WebAuthn): registering them, and judging what they signed."""

import json
import secrets
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from muster.base.unit import Unit
from muster.kit.errors import Fault, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.people import challenge
from muster.people.actions.factors import first_codes, oneself
from muster.people.actions.guard import CHANGED
from muster.people.actions.locks import Locks
from muster.people.actions.telling import tell_owner
from muster.people.events import FACTOR_ADDED, FACTOR_REMOVED
from muster.people.person import Person
from muster.people.rules import label_faults
from muster.people.store import factor_rows

if TYPE_CHECKING:
    from fido2.server import Fido2Server
    from fido2.webauthn import PublicKeyCredentialDescriptor

SIGN_IN = "sign-in"
MOST = 20
LONGEST_ANSWER = 20_000
_MALFORMED = (
    ValueError, LookupError, TypeError, AttributeError, AssertionError, NotImplementedError, RecursionError, struct.error,
)  # fmt: skip
"""What the library raises for answers that are wrong, or no answers at all."""
_REFUSED = Fault("credential", "The browser's passkey was not accepted.", "Reload the page and try again.")


@dataclass(frozen=True, slots=True)
class _Signed:
    """What a browser answered: which challenge it signed, by which credential."""

    challenge: bytes
    credential_id: bytes


async def registering(unit: Unit, locks: Locks, person: Person, organisation: str) -> str:
    """What the browser is asked for to make a passkey, as JSON."""
    from fido2.webauthn import PublicKeyCredentialUserEntity, ResidentKeyRequirement, UserVerificationRequirement

    options, _ = _server(locks, f"Muster {organisation}".strip()).register_begin(
        PublicKeyCredentialUserEntity(id=person.id.bytes, name=person.name, display_name=person.full_name),
        credentials=_descriptors(await factor_rows.credentials_of(unit.conn, person.id)),
        resident_key_requirement=ResidentKeyRequirement.PREFERRED,
        user_verification=UserVerificationRequirement.PREFERRED,
        challenge=_challenge(unit, locks, f"register:{person.id}"),
    )
    return json.dumps(dict(options.public_key))


async def asking(unit: Unit, locks: Locks, purpose: str, person: Person | None = None) -> str:
    """What the browser is asked for to sign with a passkey, as JSON: one of the person's, or without a person any."""
    from fido2.webauthn import UserVerificationRequirement

    options, _ = _server(locks).authenticate_begin(
        _descriptors(await factor_rows.credentials_of(unit.conn, person.id)) if person else None,
        UserVerificationRequirement.PREFERRED if person else UserVerificationRequirement.REQUIRED,
        challenge=_challenge(unit, locks, purpose),
    )
    return json.dumps(dict(options.public_key))


async def add_passkey(unit: Unit, locks: Locks, name: str, credential: str) -> list[str] | Fault:
    """Keep a passkey that the browser made. Returns new recovery codes if it is the first factor, or what is wrong."""
    from fido2 import cbor
    from fido2.cose import UnsupportedKey

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
        device = _server(locks).register_complete(_state(signed, verified=False), json.loads(credential))
        credential_data = device.credential_data
        assert credential_data is not None
        if isinstance(credential_data.public_key, UnsupportedKey):
            return _REFUSED
        public_key = cbor.encode(credential_data.public_key)
    except _MALFORMED:
        return _REFUSED
    key = factor_rows.Key(
        new_id(unit.now), person.id, credential_data.credential_id, public_key, device.counter, name.strip()
    )
    if not await factor_rows.keep_key(unit.conn, key, unit.now):
        return Fault("credential", "This passkey is registered already.", "Use another device or security key.")
    await _changed(unit, person, FACTOR_ADDED, "added to", key.name)
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
    await _changed(unit, person, FACTOR_REMOVED, "removed from", name)


async def signer(
    unit: Unit, locks: Locks, purpose: str, credential: str, *, verified: bool = False
) -> factor_rows.Key | None:
    """The passkey that signed for that purpose; None where the signature does not count. `verified` asks that its owner
    proved to the device who they are, by a finger, a face or a PIN."""
    from fido2 import cbor
    from fido2.cose import CoseKey
    from fido2.webauthn import Aaguid, AttestedCredentialData, AuthenticationResponse

    signed = await _take(unit, locks, purpose, credential)
    key = await factor_rows.key_of(unit.conn, signed.credential_id) if signed else None
    if signed is None or key is None:
        return None
    try:
        response = AuthenticationResponse.from_dict(json.loads(credential))
        public_key = CoseKey.parse(cast("Mapping[int, Any]", cbor.decode(key.public_key)))
        registered = AttestedCredentialData.create(Aaguid.NONE, key.credential_id, public_key)
        _server(locks).authenticate_complete(_state(signed, verified=verified), [registered], response)
        counter = response.response.authenticator_data.counter
    except _MALFORMED:
        return None
    if counter <= key.sign_count and (counter or key.sign_count):
        # A device that counts and has counted back was copied.
        return None
    await factor_rows.key_used(unit.conn, key.id, counter, unit.now)
    return key


def _server(locks: Locks, name: str = "Muster") -> "Fido2Server":
    # Imported where it is used: most processes never need it.
    from fido2.server import Fido2Server
    from fido2.webauthn import AttestationConveyancePreference, PublicKeyCredentialRpEntity

    site = PublicKeyCredentialRpEntity(id=locks.site.id, name=name)
    return Fido2Server(
        site, AttestationConveyancePreference.NONE, verify_origin=lambda origin: origin == locks.site.origin
    )


def _descriptors(credentials: Iterable[bytes]) -> "list[PublicKeyCredentialDescriptor]":
    from fido2.webauthn import PublicKeyCredentialDescriptor, PublicKeyCredentialType

    return [PublicKeyCredentialDescriptor(type=PublicKeyCredentialType.PUBLIC_KEY, id=id) for id in credentials]


def _state(signed: _Signed, *, verified: bool) -> dict[str, str]:
    """What the library compares an answer with; `verified` asks that the device has checked who its owner is."""
    from fido2.utils import websafe_encode

    return {"challenge": websafe_encode(signed.challenge), "user_verification": "required" if verified else "preferred"}


async def _take(unit: Unit, locks: Locks, purpose: str, credential: str) -> _Signed | None:
    signed = _read(credential)
    if signed is None or not challenge.is_ours(locks.challenge_key, purpose, signed.challenge, unit.now):
        return None
    digest = sha256(signed.challenge).digest()
    taken = await factor_rows.take_challenge(unit.conn, digest, unit.now, unit.now + challenge.LIFE)
    return signed if taken else None


def _read(credential: str) -> _Signed | None:
    from fido2.utils import websafe_decode

    if len(credential) > LONGEST_ANSWER:
        return None
    try:
        answer = json.loads(credential)
        client = json.loads(websafe_decode(answer["response"]["clientDataJSON"]))
        return _Signed(websafe_decode(client["challenge"]), websafe_decode(answer["rawId"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


def _challenge(unit: Unit, locks: Locks, purpose: str) -> bytes:
    return challenge.make(locks.challenge_key, purpose, secrets.token_bytes(challenge.NONCE), unit.now)


async def _changed(unit: Unit, person: Person, kind: EventKind, verb: str, name: str) -> None:
    data = {"name": person.name, "kind": "passkey", "passkey": name}
    await record(unit, Event(f"person:{person.id}", kind, data))
    await tell_owner(unit, person, f"A passkey was {verb} your account", f"It is called {name}.")
    unit.publish(CHANGED)
