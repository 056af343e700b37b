"""My shifts: what waits for my answer, when I am on call, cover or swap two taps away, and links for calendars (R72)."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Path, Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import by_field, see_other
from muster.base.web.needs import needs, public
from muster.base.web.render import render
from muster.base.web.services import services_of
from muster.base.web.typed import template
from muster.kit.duration import format_duration, parse_duration
from muster.kit.errors import Fault, Invalid, Problem
from muster.kit.interval import Interval
from muster.oncall import store
from muster.oncall.actions import feeds, own_shifts
from muster.oncall.actions.feeds import read_feed
from muster.oncall.api.feeds import url_of as feed_url
from muster.oncall.pages.requests import RequestRow, request_list
from muster.oncall.pages.shared import ON_CALL, TOPICS, Field, Options, full_names, shift_url, url_of
from muster.oncall.shifts.feed import Feed, FeedKind
from muster.oncall.shifts.handoff_note import HandOffNote
from muster.oncall.shifts.notices import NoticeChoices, read_before
from muster.oncall.shifts.requests import RequestState
from muster.oncall.shifts.shift import Shift
from muster.oncall.store import note_rows, request_rows
from muster.people import store as people

SUFFIX = ".ics"
HERE = f"{ON_CALL}/me"
MY_TOPICS = (*TOPICS, feeds.CHANGED)
AHEAD = timedelta(days=90)
BEFORE = ("off", "1h", "4h", "12h", "24h", "48h", "7d")
router = page_router()


@dataclass(frozen=True, slots=True)
class ShiftRow:
    """A shift of the onlooker; `asked` where they have asked others to take it."""

    id: str
    shift: Shift
    url: str
    schedule_url: str
    exchange_url: str
    asked: bool


@template("oncall/my_shifts.html")
@dataclass(frozen=True, slots=True)
class MyShiftsPage:
    """Requests that wait for the onlooker and those that they made, their shifts now and ahead, notes, notices, links.

    `notes` are those that stand on the schedules which matter in the next two days.
    """

    incoming: Sequence[RequestRow]
    outgoing: Sequence[RequestRow]
    running: Sequence[ShiftRow]
    shifts: Sequence[ShiftRow]
    notes: Sequence[HandOffNote]
    full_names: Mapping[str, str]
    choices: NoticeChoices
    before: str
    lengths: Options
    feeds: Sequence[Feed]
    calendars: Options
    faults: Mapping[str, Fault]
    topics: Sequence[str] = MY_TOPICS


@template("oncall/feed.html")
@dataclass(frozen=True, slots=True)
class FeedPage:
    """A secret link to a calendar, shown this once: it stands on a page that does not renew itself."""

    feed: Feed
    url: str
    onward: str = f"{HERE}#calendars"


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def my_shifts_page(unit: Uses, request: Request) -> Response:
    """Show one's own shifts of the next 90 days, and what others ask."""
    return await _page(unit, request, None)


@router.post(f"{HERE}/notices")
@needs(Permission.SELF_MANAGE)
async def choose_notices(
    unit: Uses, request: Request, before: Field = "", at_start: Field = "", at_end: Field = "", changes: Field = ""
) -> Response:
    """Choose which notices one gets."""
    try:
        choices = NoticeChoices(read_before(before), bool(at_start), bool(at_end), bool(changes))
        await own_shifts.choose(unit, choices)
    except Invalid as problem:
        return await _page(unit, request, problem)
    return see_other(f"{HERE}#notices")


@router.post(f"{HERE}/feeds")
@needs(Permission.SELF_MANAGE)
async def make_feed(unit: Uses, request: Request, whose: Field = "person:") -> Response:
    """Make a secret link to a calendar and show it this once; `whose` is `person:ana`, `team:…` or `schedule:…`."""
    kind, _, subject = whose.partition(":")
    if kind not in list(FeedKind):
        fault = Fault("whose", "This is no calendar.", "Choose one of the list.")
        return await _page(unit, request, Invalid("No calendar was made.", faults=[fault]))
    feed, token = await feeds.make_feed(unit, FeedKind(kind), subject)
    return render(request, FeedPage(feed, feed_url(request, token)))


@router.post(f"{HERE}/feeds/{{id}}/rotate")
@needs(Permission.SELF_MANAGE)
async def rotate_feed(unit: Uses, request: Request, id: UUID) -> Response:
    """Exchange the secret of a link and show the new one this once."""
    feed, token = await feeds.rotate_feed(unit, id)
    return render(request, FeedPage(feed, feed_url(request, token)))


