"""Who was paged, when, how, and why or why not: every run through a policy, step by step, from recorded reasons (R71)."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.incidents.actions.explain import explain
from muster.incidents.actions.guard import existing
from muster.paging.delivery import Delivery
from muster.paging.history import Attempt, PageHistory, StepTaken
from muster.paging.page import Page, PageState, Purpose
from muster.paging.store import history
from muster.people import store as people
from muster.people.contact import masked
from muster.plan import store as plans
from muster.plan.model.plan import Plan
from muster.plan.steps import FrozenStep
from muster.plan.words import rule_words, target_words
from muster.response.pages.around import shown_of
from muster.response.pages.rows import url_of
from muster.response.pages.show import Ref

TITLES = {
    Purpose.HAND_OVER: "Asked to take over",
    Purpose.RESPONDERS: "Asked to respond",
    Purpose.HELP: "Called for help",
}
router = page_router("/incidents/{ref}")


@router.get("/pages")
@needs(Permission.PAGE_READ)
async def pages_page(unit: Uses, request: Request, ref: Ref, person: Asked = "") -> Response:
    """Explain the pages of an incident; with a `person` why they were paged, or were not."""
    incident = await existing(unit.conn, ref)
    runs = await history.of_incident(unit.conn, incident.id, rehearsal=unit.hands.resting, attempts=True)
    told = await explain(unit, incident.id, person, zone=request.state.view.zone, runs=runs)
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    sent = {delivery.person_id for run in runs for delivery in run.deliveries}
    persons = (await people.persons_by_id(unit.conn, sent)).values()
    names = {person.name: person.full_name or person.name for person in persons}
    mine = unit.principal.person_id
    return render(
        request,
        "response/pages.html",
        incident={"ref": incident.ref, "title": incident.title, "url": url_of(incident)},
        runs=[_run(run, version.plan, names, mine) for run in reversed(runs)],
        plan={"label": version.label, "number": version.number, "name": version.name},
        told=told,
        person=person,
        people=[
            ("", "Somebody …"),
            *((each.name, each.full_name or each.name) for each in await people.persons(unit.conn)),
        ],
        topics=[incident.stream],
    )


def _run(run: PageHistory, plan: Plan, names: Mapping[str, str], mine: UUID | None) -> dict[str, Any]:
    page = run.page
    return {
        "id": page.id,
        "policy": page.policy,
        "title": TITLES.get(page.purpose, f"Policy {page.policy}"),
        "why": page.why,
        "state": {PageState.RUNNING: "waiting", PageState.STOPPED: "done"}.get(page.state, "failed"),
        "running": page.state is PageState.RUNNING,
        "started_at": page.started_at,
        "next_at": page.next_at,
        "ended_at": page.ended_at,
        "ended_reason": page.ended_reason,
        "taken": [_taken(run, step, names, mine) for step in run.steps],
        "ahead": [
            _ahead(page, plan, number, step) for number, step in enumerate(page.steps, start=1) if number > page.step
        ],
    }


def _taken(run: PageHistory, step: StepTaken, names: Mapping[str, str], mine: UUID | None) -> dict[str, Any]:
    return {
        "number": step.number,
        "at": step.at,
        "why": step.why,
        "skipped": step.skipped,
        "targets": [
            {
                "people": [names.get(name, name) for name in meant.people],
                "sentences": [meant.reason, *meant.sentences],
                "waiting": meant.waiting,
            }
            for meant in step.targets
        ],
        "deliveries": [
            _delivery(delivery, run.attempts.get(delivery.id, ()), names, mine)
            for delivery in run.deliveries
            if delivery.step == step.number
        ],
    }


def _ahead(page: Page, plan: Plan, number: int, step: FrozenStep) -> dict[str, Any]:
    return {
        "number": number,
        "targets": [target_words(plan, target) for target in step.targets],
        "at": page.next_at if number == page.step + 1 else None,
        "wait": step.wait,
        "conditions": [rule_words(rule) for rule in step.conditions],
        "turn": step.mode == "round_robin",
    }


def _delivery(
    delivery: Delivery, attempts: Sequence[Attempt], names: Mapping[str, str], mine: UUID | None
) -> dict[str, Any]:
    return {
        "id": delivery.id,
        "person": names.get(delivery.person, delivery.person),
        "me": delivery.person_id == mine,
        "channel": delivery.channel,
        "address": masked(delivery.channel, delivery.address),
        "why": delivery.why,
        **shown_of(delivery),
        "reason": delivery.reason,
        "route": delivery.route,
        "bundled": delivery.bundle_id is not None,
        # Until it was tried, its reason says in whose place it goes.
        "instead": delivery.failover_of is not None and bool(delivery.attempts or delivery.bundle_id or delivery.hold),
        "attempts": attempts,
    }
