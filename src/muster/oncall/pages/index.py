"""The week of every schedule: who is on call now, bars by layer, gaps in plain sight, and my shifts."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.oncall import store
from muster.oncall.checks import Kind, check
from muster.oncall.coverage import Roster, ahead, at, spans
from muster.oncall.pages.parts import (
    ON_CALL,
    TOPICS,
    Asked,
    edges_of,
    persons_of,
    shown_place,
    url_of,
    viewer_of,
    week_of,
)
from muster.oncall.picture import Viewer, final_row, layer_rows, ticks
from muster.oncall.stored import StoredSchedule
from muster.people.person import Person

PAGE = 25
MOST_GAPS = 3
MOST_SHIFTS = 12
LOOK_AHEAD = timedelta(days=400)
SHIFTS_AHEAD = timedelta(days=35)
router = page_router()


@router.get(ON_CALL)
@needs(Permission.SCHEDULE_READ)
async def on_call_page(unit: Uses, request: Request, week: Asked = "", after: Asked = "") -> Response:
    """Show a week of coverage of every schedule."""
    zone = request.state.view.zone
    first = week_of(week, unit.now, zone)
    start, end = edges_of(first, 7, zone)
    cursor = decode(after or None, str)
    rows = await store.schedules(unit.conn, after=cursor[0] if cursor else "", limit=PAGE + 1)
    kept, following = page_of(rows, PAGE, lambda schedule: (schedule.name,))
    begin, horizon = min(start, unit.now), max(end, unit.now + LOOK_AHEAD)
    rosters = await store.rosters(unit.conn, [each.name for each in kept], begin, horizon)
    persons = await persons_of(unit.conn, rosters.values())
    viewer = viewer_of(request, unit, persons.values())
    return render(
        request,
        "oncall/index.html",
        week=_week(first),
        ticks=ticks(first, 7, zone, unit.now),
        now_at=shown_place(unit.now, start, end),
        schedules=[_block(each, rosters[each.name], (start, end), unit.now, viewer, persons) for each in kept],
        mine=await _mine(unit),
        first=f"{ON_CALL}?week={first}" if cursor else "",
        following=f"{ON_CALL}?week={first}&after={following}" if following else "",
        topics=TOPICS,
    )


def _week(first: date) -> dict[str, str]:
    last = first + timedelta(days=6)
    month = "" if first.month == last.month else f" {first:%B}"
    year = "" if first.year == last.year else f" {first.year}"
    return {
        "label": f"{first.day}{month}{year} to {last.day} {last:%B %Y}",
        "previous": f"{ON_CALL}?week={first - timedelta(days=7)}",
        "following": f"{ON_CALL}?week={first + timedelta(days=7)}",
        "today": ON_CALL,
    }


def _block(
    stored: StoredSchedule,
    roster: Roster,
    shown: tuple[datetime, datetime],
    now: datetime,
    viewer: Viewer,
    persons: Mapping[str, Person],
) -> dict[str, Any]:
    span = ahead(roster, now)
    lasts = span.end < now + LOOK_AHEAD
    gaps = [each for each in spans(roster, *shown) if each.is_gap and each.end > now]
    sentences = [f"Nobody is on call {viewer.from_to(each.start, each.end)}." for each in gaps]
    if len(gaps) > MOST_GAPS:
        sentences = [*sentences[:MOST_GAPS], f"And {len(gaps) - MOST_GAPS} more times this week."]
    active = {name for name, person in persons.items() if person.active}
    found = check(roster, *shown, active=active, inactive=persons.keys() - active)
    rows = layer_rows(stored.schedule, *shown, viewer, stored.since) if len(stored.schedule.layers) > 1 else ()
    return {
        "id": stored.name,
        "name": stored.name,
        "url": url_of(stored.name),
        "zone": stored.schedule.zone,
        "override_url": url_of(stored.name, "override"),
        "now": {
            "person": viewer.names(span.people) if span.people else None,
            "me": viewer.me in span.people,
            "until": span.end if lasts else None,
        },
        "following": {"person": viewer.names(at(roster, span.end).people), "at": span.end} if lasts else None,
        "rows": (*rows, final_row(roster, *shown, viewer)),
        "gaps": sentences,
        "findings": [each.sentence for each in found if each.kind not in (Kind.GAP, Kind.NOBODY)],
    }


async def _mine(unit: Unit) -> list[dict[str, Any]]:
    """The viewer's next shifts."""
    if unit.principal.person_id is None:
        return []
    end = unit.now + SHIFTS_AHEAD
    standing = await store.schedules_with(unit.conn, unit.principal.person_id)
    overrides = await store.overrides_of_person(unit.conn, unit.principal.person_id, unit.now, end)
    names = sorted({each.name for each in standing} | {each.schedule for each in overrides})
    rosters = await store.rosters(unit.conn, names, unit.now, end)
    shifts = [
        {"schedule": name, "url": url_of(name), "starts": span.start, "ends": span.end, "runs": span.start <= unit.now}
        for name in names
        for span in spans(rosters[name], unit.now, end)
        if unit.principal.name in span.people
    ]
    return sorted(shifts, key=lambda shift: (shift["starts"], shift["schedule"]))[:MOST_SHIFTS]
