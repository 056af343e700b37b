"""The channels `sms` and `voice`: one each, whoever carries it. `Message.route` names the vendor, else the first that can."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Generic, TypeVar

from muster.channels.http_receipts import never_raises
from muster.channels.telephony import gsm7, port
from muster.channels.telephony.numbers import read_number
from muster.channels.telephony.sms_text import compose_sms
from muster.channels.telephony.spoken import sentences
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, refused
from muster.paging.wording import ANSWERABLE

AnyVendor = TypeVar("AnyVendor", bound=port.PhoneVendor)


class _ByPhone(Generic[AnyVendor]):
    """What text messages and calls have in common: numbers for addresses, and vendors side by side."""

    def __init__(self, vendors: Sequence[AnyVendor]) -> None:
        self.vendors = {vendor.name: vendor for vendor in vendors}
        self.capabilities = _capabilities(vendors)

    def check_address(self, address: str) -> Fault | None:
        """The number's form."""
        return _check(address)

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    async def close(self) -> None:
        """End the vendors' connections."""
        for vendor in self.vendors.values():
            await vendor.close()

    def way(self, address: str, message: Message) -> tuple[str, AnyVendor] | Receipt:
        """The number and the vendor of the message's route, or why there is none."""
        number = read_number(address)
        if isinstance(number, Fault):
            return refused(f"{number.rule} {number.fix}")
        vendor = chosen(self.vendors, message.route)
        return vendor if isinstance(vendor, Receipt) else (number, vendor)


class SmsChannel(_ByPhone[port.SmsVendor]):
    """Text messages."""

    kind = "sms"
    form = ContactForm("Text message (SMS)", "Mobile number", "+4915112345678")

    def __init__(self, vendors: Sequence[port.SmsVendor], segments: int = 3) -> None:
        super().__init__(vendors)
        self._segments = segments

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Hand the text over to the vendor of the message's route."""
        way = self.way(address, message)
        if isinstance(way, Receipt):
            return way
        number, vendor = way
        text = compose_sms(message, self._segments, two_way=vendor.two_way)
        return await vendor.send(port.Text(number, text, message.key))

    @never_raises
    async def say(self, to: str, text: str) -> Receipt:
        """Send a sentence back; `to` is the vendor's name and the number, `twilio/+4915112345678`."""
        name, _, number = to.partition("/")
        vendor = chosen(self.vendors, name)
        if isinstance(vendor, Receipt):
            return vendor
        return await vendor.send(port.Text(number, gsm7.spelled(text) or text, "answer"))

    async def listen(self, ears: port.Ears) -> None:
        """Begin to hear what comes back over the vendors' own connections."""
        for vendor in self.vendors.values():
            await vendor.listen(ears)


class VoiceChannel(_ByPhone[port.VoiceVendor]):
    """Calls that say what happens and take an answer by key; of a test the key proves the contact."""

    kind = "voice"
    form = ContactForm("Phone call", "Phone number", "+4915112345678")

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Have the vendor of the message's route call."""
        way = self.way(address, message)
        if isinstance(way, Receipt):
            return way
        number, vendor = way
        asks = message.kind in ANSWERABLE and vendor.two_way
        said = port.Spoken(number, tuple(sentences(message)), message.key, str(message.delivery_id), asks)
        return await vendor.call(said)


def chosen(vendors: dict[str, AnyVendor], route: str) -> AnyVendor | Receipt:
    """The vendor of a route; without one the first that is set up. A refusal says what is missing."""
    if not vendors:
        return refused("No vendor is set up for this: see MUSTER_SMS_VENDORS and MUSTER_VOICE_VENDORS.")
    if route:
        vendor = vendors.get(route)
        if vendor is None:
            return refused(f"The vendor {route} is not among those in use ({', '.join(vendors)}).")
    else:
        vendor = next((vendor for vendor in vendors.values() if not vendor.missing), next(iter(vendors.values())))
    return refused(vendor.missing) if vendor.missing else vendor


def _capabilities(vendors: Sequence[port.PhoneVendor]) -> Capabilities:
    usable = [vendor for vendor in vendors if not vendor.missing]
    times = [vendor.receipt_within for vendor in usable if vendor.receipt_within is not None]
    return Capabilities(
        receipts=bool(times),
        two_way=any(vendor.two_way for vendor in usable),
        usable=bool(usable),
        routes=tuple(vendor.name for vendor in usable),
        # Of vendors of which only some give receipts, none can be relied on for one.
        receipt_within=max(times, default=timedelta(0)) if times and len(times) == len(usable) else None,
    )


def _check(address: str) -> Fault | None:
    """One spelling only: answers are matched by the number that the network gives."""
    number = read_number(address)
    if isinstance(number, Fault):
        return number
    return (
        None
        if number == address
        else Fault("address", "A number is kept without spaces and signs.", f"Write it as {number}.")
    )
