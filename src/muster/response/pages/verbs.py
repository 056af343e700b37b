"""What people do to an incident in the browser. What is refused comes back with its reasons, and with what was typed."""

from collections.abc import Awaitable, Mapping
from typing import Any

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, see_other
from muster.base.web.needs import needs
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.escalate import escalate
from muster.incidents.actions.false_alarm import declare_false_alarm
from muster.incidents.actions.guard import existing
from muster.incidents.actions.merge import merge
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.reopen import reopen
from muster.incidents.actions.resolve import resolve
from muster.incidents.actions.severity import set_severity
from muster.incidents.incident import Incident
from muster.incidents.pages.rows import Ref, url_of
from muster.kit.errors import Conflict, Denied, Invalid
from muster.response.actions.close import close
from muster.response.pages.show import Refused, incident_shown

router = page_router("/incidents/{ref}")


async def done(
    unit: Unit, request: Request, ref: str, form: str, deed: Awaitable[Any], typed: Mapping[str, str] | None = None
) -> Response:
    """Do it and go back to the incident, or show the page with the refusal beside the form."""
    try:
        result = await deed
    except (Invalid, Conflict, Denied) as problem:
        if isinstance(problem, Denied):
            unit.denial = problem
        return await incident_shown(unit, request, ref, refused=Refused(form, problem, typed or {}))
    return see_other(url_of(result if isinstance(result, Incident) else await existing(unit.conn, ref)))


@router.post("/acknowledge")
@needs(Permission.INCIDENT_ACKNOWLEDGE)
async def do_acknowledge(unit: Uses, request: Request, ref: Ref) -> Response:
    """Take the incident."""
    return await done(unit, request, ref, "acknowledge", acknowledge(unit, ref))


@router.post("/mitigate")
@needs(Permission.INCIDENT_MITIGATE)
async def do_mitigate(unit: Uses, request: Request, ref: Ref, note: Field = "") -> Response:
    """Declare the impact reduced."""
    return await done(unit, request, ref, "mitigate", mitigate(unit, ref, note.strip()), {"note": note})


@router.post("/resolve")
@needs(Permission.INCIDENT_RESOLVE)
async def do_resolve(unit: Uses, request: Request, ref: Ref, note: Field = "") -> Response:
    """Declare the disruption over."""
    return await done(unit, request, ref, "resolve", resolve(unit, ref, note.strip()), {"note": note})


@router.post("/close")
@needs(Permission.INCIDENT_CLOSE)
async def do_close(unit: Uses, request: Request, ref: Ref, note: Field = "") -> Response:
    """Close through the plan's gate."""
    return await done(unit, request, ref, "close", close(unit, ref, note.strip()), {"note": note})


@router.post("/reopen")
@needs(Permission.INCIDENT_REOPEN)
async def do_reopen(unit: Uses, request: Request, ref: Ref, reason: Field = "") -> Response:
    """Open it again: it was not over."""
    return await done(unit, request, ref, "reopen", reopen(unit, ref, reason.strip()), {"reason": reason})


@router.post("/false-alarm")
@needs(Permission.INCIDENT_RESOLVE)
async def do_declare_false(unit: Uses, request: Request, ref: Ref, reason: Field = "") -> Response:
    """Declare that there was no disruption."""
    deed = declare_false_alarm(unit, ref, reason.strip())
    return await done(unit, request, ref, "false_alarm", deed, {"reason": reason})


@router.post("/merge")
@needs(Permission.INCIDENT_MERGE)
async def do_merge(unit: Uses, request: Request, ref: Ref, into: Field = "", reason: Field = "") -> Response:
    """Merge into another incident and go to that."""
    typed = {"into": into, "reason": reason}
    return await done(unit, request, ref, "merge", merge(unit, ref, into.strip(), reason.strip()), typed)


@router.post("/severity")
@needs(Permission.INCIDENT_SEVERITY)
async def do_set_severity(unit: Uses, request: Request, ref: Ref, severity: Field = "", reason: Field = "") -> Response:
    """Raise or lower the severity."""
    typed = {"severity": severity, "reason": reason}
    return await done(unit, request, ref, "severity", set_severity(unit, ref, severity, reason.strip()), typed)


@router.post("/escalate")
@needs(Permission.PAGE_ESCALATE)
async def do_escalate(unit: Uses, request: Request, ref: Ref, reason: Field = "") -> Response:
    """Page the next step at once."""
    return await done(unit, request, ref, "escalate", escalate(unit, ref, reason.strip()), {"reason": reason})
