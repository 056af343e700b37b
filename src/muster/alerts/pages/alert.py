"""One alert in the browser: what to do next, what became of it, the raw signal, and whether it was real."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated
from uuid import UUID

from fastapi import Form, Request, Response

from muster.alerts.actions import verdicts
from muster.alerts.alert import Alert, Verdict
from muster.alerts.api.parts import names_of
from muster.alerts.api.shapes import TransitionOut
from muster.alerts.api.signals import SignalOut, signal_out
from muster.alerts.masked import masked_alert
from muster.alerts.matchers import Matcher
from muster.alerts.next_step import NextStep, next_step_of
from muster.alerts.pages.parts import settings_url, standing
from muster.alerts.store import alerts as store
from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Field, address, see_other
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template

router = page_router()
VERDICTS: Mapping[str, Verdict | None] = {"real": "real", "false": "false", "none": None}
WORDS = {
    "opened": "Began",
    "held": "Began, held back",
    "muted": "Held back",
    "released": "Let go",
    "acknowledged": "Taken",
    "updated": "Changed",
    "resolved": "Over",
}


@template("alerts/show.html")
@dataclass(frozen=True, slots=True)
class AlertPage:
    """One alert, its `labels` (name, value, address of the alerts with the same), and its `past`, newest first."""

    alert: Alert
    state: str
    tone: str
    advice: NextStep
    integration: str
    integration_url: str
    labels: Sequence[tuple[str, str, str]]
    past: Sequence[TransitionOut]
    silence: str
    topics: Sequence[str]
    words: Mapping[str, str]


@template("alerts/signal.html")
@dataclass(frozen=True, slots=True)
class SignalPage:
    """A signal as this reader may see it; `text` is its body, indented where it is JSON."""

    signal: SignalOut
    integration_url: str
    text: str


@router.get("/alerts/{id}")
@needs(Permission.ALERT_READ)
async def alert_page(unit: Uses, request: Request, id: UUID) -> Response:
    """Show an alert."""
    stored = await verdicts.existing(unit, id)
    alert = masked_alert(stored)
    state, tone = standing(alert)
    name = (await names_of(unit)).get(alert.integration_id, "")
    page = AlertPage(
        alert=alert,
        state=state,
        tone=tone,
        advice=next_step_of(alert),
        integration=name,
        integration_url=settings_url(name),
        labels=[(label, value, _alike(label, value, stored)) for label, value in sorted(alert.labels.items()) if value],
        past=[TransitionOut(**row) for row in await store.transitions(unit.conn, id)],
        silence=address("/silences/new", {"alert": str(alert.id)}),
        topics=[f"alert:{alert.id}", "alerts"],
        words=WORDS,
    )
    return render(request, page)


@router.post("/alerts/{id}/verdict")
@needs(Permission.ALERT_JUDGE)
async def do_judge(
    unit: Uses, id: UUID, verdict: Annotated[str, Form(pattern="^(real|false|none)$")], reason: Field = ""
) -> Response:
    """Say whether an alert was real."""
    await verdicts.judge(unit, id, VERDICTS[verdict], reason.strip()[:2000])
    return see_other(f"/alerts/{id}")


@router.get("/signals/{id}")
@needs(Permission.ALERT_READ)
async def signal_page(unit: Uses, request: Request, id: UUID) -> Response:
    """Show a signal as it was received."""
    signal = await signal_out(unit, id)
    text = _indented(signal.body) if signal.encoding == "text" else signal.body
    return render(request, SignalPage(signal, settings_url(signal.integration), text))


def _alike(label: str, value: str, stored: Alert) -> str:
    """Where the alerts with the same label stand; a value that is hidden is not in the address either."""
    same = {"filter": Matcher(label, value).text()} if stored.labels[label] == value else {}
    return address("/alerts", {"view": "All", **same})


def _indented(text: str) -> str:
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except (ValueError, RecursionError):
        return text
