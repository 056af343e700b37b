"""Every schedule: over a week, a fortnight or a month with gaps in plain sight, and as a list."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.cursor import decode, page_of
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.oncall import store
from muster.oncall.actions.findings import AHEAD, findings_of_many
from muster.oncall.checks.finding import Finding, FindingKind
from muster.oncall.coverage.roster import Roster, Span
from muster.oncall.coverage.spans import ahead
from muster.oncall.pages.schedule_picture import (
    LOOK_AHEAD,
    PeriodLinks,
    Picture,
    Standing,
    period_links,
    picture_of,
    standing_of,
)
from muster.oncall.pages.shared import (
    ON_CALL,
    TOPICS,
    Options,
    Text,
    Undo,
    undo_of,
    url_of,
    viewer_of_rosters,
    with_query,
)
from muster.oncall.picture.lanes import AROUND, Viewer
from muster.oncall.picture.period import Period, read_period
from muster.oncall.schedules.version import StoredSchedule
from muster.people import store as people
from muster.people.person import Person

HERE = f"{ON_CALL}/schedules"
ROWS = 50
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


@dataclass(frozen=True, slots=True)
class ScheduleTrouble:
    """The first thing to look at in one schedule."""

    schedule: str
    url: str
    sentence: str


@dataclass(frozen=True, slots=True)
class TroubleSummary:
    """How many schedules have gaps, or trouble of another sort."""

    gaps: bool
    title: str
    places: Sequence[ScheduleTrouble]


@dataclass(frozen=True, slots=True)
class ScheduleBlock:
    """One schedule on the page; `findings` are those of the next 90 days but gaps."""

    name: str
    url: str
    override_url: str
    standing: Standing
    picture: Picture
    findings: Sequence[str]


@template("oncall/overview.html")
@dataclass(frozen=True, slots=True)
class OverviewPage:
    """A page of schedules over a period; `first` and `following` are addresses of other pages of schedules, or empty."""

    period: PeriodLinks
    schedules: Sequence[ScheduleBlock]
    summary: Sequence[TroubleSummary]
    chosen: ScheduleFilter
    filtered: bool
    teams: Options
    persons: Options
    first: str
    following: str
    undo: Undo | None
    back: str
    topics: Sequence[str] = TOPICS


@router.get(ON_CALL)
@needs(Permission.SCHEDULE_READ)
async def on_call_page(
    unit: Uses,
    request: Request,
    view: Text = "",
    day: Text = "",
    schedule: Text = "",
    team: Text = "",
    person: Text = "",
    after: Text = "",
    undo: Text = "",
    asked: Text = "",
) -> Response:
    """Show who is on call by every schedule, over time."""
    zone = request.state.view.zone
    period = read_period(view, day, unit.now, zone)
    chosen = ScheduleFilter(schedule.strip(), team, person)
    schedules, following = await _schedules(unit, chosen, after)
    start, end = period.edges(zone)
    begin, horizon = min(start, unit.now) - AROUND, max(end + AROUND, unit.now + LOOK_AHEAD)
    rosters = await store.rosters(unit.conn, [stored.name for stored in schedules], begin, horizon)
    viewer = await viewer_of_rosters(request, unit, rosters.values())
    shown = {stored.name: rosters[stored.name] for stored in schedules}
    findings = await findings_of_many(unit.conn, shown, unit.now, unit.now + AHEAD)
    query = {**chosen.query, "view": view, "day": day}
    page = OverviewPage(
        period=period_links(ON_CALL, period, chosen.query),
        schedules=[
            _block(stored, shown[stored.name], period, unit.now, viewer, findings[stored.name]) for stored in schedules
        ],
        summary=_summary(findings),
        chosen=chosen,
        filtered=any(chosen.query.values()),
        teams=[("", "Every team"), *((team.name, team.title or team.name) for team in await people.teams(unit.conn))],
        persons=[("", "Everybody"), *((person.name, person.full_name) for person in await people.persons(unit.conn))],
        first=address(ON_CALL, query) if after else "",
        following=address(ON_CALL, {**query, "after": following}) if following else "",
        undo=await undo_of(unit, undo, asked),
        back=with_query(f"{request.url.path}?{request.url.query}", undo="", asked=""),
    )
    return render(request, page)


async def _schedules(unit: Unit, chosen: ScheduleFilter, after: str) -> tuple[list[StoredSchedule], str | None]:
    """A page of the schedules that are asked for, and where the next page begins."""
    cursor = decode(after or None, str)
    begin = cursor[0] if cursor else ""
    if not chosen.team and not chosen.person:
        rows = await store.schedules(unit.conn, search=chosen.schedule, after=begin, limit=PAGE + 1)
        return page_of(rows, PAGE, lambda row: (row.name,))
    names = sorted(name for name in await _names(unit, chosen) if name > begin and chosen.schedule.lower() in name)
    stored = await store.schedules_named(unit.conn, names[: PAGE + 1])
    return page_of([stored[name] for name in names if name in stored], PAGE, lambda row: (row.name,))


async def _names(unit: Unit, chosen: ScheduleFilter) -> set[str]:
    """The schedules in which the chosen person, or a member of the chosen team, takes part now or by an override."""
    groups: list[Iterable[Person]] = []
    if chosen.person:
        groups.append((await people.persons_named(unit.conn, [chosen.person])).values())
    if chosen.team:
        groups.append((await people.members_of(unit.conn, [chosen.team])).get(chosen.team, []))
    return set.intersection(*[await _taking_part(unit, persons) for persons in groups])


async def _taking_part(unit: Unit, persons: Iterable[Person]) -> set[str]:
    names: set[str] = set()
    for person in persons:
        names.update(stored.name for stored in await store.schedules_with(unit.conn, person.id))
        overrides = await store.overrides_of_person(unit.conn, person.id, unit.now, unit.now + AHEAD)
        names.update(override.schedule for override in overrides)
    return names


def _summary(findings: Mapping[str, Sequence[Finding]]) -> list[TroubleSummary]:
    """What to look at in the next 90 days, by sort of trouble: how many schedules, and the first moment of each."""
    lines = []
    for gaps, what in ((True, "gaps"), (False, "something to look at")):
        places = []
        for name, of_schedule in findings.items():
            first = next((finding for finding in of_schedule if (finding.kind in GAPS) is gaps), None)
            if first is not None:
                places.append(ScheduleTrouble(name, _moment(name, first), first.sentence))
        if places:
            many = "1 schedule has" if len(places) == 1 else f"{len(places)} schedules have"
            lines.append(TroubleSummary(gaps, f"{many} {what} in the next 90 days", places))
    return lines


def _moment(name: str, finding: Finding) -> str:
    day = {"day": f"{finding.start:%Y-%m-%d}"} if finding.start else {}
    return address(url_of(name), day) + ("#week" if day else "#findings")


def _block(
    stored: StoredSchedule, roster: Roster, period: Period, now: datetime, viewer: Viewer, findings: Sequence[Finding]
) -> ScheduleBlock:
    return ScheduleBlock(
        name=stored.name,
        url=url_of(stored.name),
        override_url=url_of(stored.name, "override"),
        standing=standing_of(roster, viewer, now),
        picture=picture_of(stored.schedule, roster, period, viewer, now, stored.since),
        findings=[finding.sentence for finding in findings if finding.kind not in GAPS],
    )


@dataclass(frozen=True, slots=True)
class ScheduleRow:
    """A schedule in the list: who is on call (None where nobody is), whether that is the onlooker, and until when."""

    id: str
    stored: StoredSchedule
    url: str
    on_call: str | None
    me: bool
    until: datetime | None


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
    rows = await store.schedules(unit.conn, search=q, after=cursor[0] if cursor else "", limit=ROWS + 1)
    schedules, following = page_of(rows, ROWS, lambda schedule: (schedule.name,))
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
        stored=stored,
        url=url_of(stored.name),
        on_call=viewer.names(span.people) if span.people else None,
        me=viewer.me in span.people,
        until=span.end if span.end < horizon else None,
    )
