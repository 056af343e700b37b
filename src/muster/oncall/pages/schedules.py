"""All schedules as a list: who is on call by each, until when, and who changed it last."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.oncall import store
from muster.oncall.coverage.roster import Span
from muster.oncall.coverage.spans import ahead
from muster.oncall.pages.schedule_picture import LOOK_AHEAD
from muster.oncall.pages.shared import ON_CALL, TOPICS, Text, url_of, viewer_of_rosters
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.version import StoredSchedule

HERE = f"{ON_CALL}/schedules"
PAGE = 50
router = page_router()


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule in the list: who is on call (None where nobody is), whether that is the onlooker, and until when."""

    id: str
    name: str
    url: str
    zone: str
    on_call: str | None
    me: bool
    until: datetime | None
    people: int
    since: datetime
    made_by: str


@template("oncall/schedules.html")
@dataclass(frozen=True, slots=True)
class SchedulesPage:
    """A page of the list; `first` and `following` are addresses of other pages, or empty."""

    rows: Sequence[ScheduleRow]
    query: str
    first: str
    following: str
    topics: Sequence[str] = TOPICS


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def schedules_page(unit: Uses, request: Request, q: Text = "", after: Text = "") -> Response:
    """List schedules by name."""
    cursor = decode(after or None, str)
    rows = await store.schedules(unit.conn, search=q, after=cursor[0] if cursor else "", limit=PAGE + 1)
    schedules, following = page_of(rows, PAGE, lambda schedule: (schedule.name,))
    horizon = unit.now + LOOK_AHEAD
    rosters = await store.rosters(unit.conn, [stored.name for stored in schedules], unit.now, horizon)
    viewer = await viewer_of_rosters(request, unit, rosters.values())
    page = SchedulesPage(
        rows=[_row(stored, ahead(rosters[stored.name], unit.now), viewer, horizon) for stored in schedules],
        query=q,
        first=address(HERE, {"q": q}) if cursor else "",
        following=address(HERE, {"q": q, "after": following}) if following else "",
    )
    return render(request, page)


def _row(stored: StoredSchedule, span: Span, viewer: Viewer, horizon: datetime) -> ScheduleRow:
    return ScheduleRow(
        id=stored.name,
        name=stored.name,
        url=url_of(stored.name),
        zone=stored.schedule.zone,
        on_call=viewer.names(span.people) if span.people else None,
        me=viewer.me in span.people,
        until=span.end if span.end < horizon else None,
        people=len(stored.schedule.people),
        since=stored.since,
        made_by=stored.made_by,
    )
