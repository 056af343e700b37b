"""Channels as JSON, how phones and chats are linked, and what providers send of their own accord."""

from muster.channels import callbacks
from muster.channels.api import channels, linking

ROUTERS = (channels.router, linking.push, linking.telegram, *callbacks.ROUTERS)
