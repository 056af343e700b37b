"""Grafana OnCall's escalation chains, integrations and their routes."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from muster.importing.export import Export, Inbound, Policy, Recipient, Rung
from muster.importing.export_files import ExportObject
from muster.importing.fields import inside, listed, number, seconds, text

AT_ONCE = timedelta(seconds=1)
LAST_WAIT = timedelta(minutes=5)
_FORMATS = {
    "alertmanager": "alertmanager",
    "legacy_alertmanager": "alertmanager",
    "grafana_alerting": "grafana",
    "legacy_grafana_alerting": "grafana",
    "grafana": "grafana",
    "azure_monitor": "azure-monitor",
}
_LOST = {
    "trigger_webhook": "calls an outgoing webhook",
    "resolve": "resolves the alert group; Muster resolves when alerts recover, or when somebody says so",
    "notify_whole_channel": "notifies a Slack channel",
    "notify_user_group": "notifies a Slack user group",
    "notify_if_num_alerts_in_window": "goes on only when many alerts have come",
}


def read_chains(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every chain that is named anywhere, with its steps in order."""
    names = {text(item.data, "id"): text(item.data, "name") for item in objects if item.kind == "chain"}
    steps: dict[str, list[dict[str, Any]]] = {id: [] for id in names if id}
    for item in objects:
        if item.kind == "step" and (chain := text(item.data, "escalation_chain_id")):
            steps.setdefault(chain, []).append(item.data)
    for id, own in steps.items():
        note = export.report.about("escalation chain", names.get(id, "") or f"chain {id}", id)
        policy = Policy(id, note, names.get(id, "") or f"chain-{id}")
        if not own:
            note.lose("The export does not hold its steps.")
        for data in sorted(own, key=lambda item: number(item, "position") or 0):
            _step(policy, data)
        if policy.rungs and policy.rungs[-1].wait == AT_ONCE:
            policy.rungs[-1].wait = LAST_WAIT
        export.policies[id] = policy


def _step(policy: Policy, data: dict[str, Any]) -> None:
    kind, note = text(data, "type"), policy.note
    place = (number(data, "position") or 0) + 1
    if kind == "wait":
        wait = seconds(data, "duration") or LAST_WAIT
        if not policy.rungs:
            note.lose(
                f"It first waits for {int(wait.total_seconds() // 60)} minutes; Muster pages the first step at once."
            )
            return
        last = policy.rungs[-1]
        last.wait = min(wait if last.wait == AT_ONCE else last.wait + wait, timedelta(days=7))
    elif kind == "repeat_escalation":
        policy.loops = 5
    elif kind == "notify_if_time_from_to":
        note.lose(f"Step {place} goes on only at some hours (UTC); here the steps behind it are taken at any hour.")
    elif kind == "declare_incident":
        return
    elif kind in _LOST:
        note.lose(f"Step {place} {_LOST[kind]}; it is left out.")
    elif recipients := _recipients(data, kind):
        if data.get("important") is True:
            note.lose(
                f"Step {place} is important there; here the incident's severity decides how a person is notified."
            )
        in_turn = kind == "notify_person_next_each_time"
        if policy.rungs and policy.rungs[-1].wait == AT_ONCE and not in_turn and not policy.rungs[-1].in_turn:
            policy.rungs[-1].recipients += recipients
        else:
            policy.rungs.append(Rung(recipients, AT_ONCE, in_turn))
    else:
        note.lose(f"Step {place} (`{kind or 'without a type'}`) is left out.")


def _recipients(data: dict[str, Any], kind: str) -> list[Recipient]:
    if kind == "notify_on_call_from_schedule":
        return [Recipient("schedule", text(data, "notify_on_call_from_schedule"), "")]
    if kind == "notify_team_members":
        return [Recipient("team", text(data, "notify_to_team_members") or text(data, "team_to_notify"), "")]
    named = {"notify_persons": "persons_to_notify", "notify_person_next_each_time": "persons_to_notify_next_each_time"}
    return [Recipient("user", user, "") for user in listed(data, named.get(kind, "")) if isinstance(user, str)]


def read_integrations(export: Export, objects: Sequence[ExportObject]) -> None:
    """Integrations with their default route; other routes look at the raw payload, which Muster's rules do not."""
    for item in objects:
        id, data = text(item.data, "id"), item.data
        if item.kind != "integration" or not id or id in export.inbound:
            continue
        name = text(data, "name") or id
        note = export.report.about("integration", name, id)
        kind = text(data, "type").lower()
        if "inbound_email" in kind:
            note.lose(
                "It takes e-mail. Muster takes alerts over HTTP: let the sender post to an integration's address."
            )
            continue
        note.lose("It gets a key of its own: put the new address into the sender.")
        templates = inside(data, "templates")
        if isinstance(templates, dict) and any(isinstance(value, str) and value for value in templates.values()):
            note.lose(
                "Its templates for grouping and titles stay behind; the plan's `grouping` says what belongs together."
            )
        chain = text(data, "default_route", "escalation_chain_id")
        export.inbound[id] = Inbound(id, note, name, _FORMATS.get(kind, "auto"), "", text(data, "team_id"), chain)
    _routes(export, objects)


def _routes(export: Export, objects: Sequence[ExportObject]) -> None:
    for data in {text(item.data, "id"): item.data for item in objects if item.kind == "route"}.values():
        inbound = export.inbound.get(text(data, "integration_id"))
        pattern = text(data, "routing_regex")
        note = export.report.about("route", pattern or "default", text(data, "id"))
        chain = text(data, "escalation_chain_id")
        if inbound is None:
            note.lose("The export does not hold its integration.")
        elif data.get("is_the_last_route") is True or pattern in (".*", ""):
            inbound.policy = inbound.policy or chain
            note.become(f"the route of {inbound.name}")
        else:
            note.lose(
                f"It looks for `{pattern:.80}` in the whole payload; Muster's routes look at labels. Write a route such as "
                f'`integration == "…" && labels.x == "…"`.'
            )
