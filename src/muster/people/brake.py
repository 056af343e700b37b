"""Whose guesses slow whom down: strangers never slow a browser down from which the person has signed in before (pure).

A stranger's failures count for what they typed at that address, for what they typed at any address, and for the address. They
count alike whether there is such an account, so that nothing tells. A known browser answers for its own failures only.
"""

import hashlib
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import IPv6Address, ip_address
from uuid import UUID

from muster.people.throttle import ACCOUNT, ADDRESS, OWN, PAIR, SECOND, Bound

DEVICE_LIFE = timedelta(days=90)
"""A browser that was not used for so long is a stranger again."""


@dataclass(frozen=True, slots=True)
class Subject:
    """What failures are counted for: `kind` as the ledger names it, `key` as the row is found."""

    kind: str
    key: str
    bound: Bound


@dataclass(frozen=True, slots=True)
class Brake:
    """What slows one attempt down. Of `turn` one attempt is judged at a time; `known` has a lane of its own in hashing."""

    turn: str
    subjects: tuple[Subject, ...]
    known: bool = False


def for_stranger(who: str, address: str) -> Brake:
    """For an attempt from a browser that is not known. What was typed is kept as a digest only: it may be a password."""
    typed = hashlib.sha256(who.strip().casefold().encode("utf-8", "surrogateescape")).hexdigest()[:32]
    place = _place(address)
    return Brake(
        f"account:{typed}",
        (
            Subject("account and address", f"pair:{typed}:{place}", PAIR),
            Subject("account", f"account:{typed}", ACCOUNT),
            Subject("address", f"address:{place}", ADDRESS),
        ),
    )


def for_passkey(address: str) -> Brake:
    """For wrong signatures of passkeys from an address."""
    subject = Subject("address", f"passkey:{_place(address)}", ADDRESS)
    return Brake(subject.key, (subject,))


def for_device(device_id: UUID) -> Brake:
    """For an attempt from a browser that the person has used before."""
    subject = Subject("device", f"device:{device_id}", OWN)
    return Brake(subject.key, (subject,), known=True)


def for_oneself(person_id: UUID) -> Brake:
    """For somebody who is signed in and proves it again."""
    subject = Subject("person", f"self:{person_id}", OWN)
    return Brake(subject.key, (subject,), known=True)


def for_factor(person_id: UUID, place: UUID | None) -> Brake:
    """For the second step of somebody whose password was right; `place` is the browser that is known, or the session."""
    subject = Subject("second factor", f"factor:{person_id}:{place or 'strangers'}", SECOND)
    return Brake(subject.key, (subject,), known=True)


def pause_words(pausing: timedelta) -> tuple[str, int]:
    """How long to wait, as a sentence and in whole seconds."""
    seconds = int(pausing.total_seconds()) + 1
    spoken = f"{seconds} second{'s' if seconds != 1 else ''}" if seconds < 90 else f"{-(-seconds // 60)} minutes"
    return f"Too many attempts failed. Try again in {spoken}.", seconds


def _place(address: str) -> str:
    """The address; of IPv6 the /64 that one subscriber has."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address[:100]
    if isinstance(parsed, IPv6Address):
        return str(parsed.ipv4_mapped or IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
