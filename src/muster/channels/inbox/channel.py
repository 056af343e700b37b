"""The built-in inbox: messages stay in Muster, so that a demo and a first try need no provider."""

from typing import Protocol

from muster.channels.http_receipts import never_raises
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, SendOutcome

_LONGEST_NAME = 100


class Keep(Protocol):
    """Where the inbox puts what it gets; keeping the same `message.key` twice has the effect of once."""

    async def __call__(self, address: str, message: Message) -> None:
        """Keep a message for the owner of an address."""
        ...


class InboxChannel:
    """Keeps messages; an address is the name of a box."""

    kind = "inbox"
    form = ContactForm("Inbox in Muster", "Name of the box", "amara")
    capabilities = Capabilities(receipts=True, recognises_repeats=True)

    def __init__(self, keep: Keep) -> None:
        self._keep = keep

    def check_address(self, address: str) -> Fault | None:
        """A short printable name."""
        if address.strip() and address.isprintable() and len(address) <= _LONGEST_NAME:
            return None
        return Fault("address", f"A box has a name of 1 to {_LONGEST_NAME} characters.", "Use the person's name.")

    def check_secret(self, secret: str) -> Fault | None:
        """There is none to check."""
        return None

    @never_raises
    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Keep the message."""
        await self._keep(address, message)
        return Receipt(SendOutcome.DELIVERED, "It is in Muster's inbox.", message.key)
