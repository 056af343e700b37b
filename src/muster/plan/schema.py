"""The JSON Schema of a plan, so that an editor completes and checks it while one types."""

from collections.abc import Iterable
from typing import Any

from muster.plan.action import Action
from muster.plan.check_kind import CheckKind
from muster.plan.model.closure import CHECKS, LATER_CHECKS
from muster.plan.model.plan import Plan
from muster.plan.normal_form import COMMON, HEADER, LATER_AUTHORITY, LATER_SECTIONS
from muster.plan.section import PlanSection


def plan_schema(
    sections: Iterable[PlanSection] = (), actions: Iterable[Action] = (), checks: Iterable[CheckKind] = ()
) -> dict[str, Any]:
    """The schema (draft 2020-12) of the YAML that `read_plan` takes: short forms, the sections, actions and checks of features, and
    what later versions will know."""
    schema = Plan.model_json_schema(by_alias=True, mode="validation")
    properties, parts = schema["properties"], schema["$defs"]
    properties.pop("kept")
    for name in LATER_SECTIONS:
        kinds = ["object", "array", "string"] if name == "disaster_when" else ["object", "array"]
        properties[name] = {"type": kinds, "description": "Kept as written; not yet enforced."}
    for section in sections:
        own = section.model.model_json_schema(by_alias=True, mode="validation")
        parts.update(own.pop("$defs", {}))
        properties[section.name] = own
    header = {name: properties[name] for name in HEADER}
    properties["plan"] = {"type": "object", "properties": header, "additionalProperties": False}
    _authority(parts["Authority"], actions)
    _check(parts, [kind for kind in checks if kind.name not in CHECKS])
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Muster response plan"}


def _authority(part: dict[str, Any], actions: Iterable[Action]) -> None:
    rule = part.pop("additionalProperties")
    for action in actions:
        if action.decided:
            words = f"Who may {action.words}."
            part["properties"][action.name] = {"anyOf": [rule, {"type": "null"}], "description": words}
    part["additionalProperties"] = False
    starts = "|".join(prefix.rstrip(".") for prefix in LATER_AUTHORITY)
    part["patternProperties"] = {rf"^({starts})\.": {"description": "Kept as written; not yet enforced."}}


def _check(parts: dict[str, Any], kinds: list[CheckKind]) -> None:
    """A check may be written as its name alone, as `{check: NAME, attest: LEVEL}`, or be one of a later version."""
    part = parts["Check"]
    properties = part["properties"]
    properties.pop("params")
    brought = [_brought(parts, kind, properties) for kind in kinds]
    names = [kind.name for kind in kinds]
    properties["check"] = {"type": "string", "examples": list(dict.fromkeys((*CHECKS, *LATER_CHECKS, *names)))}
    properties["attest"] = {"type": "string", "description": "Short for a check `attest` by this level or role."}
    own = {key: part.pop(key) for key in ("properties", "required", "type") if key in part}
    if names:
        own = {**own, "not": {"required": ["check"], "properties": {"check": {"enum": names}}}}
    part.pop("additionalProperties", None)
    bare = [name for name, shape in zip(names, brought, strict=True) if shape["required"] == ["check"]]
    short = {"type": "string", "enum": ["no_firing_alerts", "mitigations_complete", *bare]}
    part["anyOf"] = [short, *brought, own]


def _brought(parts: dict[str, Any], kind: CheckKind, properties: dict[str, Any]) -> dict[str, Any]:
    shape = kind.fields.model_json_schema(by_alias=True, mode="validation")
    parts.update(shape.pop("$defs", {}))
    common = {name: properties[name] for name in COMMON if name != "check"}
    shape["properties"] = {"check": {"const": kind.name}, **common, **shape.get("properties", {})}
    shape["required"] = ["check", *shape.get("required", ())]
    return shape
