"""All schedules as a list: who is on call by each, until when, and who changed it last."""

from datetime import timedelta

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.oncall import store
from muster.oncall.coverage.spans import ahead
from muster.oncall.pages.parts import ON_CALL, TOPICS, Asked, persons_of, url_of, viewer_of

HERE = f"{ON_CALL}/schedules"
PAGE = 50
LOOK_AHEAD = timedelta(days=400)
router = page_router()


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def schedules_page(unit: Uses, request: Request, q: Asked = "", after: Asked = "") -> Response:
    """List schedules by name."""
    cursor = decode(after or None, str)
    found = await store.schedules(unit.conn, search=q, after=cursor[0] if cursor else "", limit=PAGE + 1)
    kept, following = page_of(found, PAGE, lambda schedule: (schedule.name,))
    horizon = unit.now + LOOK_AHEAD
    rosters = await store.rosters(unit.conn, [each.name for each in kept], unit.now, horizon)
    viewer = viewer_of(request, unit, (await persons_of(unit.conn, rosters.values())).values())
    rows = []
    for each in kept:
        span = ahead(rosters[each.name], unit.now)
        rows.append(
            {
                "id": each.name,
                "name": each.name,
                "url": url_of(each.name),
                "zone": each.schedule.zone,
                "on_call": viewer.names(span.people) if span.people else None,
                "me": viewer.me in span.people,
                "until": span.end if span.end < horizon else None,
                "people": len(each.schedule.people),
                "since": each.since,
                "made_by": each.made_by,
            }
        )
    return render(
        request,
        "oncall/schedules.html",
        rows=rows,
        query=q,
        first=address(HERE, {"q": q}) if cursor else "",
        following=address(HERE, {"q": q, "after": following}) if following else "",
        topics=TOPICS,
    )
