"""Alerts in the browser: lists, groups, and which rules disturb for nothing."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from asyncpg import Record
from fastapi import Query, Request, Response

from muster.alerts.actions.noise import ranked_rules
from muster.alerts.api.alerts import csv_answer
from muster.alerts.api.parts import AlertQuery, names_of
from muster.alerts.listing import AlertFilter
from muster.alerts.pages.parts import TABS, Typed, row
from muster.alerts.store import lists as store
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.budget import EXPORTS
from muster.base.web.cursor import decode, encode
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Fault, Invalid

PAGE, MOST_GROUPS, MOST_COUNTED = 50, 200, 10_000
GROUPS = ("alertname", "service", "instance", "job", "severity", "team", "cluster", "namespace")
VIEWS = (("Firing", "active", ""), ("Held back", "active", "any"), ("Resolved", "resolved", ""), ("All", "all", ""))
UNCOUNTED = Fault(
    "filter", "Groups are not counted by regular expression.", "Compare with = or !=, or list the alerts."
)
router = page_router()


@router.get("/alerts")
@needs(Permission.ALERT_READ)
async def alerts_page(
    unit: Uses,
    request: Request,
    q: Asked = "",
    view: Asked = "Firing",
    severity: Asked = "",
    integration: Asked = "",
    filter: Typed = "",
    group: Asked = "",
    after: Asked = "",
) -> Response:
    """List alerts, by filter or by a label's values."""
    asked = {"q": q, "view": view, "severity": severity, "integration": integration, "filter": filter, "group": group}
    problem = None
    try:
        chosen = await _chosen(unit, asked)
    except Invalid as refusal:
        chosen, problem = None, refusal
    names = await names_of(unit)
    cursor = decode(after or None, datetime, UUID)
    grouped = group if group in GROUPS else ""
    if chosen and grouped and not chosen.decidable:
        problem, grouped = Invalid("Groups cannot be counted.", faults=[UNCOUNTED]), ""
    shown: dict[str, Any] = {"rows": [], "following": "", "groups": []}
    if chosen and grouped:
        shown["groups"] = [_group(found, asked) for found in await store.groups(unit.conn, chosen, group, MOST_GROUPS)]
    elif chosen:
        found, following = await store.newest(unit.conn, chosen, PAGE, (cursor[0], cursor[1]) if cursor else None)
        shown["rows"] = [row(alert, names) for alert in found]
        shown["following"] = address("/alerts", {**asked, "after": encode(*following)}) if following else ""
    return render(
        request,
        "alerts/list.html",
        status=422 if problem else 200,
        **shown,
        tabs=TABS,
        views=await _views(unit, asked),
        asked=asked,
        filtered=any(asked[name] for name in ("q", "severity", "integration", "filter")),
        fault=problem.faults[0] if problem and problem.faults else None,
        group=grouped,
        groupings=[("", "No groups"), *((name, f"By {name}") for name in GROUPS)],
        integrations=[("", "Any source"), *((name, name) for name in names.values())],
        previous=address("/alerts", asked) if cursor else "",
        export=address("/alerts.csv", asked),
        silence=address("/silences/new", {"matchers": filter}),
        topics=["alerts"],
    )


@router.get("/alerts.csv")
@needs(Permission.ALERT_READ, budget=EXPORTS)
async def alerts_csv(
    unit: Uses,
    q: Asked = "",
    view: Asked = "Firing",
    severity: Asked = "",
    integration: Asked = "",
    filter: Typed = "",
) -> Response:
    """The newest ten thousand alerts that fit, as CSV."""
    asked = {"q": q, "view": view, "severity": severity, "integration": integration, "filter": filter}
    return await csv_answer(unit, await _chosen(unit, asked))


@router.get("/alerts/noise")
@needs(Permission.ALERT_READ)
async def noise_page(unit: Uses, request: Request, days: Annotated[int, Query(ge=1, le=365)] = 30) -> Response:
    """Rank the rules by how much they disturb for nothing."""
    rules, totals = await ranked_rules(unit, days)
    spans = [{"label": f"{span} days", "url": f"/alerts/noise?days={span}"} for span in (7, 30, 90)]
    worst = max((rule.noise for rule in rules), default=0)
    rows = [
        {
            "record": rule,
            "bar": round(100 * rule.noise / worst, 1) if worst else 0,
            "url": address("/alerts", {"view": "All", "q": rule.rule}),
        }
        for rule in rules
    ]
    return render(
        request,
        "alerts/noise.html",
        tabs=TABS,
        spans=spans,
        span=f"{days} days",
        rows=rows,
        totals=totals,
        topics=["alerts"],
    )


async def _chosen(unit: Unit, asked: dict[str, str]) -> AlertFilter:
    status, held = next(((s, h) for label, s, h in VIEWS if label == asked["view"]), ("active", ""))
    filters = [asked["filter"]] if asked["filter"].strip() else []
    return await AlertQuery(status, held, asked["integration"], asked["severity"], filters, asked["q"]).filter(unit)


async def _views(unit: Unit, asked: dict[str, str]) -> list[dict[str, str | None]]:
    counts = {
        "Firing": await store.count(unit.conn, AlertFilter(), MOST_COUNTED),
        "Held back": await store.count(unit.conn, AlertFilter(held="any"), MOST_COUNTED),
    }
    return [
        {
            "label": label,
            "url": address("/alerts", {**asked, "view": label}),
            "count": _counted(counts[label]) if label in counts else None,
        }
        for label, _, _ in VIEWS
    ]


def _counted(number: int) -> str:
    return f"{number:,}+" if number >= MOST_COUNTED else f"{number:,}"


def _group(found: Record, asked: dict[str, str]) -> dict[str, object]:
    name, value = asked["group"], found["value"]
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    matcher = f'{name}="{escaped}"'
    joined = ",".join(part for part in (asked["filter"].strip().strip("{}"), matcher) if part)
    return {
        "value": value,
        "count": found["count"],
        "held": found["held"],
        "newest": found["newest"],
        "url": address("/alerts", {**asked, "group": "", "filter": joined}),
        "silence": address("/silences/new", {"matchers": joined}),
    }
