"""Alerts in the browser: lists, groups, and which rules disturb for nothing."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

from asyncpg import Record
from fastapi import Depends, Query, Request, Response

from muster.alerts.actions.noise import ranked_rules
from muster.alerts.api.alerts import csv_answer
from muster.alerts.api.parts import AlertQuery, names_of
from muster.alerts.fidelity import RuleRecord, Totals
from muster.alerts.listing import AlertFilter
from muster.alerts.matchers import Matcher
from muster.alerts.pages.parts import TABS, Row, Typed, row
from muster.alerts.store import lists as store
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.budget import EXPORTS
from muster.base.web.cursor import decode, encode
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import Tab, template
from muster.kit.errors import Fault, Invalid

PAGE, MOST_GROUPS, MOST_COUNTED = 50, 200, 10_000
GROUPS = ("alertname", "service", "instance", "job", "severity", "team", "cluster", "namespace")
GROUPINGS = (("", "No groups"), *((name, f"By {name}") for name in GROUPS))
VIEWS = (("Firing", "active", ""), ("Held back", "active", "any"), ("Resolved", "resolved", ""), ("All", "all", ""))
UNCOUNTED = Fault(
    "filter", "Groups are not counted by regular expression.", "Compare with = or !=, or list the alerts."
)
TOPICS = ("alerts",)
router = page_router()


@dataclass(frozen=True, slots=True)
class ListQuery:
    """Which alerts somebody asks for in the browser, as typed."""

    q: Asked = ""
    view: Asked = "Firing"
    severity: Asked = ""
    integration: Asked = ""
    filter: Typed = ""
    group: Asked = ""

    @property
    def filtered(self) -> bool:
        """Whether it shows less than its view has."""
        return any((self.q, self.severity, self.integration, self.filter))

    def url(self, path: str = "/alerts", **changes: str) -> str:
        """The address of this list, with something else in it."""
        return address(path, {**asdict(self), **changes})

    async def chosen(self, unit: Unit) -> AlertFilter:
        """The filter of the list.

        Raises:
            Invalid: with what cannot be read. Missing: there is no such integration.
        """
        status, held = next(((status, held) for label, status, held in VIEWS if label == self.view), ("active", ""))
        filters = [self.filter] if self.filter.strip() else []
        return await AlertQuery(status, held, self.integration, self.severity, filters, self.q).filter(unit)


@dataclass(frozen=True, slots=True)
class AlertGroup:
    """The alerts with the same value of a label: where they are listed, and where they can be silenced."""

    value: str
    count: int
    held: int
    newest: datetime
    url: str
    silence: str


@template("alerts/list.html")
@dataclass(frozen=True, slots=True)
class AlertList:
    """Alerts that fit, or `groups` of them by the label `group`; `fault` is what is wrong with the filter."""

    asked: ListQuery
    rows: Sequence[Row]
    group: str
    groups: Sequence[AlertGroup]
    views: Sequence[Tab]
    fault: Fault | None
    integrations: Sequence[tuple[str, str]]
    previous: str
    following: str
    export: str
    silence: str
    groupings: Sequence[tuple[str, str]] = GROUPINGS
    tabs: Sequence[Tab] = TABS
    topics: Sequence[str] = TOPICS


@template("alerts/noise.html")
@dataclass(frozen=True, slots=True)
class NoisePage:
    """The rules of a time, the noisiest first; `worst` is the noise of that one."""

    rules: Sequence[RuleRecord]
    totals: Totals
    worst: float
    spans: Sequence[Tab]
    span: str
    tabs: Sequence[Tab] = TABS
    topics: Sequence[str] = TOPICS


@router.get("/alerts")
@needs(Permission.ALERT_READ)
async def alerts_page(
    unit: Uses, request: Request, asked: Annotated[ListQuery, Depends()], after: Asked = ""
) -> Response:
    """List alerts, by filter or by a label's values."""
    chosen, fault = None, None
    try:
        chosen = await asked.chosen(unit)
    except Invalid as refusal:
        fault = refusal.faults[0]
    names = await names_of(unit)
    cursor = decode(after or None, datetime, UUID)
    group = asked.group if asked.group in GROUPS else ""
    if chosen and group and not chosen.decidable:
        fault, group = UNCOUNTED, ""
    groups, rows, following = list[AlertGroup](), list[Row](), None
    if chosen and group:
        groups = [_group(record, asked) for record in await store.groups(unit.conn, chosen, group, MOST_GROUPS)]
    elif chosen:
        alerts, following = await store.newest(unit.conn, chosen, PAGE, (cursor[0], cursor[1]) if cursor else None)
        rows = [row(alert, names) for alert in alerts]
    page = AlertList(
        asked=asked,
        rows=rows,
        group=group,
        groups=groups,
        views=await _views(unit, asked),
        fault=fault,
        integrations=[("", "Any source"), *((name, name) for name in names.values())],
        previous=asked.url() if cursor else "",
        following=asked.url(after=encode(*following)) if following else "",
        export=asked.url("/alerts.csv"),
        silence=address("/silences/new", {"matchers": asked.filter}),
    )
    return render(request, page, status=422 if fault else 200)


@router.get("/alerts.csv")
@needs(Permission.ALERT_READ, budget=EXPORTS)
async def alerts_csv(unit: Uses, asked: Annotated[ListQuery, Depends()]) -> Response:
    """The newest ten thousand alerts that fit, as CSV."""
    return await csv_answer(unit, await asked.chosen(unit))


@router.get("/alerts/noise")
@needs(Permission.ALERT_READ)
async def noise_page(unit: Uses, request: Request, days: Annotated[int, Query(ge=1, le=365)] = 30) -> Response:
    """Rank the rules by how much they disturb for nothing."""
    rules, totals = await ranked_rules(unit, days)
    spans = [Tab(f"{span} days", f"/alerts/noise?days={span}") for span in (7, 30, 90)]
    worst = max((rule.noise for rule in rules), default=0)
    return render(request, NoisePage(rules, totals, worst or 1, spans, f"{days} days"))


async def _views(unit: Unit, asked: ListQuery) -> list[Tab]:
    counts = {
        "Firing": await store.count(unit.conn, AlertFilter(), MOST_COUNTED),
        "Held back": await store.count(unit.conn, AlertFilter(held="any"), MOST_COUNTED),
    }
    return [
        Tab(label, asked.url(view=label), _counted(counts[label]) if label in counts else None) for label, _, _ in VIEWS
    ]


def _counted(number: int) -> str:
    return f"{number:,}+" if number >= MOST_COUNTED else f"{number:,}"


def _group(record: Record, asked: ListQuery) -> AlertGroup:
    matcher = Matcher(asked.group, record["value"]).text()
    joined = ",".join(part for part in (asked.filter.strip().strip("{}"), matcher) if part)
    silence = address("/silences/new", {"matchers": joined})
    return AlertGroup(**record, url=asked.url(group="", filter=joined), silence=silence)
