"""Who was paged, when, how, and why or why not: every run through a policy, step by step, from recorded reasons (R71)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.incidents.actions.explain import explain
from muster.incidents.actions.guard import existing
from muster.incidents.explaining import Explanation
from muster.incidents.pages.rows import IncidentHead, Ref, head_of
from muster.paging.delivery import Delivery
from muster.paging.history import Attempt, PageHistory, StepTaken
from muster.paging.page import Page, PageState, Purpose
from muster.paging.shown import Shown, shown
from muster.paging.store import history
from muster.people import store as people
from muster.people.contact import masked
from muster.plan import store as plans
from muster.plan.model.plan import Plan
from muster.plan.steps import FrozenStep
from muster.plan.words import rule_words, target_words

TITLES = {
    Purpose.HAND_OVER: "Asked to take over",
    Purpose.RESPONDERS: "Asked to respond",
    Purpose.HELP: "Called for help",
}
STATES = {PageState.RUNNING: "waiting", PageState.STOPPED: "done", PageState.EXHAUSTED: "failed"}
router = page_router("/incidents/{ref}")


@dataclass(frozen=True, slots=True)
class TargetView:
    """A target of a step: whom it reached, why these and why not others, and whose turn it was not."""

    people: Sequence[str]
    reasons: str
    waiting: Sequence[str]


@dataclass(frozen=True, slots=True)
class DeliveryView:
    """A message: to whom, where, how it stands, and what became of it."""

    id: UUID
    person: str
    me: bool
    channel: str
    route: str
    address: str
    shown: Shown
    instead: bool
    bundled: bool
    reason: str
    attempts: Sequence[Attempt]


@dataclass(frozen=True, slots=True)
class StepView:
    """A step that was taken or skipped."""

    number: int
    at: datetime
    why: str
    skipped: str
    targets: Sequence[TargetView]
    deliveries: Sequence[DeliveryView]


@dataclass(frozen=True, slots=True)
class StepAhead:
    """A step that would still be taken; `at` is known of the next one."""

    number: int
    targets: Sequence[str]
    at: datetime | None
    wait: timedelta
    conditions: Sequence[str]
    turn: bool


@dataclass(frozen=True, slots=True)
class RunView:
    """One run through a policy."""

    page: Page
    title: str
    state: str
    running: bool
    taken: Sequence[StepView]
    ahead: Sequence[StepAhead]


@template("incidents/page_history.html")
@dataclass(frozen=True, slots=True)
class PageHistoryView:
    """The pages of an incident, the newest first, by which plan, and the answer to why, or why not."""

    incident: IncidentHead
    runs: Sequence[RunView]
    plan_label: str
    plan_url: str
    explanation: Explanation
    person: str
    people: Sequence[tuple[str, str]]
    topics: Sequence[str]


@router.get("/pages")
@needs(Permission.PAGE_READ)
async def pages_page(unit: Uses, request: Request, ref: Ref, person: Asked = "") -> Response:
    """Explain the pages of an incident; with a `person` why they were paged, or were not."""
    incident = await existing(unit.conn, ref)
    runs = await history.of_incident(unit.conn, incident.id, rehearsal=unit.hands.resting, attempts=True)
    explanation = await explain(unit, incident.id, person, zone=request.state.view.zone, runs=runs)
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    sent = {delivery.person_id for run in runs for delivery in run.deliveries}
    names = {
        person.name: person.full_name or person.name
        for person in (await people.persons_by_id(unit.conn, sent)).values()
    }
    everybody = await people.persons(unit.conn)
    view = PageHistoryView(
        incident=head_of(incident),
        runs=[_run(run, version.plan, names, unit.principal.person_id) for run in reversed(runs)],
        plan_label=version.label,
        plan_url=f"/plan/versions/{version.number}?plan={version.name}",
        explanation=explanation,
        person=person,
        people=[("", "Somebody …"), *((person.name, person.full_name or person.name) for person in everybody)],
        topics=[incident.stream],
    )
    return render(request, view)


def _run(run: PageHistory, plan: Plan, names: Mapping[str, str], viewer: UUID | None) -> RunView:
    page = run.page
    return RunView(
        page=page,
        title=TITLES.get(page.purpose, f"Policy {page.policy}"),
        state=STATES[page.state],
        running=page.state is PageState.RUNNING,
        taken=[_taken(run, step, names, viewer) for step in run.steps],
        ahead=[_ahead(page, plan, number, step) for number, step in enumerate(page.steps, 1) if number > page.step],
    )


def _taken(run: PageHistory, step: StepTaken, names: Mapping[str, str], viewer: UUID | None) -> StepView:
    targets = [
        TargetView(
            [names.get(name, name) for name in meant.people], " ".join([meant.reason, *meant.sentences]), meant.waiting
        )
        for meant in step.targets
    ]
    deliveries = [
        _delivery(delivery, run.attempts.get(delivery.id, ()), names, viewer)
        for delivery in run.deliveries
        if delivery.step == step.number
    ]
    return StepView(step.number, step.at, step.why, step.skipped, targets, deliveries)


def _ahead(page: Page, plan: Plan, number: int, step: FrozenStep) -> StepAhead:
    return StepAhead(
        number=number,
        targets=[target_words(plan, target) for target in step.targets],
        at=page.next_at if number == page.step + 1 else None,
        wait=step.wait,
        conditions=[rule_words(rule) for rule in step.conditions],
        turn=step.mode == "round_robin",
    )


def _delivery(
    delivery: Delivery, attempts: Sequence[Attempt], names: Mapping[str, str], viewer: UUID | None
) -> DeliveryView:
    return DeliveryView(
        id=delivery.id,
        person=names.get(delivery.person, delivery.person),
        me=delivery.person_id == viewer,
        channel=delivery.channel,
        route=delivery.route,
        address=masked(delivery.channel, delivery.address),
        shown=shown(delivery),
        # Until it was tried, its reason says in whose place it goes.
        instead=delivery.failover_of is not None and bool(delivery.attempts or delivery.bundle_id or delivery.hold),
        bundled=delivery.bundle_id is not None,
        reason=delivery.reason or "It is on its way.",
        attempts=attempts,
    )
