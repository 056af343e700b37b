"""Which object of Opsgenie's API each part of an export is: its API names no types, so its fields, links and file tell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from muster.importing.export_files import ExportDocument, ExportObject
from muster.importing.fields import text

_LINKS = {"/v2/teams/": "team", "/v1/services/": "service", "/v2/users/": "user", "/v1/incidents/": "history"}
_BY_FILE = (
    ("notification", "rule"),
    ("contact", "contact"),
    ("override", "override"),
    ("timeline", "timeline"),
    ("escalation", "escalation"),
    ("polic", "escalation"),
    ("routing", "routing"),
    ("rotation", "rotation"),
    ("integration", "integration"),
    ("schedule", "schedule"),
    ("user", "user"),
    ("team", "team"),
    ("service", "service"),
)
_WRAPS = {
    "users": "user",
    "teams": "team",
    "schedules": "schedule",
    "rotations": "rotation",
    "schedule_rotations": "rotation",
    "escalations": "escalation",
    "services": "service",
    "integrations": "integration",
    "overrides": "override",
    "routing_rules": "routing",
    "contacts": "contact",
}
_CAMEL = re.compile(r"_([a-z])")


def sort(documents: Sequence[ExportDocument]) -> list[ExportObject]:
    """Every object of the export; what is none of those that are imported has the kind `other` or `history`."""
    return [item for document in documents for item in list(_parts(document)) or [ExportObject("other", {}, document)]]


def _parts(document: ExportDocument) -> Iterator[ExportObject]:
    data = document.data
    if isinstance(data, dict) and isinstance(data.get("data"), list | dict):
        parent = text(data, "_parent", "id") or text(data, "data", "_parent", "id")
        data = data["data"]
    else:
        parent = text(data, "_parent", "id")
    for part in data if isinstance(data, list) else [data]:
        if not isinstance(part, dict):
            yield ExportObject("other", {}, document)
            continue
        wrapped = [key for key in _WRAPS if isinstance(part.get(key), list)]
        if wrapped and not any(part.get(key) for key in ("id", "name", "username", "alias", "startDate")):
            for key in wrapped:
                for item in part[key]:
                    if isinstance(item, dict):
                        yield ExportObject(_WRAPS[key], camel(item), document, parent)
            continue
        fields = camel(part)
        kind = _kind(fields, document.hint)
        yield ExportObject(kind, fields, document, parent or text(fields, "_parent", "id"))


def _kind(data: Mapping[str, Any], hint: str) -> str:
    api = text(data, "links", "api", longest=500)
    for path, kind in _LINKS.items():
        if path in api:
            return kind
    if "finalTimeline" in data:
        return "timeline"
    if "tinyId" in data or "alertId" in data or ("alert" in data and "action" in data):
        return "history"
    if "username" in data and "participants" not in data:
        return "user"
    if "actionType" in data or ("steps" in data and "rules" not in data):
        return "rule"
    if "method" in data and "to" in data:
        return "contact"
    if "participants" in data:
        return "rotation"
    if isinstance(data.get("rotations"), list) and ("startDate" in data or "alias" in data):
        return "override"
    if "rotations" in data or ("timezone" in data and "notify" not in data):
        return "schedule"
    if isinstance(data.get("rules"), list | dict):
        return "escalation"
    if "notify" in data and ("criteria" in data or "isDefault" in data):
        return "routing"
    if "user" in data and "startDate" in data:
        return "override"
    if "members" in data:
        return "team"
    if not text(data, "name"):
        return "other"
    return next((kind for word, kind in _BY_FILE if word in hint), "integration" if text(data, "type") else "other")


def camel(value: Any, depth: int = 0) -> Any:
    """Fields written as `start_date` in the API's spelling, `startDate`."""
    if depth > 20:
        return None
    if isinstance(value, dict):
        return {
            key if key.startswith("_") else _CAMEL.sub(lambda objects: objects[1].upper(), key): camel(item, depth + 1)
            for key, item in value.items()
            if isinstance(key, str)
        }
    return [camel(item, depth + 1) for item in value] if isinstance(value, list) else value


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """The same object met twice: what either says, the longer list where both have one."""
    result = dict(first)
    for key, value in second.items():
        old = first.get(key)
        longer = isinstance(value, list) and isinstance(old, list) and len(value) > len(old)
        if value not in (None, "", [], {}) and (old in (None, "", [], {}) or longer):
            result[key] = value
    return result


def whole(objects: Sequence[ExportObject], kind: str) -> dict[str, dict[str, Any]]:
    """The objects of a kind by id (else by name), each once."""
    by_id: dict[str, dict[str, Any]] = {}
    for item in objects:
        id = text(item.data, "id") or text(item.data, "username") or text(item.data, "name")
        if item.kind == kind and id:
            by_id[id] = merged(by_id.get(id, {}), item.data)
    return by_id


def parent_of(item: ExportObject, known: Mapping[str, Any]) -> str:
    """What this is part of: as the answer says, else the known id or name that the file's name holds."""
    if item.parent in known:
        return item.parent
    matching = [id for id in known if id and id.lower() in item.document.hint]
    return max(matching, key=len) if matching else (next(iter(known)) if len(known) == 1 else "")
