"""One alert in the browser: what to do next, what became of it, the raw signal, and whether it was real."""

import json
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response

from muster.alerts.actions import verdicts
from muster.alerts.alert import Alert
from muster.alerts.api.parts import names_of
from muster.alerts.masked import inspects, masked_alert, masked_headers, readable_body
from muster.alerts.matchers import Matcher
from muster.alerts.next_step import next_step_of
from muster.alerts.pages.parts import settings_url, standing
from muster.alerts.store import alerts as store
from muster.alerts.store import signals
from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, address, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.kit.errors import Missing
from muster.kit.masking import mask_text, mask_value

router = page_router()
Said = Annotated[str, Form(pattern="^(real|false|none)$")]
WORDS = {
    "opened": "Began",
    "held": "Began, held back",
    "muted": "Held back",
    "released": "Let go",
    "acknowledged": "Taken",
    "updated": "Changed",
    "resolved": "Over",
}


@router.get("/alerts/{id}")
@needs(Permission.ALERT_READ)
async def alert_page(unit: Uses, request: Request, id: UUID) -> Response:
    """Show an alert."""
    stored = await verdicts.existing(unit, id)
    alert = masked_alert(stored)
    rows = await store.transitions(unit.conn, id)
    state, tone = standing(alert)
    name = (await names_of(unit)).get(alert.integration_id, "")
    labels = [(label, value, _alike(label, value, stored)) for label, value in sorted(alert.labels.items()) if value]
    return render(
        request,
        "alerts/show.html",
        alert=alert,
        state=state,
        tone=tone,
        advice=next_step_of(alert),
        integration=name,
        integration_url=settings_url(name),
        labels=labels,
        past=[{**dict(row), "word": WORDS.get(row["status"], row["status"].capitalize())} for row in rows],
        silence=address("/silences/new", {"alert": str(alert.id)}),
        topics=[f"alert:{alert.id}", "alerts"],
    )


@router.post("/alerts/{id}/verdict")
@needs(Permission.ALERT_JUDGE)
async def do_judge(unit: Uses, id: UUID, verdict: Said, reason: Field = "") -> Response:
    """Say whether an alert was real."""
    said = None if verdict == "none" else ("real" if verdict == "real" else "false")
    await verdicts.judge(unit, id, said, reason.strip()[:2000])  # type: ignore[arg-type]
    return see_other(f"/alerts/{id}")


@router.get("/signals/{id}")
@needs(Permission.ALERT_READ)
async def signal_page(unit: Uses, request: Request, id: UUID) -> Response:
    """Show a signal as it was received."""
    signal = await signals.by_id(unit.conn, id)
    if signal is None:
        raise Missing(
            "There is no such signal.", "Raw signals are kept for a time: MUSTER_KEEP_SIGNALS says how many days."
        )
    name = (await names_of(unit)).get(signal.integration_id, "")
    text, encoding = readable_body(signal.body, unit.principal)
    shown = replace(
        signal, path=mask_text(signal.path), headers=masked_headers(signal.headers), faults=mask_value(signal.faults)
    )
    return render(
        request,
        "alerts/signal.html",
        signal=shown,
        inspected=inspects(unit.principal),
        integration=name,
        integration_url=settings_url(name),
        text=_indented(text) if encoding == "text" else text,
        encoding=encoding,
    )


def _alike(label: str, value: str, stored: Alert) -> str:
    """Where the alerts with the same label stand; a value that is hidden is not in the address either."""
    same = {"filter": Matcher(label, value).text()} if stored.labels[label] == value else {}
    return address("/alerts", {"view": "All", **same})


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
