"""Reporting a problem: a person opens an incident."""

from typing import Annotated

from fastapi import Request
from pydantic import Field

from muster.base.access import Permission
from muster.base.web.budget import REPORTS
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.report import Report, report
from muster.incidents.api.parts import Body, IncidentOut, one

router = api_router("/incidents", "incidents")


class ReportIn(Body):
    """What somebody says is wrong; the plan decides what severity that is."""

    title: Annotated[str, Field(min_length=1, max_length=300)]
    description: Annotated[str, Field(max_length=20_000)] = ""
    severity: Annotated[str, Field(max_length=64, description="Your word; the plan decides.")] = ""
    category: Annotated[str, Field(max_length=64)] = ""
    workload: Annotated[str, Field(max_length=200, description="A workload, or workload/component.")] = ""
    on_behalf_of: Annotated[str, Field(max_length=200, description="Who told you.")] = ""


@router.post("", status_code=201)
@needs(Permission.INCIDENT_REPORT, budget=REPORTS)
async def report_incident(unit: Uses, request: Request, body: ReportIn) -> IncidentOut:
    """Report a problem: opens an incident and pages, as an alert does."""
    return await one(unit.conn, request, await report(unit, Report(**body.model_dump())))
