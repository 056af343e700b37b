"""Reporting a problem in a few taps, also on behalf of somebody (R58-R60)."""

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.budget import REPORTS
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked, Field, by_field, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.catalog import store as catalog
from muster.incidents.actions.report import Report, report
from muster.kit.errors import Conflict, Invalid, Problem
from muster.plan import store as plans
from muster.response.pages.rows import url_of

HERE = "/incidents/report"
router = page_router()


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
    told = Report(title, description, severity, category, workload, on_behalf_of)
    try:
        incident = await report(unit, told)
    except (Invalid, Conflict) as problem:
        return await _form(unit, request, told, problem)
    return see_other(url_of(incident))


async def _form(unit: Unit, request: Request, told: Report, problem: Problem | None = None) -> Response:
    version = await plans.in_force(unit.conn)
    known = await catalog.catalogue(unit.conn)
    places = [("", "I do not know")]
    for workload in known.workloads:
        places.append((workload.name, workload.label))
        places += [(f"{workload.name}/{each.name}", f"{workload.label}: {each.label}") for each in workload.components]
    return render(
        request,
        "response/report.html",
        status=problem.status if problem else 200,
        told=told,
        plan=version.plan if version else None,
        places=places,
        problem=problem if problem and not problem.faults else None,
        faults=by_field(problem),
    )
