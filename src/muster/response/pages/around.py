"""What stands around an incident: who has which role, what is affected and what that reaches, alerts, changes, pages."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from muster.alerts.sight import seen
from muster.base.unit import Unit
from muster.catalog import store as catalog
from muster.catalog.graph import blast_radius, dependencies
from muster.catalog.workload import Catalogue, Ref
from muster.changes import store as changes
from muster.incidents.actions.guard import Held
from muster.incidents.authority import title_of
from muster.incidents.belongings import AlertCount
from muster.incidents.incident import Incident
from muster.incidents.store import joined, lists
from muster.kit.masking import mask_text
from muster.paging.history import PageHistory, StepTaken
from muster.paging.page import Page
from muster.paging.shown import Shown, shown
from muster.people import store as people
from muster.response.suspects import LOOKED_AT, suspects

MOST_REACHED, MOST_ALERTS, MOST_CHANGES = 8, 20, 100


async def roles_of(unit: Unit, held: Held) -> list[dict[str, Any]]:
    """Every role of the plan with its holder; those without one last."""
    known = await people.persons_named(unit.conn, held.roles.values())
    rows = [
        {
            "name": name,
            "role": title_of(held.version.plan, name),
            "duties": role.duties,
            "person": (known[holder].full_name if holder in known else holder) if holder else None,
            "me": holder == unit.principal.name,
        }
        for name, role in held.version.plan.every_role().items()
        for holder in [held.roles.get(name)]
    ]
    return sorted(rows, key=lambda row: row["person"] is None)


async def affected(unit: Unit, incident: Incident) -> dict[str, Any]:
    """The workload, and what else stops or loses an alternative with it: the blast radius (R27, R109)."""
    survey = await catalog.survey(unit.conn)
    known = survey.catalogue
    workload = known.by_name.get(incident.workload)
    if workload is None:
        return {"workloads": [], "reach": [], "more": 0}
    component = workload.component(incident.component)
    row = {
        "name": f"{workload.label}: {component.label}" if component else workload.label,
        "url": workload_url(workload.name),
        "criticality": str(workload.criticality_of(component) if component else workload.criticality).replace("_", " "),
        "owner": workload.owner_of(component) if component else workload.owner,
    }
    blast = blast_radius(survey.graph, affected_refs(known, incident))
    reach = [_reached(known, hit.ref, hit.hops, "stops") for hit in blast.stopped]
    reach += [_reached(known, hit.ref, hit.hops, "loses an alternative") for hit in blast.weakened]
    return {"workloads": [row], "reach": reach[:MOST_REACHED], "more": max(0, len(reach) - MOST_REACHED)}


def affected_refs(known: Catalogue, incident: Incident) -> list[Ref]:
    """The component that an incident is about, or all of its workload."""
    workload = known.by_name.get(incident.workload)
    if workload is None:
        return []
    if workload.component(incident.component):
        return [Ref(workload.name, incident.component)]
    return [Ref(workload.name, each.name) for each in workload.components]


async def alerts_of(unit: Unit, incident: Incident) -> tuple[list[dict[str, Any]], int]:
    """The gravest of the incident's alerts, those that still fire first, and how many there are."""
    counted = (await lists.alert_counts(unit.conn, [incident.id])).get(incident.id, AlertCount())
    found = await joined.gravest(unit.conn, incident.id, MOST_ALERTS)
    rows = [
        {
            "id": alert.id,
            "title": alert.title,
            "url": f"/alerts/{alert.id}",
            "state": "silenced" if alert.hold else str(alert.status),
            "since": alert.resolved_at or alert.starts_at,
            "next_step": alert.next_step,
            "links": alert.links,
        }
        for alert in map(seen, found)
    ]
    return rows, counted.all


async def suspected(unit: Unit, incident: Incident) -> list[dict[str, Any]]:
    """Changes that it may come from, likeliest first."""
    recent = await changes.recent(unit.conn, MOST_CHANGES, before=incident.opened_at)
    recent = [each for each in recent if each.at >= incident.opened_at - LOOKED_AT]
    if not recent:
        return []
    survey, index = await catalog.survey(unit.conn), await catalog.index(unit.conn)
    graph, refs = survey.graph, affected_refs(survey.catalogue, incident)
    needed = {hit.ref for ref in refs for hit in dependencies(graph, ref)} - set(refs)
    placed = [(change, index.locate(change.labels)) for change in recent]
    return [
        {
            "id": each.change.id,
            "title": each.change.title,
            "kind": each.change.kind,
            "url": mask_text(each.change.links[0].url) if each.change.links else "",
            "at": each.change.at,
            "reason": each.reason,
        }
        for each in suspects(placed, refs, incident.workload, needed, incident.opened_at)
    ]


async def paged(unit: Unit, runs: Sequence[PageHistory]) -> list[dict[str, Any]]:
    """Who was paged, how, and what became of it; and which steps reached nobody. Newest first."""
    sent = [delivery for run in runs for delivery in run.deliveries]
    persons = await people.persons_by_id(unit.conn, {delivery.person_id for delivery in sent})
    rows: list[dict[str, Any]] = [
        {
            "id": delivery.id,
            "person": persons[delivery.person_id].full_name if delivery.person_id in persons else delivery.person,
            "me": delivery.person_id == unit.principal.person_id,
            "channel": delivery.channel,
            "shown": shown(delivery),
            "reason": delivery.reason or delivery.why,
        }
        for delivery in sent
    ]
    rows += [row for run in runs for step in run.steps for row in _unreached(run.page, step)]
    return sorted(rows, key=lambda row: row["shown"].at, reverse=True)


def workload_url(name: str) -> str:
    """The page of a workload."""
    return f"/catalogue/workloads/{quote(name, safe='')}"


def _reached(known: Catalogue, ref: Ref, hops: int, how: str) -> dict[str, Any]:
    workload, component = known.parts[ref]
    return {
        "name": f"{workload.label}: {component.label}",
        "url": workload_url(workload.name),
        "distance": hops,
        "how": how,
    }


def _unreached(page: Page, step: StepTaken) -> list[dict[str, Any]]:
    rows = []
    for index, meant in enumerate(step.targets):
        # Somebody with quiet hours has a message of their own in the list, which says until when it waits.
        missing = [absent.sentence() for absent in meant.unreached if absent.person not in meant.deferred]
        if not missing and not meant.people and not meant.deferred:
            missing = [meant.reason]
        if missing:
            rows.append(
                {
                    "id": f"{page.id}-{step.number}-{index}",
                    "person": None,
                    "me": False,
                    "channel": str(meant.target),
                    "shown": Shown("failed", "", step.at, "ago"),
                    "reason": " ".join(missing),
                }
            )
    return rows
