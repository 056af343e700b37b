"""Paging in the browser: trying the plan out, whether its chains hold, and the link that proves a contact."""

from muster.paging.pages import chains, contact_test, dry_run, notify

ROUTERS = (dry_run.router, chains.router, contact_test.router, notify.router)
