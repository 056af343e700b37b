"""What a payload would become, as JSON: nothing is kept and nobody is paged."""

from typing import Any

from fastapi import Request
from pydantic import BaseModel, Field

from muster.alerts.actions.integrations import existing
from muster.alerts.actions.payload_trial import try_payload
from muster.alerts.api.parts import Body, FaultOut, forms_of, parser_of
from muster.alerts.port import Request as SignalRequest
from muster.alerts.signal import Signal
from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.errors import Fault

router = api_router("/integrations", "integrations")


class TryIn(Body):
    """A payload, as a source would post it. Without `options` it is read with those of the integration."""

    body: str = Field(max_length=256_000)
    path: str = Field(default="/", max_length=500, pattern="^/")
    content_type: str = Field(default="application/json", max_length=200)
    options: dict[str, Any] | None = None


class WouldBeOut(BaseModel):
    """An alert that it would become. `guess` is set where its recovery is not certain: then it ends only what is open."""

    key: str
    status: str
    title: str
    severity: str
    guess: str
    description: str
    labels: dict[str, str]
    next_step: str


class FieldOut(BaseModel):
    """A field of the payload, with the path by which a mapping names it."""

    path: str
    text: str


class TriedOut(BaseModel):
    """What the payload would become. `faults` say why it would be refused, or what is wrong with the options."""

    alerts: list[WouldBeOut]
    changes: int
    warnings: list[FaultOut]
    faults: list[FaultOut]
    fields: list[FieldOut]


@router.post("/{name}:try")
@needs(Permission.SIGNAL_SEND)
async def try_signal(unit: Uses, request: Request, name: str, body: TryIn) -> TriedOut:
    """Show what a payload would become, with other options where they are given; nothing is kept."""
    integration = await existing(unit, name)
    headers = {"content-type": body.content_type}
    sent = SignalRequest(body.path, "POST", headers, {}, body.body.encode("utf-8", "replace"), unit.now)
    tried = try_payload(unit, integration, sent, parser_of(request), forms_of(request), body.options)
    return TriedOut(
        alerts=[_would_be(signal) for signal in tried.signals],
        changes=tried.changes,
        warnings=[_fault(fault) for fault in tried.warnings],
        faults=[_fault(fault) for fault in tried.faults],
        fields=[FieldOut(path=leaf.path, text=leaf.text) for leaf in tried.fields],
    )


def _would_be(signal: Signal) -> WouldBeOut:
    plain = ("key", "status", "title", "guess", "description", "labels", "next_step")
    return WouldBeOut(**{name: getattr(signal, name) for name in plain}, severity=signal.severity_hint)


def _fault(fault: Fault) -> FaultOut:
    return FaultOut(field=fault.field, rule=fault.rule, fix=fault.fix)
