"""Providers of SMS, calls and push at the channel port, that say and do what a story tells them to."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from tests.conftest import MovableClock
from tests.scenario.story import Story

from muster.channels.registry import Channels
from muster.kit.errors import Fault
from muster.paging.channel import Capabilities, ContactForm, Message, Receipt, handed_over


@dataclass(frozen=True, slots=True)
class Heard:
    """One message that a provider got."""

    kind: str
    route: str
    address: str
    at: datetime
    message: Message
    provider_id: str


@dataclass
class Provider:
    """A channel of one kind; `next` are the answers to its next messages, the rest is taken."""

    kind: str
    capabilities: Capabilities
    clock: MovableClock
    heard: list[Heard]
    next: list[Receipt] = field(default_factory=list)

    @property
    def form(self) -> ContactForm:
        """How its contacts are entered."""
        return ContactForm("Double", "Number", "+351910000000")

    def check_address(self, address: str) -> Fault | None:
        """Any address will do."""
        return None

    def check_secret(self, secret: str) -> Fault | None:
        """There is none."""
        return None

    async def send(self, address: str, message: Message, secret: str = "") -> Receipt:
        """Take the message, or say what the story wants."""
        provider_id = f"{self.kind}-{len(self.heard) + 1}"
        self.heard.append(Heard(self.kind, message.route, address, self.clock.now(), message, provider_id))
        return self.next.pop(0) if self.next else handed_over(f"{message.route or self.kind} took it.", provider_id)


class Radio:
    """`Radio(story)`: ntfy, SMS by twilio or a gateway, where wanted with receipts within a minute, and calls."""

    def __init__(self, story: Story, *, receipts: bool = False) -> None:
        self.story = story
        self.heard: list[Heard] = []
        within = timedelta(minutes=1) if receipts else None
        sms = Capabilities(receipts, two_way=True, routes=("twilio", "gateway"), receipt_within=within)
        can = {"ntfy": Capabilities(), "sms": sms, "voice": Capabilities(two_way=True)}
        self.providers = {kind: Provider(kind, each, story.clock, self.heard) for kind, each in can.items()}
        self.tune()

    def tune(self) -> None:
        """Stand in for the providers of the present process."""
        self.story.muster.services.of(Channels)._channels.update(self.providers)

    @property
    def calls(self) -> list[tuple[str, int]]:
        """By which kind (and route), and how many seconds after the first message to anybody."""
        began = self.heard[0].at
        return [
            (f"{each.kind}/{each.route}" if each.route else each.kind, int((each.at - began).total_seconds()))
            for each in self.heard
        ]

    def person(self, name: str, *kinds: str, **fields: object) -> str:
        """The manifest of somebody with contacts of these kinds, in order; `webhook` is their phone."""
        number = f"+35191000000{ord(name[0]) % 10}"
        addresses = {"ntfy": f"https://ntfy.example/{name}", "sms": number, "voice": number}
        contacts = [
            {"kind": kind, "address": addresses.get(kind, f"{self.story.phones.url}/{name}"), "verified": True}
            for kind in kinds
        ]
        return self.story.person(name, phone=False, contacts=contacts, **fields)
