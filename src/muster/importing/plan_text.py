"""Adding policies and routes to the text of a plan: what is there stays as it is written, comments with it."""

import json
from collections.abc import Mapping, Sequence
from typing import Any

from muster.importing.to_plan import PlanParts
from muster.importing.yaml_text import written as written_as_yaml
from muster.kit.yamldoc import Document, read_documents

Step = Mapping[str, Any]


def plan_with(text: str | None, name: str, wanted: PlanParts, vendor: str) -> tuple[str | None, list[str]]:
    """The plan's text with what is wanted added, and what is to be said about it; None where nothing changes.

    A policy of the same name is replaced. A route whose condition is there already is not added: the first decides. New
    routes stand before the one that catches everything.
    """
    read = read_documents(text).documents if text else ()
    if not read or not isinstance(read[0].data, dict):
        return _first(name, wanted, vendor)
    before = read[0]
    after, said = _merged(before.data, wanted)
    if after == {"kind": "Plan", **before.data}:
        return None, said
    written = _written_into(before, text or "", wanted, after)
    if written is None:
        said.append("The plan is written anew, without its comments: its lines could not be added to.")
        return written_as_yaml(after), said
    return written, said


def _first(name: str, wanted: PlanParts, vendor: str) -> tuple[str | None, list[str]]:
    """The first plan of all."""
    if not wanted.policies:
        return None, []
    policy = next(iter(wanted.policies))
    data = {
        "kind": "Plan",
        "name": name,
        "description": f"Made from {vendor}.",
        "routes": [*wanted.routes, {"if": "true", "to": policy}],
        "escalation": wanted.policies,
    }
    said = [
        f"There was no plan yet: alerts that no route names page `{policy}`; say in the plan what else should happen."
    ]
    return written_as_yaml(data), said


def _merged(data: Mapping[str, Any], wanted: PlanParts) -> tuple[dict[str, Any], list[str]]:
    routes = list(data.get("routes") or [])
    there = {str(route.get("if")).strip() for route in routes if isinstance(route, dict)}
    said = []
    added = []
    for route in wanted.routes:
        if route["if"] not in there:
            added.append(route)
        elif route not in routes:
            said.append(
                f"The plan has a route for `{route['if']:.80}` already; it stays, and `{route['to']}` is not added."
            )
    at = _last(routes)
    merged = {"kind": "Plan", **data}
    merged["routes"] = [*routes[:at], *added, *routes[at:]]
    merged["escalation"] = {**(data.get("escalation") or {}), **wanted.policies}
    return merged, said


def _last(routes: Sequence[Any]) -> int:
    """Where the route that catches everything stands; the end where there is none."""
    always = [
        at for at, item in enumerate(routes) if isinstance(item, dict) and str(item.get("if")).strip().lower() == "true"
    ]
    return always[0] if always else len(routes)


def _written_into(before: Document, text: str, wanted: PlanParts, after: Mapping[str, Any]) -> str | None:
    """The text with lines added and policies replaced; None where its form does not allow it."""
    lines = text.removeprefix("\ufeff").replace("\r\n", "\n").split("\n")
    try:
        edits = [*_route_edits(before, wanted, lines), *_policy_edits(before, wanted, lines)]
        if "kind" not in before.data:
            row = before.marks[next((key,) for key in before.data)][0][0] - 1
            edits.append((row, row, ["kind: Plan"]))
    except (KeyError, IndexError):
        return None
    for first, last, new in sorted(edits, reverse=True):
        lines[first:last] = new
    written = "\n".join(lines)
    read = read_documents(written)
    same = len(read.documents) == 1 and not read.faults and read.documents[0].data == after
    return written if same else None


Edit = tuple[int, int, list[str]]
"""Lines from the first up to the last (from 0) are replaced by new ones."""


def _route_edits(before: Document, wanted: PlanParts, lines: Sequence[str]) -> list[Edit]:
    routes = before.data["routes"]
    there = {str(route.get("if")).strip() for route in routes if isinstance(route, dict)}
    added = [route for route in wanted.routes if route["if"] not in there]
    if not added:
        return []
    at = min(_last(routes), len(routes) - 1)
    row = before.marks[("routes", at)][1][0] - 1
    dash = lines[row].index("-") if "-" in lines[row][: len(lines[row]) - len(lines[row].lstrip()) + 1] else -1
    if dash < 0:
        raise KeyError("routes")
    indent = " " * dash
    new = [f"{indent}- {{if: {_quoted(route['if'])}, to: {route['to']}}}" for route in added]
    return [(row, row, new)]


def _policy_edits(before: Document, wanted: PlanParts, lines: Sequence[str]) -> list[Edit]:
    escalation = before.data["escalation"]
    keys = [(before.marks[("escalation", key)][0], key) for key in escalation]
    (first_row, first_column), _ = keys[0]
    if lines[first_row - 1][: first_column - 1].strip() or first_row == before.marks[("escalation",)][0][0]:
        raise KeyError("escalation")
    indent = " " * (first_column - 1)
    edits: list[Edit] = []
    new: list[str] = []
    rows = [row for (row, _), _ in keys]
    for name, steps in wanted.policies.items():
        written = _policy(name, steps, indent)
        if name not in escalation:
            new += written
        elif escalation[name] != steps:
            row = before.marks[("escalation", name)][0][0]
            following = [item for item in rows if item > row]
            end = following[0] - 1 if following else _end_of(lines, row, len(indent))
            edits.append((row - 1, end, written))
    if new:
        # Before the first one, so that nothing has to be known of where the last one ends.
        edits.append((rows[0] - 1, rows[0] - 1, new))
    return edits


def _end_of(lines: Sequence[str], row: int, indent: int) -> int:
    """The line behind a policy that begins in `row` (from 1): the next that is not indented deeper."""
    at = row
    while at < len(lines) and (not lines[at].strip() or len(lines[at]) - len(lines[at].lstrip()) > indent):
        at += 1
    while at > row and not lines[at - 1].strip():
        at -= 1
    return at


def _policy(name: str, steps: Sequence[Step], indent: str) -> list[str]:
    return [f"{indent}{name}:", *(f"{indent}  - {_flow(step)}" for step in steps)]


def _flow(step: Step) -> str:
    return "{" + ", ".join(f"{key}: {_plain(value)}" for key, value in step.items()) + "}"


def _plain(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list) else str(value)


def _quoted(rule: str) -> str:
    return "'" + rule.replace("'", "''") + "'"
