"""What moves an incident: reporting it, and the way through its states. (Closing it is the response's.)"""

from typing import Annotated

from fastapi import Request
from pydantic import Field

from muster.base.access import Permission
from muster.base.web.budget import REPORTS
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.false_alarm import declare_false_alarm
from muster.incidents.actions.merge import merge
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.reopen import reopen
from muster.incidents.actions.report import Report, report
from muster.incidents.actions.resolve import resolve
from muster.incidents.actions.severity import set_severity
from muster.incidents.api.parts import Body, IncidentOut, Name, Ref, Words, one

router = api_router("/incidents", "incidents")

Reason = Annotated[str, Field(min_length=1, max_length=2000)]


class ReportIn(Body):
    """What somebody says is wrong; the plan decides what severity that is."""

    title: Annotated[str, Field(min_length=1, max_length=300)]
    description: Annotated[str, Field(max_length=20_000)] = ""
    severity: Annotated[str, Field(max_length=64, description="Your word; the plan decides.")] = ""
    category: Annotated[str, Field(max_length=64)] = ""
    workload: Annotated[str, Field(max_length=200, description="A workload, or workload/component.")] = ""
    on_behalf_of: Annotated[str, Field(max_length=200, description="Who told you.")] = ""


class NoteIn(Body):
    """A word on it, kept with the event."""

    note: Words = ""


class ReasonIn(Body):
    """Why; kept with the event."""

    reason: Reason


class MergeIn(Body):
    """The incident that goes on."""

    into: Annotated[str, Field(min_length=1, max_length=64)]
    reason: Words = ""


class SeverityIn(Body):
    """The severity that it has from now on."""

    severity: Name
    reason: Reason


@router.post("", status_code=201)
@needs(Permission.INCIDENT_REPORT, budget=REPORTS)
async def report_incident(unit: Uses, request: Request, body: ReportIn) -> IncidentOut:
    """Report a problem: opens an incident and pages, as an alert does."""
    return await one(unit.conn, request, await report(unit, Report(**body.model_dump())))


@router.post("/{ref}/acknowledge")
@needs(Permission.INCIDENT_ACKNOWLEDGE)
async def acknowledge_incident(unit: Uses, request: Request, ref: Ref, body: NoteIn | None = None) -> IncidentOut:
    """Acknowledge: paging stops, you have it. Refused with who has it if somebody does."""
    return await one(unit.conn, request, await acknowledge(unit, ref, body.note if body else ""))


@router.post("/{ref}/mitigate")
@needs(Permission.INCIDENT_MITIGATE)
async def mitigate_incident(unit: Uses, request: Request, ref: Ref, body: NoteIn | None = None) -> IncidentOut:
    """Declare the impact reduced; the note says how."""
    return await one(unit.conn, request, await mitigate(unit, ref, body.note if body else ""))


@router.post("/{ref}/resolve")
@needs(Permission.INCIDENT_RESOLVE)
async def resolve_incident(unit: Uses, request: Request, ref: Ref, body: NoteIn | None = None) -> IncidentOut:
    """Declare the disruption over; the note says how."""
    return await one(unit.conn, request, await resolve(unit, ref, body.note if body else ""))


@router.post("/{ref}/reopen")
@needs(Permission.INCIDENT_REOPEN)
async def reopen_incident(unit: Uses, request: Request, ref: Ref, body: ReasonIn) -> IncidentOut:
    """Reopen: it is triggered and paged again."""
    return await one(unit.conn, request, await reopen(unit, ref, body.reason))


@router.post("/{ref}/merge")
@needs(Permission.INCIDENT_MERGE)
async def merge_incident(unit: Uses, request: Request, ref: Ref, body: MergeIn) -> IncidentOut:
    """Merge into another incident, which is returned and goes on for both."""
    return await one(unit.conn, request, await merge(unit, ref, body.into, body.reason))


@router.post("/{ref}/false-alarm")
@needs(Permission.INCIDENT_RESOLVE)
async def declare_incident_false(unit: Uses, request: Request, ref: Ref, body: ReasonIn) -> IncidentOut:
    """Declare a false alarm: resolved, and its alerts count as false."""
    return await one(unit.conn, request, await declare_false_alarm(unit, ref, body.reason))


@router.post("/{ref}/severity")
@needs(Permission.INCIDENT_SEVERITY)
async def change_incident_severity(unit: Uses, request: Request, ref: Ref, body: SeverityIn) -> IncidentOut:
    """Raise or lower the severity."""
    return await one(unit.conn, request, await set_severity(unit, ref, body.severity, body.reason))
