"""One shift: whose it is and why, and every way to change that in two taps."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response

from muster.base.access import Permission, refusal
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.oncall import store
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.actions.previews import override_preview
from muster.oncall.coverage.spans import at, spans
from muster.oncall.pages.overrides import PreviewPart, preview_part
from muster.oncall.pages.shared import ON_CALL, TOPICS, Name, Text, instants, persons_of, url_of, viewer_of, way_back
from muster.oncall.schedules.override import OverrideDraft
from muster.people import store as people

router = page_router()


@template("oncall/shift.html")
@dataclass(frozen=True, slots=True)
class ShiftPage:
    """One shift, as a page of its own or in the sheet over the picture; what is left of it begins at `left`.

    `holders` are those on call in it, and whether that is the onlooker; `gap` tells that nobody is, at least in a part. `taking`
    is what it would do if the onlooker took it, None where they cannot.
    """

    name: str
    here: str
    back: str
    left: datetime
    end: datetime
    times: tuple[str, str]
    length: timedelta
    runs: bool
    over: bool
    holders: Sequence[tuple[str, bool]]
    gap: bool
    mine: bool
    me: str
    reason: str
    taking: PreviewPart | None
    topics: Sequence[str] = TOPICS


@router.get(ON_CALL + "/schedules/{name}/shift")
@needs(Permission.SCHEDULE_READ)
async def shift_page(
    unit: Uses, request: Request, name: Name, start: Text = "", end: Text = "", back: Text = ""
) -> Response:
    """Show a shift and what can be done about it."""
    await existing_schedule(unit.conn, name)
    begins, ends = instants(start, end)
    roster = (await store.rosters(unit.conn, [name], begins, max(ends, unit.now)))[name]
    persons = await persons_of(unit.conn, [roster])
    me = await people.person(unit.conn, unit.principal.person_id) if unit.principal.person_id else None
    viewer = viewer_of(request, unit, [*persons.values(), *([me] if me else [])])
    parts = spans(roster, begins, ends)
    holders = tuple(dict.fromkeys(person for part in parts for person in part.people))
    left, over = max(begins, unit.now), ends <= unit.now
    taking = None
    if me and me.name not in holders and not over and not refusal(unit.principal, Permission.SCHEDULE_OVERRIDE):
        preview = await override_preview(unit, name, OverrideDraft(me.name, left, ends), viewer)
        taking = preview_part(preview, viewer)
    page = ShiftPage(
        name=name,
        here=url_of(name),
        back=way_back(back, name),
        left=left,
        end=ends,
        times=(viewer.moment(begins), viewer.moment(ends)),
        length=ends - begins,
        runs=begins <= unit.now < ends,
        over=over,
        holders=[(viewer.name(person), person == viewer.me) for person in holders],
        gap=any(part.is_gap for part in parts),
        mine=viewer.me in holders,
        me=me.name if me else "",
        reason=at(roster, begins if over else left).reason.sentence(),
        taking=taking,
    )
    return render(request, page)
