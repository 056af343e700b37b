"""Who was paged, when, how, and why or why not: every run through a policy, step by step, from recorded reasons (R71)."""

from collections import defaultdict
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
from muster.paging.delivery import Delivery, resting
from muster.paging.page import Page, PageState, Purpose
from muster.paging.store import deliveries, pages
from muster.people import store as people
from muster.people.contact import masked
from muster.plan import store as plans
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
    told = await explain(unit, incident.id, person, zone=request.state.view.zone)
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    runs = await pages.of_incident(unit.conn, incident.id)
    sent = [resting(delivery, unit.hands.resting) for delivery in await deliveries.of_incident(unit.conn, incident.id)]
    known = await people.persons_by_id(unit.conn, {delivery.person_id for delivery in sent})
    names = {person.name: person.full_name or person.name for person in known.values()}
    attempts: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in await deliveries.attempts_of(unit.conn, [delivery.id for delivery in sent]):
        attempts[row["delivery_id"]].append(row)
    steps: defaultdict[UUID, list[Any]] = defaultdict(list)
    for row in await pages.steps_of(unit.conn, [run.id for run in runs]):
        steps[row["page_id"]].append(row)

    def run_of(run: Page) -> dict[str, Any]:
        own = [delivery for delivery in sent if delivery.page_id == run.id]
        taken = [
            {
                "number": row["number"],
                "at": row["at"],
                "why": row["why"],
                "skipped": row["skipped"],
                "targets": [
                    {**target, "people": [names.get(name, name) for name in target["people"]]}
                    for target in row["targets"]
                ],
                "deliveries": [delivery_of(delivery) for delivery in own if delivery.step == row["number"]],
            }
            for row in steps[run.id]
        ]
        ahead = [
            {
                "number": number,
                "targets": [target_words(version.plan, target) for target in step.targets],
                "at": run.next_at if number == run.step + 1 else None,
                "wait": step.wait,
                "conditions": [rule_words(rule) for rule in step.conditions],
                "turn": step.mode == "round_robin",
            }
            for number, step in enumerate(run.steps, start=1)
            if number > run.step
        ]
        return {
            "id": run.id,
            "policy": run.policy,
            "title": TITLES.get(run.purpose, f"Policy {run.policy}"),
            "why": run.why,
            "state": {PageState.RUNNING: "waiting", PageState.STOPPED: "done"}.get(run.state, "failed"),
            "running": run.state is PageState.RUNNING,
            "started_at": run.started_at,
            "next_at": run.next_at,
            "ended_at": run.ended_at,
            "ended_reason": run.ended_reason,
            "taken": taken,
            "ahead": ahead,
        }

    def delivery_of(each: Delivery) -> dict[str, Any]:
        return {
            "id": each.id,
            "person": names.get(each.person, each.person),
            "me": each.person_id == unit.principal.person_id,
            "channel": each.channel,
            "address": masked(each.channel, each.address),
            "why": each.why,
            **shown_of(each),
            "reason": each.reason,
            "route": each.route,
            "bundled": each.bundle_id is not None,
            "instead": each.failover_of is not None,
            "attempts": attempts[each.id],
        }

    return render(
        request,
        "response/pages.html",
        incident={"ref": incident.ref, "title": incident.title, "url": url_of(incident)},
        runs=[run_of(run) for run in reversed(runs)],
        plan={"label": version.label, "number": version.number, "name": version.name},
        told=told,
        person=person,
        people=[
            ("", "Somebody …"),
            *((each.name, each.full_name or each.name) for each in await people.persons(unit.conn)),
        ],
        topics=[incident.stream],
    )
