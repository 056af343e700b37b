"""My shifts: what waits for my answer, when I am on call next, and every shift with cover or swap two taps away (R72)."""

from datetime import timedelta
from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.duration import format_duration, parse_duration
from muster.kit.errors import Broken, Fault, Invalid, Problem
from muster.oncall import store
from muster.oncall.actions import feeds, own_shifts
from muster.oncall.api.feeds import url_of as feed_url
from muster.oncall.pages.parts import ON_CALL, TOPICS, Field, by_field, see_other, shift_url, url_of
from muster.oncall.pages.requests import shown_requests
from muster.oncall.shifts.feed import FeedKind
from muster.oncall.shifts.notices import NoticeChoices
from muster.oncall.shifts.requests import RequestState
from muster.oncall.shifts.shift import Shift
from muster.oncall.store import note_rows, request_rows
from muster.people import store as people

HERE = f"{ON_CALL}/me"
AHEAD = timedelta(days=90)
BEFORE = ("off", "1h", "4h", "12h", "24h", "48h", "7d")
router = page_router()


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def my_shifts_page(unit: Uses, request: Request) -> Response:
    """Show one's own shifts of the next 90 days, and what others ask."""
    return await _page(unit, request, None, None)


@router.post(f"{HERE}/notices")
@needs(Permission.SELF_MANAGE)
async def choose_notices(
    unit: Uses, request: Request, before: Field = "", at_start: Field = "", at_end: Field = "", changes: Field = ""
) -> Response:
    """Choose which notices one gets."""
    try:
        await own_shifts.choose(unit, NoticeChoices(_before(before), bool(at_start), bool(at_end), bool(changes)))
    except Invalid as problem:
        return await _page(unit, request, problem, None)
    return see_other(f"{HERE}#notices")


@router.post(f"{HERE}/feeds")
@needs(Permission.SELF_MANAGE)
async def make_feed(unit: Uses, request: Request, whose: Field = "person:") -> Response:
    """Make a secret link to a calendar and show it this once; `whose` is `person:ana`, `team:…` or `schedule:…`."""
    kind, _, subject = whose.partition(":")
    if kind not in list(FeedKind):
        fault = Fault("whose", "This is no calendar.", "Choose one of the list.")
        return await _page(unit, request, None, Invalid("No calendar was made.", faults=[fault]))
    feed, token = await feeds.make_feed(unit, FeedKind(kind), subject)
    return render(request, "oncall/feed.html", feed=feed, url=feed_url(request, token), onward=f"{HERE}#calendars")


@router.post(f"{HERE}/feeds/{{id}}/rotate")
@needs(Permission.SELF_MANAGE)
async def rotate_feed(unit: Uses, request: Request, id: UUID) -> Response:
    """Exchange the secret of a link and show the new one this once."""
    feed, token = await feeds.rotate_feed(unit, id)
    return render(request, "oncall/feed.html", feed=feed, url=feed_url(request, token), onward=f"{HERE}#calendars")


@router.post(f"{HERE}/feeds/{{id}}/revoke")
@needs(Permission.SELF_MANAGE)
async def revoke_feed(unit: Uses, id: UUID) -> Response:
    """End a link."""
    await feeds.revoke_feed(unit, id)
    return see_other(f"{HERE}#calendars")


async def _page(unit: Unit, request: Request, notice_problem: Problem | None, feed_problem: Problem | None) -> Response:
    me = await own_shifts.me_of(unit)
    shifts = await own_shifts.shifts_of_people(unit.conn, [me], unit.now, unit.now + AHEAD)
    found = await request_rows.requests(unit.conn, person_id=me.id, state=RequestState.OPEN)
    open_requests = sorted(found, key=lambda each: each.expires_at)
    asked = {(each.schedule, each.mine): each for each in open_requests if each.asker == me.name}
    choices = await own_shifts.choices_of(unit)
    near = [each for each in shifts if each.start < unit.now + timedelta(days=2)]
    persons = await people.persons(unit.conn)
    names = {person.name: person.full_name for person in persons}
    problem = notice_problem or feed_problem
    return render(
        request,
        "oncall/mine.html",
        status=problem.status if problem else 200,
        incoming=[each for each in shown_requests(unit, open_requests, names) if each["may_accept"]],
        outgoing=[each for each in shown_requests(unit, open_requests, names) if each["asker"] == me.name],
        running=[_shown(each, unit, asked) for each in shifts if each.runs(unit.now)],
        shifts=[_shown(each, unit, asked) for each in shifts if not each.runs(unit.now)],
        notes=await note_rows.standing(unit.conn, sorted({each.schedule for each in near}), unit.now),
        full_names=names,
        choices=choices,
        before="off" if choices.before is None else format_duration(choices.before),
        lengths=_lengths(choices),
        feeds=await feeds.feeds_of(unit),
        whose=await _whose(unit, me.name),
        faults=by_field(problem),
        topics=[*TOPICS, feeds.CHANGED],
    )


def _shown(shift: Shift, unit: Unit, asked: dict[Any, Any]) -> dict[str, Any]:
    begins = max(shift.start, unit.now)
    query = urlencode({"start": begins.isoformat(), "end": shift.end.isoformat(), "back": HERE})
    return {
        "id": f"{shift.schedule}-{shift.start:%Y%m%d%H%M}",
        "schedule": shift.schedule,
        "start": shift.start,
        "end": shift.end,
        "length": shift.end - shift.start,
        "url": shift_url(shift.schedule, shift.start, shift.end),
        "schedule_url": url_of(shift.schedule),
        "exchange_url": f"{url_of(shift.schedule, 'exchange')}?{query}",
        "asked": (shift.schedule, (shift.start, shift.end)) in asked,
    }


def _before(text: str) -> timedelta | None:
    try:
        return None if text in ("", "off") else parse_duration(text)
    except Broken as error:
        raise Invalid("This cannot be chosen.", faults=[error.at("before")]) from None


def _lengths(choices: NoticeChoices) -> list[tuple[str, str]]:
    chosen = "off" if choices.before is None else format_duration(choices.before)
    known = {format_duration(parse_duration(each)) if each != "off" else each: each for each in BEFORE}
    words = {"off": "Not before it"}
    return [(each, words.get(each, f"{each} before it")) for each in dict.fromkeys([*known, chosen])]


async def _whose(unit: Unit, me: str) -> list[tuple[str, str]]:
    schedules = [(f"schedule:{each.name}", f"Schedule {each.name}") for each in await store.schedules(unit.conn)]
    teams = [(f"team:{each.name}", f"Team {each.label}") for each in await people.teams(unit.conn)]
    return [(f"person:{me}", "My shifts"), *teams, *schedules]
