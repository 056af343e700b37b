"""Escalation policies of an export as policies and routes of the plan, and what is operated as workloads and integrations."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from muster.importing.current_state import CurrentState
from muster.importing.export import Export, Policy, Recipient, Service
from muster.importing.naming import names_of
from muster.kit.duration import format_duration
from muster.plan.model.escalation import MOST_STEPS, MOST_TARGETS

MOST_LISTED = 40
"""So many names in one rule, which has at most 1000 characters."""


@dataclass(slots=True)
class PlanParts:
    """What the plan gets: policies by name, and routes."""

    policies: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    routes: list[dict[str, str]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class NamedObjects:
    """The names in Muster of the export's users, teams and schedules; an empty team pages nobody."""

    people: Mapping[str, str]
    teams: Mapping[str, str]
    schedules: Mapping[str, tuple[str, ...]]
    empty_teams: frozenset[str]


def policies_of(export: Export, known: NamedObjects, wanted: PlanParts) -> dict[str, str]:
    """Add the policies to what is wanted; gives their names by the export's ids. Those that page nobody are left out."""
    titled = ((policy.id, policy.name) for policy in export.policies.values())
    names = names_of(titled, "policy", prefix=f"{export.source}-")
    for policy in export.policies.values():
        steps = _steps(policy, known)
        if steps:
            wanted.policies[names[policy.id]] = steps
            policy.note.become(f"Plan policy {names[policy.id]}")
        elif not policy.note.losses:
            policy.note.lose("It notifies nobody.")
    return {id: name for id, name in names.items() if name in wanted.policies}


def _steps(policy: Policy, known: NamedObjects) -> list[dict[str, Any]]:
    steps: list[dict[str, Any]] = []
    waits: list[timedelta] = []
    for place, rung in enumerate(policy.rungs, 1):
        targets = list(
            dict.fromkeys(
                inbound for recipient in rung.recipients for inbound in _targets(recipient, known, policy, place)
            )
        )
        if len(targets) > MOST_TARGETS:
            policy.note.lose(f"Step {place} notifies {len(targets)}; at most {MOST_TARGETS} are possible.")
        if not targets:
            policy.note.lose(f"Step {place} is left out: it notifies nobody whom Muster has.")
            if waits:
                waits[-1] = min(waits[-1] + rung.wait, timedelta(days=7))
            continue
        steps.append({"notify": targets[:MOST_TARGETS], **({"mode": "round_robin"} if rung.in_turn else {})})
        waits.append(rung.wait)
    made = [{**step, "wait": format_duration(wait)} for step, wait in zip(steps, waits, strict=True)]
    rounds = min(policy.loops + 1, MOST_STEPS // len(made)) if made else 0
    if made and rounds < policy.loops + 1:
        policy.note.lose(
            f"It is run through {policy.loops + 1} times; here {rounds} times, since a policy has at most {MOST_STEPS} steps."
        )
    if len(made) > MOST_STEPS:
        policy.note.lose(f"It has {len(made)} steps; those behind the first {MOST_STEPS} are left out.")
        return made[:MOST_STEPS]
    return made * rounds


def _targets(recipient: Recipient, known: NamedObjects, policy: Policy, place: int) -> list[str]:
    label = recipient.label or recipient.id or "somebody"
    if recipient.kind == "user" and recipient.id in known.people:
        return [f"person:{known.people[recipient.id]}"]
    if recipient.kind == "schedule" and recipient.id in known.schedules:
        return [f"schedule:{name}" for name in known.schedules[recipient.id]]
    if recipient.kind == "team" and recipient.id in known.teams:
        name = known.teams[recipient.id]
        if name not in known.empty_teams:
            return [f"team:{name}"]
        policy.note.lose(f"Step {place}: the team {name} has no members in the export, so it is not paged.")
        return []
    policy.note.lose(f"Step {place}: the {recipient.kind} {label} is not in the export, or did not map.")
    return []


def catalog_of(
    export: Export,
    present: CurrentState,
    known: NamedObjects,
    policies: Mapping[str, str],
    fallback: str,
    wanted: PlanParts,
) -> tuple[list[dict[str, Any]], bool]:
    """Workloads and integrations; routes for them are added to what is wanted. True where the fall-back team owns one."""
    manifests: list[dict[str, Any]] = []
    paged: dict[str, dict[str, list[str]]] = {}
    workloads = names_of(((service.id, service.name) for service in export.services.values()), "service")
    integrations = names_of(((inbound.id, inbound.name) for inbound in export.inbound.values()), "integration")
    needs_fallback = False
    for service in export.services.values():
        name = workloads[service.id]
        team = known.teams.get(service.team) or known.teams.get(_policy_team(export, service))
        if team is None and not known.people:
            service.note.lose("Nobody is there to own it: it has no team, and the export holds no users.")
            continue
        service.note.become(f"Workload {name}")
        if name in present.workloads:
            service.note.remark("A workload of this name is there already; it is left as it is.")
        else:
            if team is None:
                needs_fallback = True
                service.note.lose(f"It has no team; `{fallback}`, everybody imported, owns it until you say who does.")
            manifests.append(_workload(service, name, team or fallback))
        _note_policy(export, service.policy, policies, paged, "workload", name)
    for inbound in export.inbound.values():
        name = integrations[inbound.id]
        inbound.note.become(f"Integration {name}")
        if name in present.integrations:
            inbound.note.remark("An integration of this name is there already; it keeps its key.")
        else:
            manifests.append(
                {"kind": "Integration", "name": name, "format": inbound.format, **_titled(inbound.name, name)}
            )
        owner = export.services.get(inbound.service)
        _note_policy(export, inbound.policy or (owner.policy if owner else ""), policies, paged, "integration", name)
    for policy, facts in paged.items():
        wanted.routes += _routes(policy, facts)
    return manifests, needs_fallback


def _policy_team(export: Export, service: Service) -> str:
    policy = export.policies.get(service.policy)
    return policy.team if policy else ""


def _workload(service: Service, name: str, team: str) -> dict[str, Any]:
    manifest: dict[str, Any] = {"kind": "Workload", "name": name, **_titled(service.name, name), "owner": team}
    if service.description:
        manifest["description"] = service.description
    if service.link.startswith("https://") and " " not in service.link:
        manifest["links"] = {"imported from": service.link}
    return manifest


def _titled(title: str, name: str) -> dict[str, str]:
    return {"title": title} if title and title != name else {}


def _note_policy(
    export: Export,
    policy: str,
    policies: Mapping[str, str],
    paged: dict[str, dict[str, list[str]]],
    fact: str,
    name: str,
) -> None:
    if policy in policies:
        paged.setdefault(policies[policy], {}).setdefault(fact, []).append(name)


def _routes(policy: str, facts: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """A route for each policy; several where its rule would be too long."""
    found = []
    for fact, names in facts.items():
        ordered = sorted(set(names))
        for begin in range(0, len(ordered), MOST_LISTED):
            part = ordered[begin : begin + MOST_LISTED]
            while part:
                fitting = part
                while len(_rule(fact, fitting)) > 900:
                    fitting = fitting[: len(fitting) // 2]
                found.append({"if": _rule(fact, fitting), "to": policy})
                part = part[len(fitting) :]
    return found


def _rule(fact: str, names: Sequence[str]) -> str:
    if len(names) == 1:
        return f'{fact} == "{names[0]}"'
    listed = ", ".join(f'"{name}"' for name in names)
    return f"{fact} in [{listed}]"
