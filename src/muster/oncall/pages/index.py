"""Every schedule over a week, a fortnight or a month: who is on call now, gaps in plain sight, and what to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.oncall import store
from muster.oncall.actions.findings import AHEAD, findings_of_many
from muster.oncall.checks.finding import Finding, FindingKind
from muster.oncall.coverage.roster import Roster
from muster.oncall.pages.blocks import LOOK_AHEAD, picture_of, range_links, standing_of
from muster.oncall.pages.parts import ON_CALL, TOPICS, Asked, persons_of, url_of, viewer_of, with_query
from muster.oncall.pages.undo import undo_of
from muster.oncall.picture.lanes import AROUND, Viewer
from muster.oncall.picture.period import Period, read_period
from muster.oncall.schedules.version import StoredSchedule
from muster.people import store as people

PAGE = 25
GAPS = (FindingKind.GAP, FindingKind.NOBODY)
router = page_router()


@dataclass(frozen=True, slots=True)
class ScheduleFilter:
    """Which schedules are shown: a part of their name, a team whose members take part, a person who takes part."""

    schedule: str
    team: str
    person: str

    @property
    def query(self) -> dict[str, str]:
        """As the address says it."""
        return {"schedule": self.schedule, "team": self.team, "person": self.person}


@router.get(ON_CALL)
@needs(Permission.SCHEDULE_READ)
async def on_call_page(
    unit: Uses,
    request: Request,
    view: Asked = "",
    day: Asked = "",
    schedule: Asked = "",
    team: Asked = "",
    person: Asked = "",
    after: Asked = "",
    undo: Asked = "",
    asked: Asked = "",
) -> Response:
    """Show who is on call by every schedule, over time."""
    zone = request.state.view.zone
    stretch = read_period(view, day, unit.now, zone)
    chosen = ScheduleFilter(schedule.strip(), team, person)
    kept, following = await _schedules(unit, chosen, after)
    start, end = stretch.edges(zone)
    begin, horizon = min(start, unit.now) - AROUND, max(end + AROUND, unit.now + LOOK_AHEAD)
    rosters = await store.rosters(unit.conn, [each.name for each in kept], begin, horizon)
    viewer = viewer_of(request, unit, (await persons_of(unit.conn, rosters.values())).values())
    shown = {each.name: rosters[each.name] for each in kept}
    found = await findings_of_many(unit.conn, shown, unit.now, unit.now + AHEAD)
    return render(
        request,
        "oncall/index.html",
        range=range_links(ON_CALL, stretch, chosen.query),
        schedules=[_block(each, rosters[each.name], stretch, unit.now, viewer, found[each.name]) for each in kept],
        summary=_summary(found, zone),
        chosen=chosen,
        filtered=any(chosen.query.values()),
        teams=[("", "Every team"), *((each.name, each.title or each.name) for each in await people.teams(unit.conn))],
        persons=[("", "Everybody"), *((each.name, each.full_name) for each in await people.persons(unit.conn))],
        first=address(ON_CALL, {**chosen.query, "view": view, "day": day}) if after else "",
        following=address(ON_CALL, {**chosen.query, "view": view, "day": day, "after": following}) if following else "",
        undo=await undo_of(unit, undo, asked),
        back=with_query(str(request.url.path) + "?" + str(request.url.query), undo="", asked=""),
        topics=TOPICS,
    )


async def _schedules(unit: Unit, chosen: ScheduleFilter, after: str) -> tuple[list[StoredSchedule], str | None]:
    """A page of the schedules that are asked for, and where the next page begins."""
    cursor = decode(after or None, str)
    begin = cursor[0] if cursor else ""
    if not chosen.team and not chosen.person:
        rows = await store.schedules(unit.conn, search=chosen.schedule, after=begin, limit=PAGE + 1)
        return page_of(rows, PAGE, lambda row: (row.name,))
    names = await _names(unit, chosen)
    wanted = sorted(name for name in names if name > begin and chosen.schedule.lower() in name)[: PAGE + 1]
    found = await store.schedules_named(unit.conn, wanted)
    return page_of([found[name] for name in wanted if name in found], PAGE, lambda row: (row.name,))


async def _names(unit: Unit, chosen: ScheduleFilter) -> set[str]:
    """The schedules in which the chosen person, or a member of the chosen team, takes part now or by an override."""
    persons = list((await people.persons_named(unit.conn, [chosen.person])).values()) if chosen.person else []
    members = (await people.members_of(unit.conn, [chosen.team])).get(chosen.team, []) if chosen.team else []
    sets = [
        await _taking_part(unit, group) for group, asked in ((persons, chosen.person), (members, chosen.team)) if asked
    ]
    return set.intersection(*sets)


async def _taking_part(unit: Unit, persons: Sequence[Any]) -> set[str]:
    found: set[str] = set()
    for person in persons:
        found.update(each.name for each in await store.schedules_with(unit.conn, person.id))
        overrides = await store.overrides_of_person(unit.conn, person.id, unit.now, unit.now + AHEAD)
        found.update(each.schedule for each in overrides)
    return found


def _summary(found: Mapping[str, Sequence[Finding]], zone: str) -> list[dict[str, Any]]:
    """What to look at in the next 90 days, by sort of trouble: how many schedules, and the first moment of each."""
    lines = []
    for title, kinds in (("gap", GAPS), ("other", tuple(kind for kind in FindingKind if kind not in GAPS))):
        places = []
        for name, findings in found.items():
            first = next((each for each in findings if each.kind in kinds), None)
            if first is not None:
                places.append({"schedule": name, "url": _moment(name, first), "finding": first})
        if places:
            many = "1 schedule has" if len(places) == 1 else f"{len(places)} schedules have"
            what = "gaps" if title == "gap" else "something to look at"
            lines.append({"kind": title, "title": f"{many} {what} in the next 90 days", "places": places})
    return lines


def _moment(name: str, finding: Finding) -> str:
    day = {"day": f"{finding.start:%Y-%m-%d}"} if finding.start else {}
    return address(url_of(name), day) + ("#week" if day else "#findings")


def _block(
    stored: StoredSchedule,
    roster: Roster,
    stretch: Period,
    now: datetime,
    viewer: Viewer,
    findings: Sequence[Finding],
) -> dict[str, Any]:
    return {
        "id": stored.name,
        "name": stored.name,
        "url": url_of(stored.name),
        "zone": stored.schedule.zone,
        "override_url": url_of(stored.name, "override"),
        "standing": standing_of(roster, viewer, now),
        "picture": picture_of(stored.schedule, roster, stretch, viewer, now, stored.since),
        "findings": [each for each in findings if each.kind not in GAPS],
    }