@router.post(f"{HERE}/feeds/{{id}}/revoke")
@needs(Permission.SELF_MANAGE)
async def revoke_feed(unit: Uses, id: UUID) -> Response:
    """End a link."""
    await feeds.revoke_feed(unit, id)
    return see_other(f"{HERE}#calendars")


async def calendar_options(unit: Unit) -> Options:
    """Every team and schedule, as `team:…` and `schedule:…`."""
    schedules = [(f"schedule:{stored.name}", f"Schedule {stored.name}") for stored in await store.schedules(unit.conn)]
    return [*((f"team:{team.name}", f"Team {team.label}") for team in await people.teams(unit.conn)), *schedules]


async def _page(unit: Unit, request: Request, problem: Problem | None) -> Response:
    me = await own_shifts.me_of(unit)
    shifts = await own_shifts.shifts_of_people(unit.conn, [me], unit.now, unit.now + AHEAD)
    waiting = await request_rows.requests(unit.conn, person_id=me.id, state=RequestState.OPEN)
    names = await full_names(unit)
    rows = request_list(unit, sorted(waiting, key=lambda row: row.expires_at), names)
    asked = {(row.schedule, row.mine) for row in waiting if row.asker == me.name}
    choices = await own_shifts.choices_of(unit)
    before = "off" if choices.before is None else format_duration(choices.before)
    near = {shift.schedule for shift in shifts if shift.start < unit.now + timedelta(days=2)}
    page = MyShiftsPage(
        incoming=[row for row in rows if row.may_accept],
        outgoing=[row for row in rows if row.request.asker == me.name],
        running=[_row(shift, unit.now, asked) for shift in shifts if shift.runs(unit.now)],
        shifts=[_row(shift, unit.now, asked) for shift in shifts if not shift.runs(unit.now)],
        notes=await note_rows.standing(unit.conn, sorted(near), unit.now),
        full_names=names,
        choices=choices,
        before=before,
        lengths=_lengths(before),
        feeds=await feeds.feeds_of(unit),
        calendars=[(f"person:{me.name}", "My shifts"), *await calendar_options(unit)],
        faults=by_field(problem),
    )
    return render(request, page, status=problem.status if problem else 200)


def _row(shift: Shift, now: datetime, asked: Collection[tuple[str, Interval]]) -> ShiftRow:
    begins = max(shift.start, now)
    query = urlencode({"start": begins.isoformat(), "end": shift.end.isoformat(), "back": HERE})
    return ShiftRow(
        id=f"{shift.schedule}-{shift.start:%Y%m%d%H%M}",
        shift=shift,
        url=shift_url(shift.schedule, shift.start, shift.end),
        schedule_url=url_of(shift.schedule),
        exchange_url=f"{url_of(shift.schedule, 'exchange')}?{query}",
        asked=(shift.schedule, (shift.start, shift.end)) in asked,
    )


def _lengths(chosen: str) -> Options:
    usual = [format_duration(parse_duration(length)) if length != "off" else length for length in BEFORE]
    words = {"off": "Not before it"}
    return [(length, words.get(length, f"{length} before it")) for length in dict.fromkeys([*usual, chosen])]


@router.api_route("/feeds/{name}", methods=["GET", "HEAD"])
@public("The secret link is the authority: it shows one calendar of shifts, and its owner can end it at any time.")
async def show_feed(unit: Uses, request: Request, name: Annotated[str, Path(max_length=200)]) -> Response:
    """Show a calendar of shifts, or that it has not changed."""
    base_url = services_of(request).settings.base_url.rstrip("/")
    token = name.removesuffix(SUFFIX)
    read = await read_feed(unit, token, request.headers.get("user-agent", ""), base_url)
    headers = {
        "etag": read.tag,
        "cache-control": "private, max-age=300",
        "x-robots-tag": "noindex",
        "referrer-policy": "no-referrer",
    }
    if read.tag in _tags(request.headers.get("if-none-match", "")):
        return Response(status_code=304, headers=headers)
    headers["content-disposition"] = f'inline; filename="on-call-{read.feed.subject}.ics"'
    return Response(read.body, media_type="text/calendar; charset=utf-8", headers=headers)


def _tags(header: str) -> list[str]:
    return [tag.strip().removeprefix("W/") for tag in header.split(",")]
