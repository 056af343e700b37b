"""Is being on call shared fairly? A picture over a table, by schedule or team, and the report for pay (R34)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.budget import EXPORTS
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import address
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import Tab, template
from muster.kit.interval import Interval
from muster.oncall.actions import balance
from muster.oncall.actions.balance import Scope
from muster.oncall.api.on_call import as_csv
from muster.oncall.fairness.load import Load, hours, unfair
from muster.oncall.pages.my_shifts import calendar_options
from muster.oncall.pages.shared import ON_CALL, TOPICS, Options, Text

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


@dataclass(frozen=True, slots=True)
class LoadBar:
    """What one person carried, in percent of the widest bar; `title` says it in words."""

    name: str
    value: str
    width: float
    mine: bool
    title: str


@dataclass(frozen=True, slots=True)
class LoadPicture:
    """Bars by person, the heaviest first, and where the even share stands; `share` is it as text."""

    bars: Sequence[LoadBar]
    even: float | None
    share: str


@dataclass(frozen=True, slots=True)
class LoadRow:
    """A person in the table, with label and value of each measure."""

    id: str
    name: str
    cells: Sequence[tuple[str, float]]


@template("oncall/fairness.html")
@dataclass(frozen=True, slots=True)
class FairnessPage:
    """How being on call is shared over a period; `findings` are sentences about what is uneven."""

    start: datetime
    end: datetime
    of: str
    period: str
    show: str
    choices: Options
    periods: Sequence[Tab]
    measures: Sequence[Tab]
    picture: LoadPicture
    rows: Sequence[LoadRow]
    findings: Sequence[str]
    report_url: str
    topics: Sequence[str] = TOPICS


@router.get(HERE)
@needs(Permission.SCHEDULE_READ)
async def fairness_page(
    unit: Uses, request: Request, of: Text = EVERYBODY, period: Text = USUAL, show: Text = FIRST
) -> Response:
    """Show what everybody carried; `of` is `schedule:name`, `team:name` or everybody."""
    period, show = period if period in PERIODS else USUAL, show if show in MEASURES else FIRST
    start, end = _period(period, unit.now)
    shared = await balance.balance(unit, _scope(of), start, end)
    names = {name: person.full_name for name, person in shared.persons.items()}
    here = {"of": of, "period": period, "show": show}
    page = FairnessPage(
        start=start,
        end=end,
        of=of,
        period=period,
        show=show,
        choices=[(EVERYBODY, "Everybody, every schedule"), *await calendar_options(unit)],
        periods=[Tab(label, address(HERE, {**here, "period": label})) for label in PERIODS],
        measures=[Tab(label, address(HERE, {**here, "show": label})) for label in MEASURES],
        picture=_picture(shared.loads, show, names, unit.principal.name),
        rows=[
            LoadRow(
                load.person,
                names.get(load.person, load.person),
                [(label, value(load)) for label, (_, value) in MEASURES.items()],
            )
            for load in shared.loads
        ],
        findings=[finding.sentence for finding in unfair(shared.loads, names)],
        report_url=address(f"{ON_CALL}/report.csv", {"of": of, "period": period}),
    )
    return render(request, page)


@router.get(f"{ON_CALL}/report.csv")
@needs(Permission.SCHEDULE_READ, budget=EXPORTS)
async def report(unit: Uses, of: Text = EVERYBODY, period: Text = USUAL) -> Response:
    """Download the report for pay over the period that the page shows."""
    start, end = _period(period if period in PERIODS else USUAL, unit.now)
    return as_csv(await balance.pay(unit, _scope(of), start, end), start, end)


def _period(period: str, now: datetime) -> Interval:
    first, last = PERIODS[period]
    return now + timedelta(days=first), now + timedelta(days=last)


def _scope(of: str) -> Scope:
    kind, _, name = of.partition(":")
    return Scope(name if kind == "schedule" else "", name if kind == "team" else "")


def _picture(loads: Sequence[Load], show: str, names: dict[str, str], me: str) -> LoadPicture:
    measure = MEASURES[show][1]
    heaviest = sorted(loads, key=lambda load: (-measure(load), load.person))
    widest = measure(heaviest[0]) if heaviest else 0.0
    even = sum(map(measure, loads)) / len(loads) if loads else 0.0
    scale = 100 / widest if widest else 0.0
    bars = [_bar(load.person, measure(load), scale, even, names, me) for load in heaviest]
    return LoadPicture(bars, round(even * scale, 2) if even else None, _figure(even))


def _bar(person: str, value: float, scale: float, even: float, names: dict[str, str], me: str) -> LoadBar:
    name = names.get(person, person)
    share = f"{value / even:.0%} of an even share" if even else "an even share"
    return LoadBar(name, _figure(value), round(value * scale, 2), person == me, f"{name}: {_figure(value)}, {share}")


def _figure(value: float) -> str:
    """A number as people read it, to one decimal where there is one."""
    return f"{value:,.1f}".removesuffix(".0")
