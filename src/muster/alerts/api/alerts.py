"""Alerts as JSON and CSV: lists by filter, one with its past, whether it was real, and which rules disturb for nothing."""

import csv
import io
from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Depends, Query, Response
from pydantic import BaseModel, Field

from muster.alerts.actions import noise, verdicts
from muster.alerts.alert import Verdict
from muster.alerts.api.parts import AlertQuery, names_of
from muster.alerts.api.shapes import AlertDetail, AlertOut, Body, FromDomain, TransitionOut
from muster.alerts.listing import AlertFilter
from muster.alerts.store import alerts as store
from muster.alerts.store import lists
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
Asked = Annotated[AlertQuery, Depends()]
router = api_router("/alerts", "alerts")
noise_router = api_router("/noise", "alerts")


class VerdictIn(Body):
    """Was it real? `null` takes back what was said."""

    verdict: Verdict | None
    reason: str = Field(default="", max_length=2000)


@router.get("")
@needs(Permission.ALERT_READ)
async def list_alerts(unit: Uses, asked: Asked, after: After = None, limit: Limit = 50) -> Page[AlertOut]:
    """List alerts, newest change first.

    A page may be short though there are more: go on with `next` until it is absent.
    """
    cursor = decode(after, datetime, UUID)
    start = (cursor[0], cursor[1]) if cursor else None
    alerts, following = await lists.newest(unit.conn, await asked.filter(unit), limit, start)
    names = await names_of(unit)
    return Page(items=[AlertOut.of(alert, names) for alert in alerts], next=encode(*following) if following else None)


@router.get(".csv", response_class=Response, responses={200: {"content": {"text/csv": {}}}})
@needs(Permission.ALERT_READ, budget=EXPORTS)
async def export_alerts(unit: Uses, asked: Asked) -> Response:
    """Export the newest ten thousand alerts that fit, as CSV."""
    return await csv_answer(unit, await asked.filter(unit))


@router.get("/{id}")
@needs(Permission.ALERT_READ)
async def show_alert(unit: Uses, id: UUID) -> AlertDetail:
    """Show an alert with what became of it."""
    alert = await verdicts.existing(unit, id)
    transitions = [TransitionOut(**row) for row in await store.transitions(unit.conn, id)]
    return AlertDetail.of(alert, await names_of(unit), transitions=transitions)


@router.post("/{id}/verdict")
@needs(Permission.ALERT_JUDGE)
async def judge_alert(unit: Uses, id: UUID, body: VerdictIn) -> AlertOut:
    """Say whether an alert was real; the rule's fidelity is counted from it."""
    alert = await verdicts.judge(unit, id, body.verdict, body.reason)
    return AlertOut.of(alert, await names_of(unit))


class RuleOut(FromDomain):
    """A rule's past; `fidelity` is the share of judged beginnings that were real, `median_seconds` how long it lasts."""

    rule: str
    integration: str
    episodes: int
    paged: int
    real: int
    false: int
    fidelity: float | None
    noise: float
    median_seconds: float | None
    remarks: list[str]


class NoiseOut(BaseModel):
    """The rules, noisiest first, and all together; `false_rate` is the share of judged beginnings that were false."""

    days: int
    episodes: int
    paged: int
    judged: int
    false: int
    false_rate: float | None
    rules: list[RuleOut]


@noise_router.get("")
@needs(Permission.ALERT_READ)
async def show_noise(unit: Uses, days: Annotated[int, Query(ge=1, le=365)] = 30) -> NoiseOut:
    """Rank the rules of the last days by how much they disturb for nothing."""
    rules, totals = await noise.ranked_rules(unit, days)
    return NoiseOut(
        days=days,
        episodes=totals.episodes,
        paged=totals.paged,
        judged=totals.judged,
        false=totals.false,
        false_rate=totals.false_rate,
        rules=[RuleOut.model_validate(rule) for rule in rules],
    )


async def csv_answer(unit: Unit, chosen: AlertFilter) -> Response:
    """The answer with the alerts of a filter as CSV; a cell that a spreadsheet would calculate is quoted."""
    names = await names_of(unit)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([*_COLUMNS, "labels"])
    after: lists.Cursor | None = None
    written = 0
    while written < MOST_CSV:
        alerts, after = await lists.newest(unit.conn, chosen, 1000, after)
        for alert in alerts:
            shown = AlertOut.of(alert, names)
            labels = ",".join(f"{name}={value}" for name, value in sorted(shown.labels.items()))
            writer.writerow([_cell(getattr(shown, name)) for name in _COLUMNS] + [_cell(labels)])
        written += len(alerts)
        if after is None:
            break
    headers = {"content-disposition": 'attachment; filename="muster-alerts.csv"'}
    return Response(out.getvalue(), media_type="text/csv", headers=headers)


def _cell(value: object) -> str:
    text = "" if value is None else str(value.isoformat() if isinstance(value, datetime) else value)
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text
