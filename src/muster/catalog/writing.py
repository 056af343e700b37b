"""From a workload to its manifest, and from two of them to what differs; the manifest reads back the same."""

from collections.abc import Mapping
from typing import Any

import yaml

from muster.catalog.workload import Component, Deployment, Ref, WorkloadDraft
from muster.people.difference import difference

_TEXTS = ("description", "privacy", "security", "vendor")


def document(workload: WorkloadDraft) -> dict[str, Any]:
    """The manifest as JSON-ready data, without `kind`; what is unset is left out."""
    found: dict[str, Any] = {"name": workload.name}
    if workload.title:
        found["title"] = workload.title
    found |= {"owner": workload.owner, "criticality": str(workload.criticality)}
    if workload.deployment is not Deployment.UNKNOWN:
        found["deployment"] = str(workload.deployment)
    found |= _details(workload)
    if workload.components:
        found["components"] = [_component(component, workload.name) for component in workload.components]
    return found


def manifest_text(workload: WorkloadDraft) -> str:
    """The manifest as YAML, for people to edit and to keep in a repository."""
    data = {"kind": "Workload", **document(workload)}
    return yaml.dump(data, Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=110)


def changes(before: WorkloadDraft, after: WorkloadDraft) -> dict[str, dict[str, Any]]:
    """What differs, by field, each with `from` and `to`; fields of components as `search.criticality`."""
    return difference(*_aligned(_flat(before), _flat(after)))


def needs_of(component: Component, workload: str) -> list[str | list[str]]:
    """A component's dependencies as a manifest writes them: short names within the workload, lists for alternatives."""
    written = [[_short(ref, workload) for ref in need] for need in component.needs]
    return [need[0] if len(need) == 1 else need for need in written]


def _component(component: Component, workload: str) -> dict[str, Any]:
    found: dict[str, Any] = {"name": component.name}
    for key in ("title", "owner", "criticality", "deployment"):
        if value := getattr(component, key):
            found[key] = str(value)
    found |= _details(component)
    if component.needs:
        found["depends_on"] = needs_of(component, workload)
    return found


def _details(described: WorkloadDraft | Component) -> dict[str, Any]:
    found: dict[str, Any] = {key: getattr(described, key) for key in _TEXTS if getattr(described, key)}
    if described.links:
        found["links"] = dict(sorted(described.links.items()))
    if described.labels:
        found["labels"] = {
            key: values[0] if len(values) == 1 else list(values) for key, values in sorted(described.labels.items())
        }
    if described.aliases:
        found["aliases"] = list(described.aliases)
    return found


def _short(ref: Ref, workload: str) -> str:
    return ref.component if ref.workload == workload else str(ref)


def _flat(workload: WorkloadDraft) -> dict[str, Any]:
    """Every field by its path, as people would say it."""
    whole = document(workload)
    parts = whole.pop("components", [])
    found = _spread("", whole)
    found["components"] = [part["name"] for part in parts]
    for part in parts:
        needs = [need if isinstance(need, str) else " or ".join(need) for need in part.get("depends_on", ())]
        own = {key: value for key, value in part.items() if key != "name"} | ({"depends_on": needs} if needs else {})
        found |= _spread(f"{part['name']}.", own)
    return found


def _spread(prefix: str, fields: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in fields.items():
        found |= _spread(f"{prefix}{key}.", value) if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


def _aligned(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    """Both with the same keys, so that what was left out is seen as well."""
    keys = list(dict.fromkeys([*after, *before]))
    return {key: before.get(key) for key in keys}, {key: after.get(key) for key in keys}


class _Dumper(yaml.SafeDumper):
    """Indents lists, puts short lists of words on one line and texts of several lines as blocks."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:
        super().increase_indent(flow, False)


def _sequence(dumper: yaml.SafeDumper, data: list[Any]) -> yaml.Node:
    flow = not any(isinstance(item, dict) for item in data)
    return dumper.represent_sequence("tag:yaml.org,2002:seq", data, flow_style=flow)


def _text(dumper: yaml.SafeDumper, data: str) -> yaml.Node:
    style = "|" if "\n" in data else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", data, style=style)


_Dumper.add_representer(list, _sequence)
_Dumper.add_representer(str, _text)
