"""What the plan asks of an incident now, its checklist, and closing it: the same gate as in the pages."""

from datetime import datetime
from typing import Annotated, Any

from fastapi import Path
from pydantic import BaseModel, Field

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.facts import facts_of, situation_by_ref
from muster.incidents.actions.guard import existing, look
from muster.incidents.api.parts import Body, Ref
from muster.incidents.decision import Allowance, Obligation, ObligationState
from muster.response.actions.attest import attest, withdraw
from muster.response.closure import CheckState, Gate, gate

router = api_router("/incidents", "incidents")

CheckName = Annotated[str, Path(max_length=64, description="The item's name, such as users_recovered.")]


class NoteIn(Body):
    """A word on it."""

    note: Annotated[str, Field(max_length=2000)] = ""


class ActionOut(BaseModel):
    """How an obligation is met: POST to `verb` below the incident (`edit` is a PATCH of it) with at least these fields."""

    verb: str
    label: str
    fields: dict[str, str]


class ObligationOut(BaseModel):
    """One thing that the plan requires of the incident."""

    id: str
    title: str
    who: str
    mine: bool
    state: ObligationState
    why: str
    due: datetime | None
    started: datetime | None
    blocked_by: list[str]
    met_by: str
    met_at: datetime | None
    action: ActionOut | None

    @classmethod
    def of(cls, each: Obligation) -> "ObligationOut":
        """From the domain value."""
        values: dict[str, Any] = {name: getattr(each, name) for name in cls.model_fields if name != "action"}
        values["blocked_by"] = list(each.blocked_by)
        act = each.action
        return cls(**values, action=ActionOut(verb=act.verb, label=act.label, fields=dict(act.fields)) if act else None)


class AllowanceOut(BaseModel):
    """Whether you may do something now, and why not."""

    verb: str
    allowed: bool
    reasons: list[str]

    @classmethod
    def of(cls, each: Allowance) -> "AllowanceOut":
        """From the domain value."""
        return cls(verb=each.verb, allowed=each.allowed, reasons=list(each.reasons))


class CheckOut(BaseModel):
    """One item of the closure checklist."""

    key: str
    kind: str
    name: str
    title: str
    state: CheckState
    reason: str
    place: str
    who: str
    mine: bool
    by: str
    at: datetime | None


class GateOut(BaseModel):
    """Whether you may close the incident now; `reasons` is everything in the way."""

    open: bool
    reasons: list[str]
    checks: list[CheckOut]

    @classmethod
    def of(cls, closing: Gate) -> "GateOut":
        """From the domain value."""
        checks = [
            CheckOut(**{name: getattr(check, name) for name in CheckOut.model_fields}) for check in closing.checks
        ]
        return cls(open=closing.open, reasons=list(closing.reasons), checks=checks)


class DecisionOut(BaseModel):
    """What the plan requires now, what you may do, and what stands between the incident and its close."""

    obligations: list[ObligationOut]
    permissions: list[AllowanceOut]
    gate: GateOut


@router.get("/{ref}/obligations")
@needs(Permission.INCIDENT_READ)
async def show_obligations(unit: Uses, ref: Ref) -> DecisionOut:
    """Show what the plan asks for next, who may do it, by when, and what blocks it."""
    situation = await situation_by_ref(unit, ref)
    decision = situation.decision
    return DecisionOut(
        obligations=[ObligationOut.of(obligation) for obligation in decision.obligations],
        permissions=[AllowanceOut.of(permission) for permission in decision.permissions],
        gate=GateOut.of(gate(situation.held.version.plan, situation.facts, unit.now)),
    )


@router.get("/{ref}/checks")
@needs(Permission.INCIDENT_READ)
async def show_checks(unit: Uses, ref: Ref) -> GateOut:
    """Show the closure checklist and what is in the way."""
    return await _gate(unit, ref)


@router.post("/{ref}/checks/{name}")
@needs(Permission.INCIDENT_CHECK)
async def attest_check(unit: Uses, ref: Ref, name: CheckName, body: NoteIn | None = None) -> GateOut:
    """Attest an item of the closure checklist."""
    await attest(unit, ref, name, body.note if body else "")
    return await _gate(unit, ref)


@router.post("/{ref}/checks/{name}/withdraw")
@needs(Permission.INCIDENT_CHECK)
async def withdraw_check(unit: Uses, ref: Ref, name: CheckName, body: NoteIn | None = None) -> GateOut:
    """Take an attestation back."""
    await withdraw(unit, ref, name, body.note if body else "")
    return await _gate(unit, ref)


async def _gate(unit: Unit, ref: str) -> GateOut:
    held = await look(unit, await existing(unit.conn, ref))
    return GateOut.of(gate(held.version.plan, await facts_of(unit, held), unit.now))
