"""Paging in the browser: trying the plan out, whether its chains hold, and the link that proves a contact."""

from muster.paging.pages import chains, notify, proving, trying

ROUTERS = (trying.router, chains.router, proving.router, notify.router)
