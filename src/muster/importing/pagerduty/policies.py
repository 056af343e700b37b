"""PagerDuty's escalation policies, services and their inbound integrations."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from muster.importing.export import Export, Inbound, Policy, Recipient, Rung, Service
from muster.importing.export_files import ExportObject
from muster.importing.fields import inside, mappings, number, text
from muster.importing.pagerduty.objects import merged, reference
from muster.importing.report import ImportNote

_TARGETS = {"user": "user", "schedule": "schedule"}
_FORMATS = {
    "prometheus": "alertmanager",
    "alertmanager": "alertmanager",
    "grafana": "grafana",
    "azure": "azure-monitor",
}


def read_policies(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every escalation policy once."""
    for id, data in _whole(objects, "policy").items():
        name = text(data, "name") or text(data, "summary") or id
        note = export.report.about("escalation policy", name, id)
        policy = Policy(id, note, name, loops=min(max(number(data, "num_loops") or 0, 0), 9))
        policy.team = reference(next(iter(mappings(data, "teams")), None))
        for place, rule in enumerate(mappings(data, "escalation_rules"), 1):
            policy.rungs.append(_rung(rule, place, note))
        if not policy.rungs:
            note.lose("The export does not hold its rules.")
        export.policies[id] = policy


def _rung(rule: dict[str, Any], place: int, note: ImportNote) -> Rung:
    recipients = []
    for target in mappings(rule, "targets"):
        label = text(target, "summary") or text(target, "id")
        kind = _TARGETS.get(text(target, "type").removesuffix("_reference"), "")
        if target.get("deleted_at"):
            note.lose(f"Step {place} names {label}, which was deleted in PagerDuty.")
        elif not kind:
            note.lose(f"Step {place} notifies {label}, a kind of target that Muster does not know.")
        else:
            recipients.append(Recipient(kind, text(target, "id"), label))
    delay = number(rule, "escalation_delay_in_minutes")
    strategy = inside(rule, "escalation_rule_assignment_strategy")
    named = text(strategy, "type") or (strategy if isinstance(strategy, str) else "")
    minutes = delay if delay is not None and 1 <= delay <= 10_080 else 30
    return Rung(recipients, timedelta(minutes=minutes), in_turn=named == "round_robin")


def read_services(export: Export, objects: Sequence[ExportObject]) -> None:
    """Services, and what sends to them."""
    vendors = {
        text(item.data, "id"): text(item.data, "name") for item in objects if text(item.data, "type") == "vendor"
    }
    for id, data in _whole(objects, "service").items():
        name = text(data, "name") or text(data, "summary") or id
        note = export.report.about("service", name, id)
        if text(data, "status") == "disabled":
            note.lose("It is disabled in PagerDuty.")
            continue
        service = Service(id, note, name, text(data, "description", longest=2000))
        service.team = reference(next(iter(mappings(data, "teams")), None))
        service.policy = reference(data, "escalation_policy")
        service.link = text(data, "html_url", longest=1000)
        _losses(data, note)
        export.services[id] = service
        for own in mappings(data, "integrations"):
            _integration(export, own, id, name, vendors)
    for item in objects:
        if item.kind == "integration":
            service_id = reference(item.data, "service")
            known = export.services.get(service_id)
            _integration(export, item.data, service_id, known.name if known else "", vendors)


def _losses(data: dict[str, Any], note: ImportNote) -> None:
    if text(data, "incident_urgency_rule", "type") == "use_support_hours":
        note.lose("Its urgency depends on support hours; write severity rules with `now.hour` into the plan.")
    elif text(data, "incident_urgency_rule", "urgency") in ("low", "severity_based"):
        note.lose("Its urgency is not high; Muster takes the severity from the alert and the plan's severity rules.")
    if number(data, "auto_resolve_timeout"):
        note.lose("Its incidents are not resolved by time alone: an alert must recover, or somebody must say so.")
    if number(data, "acknowledgement_timeout"):
        note.lose("Pages for forgotten acknowledgements are the plan's `paging.remind_acknowledged`, by severity.")
    if text(data, "alert_grouping_parameters", "type") or text(data, "alert_grouping"):
        note.lose("Alerts are grouped as the plan's `grouping` says, the same for all services.")


def _integration(
    export: Export, data: dict[str, Any], service: str, service_name: str, vendors: dict[str, str]
) -> None:
    id = text(data, "id")
    if not id or id in export.inbound:
        return
    label = text(data, "name") or text(data, "summary") or id
    note = export.report.about("integration", f"{service_name}: {label}" if service_name else label, id)
    kind = text(data, "type")
    vendor = vendors.get(reference(data, "vendor"), "") or text(data, "vendor", "summary")
    if "email" in kind or vendor.lower() == "email":
        note.lose("It takes e-mail. Muster takes alerts over HTTP: let the sender post to an integration's address.")
        return
    known = next((form for word, form in _FORMATS.items() if word in vendor.lower()), "")
    if not known:
        known = "pagerduty" if "events_api_v2" in kind or "events api v2" in label.lower() else "auto"
    note.lose("It gets a key of its own: put the new address into the sender.")
    name = f"{service_name} {label}".strip()
    export.inbound[id] = Inbound(id, note, name, known, service)


def _whole(objects: Sequence[ExportObject], kind: str) -> dict[str, dict[str, Any]]:
    whole: dict[str, dict[str, Any]] = {}
    for item in objects:
        id = text(item.data, "id") or text(item.data, "name")
        if item.kind == kind and id:
            whole[id] = merged(whole.get(id, {}), item.data)
    return whole
