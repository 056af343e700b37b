"""What differs between two versions of a plan, in meaning rather than in letters."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

from muster.plan.model.plan import Plan

_KEYED = {"routes": "if", "severity_rules": "if", "category_rules": "if", "closure": "check"}


@dataclass(frozen=True, slots=True)
class PlanDifference:
    """One difference; `path` is dotted, `old` and `new` are plain data (None: not there)."""

    path: str
    kind: Literal["added", "removed", "changed", "moved"]
    old: Any
    new: Any

    def sentence(self) -> str:
        """The change for people."""
        what = f"`{self.path}`"
        if self.kind == "added":
            return f"{what} is new: {shown(self.new)}."
        if self.kind == "removed":
            return f"{what} is gone; it was {shown(self.old)}."
        if self.kind == "moved":
            return f"{what} stands in another order: {shown(self.new)}; it was {shown(self.old)}."
        return f"{what} is {shown(self.new)}; it was {shown(self.old)}."

    def as_json(self) -> dict[str, Any]:
        """The change as the API gives it."""
        return {"path": self.path, "kind": self.kind, "old": self.old, "new": self.new, "sentence": self.sentence()}


def diff(old: Plan, new: Plan) -> tuple[PlanDifference, ...]:
    """Every difference of meaning; empty when only the writing differs (order of keys, comments, spelt-out defaults)."""
    return tuple(_differ("", _as_written(old), _as_written(new)))


def plain(plan: Plan) -> dict[str, Any]:
    """The plan as JSON-like data under the names of its YAML, defaults spelt out."""
    return plan.model_dump(mode="json", by_alias=True)


def _as_written(plan: Plan) -> dict[str, Any]:
    """The same with what is kept for features in its own place."""
    data = plain(plan)
    later = data.pop("kept")
    authority = data["authority"] | later.pop("authority", {})
    closure = [check | check.pop("params") for check in data["closure"]]
    return {**data, **later, "authority": authority, "closure": closure}


def _differ(path: str, old: Any, new: Any) -> Iterator[PlanDifference]:
    # Equal mappings may still differ in order, which has a meaning for severities.
    if old == new and not isinstance(old, dict):
        return
    if isinstance(old, dict) and isinstance(new, dict):
        yield from _mappings(path, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        yield from _lists(path, old, new)
    elif _nothing(old):
        yield PlanDifference(path, "added", None, new)
    elif _nothing(new):
        yield PlanDifference(path, "removed", old, None)
    else:
        yield PlanDifference(path, "changed", old, new)


def _mappings(path: str, old: dict[str, Any], new: dict[str, Any]) -> Iterator[PlanDifference]:
    for name in [*old, *(name for name in new if name not in old)]:
        yield from _differ(f"{path}.{name}".lstrip("."), old.get(name), new.get(name))
    both = [name for name in old if name in new]
    if path == "severities" and both != [name for name in new if name in old]:
        yield PlanDifference(path, "moved", list(old), list(new))


def _lists(path: str, old: list[Any], new: list[Any]) -> Iterator[PlanDifference]:
    if not all(isinstance(item, dict) for item in [*old, *new]):
        yield PlanDifference(
            path, "added" if not old else "removed" if not new else "changed", old or None, new or None
        )
        return
    before, after = _by_key(path, old), _by_key(path, new)
    for key in [*before, *(key for key in after if key not in before)]:
        yield from _differ(f"{path}[{key}]", before.get(key), after.get(key))
    common = [key for key in before if key in after]
    if path in _KEYED and common != (order := [key for key in after if key in before]):
        yield PlanDifference(path, "moved", common, order)


def _by_key(path: str, items: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Items under what makes them the same item in another version: their condition or check, else their number."""
    by_key: dict[str, dict[str, Any]] = {}
    for number, item in enumerate(items):
        key = str(item.get(_KEYED[path])) if path in _KEYED else str(number + 1)
        if path == "closure" and item.get("name"):
            key = f"{key} {item['name']}"
        while key in by_key:
            key += "'"
        by_key[key] = item
    return by_key


def _nothing(value: Any) -> bool:
    return value is None or value in ([], {}, "")


def shown(value: Any) -> str:
    """A value of the plan on one line, as sentences show it."""
    if isinstance(value, dict):
        return ", ".join(f"{name} {shown(part)}" for name, part in value.items() if not _nothing(part)) or "empty"
    if isinstance(value, list):
        return ", ".join(shown(part) for part in value) or "nothing"
    if isinstance(value, bool):
        return "true" if value else "false"
    return f"{value}" if value is not None else "nothing"
