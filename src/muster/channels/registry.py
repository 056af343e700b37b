"""All channels of an installation, by the name that contacts use, each from the entry in its folder."""

from collections.abc import Iterator, Mapping
from functools import cache

from fastapi import APIRouter

from muster.base.features import resolve, resolve_all
from muster.base.http import Http, Timeouts
from muster.base.postgres import Finding
from muster.base.settings import Settings
from muster.channels.entry import ChannelEntry, Closes, Ground, Listens
from muster.channels.folders import FOLDERS
from muster.channels.telephony.port import Ears
from muster.paging.channel import Channel

PATIENCE = Timeouts(5.0, 5.0, 5.0)
"""The doctor waits this long for a provider."""


@cache
def entries() -> dict[str, ChannelEntry]:
    """Every channel's entry, by its kind."""
    return {entry.kind: entry for entry in resolve_all(f"channels.{folder}.entry:ENTRY" for folder in FOLDERS)}


class Channels(Mapping[str, Channel]):
    """The channels, built from their entries; closed with the process.

    Raises:
        Invalid: with one fault for each setting of a channel that cannot be used.
    """

    def __init__(self, ground: Ground) -> None:
        self._channels = {kind: entry.build(ground) for kind, entry in entries().items()}

    def __getitem__(self, kind: str) -> Channel:
        return self._channels[kind]

    def __iter__(self) -> Iterator[str]:
        return iter(self._channels)

    def __len__(self) -> int:
        return len(self._channels)

    async def listen(self, ears: Ears) -> None:
        """Begin to hear what comes back over connections that are kept open."""
        for channel in self._channels.values():
            if isinstance(channel, Listens):
                await channel.listen(ears)

    async def close(self) -> None:
        """End kept connections and threads; the HTTP client is its owner's to close."""
        for channel in self._channels.values():
            if isinstance(channel, Closes):
                await channel.close()


async def examine_channels(settings: Settings) -> list[Finding]:
    """What `muster doctor` says of all channels; nothing is sent to anybody."""
    http = Http(allow_private=settings.allow_private_targets, timeouts=PATIENCE)
    try:
        return [
            finding
            for entry in entries().values()
            if entry.examine
            for finding in await resolve(entry.examine)(settings, http)
        ]
    finally:
        await http.close()


def callback_routers() -> tuple[APIRouter, ...]:
    """What providers tell Muster of their own accord; each route verifies the provider's signature before anything else."""
    return tuple(resolve_all(name for entry in entries().values() for name in entry.callbacks))
