"""One schedule: who is on call and why, its picture by layer, what to look at, overrides, layers in prose, versions."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.oncall import store
from muster.oncall.actions import schedules, versions
from muster.oncall.actions.findings import AHEAD, findings_of
from muster.oncall.actions.lookup import existing_schedule
from muster.oncall.coverage.explanation import explain
from muster.oncall.pages.blocks import LOOK_AHEAD, picture_of, range_links, roster_chips, standing_of
from muster.oncall.pages.parts import (
    ON_CALL,
    TOPICS,
    Asked,
    Field,
    Name,
    persons_of,
    see_other,
    url_of,
    viewer_of,
    with_query,
)
from muster.oncall.pages.undo import undo_of, undo_of_version
from muster.oncall.picture.lanes import AROUND
from muster.oncall.picture.period import read_period
from muster.oncall.schedules.prose import layer_sentences
from muster.oncall.store import note_rows

router = page_router()


@router.get(ON_CALL + "/schedules/{name}")
@needs(Permission.SCHEDULE_READ)
async def schedule_page(
    unit: Uses,
    request: Request,
    name: Name,
    view: Asked = "",
    day: Asked = "",
    undo: Asked = "",
    asked: Asked = "",
    saved: Asked = "",
) -> Response:
    """Show a schedule in full."""
    zone = request.state.view.zone
    stored = await existing_schedule(unit.conn, name)
    stretch = read_period(view, day, unit.now, zone)
    start, end = stretch.edges(zone)
    horizon = max(end + AROUND, unit.now + LOOK_AHEAD)
    roster = (await store.rosters(unit.conn, [name], min(start, unit.now) - AROUND, horizon))[name]
    viewer = viewer_of(request, unit, (await persons_of(unit.conn, [roster])).values())
    here = url_of(name)
    findings = await findings_of(unit.conn, roster, unit.now, unit.now + AHEAD)
    return render(
        request,
        "oncall/schedule.html",
        schedule=stored,
        here=here,
        back=with_query(f"{here}?{request.url.query}", undo="", asked="", saved=""),
        standing=standing_of(roster, viewer, unit.now),
        steps=explain(roster, unit.now),
        range=range_links(here, stretch, {}),
        picture=picture_of(stored.schedule, roster, stretch, viewer, unit.now, stored.since),
        chips=roster_chips(roster, viewer),
        findings=[
            (each.sentence, with_query(here, day=f"{each.start:%Y-%m-%d}") if each.start else "") for each in findings
        ],
        overrides=await store.overrides_of(unit.conn, [name], unit.now, unit.now + LOOK_AHEAD),
        names=viewer.name,
        full_names=viewer.full_names or {},
        notes=await note_rows.standing(unit.conn, [name], unit.now),
        layers=[
            (layer.name, layer.zone, layer_sentences(layer, viewer.name)) for layer in reversed(stored.schedule.layers)
        ],
        versions=await store.versions_of(unit.conn, stored.id, limit=10),
        undo=await undo_of(unit, undo, asked) or undo_of_version(unit, stored, saved),
        topics=TOPICS,
    )


@router.post(ON_CALL + "/schedules/{name}/undo")
@needs(Permission.SCHEDULE_MANAGE)
async def undo_schedule(unit: Uses, name: Name) -> Response:
    """Take the newest edit back: the version before it is in force again from now."""
    await versions.undo_schedule(unit, name)
    return see_other(url_of(name))


@router.post(ON_CALL + "/schedules/{name}/withdraw")
@needs(Permission.SCHEDULE_MANAGE)
async def withdraw_version(unit: Uses, name: Name) -> Response:
    """Let the version that has yet to take effect never do so."""
    stored = await existing_schedule(unit.conn, name)
    await versions.withdraw_version(unit, name, stored.number)
    return see_other(url_of(name))


@router.post(ON_CALL + "/schedules/{name}/delete")
@needs(Permission.SCHEDULE_MANAGE)
async def delete_schedule(unit: Uses, name: Name, reason: Field = "") -> Response:
    """End a schedule by which nothing pages."""
    await schedules.delete_schedule(unit, name, reason)
    return see_other(ON_CALL)
