"""The list of incidents as a file for spreadsheets."""

import csv
import io
from datetime import datetime
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.budget import EXPORTS
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.api.listing import Mine, Q, Severities, States, Workload, chosen
from muster.incidents.api.parts import IncidentOut, shown
from muster.incidents.belongings import RESPONSE_MANAGER
from muster.incidents.store import lists

router = api_router("", "incidents")
MOST, _AT_ONCE = 20_000, 500
_COLUMNS = (
    "ref", "title", "state", "severity", "category", "workload", "component", "source", "reporter", "on_behalf_of",
    "opened_at", "acknowledged_at", "acknowledged_by", "mitigated_at", "mitigated_by", "resolved_at", "resolved_by",
    "closed_at", "closed_by", "false_alarm", "merged_into", "alerts", "plan", "plan_version", "url",
)  # fmt: skip
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@router.get(
    "/incidents.csv",
    response_class=Response,
    responses={200: {"description": "One line an incident, newest first.", "content": {"text/csv": {}}}},
)
@needs(Permission.INCIDENT_READ, budget=EXPORTS)
async def export_incidents(
    unit: Uses,
    request: Request,
    state: States = None,
    severity: Severities = None,
    q: Q = "",
    workload: Workload = "",
    mine: Mine = False,
) -> Response:
    """Download the list of incidents as CSV, at most 20,000 of them."""
    wanted = chosen(unit, state, severity, q, workload, mine)
    text, after, written = io.StringIO(), None, 0
    lines = csv.writer(text)
    lines.writerow((*_COLUMNS, RESPONSE_MANAGER))
    while written < MOST:
        rows = await lists.listing(unit.conn, wanted, _AT_ONCE, after)
        for out in await shown(unit.conn, request, rows):
            lines.writerow(_line(out))
        written += len(rows)
        if len(rows) < _AT_ONCE:
            break
        after = (rows[-1].opened_at, rows[-1].id)
    headers = {"content-disposition": 'attachment; filename="incidents.csv"'}
    return Response(text.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _line(incident: IncidentOut) -> list[str]:
    manager = next((role.person for role in incident.roles if role.role == RESPONSE_MANAGER), "")
    return [_cell(getattr(incident, name)) for name in _COLUMNS] + [_cell(manager)]


def _cell(value: datetime | UUID | str | int | None) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    text = "" if value is None else str(value)
    # A title that begins like a formula must not become one in the reader's spreadsheet.
    return f"'{text}" if text.startswith(_FORMULA) else text
