"""One shift: whose it is and why, and every way to change that in two taps."""

from fastapi import Request, Response

from muster.base.access import Permission, refusal
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.oncall import store
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.previews import override_preview
from muster.oncall.coverage.spans import at, spans
from muster.oncall.pages.parts import ON_CALL, TOPICS, Asked, Name, instants, persons_of, url_of, viewer_of, way_back
from muster.oncall.schedules.override import OverrideDraft
from muster.people import store as people

router = page_router()


@router.get(ON_CALL + "/schedules/{name}/shift")
@needs(Permission.SCHEDULE_READ)
async def shift_page(
    unit: Uses, request: Request, name: Name, start: Asked = "", end: Asked = "", back: Asked = ""
) -> Response:
    """Show a shift and what can be done about it."""
    stored = await existing_schedule(unit.conn, name)
    begins, ends = instants(start, end)
    roster = (await store.rosters(unit.conn, [name], begins, max(ends, unit.now)))[name]
    persons = await persons_of(unit.conn, [roster])
    me = await people.person(unit.conn, unit.principal.person_id) if unit.principal.person_id else None
    viewer = viewer_of(request, unit, [*persons.values(), *([me] if me else [])])
    held = spans(roster, begins, ends)
    people_here = tuple(dict.fromkeys(person for span in held for person in span.people))
    left = max(begins, unit.now)
    open_still = ends > unit.now
    may = not refusal(unit.principal, Permission.SCHEDULE_OVERRIDE)
    mine = viewer.me in people_here
    takes = me is not None and not mine and open_still and may
    return render(
        request,
        "oncall/shift.html",
        name=name,
        here=url_of(name),
        back=way_back(back, name),
        zone=stored.schedule.zone,
        start=begins,
        end=ends,
        left=left,
        runs=begins <= unit.now < ends,
        over=not open_still,
        holders=[(viewer.name(each), each == viewer.me) for each in people_here],
        gap=any(span.is_gap for span in held),
        mine=mine,
        me=me,
        reason=at(roster, left if open_still else begins).reason.sentence(),
        taking=await override_preview(unit, name, OverrideDraft(me.name, left, ends), viewer) if takes and me else None,
        viewer=viewer,
        topics=TOPICS,
    )
