"""The JSON Schema of a plan, so that an editor completes and checks it while one types."""

from collections.abc import Iterable
from typing import Any

from muster.plan.action import Action
from muster.plan.model.closure import CHECKS, LATER_CHECKS
from muster.plan.model.plan import Plan
from muster.plan.normal_form import HEADER, LATER_AUTHORITY, LATER_SECTIONS
from muster.plan.section import PlanSection


def plan_schema(sections: Iterable[PlanSection] = (), actions: Iterable[Action] = ()) -> dict[str, Any]:
    """The schema (draft 2020-12) of the YAML that `read_plan` takes: short forms, the sections and actions of features, and
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
    _check(parts["Check"])
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


def _check(part: dict[str, Any]) -> None:
    """A check may be written as its name alone, as `{check: NAME, attest: LEVEL}`, or be one of a later version."""
    properties = part["properties"]
    properties.pop("params")
    properties["check"] = {"type": "string", "examples": [*CHECKS, *LATER_CHECKS]}
    properties["attest"] = {"type": "string", "description": "Short for a check `attest` by this level or role."}
    own = {key: part.pop(key) for key in ("properties", "required", "type") if key in part}
    part.pop("additionalProperties", None)
    part["anyOf"] = [{"type": "string", "enum": ["no_firing_alerts", "mitigations_complete"]}, own]
