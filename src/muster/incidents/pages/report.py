"""Reporting a problem in a few taps, also on behalf of somebody (R58-R60)."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.budget import REPORTS
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.incidents.actions.report import Report, report
from muster.incidents.pages.places import places_of
from muster.incidents.pages.rows import url_of
from muster.kit.errors import Conflict, Fault, Invalid, Problem
from muster.plan import store as plans

HERE = "/incidents/report"
router = page_router()


@template("incidents/report.html")
@dataclass(frozen=True, slots=True)
class ReportForm:
    """The form, with what was typed and what is wrong with it; without a plan there is nobody to page."""

    typed: Report
    planned: bool
    places: Sequence[tuple[str, str]]
    severities: Sequence[tuple[str, str]]
    categories: Sequence[tuple[str, str]]
    problem: Problem | None
    faults: Mapping[str, Fault]


@router.get(HERE)
@needs(Permission.INCIDENT_REPORT)
async def report_page(unit: Uses, request: Request, workload: Asked = "") -> Response:
    """Ask what is wrong."""
    return await _form(unit, request, Report("", workload=workload))


@router.post(HERE)
@needs(Permission.INCIDENT_REPORT, budget=REPORTS)
async def do_report(
    unit: Uses,
    request: Request,
    title: Field = "",
    description: Field = "",
    severity: Field = "",
    category: Field = "",
    workload: Field = "",
    on_behalf_of: Field = "",
) -> Response:
    """Open an incident and go to it."""
    typed = Report(title, description, severity, category, workload, on_behalf_of)
    try:
        incident = await report(unit, typed)
    except (Invalid, Conflict) as problem:
        return await _form(unit, request, typed, problem)
    return see_other(url_of(incident))


async def _form(unit: Unit, request: Request, typed: Report, problem: Problem | None = None) -> Response:
    version = await plans.in_force(unit.conn)
    plan = version.plan if version else None
    view = ReportForm(
        typed=typed,
        planned=plan is not None,
        places=await places_of(unit, "I do not know"),
        severities=_options(plan.severities) if plan else (),
        categories=_options(plan.categories) if plan else (),
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
    )
    return render(request, view, status=problem.status if problem else 200)


def _options(names: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "Let the plan decide"), *((name, name.capitalize()) for name in names)]
