"""Which object of Grafana OnCall's API each part of an export is; Terraform's resources are brought into the API's shape."""

from collections.abc import Iterator, Sequence
from typing import Any

from muster.importing.export_files import ExportDocument, ExportObject
from muster.importing.fields import listed, mappings, text

_RESOURCES = {
    "grafana_oncall_user": "user",
    "grafana_oncall_team": "team",
    "grafana_oncall_schedule": "schedule",
    "grafana_oncall_on_call_shift": "shift",
    "grafana_oncall_escalation_chain": "chain",
    "grafana_oncall_escalation": "step",
    "grafana_oncall_integration": "integration",
    "grafana_oncall_route": "route",
    "grafana_oncall_user_notification_rule": "rule",
}
_SHIFTS = {"single_event", "recurrent_event", "rolling_users", "override"}
_SCHEDULES = {"ical", "calendar", "web"}


def sort(documents: Sequence[ExportDocument]) -> list[ExportObject]:
    """Every object of the export; what is none of those that are imported has the kind `other`."""
    objects: list[ExportObject] = []
    for document in documents:
        blocks = listed(document.data, "terraform")
        own = list(_resources(blocks, document) if blocks else _answers(document))
        objects += own or [ExportObject("other", {}, document)]
    return objects


def _answers(document: ExportDocument) -> Iterator[ExportObject]:
    data = document.data
    parts = data.get("results") if isinstance(data, dict) and isinstance(data.get("results"), list) else data
    for part in parts if isinstance(parts, list) else [parts]:
        yield (
            ExportObject(_kind(part, document.hint), part, document)
            if isinstance(part, dict)
            else ExportObject("other", {}, document)
        )


def _kind(data: dict[str, Any], hint: str) -> str:
    kind = text(data, "type")
    if "shift_start" in data and "shift_end" in data:
        return "final"
    if "beneficiary" in data:
        return "swap"
    if kind in _SHIFTS:
        return "shift"
    if "escalation_chain_id" in data and "position" in data and "integration_id" not in data and kind:
        return "step"
    if "integration_id" in data and "escalation_chain_id" in data:
        return "route"
    if "user_id" in data and "important" in data:
        return "rule"
    if "username" in data and "url" not in data:
        return "user"
    if "default_route" in data or "default_route_id" in data:
        return "integration"
    if kind in _SCHEDULES:
        return "schedule"
    if "name" in data and "team_id" in data and "chain" in hint:
        return "chain"
    return "team" if "name" in data and ("grafana_id" in data or "avatar_url" in data) else "other"


def _resources(blocks: Sequence[Any], document: ExportDocument) -> Iterator[ExportObject]:
    for block in blocks:
        labels = [label for label in listed(block, "labels") if isinstance(label, str)]
        body = block.get("body") if isinstance(block, dict) else None
        if text(block, "block") not in ("resource", "data") or len(labels) != 2 or not isinstance(body, dict):
            continue
        kind = _RESOURCES.get(labels[0], "other")
        data = {"name": labels[1], **body, "id": f"{labels[0]}.{labels[1]}"}
        if kind == "integration":
            data["default_route"] = next(iter(mappings(body, "default_route")), {})
        if kind == "team" and not body.get("name"):
            data["name"] = labels[1]
        yield ExportObject(kind, data, document)
