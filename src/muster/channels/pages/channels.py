"""Channels under settings: what is set up, how to set up the rest, and a live test that takes the way of a real page."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission, refusal
from muster.base.settings import Settings
from muster.base.unit import Unit
from muster.base.web.budget import TESTS
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.channels.entry import Guide
from muster.channels.registry import Channels, entries
from muster.kit.errors import Conflict, Invalid, Missing, Problem
from muster.paging.actions import snapshot
from muster.paging.actions.test_page import send_test
from muster.paging.channel import Channel, MessageKind
from muster.paging.store import deliveries
from muster.paging.targets import Address, Reachable
from muster.people.actions.contacts import add_contact
from muster.people.actions.guard import CHANGED
from muster.people.contact import masked
from muster.people.drafts import ContactDraft
from muster.people.reach import Reach

HERE = "/settings/channels"
SHOWN = 10
STATES = {"pending": "waiting", "handed_over": "sent"}
"""Where a delivery's state has another word on the page."""

router = page_router(HERE)


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel, how it stands, and the viewer's own addresses; `receipts`: whether it reports delivery."""

    kind: str
    label: str
    guide: Guide
    receipts: bool
    mine: Sequence[Address]


@dataclass(frozen=True, slots=True)
class TestReceipt:
    """A test page of the viewer's, and what became of it."""

    id: UUID
    channel: str
    address: str
    state: str
    reason: str
    attempts: int
    at: datetime
    took: timedelta | None


@template("channels/channels.html")
@dataclass(frozen=True, slots=True)
class ChannelsView:
    """Every channel; `reached`: whether the viewer has any contact."""

    channels: Sequence[ChannelRow]
    receipts: Sequence[TestReceipt]
    reached: bool
    problem: Problem | None
    topics: Sequence[str]


@router.get("")
@needs(Permission.SETTINGS_READ)
async def channels_page(unit: Uses, request: Request) -> Response:
    """Show every channel and the receipts of my tests."""
    return await _page(unit, request)


@router.post("/test")
@needs(Permission.SELF_MANAGE, budget=TESTS)
async def do_test(unit: Uses, request: Request, address: Field = "", back: Field = "") -> Response:
    """Send a test page to oneself."""
    try:
        await send_test(unit, unit.principal.name, address or None)
    except Missing as problem:
        return await _page(unit, request, problem)
    return see_other("/welcome" if back == "welcome" else f"{HERE}#receipts")


@router.post("/inbox")
@needs(Permission.SELF_MANAGE)
async def do_use_inbox(unit: Uses, request: Request, back: Field = "") -> Response:
    """Give oneself a box in the built-in inbox; whoever may confirm contacts has confirmed this one by that."""
    reach = services_of(request).of(Reach)
    confirmed = not refusal(unit.principal, Permission.PERSON_MANAGE)
    draft = ContactDraft(kind="inbox", address=unit.principal.name, verified=confirmed)
    try:
        await add_contact(unit, unit.principal.name, draft, reach)
    except (Invalid, Conflict) as problem:
        return await _page(unit, request, problem)
    return see_other("/welcome" if back == "welcome" else HERE)


async def _page(unit: Unit, request: Request, problem: Problem | None = None) -> Response:
    services = services_of(request)
    mine = (await snapshot.reachable(unit, [unit.principal.name])).get(unit.principal.name)
    rows = [_row(channel, services.settings, mine) for channel in services.of(Channels).values()]
    view = ChannelsView(
        channels=sorted(rows, key=lambda row: (not row.mine, not row.guide.ready)),
        receipts=await receipts(unit),
        reached=bool(mine and mine.addresses),
        problem=problem,
        topics=topics(unit),
    )
    return render(request, view, status=problem.status if problem else 200)


def _row(channel: Channel, settings: Settings, mine: Reachable | None) -> ChannelRow:
    return ChannelRow(
        kind=channel.kind,
        label=channel.form.label,
        guide=entries()[channel.kind].guide(settings, channel),
        receipts=channel.capabilities.receipts,
        mine=[address for address in (mine.addresses if mine else ()) if address.channel == channel.kind],
    )


def topics(unit: Unit) -> list[str]:
    """What changes when a test of the viewer's goes on, or their contacts do."""
    own = [f"person:{unit.principal.person_id}"] if unit.principal.person_id else []
    return [*own, CHANGED]


async def receipts(unit: Unit) -> list[TestReceipt]:
    """The viewer's newest test pages with what became of each."""
    if unit.principal.person_id is None:
        return []
    latest = await deliveries.of_person(unit.conn, unit.principal.person_id, 5 * SHOWN)
    tests = [delivery for delivery in latest if delivery.kind is MessageKind.TEST][:SHOWN]
    return [
        TestReceipt(
            id=test.id,
            channel=test.channel,
            address=masked(test.channel, test.address),
            state=STATES.get(str(test.state), str(test.state)),
            reason=test.reason or "It is on its way.",
            attempts=test.attempts,
            at=test.created_at,
            took=test.sent_at - test.created_at if test.sent_at else None,
        )
        for test in tests
    ]
