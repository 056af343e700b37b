"""Who is on call now, everywhere, as JSON."""

from datetime import datetime

from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.oncall import store
from muster.oncall.api.shapes import LONGEST, ReasonOut
from muster.oncall.coverage.roster import Span
from muster.oncall.coverage.spans import ahead

router = api_router("/on-call", "schedules")


class OnCallOut(BaseModel):
    """Who is on call by one schedule now, and who learns beside; `until` is null when that lasts longer than 400 days."""

    schedule: str
    time_zone: str
    people: list[str]
    shadows: list[str]
    until: datetime | None
    reason: ReasonOut


@router.get("")
@needs(Permission.SCHEDULE_READ)
async def list_on_call(unit: Uses, after: After = None, limit: Limit = 50) -> Page[OnCallOut]:
    """List who is on call now by each schedule."""
    cursor = decode(after, str)
    rows = await store.schedules(unit.conn, after=cursor[0] if cursor else "", limit=limit + 1)
    kept, following = page_of(rows, limit, lambda schedule: (schedule.name,))
    horizon = unit.now + LONGEST
    rosters = await store.rosters(unit.conn, [stored.name for stored in kept], unit.now, horizon)
    zones = {stored.name: stored.schedule.zone for stored in kept}
    found = [(name, ahead(rosters[name], unit.now)) for name in zones]
    return Page(items=[_out(name, zones[name], span, horizon) for name, span in found], next=following)


def _out(name: str, zone: str, span: Span, horizon: datetime) -> OnCallOut:
    until = span.end if span.end < horizon else None
    return OnCallOut(
        schedule=name,
        time_zone=zone,
        people=[*span.people],
        shadows=[*span.shadows],
        until=until,
        reason=ReasonOut.of(span.coverage),
    )
