"""The list of what this Muster is made of: routers, job kinds, subscriptions and commands, feature by feature."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from fastapi import APIRouter

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
from muster.alerts.happenings import AlertsChanged, ClockDiffers, IntegrationDeleting
from muster.base.access import SYSTEM
from muster.base.bus import Bus
from muster.base.db.database import Database
from muster.base.http import Http
from muster.base.secrets import Secrets
from muster.base.unit import Unit
from muster.base.web import stream
from muster.base.work.runner import Handler
from muster.catalog.actions.guard import object_to_team
from muster.catalog.happenings import WorkloadDeleting
from muster.channels import store as inbox
from muster.channels.actions.renew import on_incident_moved as renew_messages
from muster.channels.callback_links import CallbackLinks
from muster.channels.inbox.channel import Keep
from muster.channels.web_push.actions import Browsers
from muster.clocks.clock import ClockBreached
from muster.inbound.actions.senders import Senders
from muster.inbound.formats import InboundFormats, forms
from muster.incidents.actions.answering import count_alerts, on_answer_given
from muster.incidents.actions.objections import object_to_integration, object_to_workload
from muster.incidents.actions.paging_again import on_clock_breached, on_page_exhausted
from muster.incidents.actions.receive import on_alerts_changed
from muster.incidents.actions.roles import on_person_deactivating
from muster.incidents.happenings import IncidentMoved
from muster.ledger.actions.outside import Send
from muster.ledger.key import LedgerKey
from muster.oncall.actions.subscriptions import name_schedules, object_to_leaving
from muster.oncall.happenings import InterruptionsWanted, ScheduleDeleting, ShiftNotice
from muster.paging.actions.account_notices import send_account_notice
from muster.paging.actions.chains import on_person_left, on_plan_published, on_ways_changed, warn_of_chains
from muster.paging.actions.clocks_differ import on_clock_differs
from muster.paging.actions.deliver import Deliverer
from muster.paging.actions.interruptions import tell_interruptions
from muster.paging.actions.links import Links
from muster.paging.actions.notices import send_notice
from muster.paging.actions.objections import object_to_schedule
from muster.paging.actions.proof import send_proof
from muster.paging.actions.reprove import on_contact_used
from muster.paging.channel import Channel, Message
from muster.paging.happenings import AlertsCounted, AnswerGiven, ContactUsed
from muster.paging.page import PageExhausted
from muster.people.actions.locks import LOCKS, Locks
from muster.people.happenings import (
    AccountChanged,
    ContactProofWanted,
    PersonDeactivating,
    PersonLeft,
    TeamDeleting,
    WaysChanged,
)
from muster.people.reach import Reach
from muster.people.site import site_of
from muster.plan.actions import guard as plan_guard
from muster.plan.happenings import NamesWanted, PlanChecked, PlanPublished
from muster.response.actions.attest import on_incident_moved

ROUTERS: tuple[APIRouter, ...] = (
    stream.router,
    muster.manifests.api.router,
    muster.importing.api.router,
    muster.importing.pages.router,
    muster.privacy.api.router,
    muster.privacy.api.pages,
    muster.privacy.pages.router,
    *muster.people.api.ROUTERS,
    *muster.people.pages.ROUTERS,
    muster.ledger.api.router,
    muster.ledger.pages.router,
    *muster.catalog.api.ROUTERS,
    *muster.catalog.pages.ROUTERS,
    muster.plan.api.router,
    *muster.plan.pages.ROUTERS,
    *muster.oncall.api.ROUTERS,
    *muster.oncall.pages.ROUTERS,
    *muster.paging.api.ROUTERS,
    *muster.paging.pages.ROUTERS,
    muster.clocks.api.router,
    muster.changes.api.router,
    *muster.alerts.api.ROUTERS,
    *muster.alerts.pages.ROUTERS,
    *muster.incidents.api.ROUTERS,
    *muster.incidents.pages.ROUTERS,
    *muster.response.api.ROUTERS,
    *muster.response.pages.ROUTERS,
    *muster.desk.pages.ROUTERS,
    *muster.inbound.api.ROUTERS,
    *muster.channels.api.ROUTERS,
    *muster.channels.pages.ROUTERS,
)


def subscribe(bus: Bus) -> None:
    """Wire what lower features tell to the higher ones that follow it."""
    bus.subscribe(PersonDeactivating, object_to_leaving)
    bus.subscribe(TeamDeleting, object_to_team)
    bus.subscribe(PersonDeactivating, plan_guard.object_to_person)
    bus.subscribe(TeamDeleting, plan_guard.object_to_team)
    bus.subscribe(NamesWanted, name_schedules)
    bus.subscribe(AlertsChanged, on_alerts_changed)
    bus.subscribe(ContactProofWanted, send_proof)
    bus.subscribe(ShiftNotice, send_notice)
    bus.subscribe(AccountChanged, send_account_notice)
    bus.subscribe(InterruptionsWanted, tell_interruptions)
    bus.subscribe(ClockDiffers, on_clock_differs)
    bus.subscribe(ContactUsed, on_contact_used)
    bus.subscribe(PersonLeft, on_person_left)
    bus.subscribe(PlanChecked, warn_of_chains)
    bus.subscribe(PlanPublished, on_plan_published)
    bus.subscribe(WaysChanged, on_ways_changed)
    bus.subscribe(ScheduleDeleting, object_to_schedule)
    bus.subscribe(IntegrationDeleting, object_to_integration)
    bus.subscribe(WorkloadDeleting, object_to_workload)
    bus.subscribe(PersonDeactivating, on_person_deactivating)
    bus.subscribe(ClockBreached, on_clock_breached)
    bus.subscribe(PageExhausted, on_page_exhausted)
    bus.subscribe(AnswerGiven, on_answer_given)
    bus.subscribe(AlertsCounted, count_alerts)
    bus.subscribe(IncidentMoved, on_incident_moved)
    bus.subscribe(IncidentMoved, renew_messages)


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


async def begin(unit: Unit) -> None:
    """What must be under way whenever a node runs; doing it again changes nothing."""
    await muster.alerts.jobs.begin(unit)
    await muster.paging.jobs.begin(unit)
    await muster.channels.jobs.begin(unit)
    await muster.oncall.jobs.begin(unit)


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
