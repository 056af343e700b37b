"""Pages of chats and browsers."""

from muster.integrations.pages import telegram, worker

ROUTERS = (worker.router, telegram.router)
