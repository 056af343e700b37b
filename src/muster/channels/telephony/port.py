"""The port behind the channels `sms` and `voice`: what a vendor takes, gives back, and hears (R72).

A vendor is chosen by its name in MUSTER_SMS_VENDORS and MUSTER_VOICE_VENDORS; nothing outside its folder knows whose it is.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from muster.paging.channel import Receipt, SendOutcome


@dataclass(frozen=True, slots=True)
class Text:
    """One text message: `to` in E.164 (+49…), `key` names it in letters and digits, the same for every attempt."""

    to: str
    text: str
    key: str


@dataclass(frozen=True, slots=True)
class Spoken:
    """One call: `sentences` are said twice; digits pressed are an answer to `delivery_id`, where `asks`."""

    to: str
    sentences: Sequence[str]
    key: str
    delivery_id: str
    asks: bool = True


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """What became of a message after it was handed over; `provider_id` is the one of its receipt."""

    provider_id: str
    outcome: SendOutcome
    reason: str


@dataclass(frozen=True, slots=True)
class PhoneReply:
    """What somebody sent from a phone."""

    address: str
    text: str


@dataclass(frozen=True, slots=True)
class Callback:
    """A request that a vendor made. `url` is the public address that it called, query included: the address that was
    given to the vendor, not the one that a proxy forwards to."""

    url: str
    headers: Mapping[str, str]
    body: bytes
    values: Mapping[str, str] = field(default_factory=dict)


class Ears(Protocol):
    """Where a vendor that keeps a connection of its own tells what it hears."""

    async def reported(self, channel: str, report: DeliveryReport, *, also: Sequence[str] = ()) -> None:
        """A receipt came; `also` are other spellings of its id."""
        ...

    async def replied(self, channel: str, vendor: str, reply: PhoneReply) -> None:
        """Somebody answered; what is to be said back is sent by the vendor of this name."""
        ...


class PhoneVendor(Protocol):
    """What vendors of both kinds have in common."""

    @property
    def name(self) -> str:
        """Its name in the settings, in `capabilities.routes` and in reasons."""
        ...

    @property
    def missing(self) -> str:
        """A sentence that says which settings are still to be made; empty when it can be used."""
        ...

    @property
    def receipt_within(self) -> timedelta | None:
        """How long its receipts take; None when it gives none."""
        ...

    @property
    def two_way(self) -> bool:
        """Whether answers come back."""
        ...

    async def listen(self, ears: Ears) -> None:
        """Begin to hear, for vendors that keep a connection; returns at once."""
        ...

    async def close(self) -> None:
        """End connections."""
        ...


class SmsVendor(PhoneVendor, Protocol):
    """Carries text messages."""

    async def send(self, text: Text) -> Receipt:
        """Hand a text message over; may raise, which counts as a refusal."""
        ...


class VoiceVendor(PhoneVendor, Protocol):
    """Makes calls."""

    async def call(self, spoken: Spoken) -> Receipt:
        """Begin a call; may raise, which counts as a refusal."""
        ...
