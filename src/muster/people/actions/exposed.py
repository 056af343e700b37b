"""The first start after 0.1: links that its ledger may show to every viewer are taken back, once and aloud.

0.1 recorded the paths of refused requests, and a path can be a link that sets somebody's password. The entries cannot be
changed, so the links are made worthless.
"""

import structlog

from muster.base.access import Permission
from muster.base.epochs import next_epoch
from muster.base.unit import Unit
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.events import EXPOSED_LINKS_REVOKED
from muster.people.store import link_rows

ONE_TAP = "links"
TOLD = (
    "Version 0.1 kept the addresses of refused requests in the ledger, and with them links that viewers could read. "
    "All open password, first-run and one-tap links were revoked. Make new password links for those who wait for one."
)

log = structlog.get_logger("muster.people")


async def revoke_exposed_links(unit: Unit) -> bool:
    """Take back every open link of an installation that ran 0.1; true if it was done now."""
    unit.allow(Permission.SETTINGS_MANAGE)
    if not await link_rows.hold_exposed(unit.conn):
        return False
    many = await link_rows.revoke_exposed(unit.conn, unit.now)
    await next_epoch(unit.conn, ONE_TAP, unit.now)
    password, first_run = many.get("password", 0), many.get("first_run", 0)
    data = {"password_links": password, "first_run_links": first_run, "one_tap_links": "all"}
    await record(unit, Event("access", EXPOSED_LINKS_REVOKED, data, TOLD))
    unit.after_commit(lambda: log.warning("links.revoked", password=password, first_run=first_run, reason=TOLD))
    return True
