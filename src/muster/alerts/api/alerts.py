"""Alerts as JSON and CSV: lists by filter, one with its past, its raw signals, and whether it was real."""

import csv
import io
from datetime import datetime
from uuid import UUID

from fastapi import Response
from pydantic import Field

from muster.alerts.actions import verdicts
from muster.alerts.api.parts import Body, Matchers, Text, filter_of
from muster.alerts.api.shapes import AlertDetail, AlertOut, TransitionOut, fields_of, links_of
from muster.alerts.listing import AlertFilter
from muster.alerts.masked import masked_alert
from muster.alerts.store import alerts as store
from muster.alerts.store import integrations, lists
from muster.alerts.verdict import Verdict
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.budget import EXPORTS
from muster.base.web.cursor import After, Limit, Page, decode, encode
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs

MOST_CSV = 10_000
_COLUMNS = (
    "id", "integration", "status", "title", "severity_hint", "hold", "hold_reason", "starts_at", "last_seen_at",
    "changed_at", "resolved_at", "episode", "signal_count", "verdict", "next_step",
)  # fmt: skip
router = api_router("/alerts", "alerts")


class VerdictIn(Body):
    """Was it real? `null` takes back what was said."""

    verdict: Verdict | None
    reason: str = Field(default="", max_length=2000)


@router.get("")
@needs(Permission.ALERT_READ)
async def list_alerts(
    unit: Uses,
    status: Text = "active",
    held: Text = "",
    integration: Text = "",
    severity: Text = "",
    matchers: Matchers = None,
    q: Text = "",
    after: After = None,
    limit: Limit = 50,
) -> Page[AlertOut]:
    """List alerts, newest change first.

    A page may be short though there are more: go on with `next` until it is absent.
    """
    chosen = await filter_of(unit, status, held, integration, severity, matchers, q)
    cursor = decode(after, datetime, UUID)
    found, following = await lists.newest(unit.conn, chosen, limit, (cursor[0], cursor[1]) if cursor else None)
    names = await names_of(unit)
    return Page(
        items=[AlertOut.of(alert, names) for alert in found], next=encode(*following) if following else None
    )  # fmt: skip


@router.get(".csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
@needs(Permission.ALERT_READ, budget=EXPORTS)
async def export_alerts(
    unit: Uses,
    status: Text = "active",
    held: Text = "",
    integration: Text = "",
    severity: Text = "",
    matchers: Matchers = None,
    q: Text = "",
) -> Response:
    """Export the newest ten thousand alerts that fit, as CSV."""
    chosen = await filter_of(unit, status, held, integration, severity, matchers, q)
    return await csv_answer(unit, chosen)


@router.get("/{id}")
@needs(Permission.ALERT_READ)
async def show_alert(unit: Uses, id: UUID) -> AlertDetail:
    """Show an alert with what became of it."""
    alert = masked_alert(await verdicts.existing(unit, id))
    rows = await store.transitions(unit.conn, id)
    names = await names_of(unit)
    return AlertDetail(
        **fields_of(AlertOut, alert),
        integration=names.get(alert.integration_id, ""),
        links=links_of(alert),
        transitions=[TransitionOut(**dict(row)) for row in rows],
    )


@router.post("/{id}/verdict")
@needs(Permission.ALERT_JUDGE)
async def judge_alert(unit: Uses, id: UUID, body: VerdictIn) -> AlertOut:
    """Say whether an alert was real; the rule's fidelity is counted from it."""
    alert = await verdicts.judge(unit, id, body.verdict, body.reason)
    return AlertOut.of(alert, await names_of(unit))


async def csv_answer(unit: Unit, chosen: AlertFilter) -> Response:
    """The answer with the alerts of a filter as CSV; a cell that a spreadsheet would calculate is quoted."""
    names = await names_of(unit)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, "labels"])
    after: lists.Cursor | None = None
    written = 0
    while written < MOST_CSV:
        found, after = await lists.newest(unit.conn, chosen, 1000, after)
        for alert in found:
            shown = AlertOut.of(alert, names)
            labels = ",".join(f"{name}={value}" for name, value in sorted(shown.labels.items()))
            writer.writerow([_cell(getattr(shown, name)) for name in _COLUMNS] + [_cell(labels)])
        written += len(found)
        if after is None:
            break
    headers = {"content-disposition": 'attachment; filename="muster-alerts.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


async def names_of(unit: Unit) -> dict[UUID, str]:
    """The integrations' names."""
    return {row.id: row.name for row in await integrations.every(unit.conn)}


def _cell(value: object) -> str:
    text = "" if value is None else str(value.isoformat() if isinstance(value, datetime) else value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
