"""One schedule: who is on call and why, this week by layer, the weeks ahead, overrides, layers in prose, versions."""

from datetime import date, timedelta

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.oncall import store
from muster.oncall.actions import schedules
from muster.oncall.actions.checking import AHEAD, findings_of
from muster.oncall.actions.guard import existing_schedule
from muster.oncall.coverage import Roster, ahead
from muster.oncall.explanation import explain
from muster.oncall.pages.parts import (
    ON_CALL,
    TOPICS,
    Asked,
    Field,
    Name,
    edges_of,
    persons_of,
    see_other,
    shown_place,
    url_of,
    viewer_of,
    week_of,
)
from muster.oncall.picture import Row, Viewer, final_row, layer_rows, midnight, ticks, weekday_ticks
from muster.oncall.prose import layer_sentences

WEEKS = 5
LOOK_AHEAD = timedelta(days=400)
router = page_router()


@router.get(ON_CALL + "/schedules/{name}")
@needs(Permission.SCHEDULE_READ)
async def schedule_page(unit: Uses, request: Request, name: Name, week: Asked = "") -> Response:
    """Show a schedule in full."""
    zone = request.state.view.zone
    stored = await existing_schedule(unit.conn, name)
    first = week_of(week, unit.now, zone)
    start, end = edges_of(first, 7, zone)
    last = midnight(first + timedelta(days=7 * WEEKS), zone)
    horizon = max(last, unit.now + LOOK_AHEAD)
    roster = (await store.rosters(unit.conn, [name], min(start, unit.now), horizon))[name]
    persons = await persons_of(unit.conn, [roster])
    viewer = viewer_of(request, unit, persons.values())
    span = ahead(roster, unit.now)
    here = url_of(name)
    return render(
        request,
        "oncall/schedule.html",
        schedule=stored,
        here=here,
        on_call=viewer.names(span.people) if span.people else None,
        me=viewer.me in span.people,
        until=span.end if span.end < unit.now + LOOK_AHEAD else None,
        reason=span.coverage.reason.sentence(),
        steps=explain(roster, unit.now),
        ticks=ticks(first, 7, zone, unit.now),
        now_at=shown_place(unit.now, start, end),
        rows=(*layer_rows(stored.schedule, start, end, viewer, stored.since), final_row(roster, start, end, viewer)),
        weekdays=weekday_ticks(),
        weeks=[_week(roster, first + timedelta(days=7 * number), viewer) for number in range(1, WEEKS)],
        previous=f"{here}?week={first - timedelta(days=7)}",
        following=f"{here}?week={first + timedelta(days=7)}",
        findings=await findings_of(unit.conn, roster, unit.now, unit.now + AHEAD),
        overrides=await store.overrides_of(unit.conn, [name], unit.now, unit.now + LOOK_AHEAD),
        names=viewer.name,
        layers=[
            (layer.name, layer.zone, layer_sentences(layer, viewer.name)) for layer in reversed(stored.schedule.layers)
        ],
        versions=await store.versions_of(unit.conn, stored.id, limit=10),
        topics=TOPICS,
    )


@router.post(ON_CALL + "/schedules/{name}/delete")
@needs(Permission.SCHEDULE_MANAGE)
async def delete_schedule(unit: Uses, name: Name, reason: Field = "") -> Response:
    """End a schedule by which nothing pages."""
    await schedules.delete_schedule(unit, name, reason)
    return see_other(ON_CALL)


def _week(roster: Roster, first: date, viewer: Viewer) -> Row:
    return final_row(roster, *edges_of(first, 7, viewer.zone), viewer, f"{first.day} {first:%b}")
