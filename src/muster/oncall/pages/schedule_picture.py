"""One schedule as pages draw it: lanes for desks, an agenda for phones, a grid of weeks for a month."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from urllib.parse import urlencode

from muster.base.web.typed import Tab
from muster.kit.localtime import midnight
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import ahead, at
from muster.oncall.pages.shared import shift_url
from muster.oncall.picture.agenda import AgendaDay, agenda
from muster.oncall.picture.lanes import (
    Bar,
    Canvas,
    Face,
    Lane,
    Tick,
    Viewer,
    faces_of,
    final_lane,
    layer_lanes,
    override_lane,
    shadow_lane,
    ticks,
    tints_of,
)
from muster.oncall.picture.period import Period, PeriodUnit
from muster.oncall.schedules.schedule import Schedule

LOOK_AHEAD = timedelta(days=400)


@dataclass(frozen=True, slots=True)
class Week:
    """One row of a month: its days and who is on call in them."""

    ticks: tuple[Tick, ...]
    lane: Lane
    start: datetime
    end: datetime
    now_at: float | None


@dataclass(frozen=True, slots=True)
class Picture:
    """A schedule over a period. A month has `weeks`; anything shorter has `lanes`, the final one first."""

    start: datetime
    end: datetime
    ticks: tuple[Tick, ...]
    now_at: float | None
    lanes: tuple[Lane, ...]
    weeks: tuple[Week, ...]
    days: tuple[AgendaDay, ...]

    @property
    def gaps(self) -> tuple[Bar, ...]:
        """Where nobody is on call."""
        return tuple(dict.fromkeys(entry.bar for day in self.days for entry in day.entries if entry.bar.kind == "gap"))


@dataclass(frozen=True, slots=True)
class Standing:
    """Who is on call now (name, whether it is the onlooker), until when, who follows, why, and the page of the shift."""

    people: Sequence[tuple[str, bool]]
    until: datetime | None
    following: str
    reason: str
    url: str


@dataclass(frozen=True, slots=True)
class PeriodLinks:
    """Which days are shown, and the addresses of others."""

    label: str
    unit: str
    day: str
    previous: str
    following: str
    today: str
    units: Sequence[Tab]


def picture_of(
    schedule: Schedule, roster: Roster, period: Period, viewer: Viewer, now: datetime, since: datetime | None
) -> Picture:
    """Draw a schedule; the roster must reach three weeks beyond both edges of the period.

    `since` is when the version in force began; None for a definition that is not saved, whose shifts lead nowhere.
    """

    def to_shift(start: datetime, end: datetime) -> str:
        return shift_url(schedule.name, start, end)

    link = to_shift if since else None
    start, end = period.edges(viewer.zone)
    tints = tints_of([roster])
    canvas = Canvas(start, end, viewer, tints, link)
    final = final_lane(roster, canvas)
    lanes: tuple[Lane, ...] = ()
    weeks: tuple[Week, ...] = ()
    if period.unit is PeriodUnit.MONTH:
        weeks = tuple(
            _week(roster, Canvas(*_week_of(first, viewer.zone), viewer, tints, link), first, now)
            for first in period.weeks()
        )
    else:
        layers = layer_lanes(roster, canvas)
        upper = [lane for lane in (shadow_lane(roster, canvas), override_lane(roster, canvas)) if lane]
        lanes = (final, *upper, *(layers if len(layers) > 1 or upper else ()))
    shown = ticks(period.first, period.days, viewer.zone, now)
    return Picture(start, end, shown, now_place(now, start, end), lanes, weeks, agenda(final, canvas, now))


def standing_of(roster: Roster, viewer: Viewer, now: datetime) -> Standing:
    """Who is on call now and who follows, for the head of a schedule."""
    span = ahead(roster, now)
    lasts = span.end < now + LOOK_AHEAD
    until = span.end if lasts else now + timedelta(days=7)
    return Standing(
        people=[(viewer.name(person), person == viewer.me) for person in span.people],
        until=span.end if lasts else None,
        following=viewer.names(at(roster, span.end).people) if lasts else "",
        reason=span.coverage.reason.sentence(),
        url=shift_url(roster.current.name, now, until) if roster.current else "",
    )


def now_place(now: datetime, start: datetime, end: datetime) -> float | None:
    """Where the present stands on a track, in percent, if it is on it."""
    return round((now - start) / (end - start) * 100, 3) if start <= now < end else None


def period_links(base: str, period: Period, query: Mapping[str, str]) -> PeriodLinks:
    """The addresses of other periods: before, after, today, and the same days by week, fortnight and month."""

    def url(**changes: str) -> str:
        chosen = {"view": str(period.unit), "day": str(period.day), **query, **changes}
        chosen = {key: value for key, value in chosen.items() if value and (key, value) != ("view", PeriodUnit.WEEK)}
        return f"{base}?{urlencode(chosen)}" if chosen else base

    return PeriodLinks(
        label=period.label,
        unit=str(period.unit),
        day=str(period.day),
        previous=url(day=str(period.previous)),
        following=url(day=str(period.following)),
        today=url(day=""),
        units=[Tab(unit.title(), url(view=unit)) for unit in PeriodUnit],
    )


def roster_chips(roster: Roster, viewer: Viewer) -> Sequence[Face]:
    """The people of a schedule, to be dragged onto its shifts."""
    return faces_of(roster.current.people if roster.current else (), viewer, tints_of([roster]))


def _week(roster: Roster, canvas: Canvas, first: date, now: datetime) -> Week:
    days, at_now = ticks(first, 7, canvas.viewer.zone, now), now_place(now, canvas.start, canvas.end)
    return Week(days, final_lane(roster, canvas), canvas.start, canvas.end, at_now)


def _week_of(first: date, zone: str) -> tuple[datetime, datetime]:
    return midnight(first, zone), midnight(first + timedelta(days=7), zone)
