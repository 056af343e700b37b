"""What the features share while a node runs: job kinds, and what routes look for."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

import muster.alerts.api
import muster.alerts.jobs
import muster.alerts.pages
import muster.catalog.api
import muster.catalog.pages
import muster.changes.api
import muster.channels.api
import muster.channels.jobs
import muster.channels.pages
import muster.clocks.api
import muster.clocks.jobs
import muster.desk.pages
import muster.importing.api
import muster.importing.pages
import muster.inbound.api
import muster.incidents.api
import muster.incidents.pages
import muster.ledger.api
import muster.ledger.jobs
import muster.ledger.pages
import muster.manifests.api
import muster.oncall.api
import muster.oncall.jobs
import muster.oncall.pages
import muster.paging.api
import muster.paging.jobs
import muster.paging.pages
import muster.people.api
import muster.people.pages
import muster.plan.api
import muster.plan.pages
import muster.privacy.api
import muster.privacy.pages
import muster.response.api
import muster.response.pages
from muster.alerts.actions.intake import Intake
from muster.base.access import SYSTEM
from muster.base.db.database import Database
from muster.base.http import Http
from muster.base.secrets import Secrets
from muster.base.work.runner import Handler
from muster.channels import store as inbox
from muster.channels.callback_links import CallbackLinks
from muster.channels.inbox.channel import Keep
from muster.channels.web_push.actions import Browsers
from muster.inbound.actions.senders import Senders
from muster.inbound.formats import InboundFormats, forms
from muster.ledger.actions.outside import Send
from muster.ledger.key import LedgerKey
from muster.paging.actions.deliver import Deliverer
from muster.paging.actions.links import Links
from muster.paging.channel import Channel, Message
from muster.people.actions.locks import LOCKS, Locks
from muster.people.reach import Reach
from muster.people.site import site_of


def handlers(
    key: LedgerKey,
    deliverer: Deliverer,
    intake: Intake,
    channels: Mapping[str, Channel],
    reach: Reach,
    base_url: str,
    http: Http,
    senders: Senders,
    send_seal: Send | None = None,
) -> dict[str, Handler]:
    """Every job kind with its handler."""
    return {
        **muster.channels.jobs.handlers(channels, reach, base_url, senders),
        **muster.ledger.jobs.handlers(key, send_seal),
        **muster.clocks.jobs.handlers(),
        **muster.alerts.jobs.handlers(intake),
        **muster.oncall.jobs.handlers(http),
        **muster.paging.jobs.handlers(deliverer),
    }


def extras(
    key: LedgerKey,
    reach: Reach,
    secrets: Secrets,
    links: Links,
    channels: Mapping[str, Channel],
    intake: Intake,
    callback_links: CallbackLinks,
    browsers: Browsers,
) -> dict[str, Any]:
    """What routes need beyond the database, by the name under which they look for it."""
    return {
        "ledger_key": key,
        "reach": reach,
        "secrets": secrets,
        "links": links,
        "channels": channels,
        "callback_links": callback_links,
        "browsers": browsers,
        "intake": intake,
        "formats": forms(),
        "parser": InboundFormats(),
    }


def locks(base_url: str, secrets: Secrets) -> dict[str, Any]:
    """What second factors need, by the name under which their routes look for it."""
    return {LOCKS: Locks(secrets.seal, secrets.open, secrets.derive("passkeys"), site_of(base_url))}


def take_out_of_inbox(database: Database) -> Callable[[str, str], Awaitable[bool]]:
    """How a message is taken out of the built-in inbox again."""

    async def take_out(address: str, key: str) -> bool:
        async with database.unit(SYSTEM) as unit:
            return await inbox.take_out(unit.conn, address, key)

    return take_out


def keep_in_inbox(database: Database) -> Keep:
    """How the built-in inbox keeps a message."""

    async def keep(address: str, message: Message) -> None:
        async with database.unit(SYSTEM) as unit:
            await inbox.keep(unit.conn, address, message, unit.now)
            unit.publish("inbox")

    return keep
