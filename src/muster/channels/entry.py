"""What a channel's folder brings: how it is built, how it is set up in words, its callbacks, what the doctor examines.

Adding a channel is a folder with an `entry.py`, where it has settings a `settings.py`, and its name in `folders.py`; the worked
example is `docs/extend/add-a-channel.md`.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, runtime_checkable

from muster.base.http import Http
from muster.base.secrets import Secrets
from muster.base.settings import Settings
from muster.kit.clock import Clock
from muster.paging.channel import Channel

if TYPE_CHECKING:
    from muster.channels.callback_links import CallbackLinks
    from muster.channels.email.reply_address import ReplyAddresses
    from muster.channels.inbox.channel import Keep
    from muster.channels.telephony.port import Ears
    from muster.channels.web_push.channel import BrowserStore


@dataclass(frozen=True, slots=True)
class Ground:
    """What channels are built from.

    `links` signs what comes back, `browsers` stands for those of web push, `keep` puts messages into the built-in inbox,
    `reply_addresses` makes the addresses that mails are answered to, `sender` is the one that mails come from.
    """

    settings: Settings
    secrets: Secrets
    http: Http
    clock: Clock
    keep: "Keep"
    links: "CallbackLinks"
    browsers: "BrowserStore"
    reply_addresses: "ReplyAddresses | None" = None
    sender: str = ""


@dataclass(frozen=True, slots=True)
class Guide:
    """`ready` tells whether pages can leave by it now, `stands` how it stands, `steps` what to do, in order."""

    ready: bool
    stands: str
    steps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ChannelEntry:
    """One channel.

    Attributes:
        kind: its name, as contacts use it.
        build: makes it; raises Invalid with a fault for each setting that cannot be used.
        guide: how it is set up; Any is the channel that `build` made.
        callbacks: routers by which its provider answers, as `module:attribute` below `muster`.
        examine: a coroutine function of (Settings, Http) that gives what `muster doctor` finds, named in the same way.
        renews: whether messages that were sent can be changed.
    """

    kind: str
    build: Callable[[Ground], Channel]
    guide: Callable[[Settings, Any], Guide]
    callbacks: tuple[str, ...] = ()
    examine: str = ""
    renews: bool = False


@runtime_checkable
class Closes(Protocol):
    """A channel that keeps connections or threads."""

    async def close(self) -> None:
        """End them."""
        ...


@runtime_checkable
class Listens(Protocol):
    """A channel that hears what comes back over connections which it keeps open."""

    async def listen(self, ears: "Ears") -> None:
        """Begin to listen."""
        ...
