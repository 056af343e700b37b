"""Paging in the browser: trying the plan out."""

from muster.paging.pages import trying

ROUTERS = (trying.router,)
