"""Who was paged, when, how, and why (not); and paging the next ones by hand (R67-R71)."""

from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.guard import existing
from muster.incidents.api.parts import Ref
from muster.paging.api.deliveries import DeliveryOut
from muster.paging.delivery import resting
from muster.paging.page import Page
from muster.paging.store import deliveries, pages

router = api_router("/incidents", "incidents")


class TargetOut(BaseModel):
    """What a target came to: the people, or in `reason` and `unreached` why nobody."""

    target: str
    people: list[str]
    reason: str
    unreached: list[str]
    waiting: list[str] = []
    shadows: list[str] = []


class StepOut(BaseModel):
    """A step that was taken."""

    number: int
    at: datetime
    why: str
    skipped: str
    targets: list[TargetOut]


class PlannedOut(BaseModel):
    """A step as it was frozen when the page began; `wait_seconds` pass before the next."""

    targets: list[str]
    wait_seconds: float
    policy: str
    conditions: list[str]
    mode: str


class PageOut(BaseModel):
    """One run through an escalation policy: its frozen steps, those that were taken, and every message."""

    id: UUID
    policy: str
    purpose: str
    why: str
    state: str
    started_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    ended_reason: str
    steps_in_all: int
    frozen: list[PlannedOut]
    steps: list[StepOut]
    deliveries: list[DeliveryOut]


@router.get("/{ref}/pages")
@needs(Permission.PAGE_READ)
async def show_pages(unit: Uses, ref: Ref) -> list[PageOut]:
    """Show who was paged, when, how, and why or why not."""
    incident = await existing(unit.conn, ref)
    runs = await pages.of_incident(unit.conn, incident.id)
    sent = [resting(delivery, unit.hands.resting) for delivery in await deliveries.of_incident(unit.conn, incident.id)]
    steps: defaultdict[UUID, list[StepOut]] = defaultdict(list)
    for row in await pages.steps_of(unit.conn, [run.id for run in runs]):
        step = {name: row[name] for name in StepOut.model_fields}
        steps[row["page_id"]].append(StepOut.model_validate(step))
    attempts: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in await deliveries.attempts_of(unit.conn, [delivery.id for delivery in sent]):
        attempts[row["delivery_id"]].append(row)
    return [
        _page(
            run,
            steps[run.id],
            [DeliveryOut.of(delivery, attempts[delivery.id]) for delivery in sent if delivery.page_id == run.id],
        )
        for run in runs
    ]


def _page(run: Page, steps: list[StepOut], sent: list[DeliveryOut]) -> PageOut:
    own = ("id", "policy", "purpose", "why", "state", "started_at", "next_at", "ended_at", "ended_reason")
    frozen = [
        PlannedOut(
            targets=[str(each) for each in step.targets],
            wait_seconds=step.wait.total_seconds(),
            policy=step.policy,
            conditions=[rule.text for rule in step.conditions],
            mode=step.mode,
        )
        for step in run.steps
    ]
    values: dict[str, Any] = {name: getattr(run, name) for name in own}
    return PageOut(**values, steps_in_all=len(run.steps), frozen=frozen, steps=steps, deliveries=sent)
