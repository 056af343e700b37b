"""Who is on call now, how being on call is shared, and the report for pay, as JSON and CSV (R34)."""

from datetime import datetime, timedelta
from typing import Annotated

from fastapi import Query, Request, Response
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.budget import EXPORTS
from muster.base.web.cursor import After, Limit, Page, decode, page_of
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.oncall import store
from muster.oncall.actions import balance
from muster.oncall.actions.balance import Scope
from muster.oncall.api.shapes import LONGEST, From, ReasonOut, To, interval
from muster.oncall.coverage.roster import Span
from muster.oncall.coverage.spans import ahead
from muster.oncall.fairness.load import Load, Unfair, hours
from muster.oncall.fairness.payroll import PayLine, figures, write_csv

USUAL_LENGTH = timedelta(days=90)
CSV = "text/csv"
OfSchedule = Annotated[str, Query(max_length=63, description="By this schedule only.")]
OfTeam = Annotated[str, Query(max_length=63, description="Of this team's members, by all schedules.")]
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
    items, following = page_of(rows, limit, lambda schedule: (schedule.name,))
    horizon = unit.now + LONGEST
    rosters = await store.rosters(unit.conn, [stored.name for stored in items], unit.now, horizon)
    zones = {stored.name: stored.schedule.zone for stored in items}
    coverages = [(name, ahead(rosters[name], unit.now)) for name in zones]
    return Page(items=[_out(name, zones[name], span, horizon) for name, span in coverages], next=following)


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


class LoadOut(BaseModel):
    """What one person carried; `shares` are multiples of the even share (1.0 is even)."""

    person: str
    hours: float
    nights: int
    night_hours: float
    weekends: int
    weekend_hours: float
    holidays: int
    holiday_hours: float
    interruptions: int
    sleep_hours_disturbed: float
    shares: dict[str, float]

    @classmethod
    def of(cls, load: Load) -> "LoadOut":
        """From the domain value."""
        taken = load.measure
        return cls(
            person=load.person,
            weekends=taken.weekends,
            holidays=taken.holidays,
            **figures(taken),
            interruptions=load.interruptions,
            sleep_hours_disturbed=hours(load.sleep),
            shares={kind: round(share, 3) for kind, share in load.shares.items()},
        )


class FairnessOut(BaseModel):
    """What everybody carried from `start` to `end`, the heaviest first, and what is unfair in it."""

    start: datetime
    end: datetime
    items: list[LoadOut]
    findings: tuple[Unfair, ...]


class PayLineOut(BaseModel):
    """One shift inside the period; nights, weekends and holidays are those of the person's own clock."""

    person: str
    full_name: str
    schedule: str
    start: datetime
    end: datetime
    time_zone: str
    hours: float
    nights: int
    night_hours: float
    weekend_hours: float
    holiday_hours: float

    @classmethod
    def of(cls, line: PayLine) -> "PayLineOut":
        """From the domain value."""
        taken = line.measure
        return cls(
            person=line.person,
            full_name=line.full_name,
            schedule=line.schedule,
            start=line.start,
            end=line.end,
            time_zone=line.zone,
            **figures(taken),
        )


class ReportOut(BaseModel):
    """The shifts of a period by person and start."""

    start: datetime
    end: datetime
    items: list[PayLineOut]


@router.get("/fairness")
@needs(Permission.SCHEDULE_READ)
async def show_fairness(
    unit: Uses, start: From = None, to: To = None, schedule: OfSchedule = "", team: OfTeam = ""
) -> FairnessOut:
    """Show how being on call is shared: over the last 90 days unless said otherwise."""
    begin, end = interval(
        start or (to or unit.now) - USUAL_LENGTH, to or (start + USUAL_LENGTH if start else unit.now), unit.now
    )
    shared = await balance.balance(unit, Scope(schedule, team), begin, end)
    return FairnessOut(start=begin, end=end, items=[LoadOut.of(load) for load in shared.loads], findings=shared.unfair)


@router.get("/report", response_model=ReportOut, responses={200: {"content": {CSV: {}}}})
@needs(Permission.SCHEDULE_READ)
async def show_report(
    unit: Uses, request: Request, start: From = None, to: To = None, schedule: OfSchedule = "", team: OfTeam = ""
) -> ReportOut | Response:
    """Show the shifts of a period for pay, as JSON or, with `Accept: text/csv`, as CSV."""
    begin, end, lines = await _lines(unit, start, to, schedule, team)
    if CSV in request.headers.get("accept", ""):
        return as_csv(lines, begin, end)
    return ReportOut(start=begin, end=end, items=[PayLineOut.of(line) for line in lines])


@router.get("/report.csv", response_class=Response, responses={200: {"content": {CSV: {}}}})
@needs(Permission.SCHEDULE_READ, budget=EXPORTS)
async def download_report(
    unit: Uses, start: From = None, to: To = None, schedule: OfSchedule = "", team: OfTeam = ""
) -> Response:
    """Show the shifts of a period for pay as CSV."""
    begin, end, lines = await _lines(unit, start, to, schedule, team)
    return as_csv(lines, begin, end)


def as_csv(lines: list[PayLine], start: datetime, end: datetime) -> Response:
    """The report as a file."""
    name = f"on-call-{start:%Y-%m-%d}-{end:%Y-%m-%d}.csv"
    headers = {"content-disposition": f'attachment; filename="{name}"'}
    return Response(write_csv(lines), media_type=f"{CSV}; charset=utf-8", headers=headers)


async def _lines(
    unit: Uses, start: datetime | None, to: datetime | None, schedule: str, team: str
) -> tuple[datetime, datetime, list[PayLine]]:
    begin, end = interval(start or (to or unit.now) - timedelta(days=31), to or unit.now, unit.now)
    return begin, end, await balance.pay(unit, Scope(schedule, team), begin, end)
