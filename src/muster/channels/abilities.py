"""What some channels can do beyond sending: change a message that was sent, and say a sentence back to somebody.

Both are for people who talk with Muster in a chat; `channels.jobs` calls them, because they reach outside.
"""

from typing import Protocol, runtime_checkable

from muster.paging.channel import Message, MessageKind, Receipt

ACKNOWLEDGE, ESCALATE = "acknowledge", "escalate"
_LABELS = {ACKNOWLEDGE: "Acknowledge", ESCALATE: "Escalate"}


def verbs(message: Message) -> dict[str, str]:
    """The answers that a message asks for, with what their buttons say: a test can be acknowledged, but not passed on."""
    if not message.acknowledge_url:
        return {}
    return _LABELS if message.kind is MessageKind.PAGE else {ACKNOWLEDGE: _LABELS[ACKNOWLEDGE]}


@runtime_checkable
class Renews(Protocol):
    """A channel whose messages can be changed."""

    async def renew(self, address: str, provider_id: str, message: Message) -> Receipt:
        """Put `message`, which offers no answers any more, in the place of the one that the provider calls so."""
        ...


@runtime_checkable
class Says(Protocol):
    """A channel in which Muster answers what people write or press."""

    async def say(self, to: str, text: str) -> Receipt:
        """Say a sentence; `to` is where, in the channel's own words, as its callback gave it."""
        ...


@runtime_checkable
class Checks(Protocol):
    """A channel whose credentials can be tried without a message to anybody."""

    async def check(self) -> Receipt | None:
        """What the provider says of the credentials; None when there are none to try."""
        ...
