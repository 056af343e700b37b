"""Which object of PagerDuty's API each part of an export is: by its `type`, by what wraps it, else by its fields."""

import re
from collections.abc import Iterator, Sequence
from typing import Any

from muster.importing.export_files import ExportDocument, ExportObject
from muster.importing.fields import every_mapping, inside, mappings, text

_WRAPS = {
    "users": "user",
    "user": "user",
    "teams": "team",
    "team": "team",
    "schedules": "schedule",
    "schedule": "schedule",
    "escalation_policies": "policy",
    "escalation_policy": "policy",
    "services": "service",
    "service": "service",
    "members": "member",
    "overrides": "override",
    "oncalls": "oncall",
    "contact_methods": "contact",
    "contact_method": "contact",
    "notification_rules": "rule",
    "notification_rule": "rule",
    "integrations": "integration",
    "integration": "integration",
}
_TYPES = {
    "user": "user",
    "team": "team",
    "schedule": "schedule",
    "escalation_policy": "policy",
    "service": "service",
    "assignment_notification_rule": "rule",
    "schedule_v3": "schedule",
}
_ID = re.compile(r"[A-Za-z0-9]{5,30}")


def sort(documents: Sequence[ExportDocument]) -> list[ExportObject]:
    """Every object of the export; what is none of those that are imported has the kind `other`."""
    objects: list[ExportObject] = []
    for document in documents:
        parts = document.data if isinstance(document.data, list) else [document.data]
        own = [item for part in parts for item in _objects(part, document)]
        objects += own or [ExportObject("other", {}, document)]
    return objects


def _objects(part: Any, document: ExportDocument) -> Iterator[ExportObject]:
    if not isinstance(part, dict):
        yield ExportObject("other", {}, document)
        return
    if kind := _kind(part):
        yield ExportObject(kind, part, document)
        return
    wrapped = [key for key in part if key in _WRAPS]
    for key in wrapped:
        whole = part[key]
        for mapping in mappings(part, key) if isinstance(whole, list) else [whole] if isinstance(whole, dict) else []:
            kind = _kind(mapping) or _WRAPS[key]
            yield ExportObject("other" if text(mapping, "type").endswith("_v3_reference") else kind, mapping, document)
    if not wrapped:
        yield ExportObject("other", part, document)


def _kind(data: dict[str, Any]) -> str:
    kind = text(data, "type")
    if kind in _TYPES:
        return _TYPES[kind]
    if kind.removesuffix("_reference").endswith("_inbound_integration"):
        return "integration"
    if kind.endswith("_contact_method"):
        return "contact"
    if kind:
        return ""
    if "email" in data and ("contact_methods" in data or "role" in data) and "username" not in data:
        return "user"
    if isinstance(data.get("schedule_layers"), list):
        return "schedule"
    if isinstance(data.get("escalation_rules"), list):
        return "policy"
    if "escalation_level" in data and isinstance(data.get("schedule"), dict):
        return "oncall"
    return ""


def merged(first: dict[str, Any], second: dict[str, Any]) -> dict[str, Any]:
    """The same object met twice: what either says, the fuller where both say something."""
    said = {key: value for key, value in second.items() if value not in (None, "", [], {}) or key not in first}
    return {**first, **{key: value for key, value in said.items() if _fuller(value, first.get(key))}}


def _fuller(new: Any, old: Any) -> bool:
    return old in (None, "", [], {}) or (
        isinstance(new, list) and isinstance(old, list) and len(str(new)) > len(str(old))
    )


def embedded_users(documents: Sequence[ExportDocument]) -> list[dict[str, Any]]:
    """Users that stand inside of other objects, whole or as a reference to which an exporter added the e-mail address."""
    objects = []
    for document in documents:
        for part in every_mapping(document.data):
            if text(part, "type") in ("user", "user_reference") and (part.get("email") or part.get("__email")):
                objects.append({**part, "email": part.get("email") or part.get("__email")})
    return objects


def owner_in(path: str, data: dict[str, Any], document: ExportDocument, known: Sequence[str]) -> str:
    """Whose part this is: the id after `path` in its own address, else a known id in the file's name."""
    address = text(data, "self", longest=500)
    objects = re.search(rf"/{path}/({_ID.pattern})/", address)
    if objects:
        return objects[1]
    hint = document.hint
    inside_name = [item for item in known if item and item.lower() in hint]
    return max(inside_name, key=len) if inside_name else ""


def reference(data: Any, *keys: str) -> str:
    """The id of what is referred to."""
    return text(inside(data, *keys), "id")
