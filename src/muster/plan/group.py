"""Which alerts belong to one incident."""

import hashlib
import json
from dataclasses import dataclass
from datetime import timedelta

from muster.plan.facts import TEXTS, AlertFacts
from muster.plan.model.plan import Plan
from muster.plan.reason import About, Because, Reason

_LONGEST = 400


@dataclass(frozen=True, slots=True)
class Grouped:
    """Alerts with an equal `key` join one incident while its last alert is not older than `window`."""

    key: str
    window: timedelta
    parts: tuple[tuple[str, str], ...]
    reason: Reason


def group_of(plan: Plan, facts: AlertFacts) -> Grouped:
    """The group of an alert whose category is decided.

    The category always belongs to the key: a security incident, which only its members see, never takes in other alerts.
    An alert that has none of the grouping labels forms a group of its own rather than one with every other such alert.
    """
    labels = tuple((name, _value(facts, name)) for name in plan.grouping.by)
    agrees = any(value for _, value in labels)
    if agrees:
        parts = (("category", facts.category), *labels)
    else:
        parts = (("category", facts.category), ("integration", facts.integration), ("alert", facts.key or facts.title))
    reason = Reason(About.GROUP, Because.RULE if agrees else Because.USUAL, "grouping.by", labels=labels)
    return Grouped(_key(parts), plan.grouping.window, parts, reason)


def group_key(plan: Plan, facts: AlertFacts) -> str:
    """The key of `group_of`: equal keys belong together, different parts never give equal keys."""
    return group_of(plan, facts).key


def _value(facts: AlertFacts, name: str) -> str:
    if name == "alert":
        return facts.key
    if name == "alertname":
        return facts.labels.get(name, "") or facts.name
    named = str(getattr(facts, name)) if name in TEXTS else ""
    return named or facts.labels.get(name, "")


def _key(parts: tuple[tuple[str, str], ...]) -> str:
    text = json.dumps(parts, ensure_ascii=False, separators=(",", ":"))
    if len(text) <= _LONGEST:
        return text
    return "sha256:" + hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
