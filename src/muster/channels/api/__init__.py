"""Channels as JSON, how phones and chats are linked, and what providers send of their own accord."""

from muster.channels.api import channels, linking
from muster.channels.registry import callback_routers

ROUTERS = (channels.router, linking.push, linking.telegram, *callback_routers())
