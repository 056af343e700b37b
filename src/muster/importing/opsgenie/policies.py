"""Opsgenie's escalations, services, integrations, and which escalation answers for a team."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from muster.importing.export import Export, Inbound, Policy, Recipient, Rung, Service
from muster.importing.export_files import ExportObject
from muster.importing.fields import inside, mappings, number, text
from muster.importing.opsgenie.objects import parent_of, whole
from muster.importing.opsgenie.people import delay_of, team_of, user_of
from muster.importing.report import ImportNote

LAST_WAIT = timedelta(minutes=5)
_FORMATS = {
    "prometheus": "alertmanager",
    "grafana": "grafana",
    "azure": "azure-monitor",
    "cloudevents": "cloudevents",
}
_OUTWARD = (
    "slack",
    "jira",
    "statuspage",
    "servicenow",
    "msteams",
    "webhook",
    "zendesk",
    "marid",
    "edge",
    "chat",
    "heartbeat",
)


def read_policies(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every escalation; its delays count from the alert, Muster's waits from the step before."""
    for id, data in whole(objects, "escalation").items():
        name = text(data, "name") or id
        note = export.report.about("escalation", name, id)
        policy = Policy(
            id,
            note,
            name,
            team=team_of(export, data.get("ownerTeam")) or team_of(export, {"name": text(data, "ownerTeamName")}),
        )
        rules = mappings(data, "rules")
        if isinstance(data.get("rules"), dict):
            rules = [data["rules"]]
        if not rules:
            note.lose("The export does not hold its rules.")
        policy.rungs = _rungs(export, rules, note)
        repeat = data.get("repeat")
        if isinstance(repeat, dict):
            policy.loops = min(max(number(repeat, "count") or 0, 0), 20)
            wait = number(repeat, "waitInterval")
            if policy.rungs and wait:
                policy.rungs[-1].wait = timedelta(minutes=min(max(wait, 1), 10_080))
            if repeat.get("closeAlertAfterAll") is True:
                note.lose(
                    "Opsgenie closes the alert after the last round; Muster never closes what nobody has looked at."
                )
        export.policies[id] = policy


def _rungs(export: Export, rules: Sequence[dict[str, Any]], note: ImportNote) -> list[Rung]:
    timed = sorted(
        ((delay_of(rule.get("delay")), place, rule) for place, rule in enumerate(rules, 1)), key=lambda item: item[:2]
    )
    if timed and timed[0][0] > timedelta():
        minutes = int(timed[0][0].total_seconds() // 60)
        note.lose(f"Opsgenie first waits for {minutes} minutes; Muster pages the first step at once.")
    rungs: list[Rung] = []
    for number_, (delay, place, rule) in enumerate(timed):
        recipients = _recipients(export, rule, place, note)
        if text(rule, "condition") == "if-not-closed":
            note.lose(f"Step {place} also notifies after somebody has acknowledged; Muster stops paging then.")
        if number_ and delay == timed[number_ - 1][0] and rungs:
            rungs[-1].recipients += recipients
            continue
        if rungs:
            rungs[-1].wait = delay - timed[number_ - 1][0]
        rungs.append(Rung(recipients, LAST_WAIT))
    return rungs


def _recipients(export: Export, rule: dict[str, Any], place: int, note: ImportNote) -> list[Recipient]:
    listed = mappings(rule, "recipients") or ([rule["recipient"]] if isinstance(rule.get("recipient"), dict) else [])
    how = (text(rule, "notifyType") or "default").lower()
    objects = []
    for data in listed:
        kind = text(data, "type").lower()
        label = text(data, "name") or text(data, "username") or text(data, "teamName") or text(data, "id")
        if kind == "user":
            objects.append(Recipient("user", user_of(export, data) or text(data, "id"), label))
        elif kind == "schedule":
            objects.append(Recipient("schedule", _schedule_of(export, data), label))
            if how in ("next", "previous"):
                note.lose(f"Step {place} notifies who is {how} on call in {label}; here it is who is on call now.")
        elif kind == "team":
            objects.append(Recipient("team", team_of(export, data) or label, label))
            if how in ("default", "next", "previous"):
                note.lose(f"Step {place} notifies the team {label} by its own routing; here everybody in it is paged.")
        else:
            note.lose(f"Step {place} notifies {label or 'somebody'}, a kind of recipient that Muster does not know.")
        if how in ("random", "users", "admins"):
            note.lose(f"Step {place} notifies {how} only; here all of {label} are paged.")
    return objects


def _schedule_of(export: Export, data: dict[str, Any]) -> str:
    id, name = text(data, "id"), text(data, "name").lower()
    if id in export.schedules:
        return id
    return next((schedule.id for schedule in export.schedules.values() if name and schedule.name.lower() == name), id)


def read_services(export: Export, objects: Sequence[ExportObject]) -> None:
    """Services and inbound integrations; both belong to a team, whose default routing rule says what is paged."""
    answering = _answering(export, objects)
    for id, data in whole(objects, "service").items():
        name = text(data, "name") or id
        note = export.report.about("service", name, id)
        service = Service(id, note, name, text(data, "description", longest=2000), text(data, "teamId"))
        service.policy = _policy(answering, service.team, note)
        service.link = text(data, "links", "web", longest=1000)
        export.services[id] = service
    for id, data in whole(objects, "integration").items():
        name, kind = text(data, "name") or id, text(data, "type")
        note = export.report.about("integration", name, id)
        if data.get("enabled") is False:
            note.lose("It is disabled in Opsgenie.")
        elif "email" in kind.lower():
            note.lose(
                "It takes e-mail. Muster takes alerts over HTTP: let the sender post to an integration's address."
            )
        elif any(word in kind.lower().replace(" ", "") for word in _OUTWARD):
            note.lose(f"`{kind}` mainly sends out of Opsgenie; connect it to Muster anew.")
        else:
            team = text(data, "teamId") or text(data, "ownerTeam", "id")
            known = next((form for word, form in _FORMATS.items() if word in kind.lower()), "auto")
            note.lose("It gets a key of its own: put the new address into the sender.")
            export.inbound[id] = Inbound(id, note, name, known, "", team, _policy(answering, team, note))


def _answering(export: Export, objects: Sequence[ExportObject]) -> dict[str, str]:
    """The escalation that each team's default routing rule names, else the only one that the team owns."""
    known: dict[str, str] = {}
    for item in objects:
        if item.kind != "routing":
            continue
        team = parent_of(item, export.teams)
        kind, id = text(item.data, "notify", "type").lower(), text(item.data, "notify", "id")
        note = export.report.about("routing rule", text(item.data, "name") or "default", text(item.data, "id"))
        if not item.data.get("isDefault") and (
            inside(item.data, "criteria", "conditions") or item.data.get("timeRestriction")
        ):
            note.lose("It has criteria or hours of its own; write it as a route of the plan.")
        elif kind == "escalation" and id in export.policies and team:
            known[team] = id
            note.become(f"the routes of the team {export.teams[team].name}")
        else:
            note.lose("It does not lead to an escalation of this export.")
    for team in export.teams:
        own = [policy.id for policy in export.policies.values() if policy.team == team]
        if team not in known and len(own) == 1:
            known[team] = own[0]
    return known


def _policy(answering: dict[str, str], team: str, note: ImportNote) -> str:
    policy = answering.get(team, "")
    if not policy and team:
        note.lose(
            "The export does not say which escalation answers for its team; its alerts take the plan's other routes."
        )
    return policy
