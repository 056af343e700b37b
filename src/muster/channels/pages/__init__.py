"""Pages of channels: how each is set up, the built-in inbox, linking a chat or a browser."""

from muster.channels.inbox import pages as inbox
from muster.channels.pages import channels
from muster.channels.telegram import pages as telegram
from muster.channels.web_push import pages as worker

ROUTERS = (channels.router, inbox.router, worker.router, telegram.router)
