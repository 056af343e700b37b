"""Who was paged, when, how, and why (not); and paging the next ones by hand (R67-R71)."""

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
from muster.paging.history import PageHistory, StepTaken
from muster.paging.store import history
from muster.plan.steps import FrozenStep

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
    drill: bool
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
    runs = await history.of_incident(unit.conn, incident.id, rehearsal=unit.hands.resting, attempts=True)
    return [_page(run) for run in runs]


def _page(run: PageHistory) -> PageOut:
    page = run.page
    own = ("id", "policy", "purpose", "drill", "why", "state", "started_at", "next_at", "ended_at", "ended_reason")
    values: dict[str, Any] = {name: getattr(page, name) for name in own}
    return PageOut(
        **values,
        steps_in_all=len(page.steps),
        frozen=[_planned(step) for step in page.steps],
        steps=[_step(step) for step in run.steps],
        deliveries=[DeliveryOut.of(delivery, run.attempts.get(delivery.id, ())) for delivery in run.deliveries],
    )


def _planned(step: FrozenStep) -> PlannedOut:
    return PlannedOut(
        targets=[str(target) for target in step.targets],
        wait_seconds=step.wait.total_seconds(),
        policy=step.policy,
        conditions=[rule.text for rule in step.conditions],
        mode=step.mode,
    )


def _step(step: StepTaken) -> StepOut:
    targets = [
        TargetOut(
            target=str(meant.target),
            people=list(meant.people),
            reason=meant.reason,
            unreached=list(meant.sentences),
            waiting=list(meant.waiting),
            shadows=list(meant.shadows),
        )
        for meant in step.targets
    ]
    return StepOut(number=step.number, at=step.at, why=step.why, skipped=step.skipped, targets=targets)
