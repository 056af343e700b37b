"""Is being on call shared fairly? A picture over a table, by schedule or team, and the report for pay (R34)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.budget import EXPORTS
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.oncall import store
from muster.oncall.actions import balance
from muster.oncall.actions.balance import Scope
from muster.oncall.api.load import as_csv
from muster.oncall.fairness.load import Load, hours, unfair
from muster.oncall.pages.parts import ON_CALL, TOPICS, Asked
from muster.people import store as people

HERE = f"{ON_CALL}/fairness"
PERIODS = {"Last 30 days": (-30, 0), "Last 90 days": (-90, 0), "Last year": (-365, 0), "Next 90 days": (0, 90)}
USUAL = "Last 90 days"
EVERYBODY = "everybody"
MEASURES: dict[str, tuple[str, Callable[[Load], float]]] = {
    "Hours": ("hours", lambda load: hours(load.measure.length)),
    "Nights": ("nights", lambda load: load.measure.nights),
    "Weekends": ("weekends", lambda load: load.measure.weekends),
    "Holidays": ("holidays", lambda load: load.measure.holidays),
    "Pages": ("interruptions", lambda load: load.interruptions),
    "Sleep disturbed": ("sleep", lambda load: hours(load.sleep)),
}
FIRST = "Hours"
router = page_router()


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def fairness_page(
    unit: Uses, request: Request, of: Asked = EVERYBODY, period: Asked = USUAL, show: Asked = FIRST
) -> Response:
    """Show what everybody carried; `of` is `schedule:name`, `team:name` or everybody."""
    period, show = period if period in PERIODS else USUAL, show if show in MEASURES else FIRST
    start, end = _period(period, unit.now)
    found = await balance.balance(unit, _scope(of), start, end)
    schedules = [(f"schedule:{each.name}", f"Schedule {each.name}") for each in await store.schedules(unit.conn)]
    teams = [(f"team:{each.name}", f"Team {each.label}") for each in await people.teams(unit.conn)]
    full_names = {name: person.full_name for name, person in found.persons.items()}
    here = {"of": of, "period": period, "show": show}
    return render(
        request,
        "oncall/fairness.html",
        start=start,
        end=end,
        of=of,
        period=period,
        show=show,
        choices=[(EVERYBODY, "Everybody, every schedule"), *teams, *schedules],
        periods=[{"label": each, "url": address(HERE, {**here, "period": each})} for each in PERIODS],
        measures=[{"label": each, "url": address(HERE, {**here, "show": each})} for each in MEASURES],
        picture=_picture(found.loads, show, full_names, unit.principal.name),
        rows=[_row(load, full_names) for load in found.loads],
        findings=[finding.sentence for finding in unfair(found.loads, full_names)],
        report_url=address(f"{ON_CALL}/report.csv", {"of": of, "period": period}),
        topics=TOPICS,
    )


@router.get(f"{ON_CALL}/report.csv")
@needs(Permission.SCHEDULE_READ, budget=EXPORTS)
async def report(unit: Uses, of: Asked = EVERYBODY, period: Asked = USUAL) -> Response:
    """Download the report for pay over the period that the page shows."""
    start, end = _period(period if period in PERIODS else USUAL, unit.now)
    return as_csv(await balance.pay(unit, _scope(of), start, end), start, end)


def _period(period: str, now: datetime) -> tuple[datetime, datetime]:
    first, last = PERIODS[period]
    return now + timedelta(days=first), now + timedelta(days=last)


def _scope(of: str) -> Scope:
    kind, _, name = of.partition(":")
    return Scope(name if kind == "schedule" else "", name if kind == "team" else "")


def _picture(loads: tuple[Load, ...], show: str, names: dict[str, str], me: str) -> dict[str, Any]:
    """Bars by person, the heaviest first, and where the even share stands; all in percent of the widest."""
    value = MEASURES[show][1]
    values = sorted(((value(load), load.person) for load in loads), key=lambda each: (-each[0], each[1]))
    widest = max((each for each, _ in values), default=0.0)
    even = sum(each for each, _ in values) / len(values) if values else 0.0
    scale = 100 / widest if widest else 0.0
    bars = [
        {
            "name": names.get(person, person),
            "value": _figure(each),
            "width": round(each * scale, 2),
            "mine": person == me,
            "title": f"{names.get(person, person)}: {_figure(each)}, {_share(each, even)}",
        }
        for each, person in values
    ]
    return {"bars": bars, "even": round(even * scale, 2) if even else None, "share": _figure(even)}


def _figure(value: float) -> str:
    """A number as people read it, to one decimal where there is one."""
    return f"{value:,.1f}".removesuffix(".0")


def _share(value: float, even: float) -> str:
    return f"{value / even:.0%} of an even share" if even else "an even share"


def _row(load: Load, names: dict[str, str]) -> dict[str, Any]:
    return {
        "id": load.person,
        "name": names.get(load.person, load.person),
        "cells": [
            {"label": label, "value": _figure(value(load)), "share": load.shares[kind]}
            for label, (kind, value) in MEASURES.items()
        ],
    }
