"""Small parts of the plan in people's words: durations, targets, rules. `code` stands in backticks."""

import re
from collections.abc import Iterable
from datetime import timedelta

from muster.kit.rules import Condition
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan

_UNITS = (("day", 86400), ("hour", 3600), ("minute", 60), ("second", 1))
_TEXT = r'["\']([^"\']*)["\']'
_ATOMS = (
    (rf"(?:labels\.(\w+)|labels\[{_TEXT}\]) == {_TEXT}", "the label {0} is {1}"),
    (rf"(?:labels\.(\w+)|labels\[{_TEXT}\]) != {_TEXT}", "the label {0} is not {1}"),
    (rf"(\w+) == {_TEXT}", "the {0} is {1}"),
    (rf"(\w+) != {_TEXT}", "the {0} is not {1}"),
    (rf"alert\.(name) == {_TEXT}", "the alert's {0} is {1}"),
    (r"has\(labels\.(\w+)\)", "it has the label {0}"),
    (rf"(\w+)\.contains\({_TEXT}\)", "the {0} contains {1}"),
    (rf"(\w+)\.startsWith\({_TEXT}\)", "the {0} begins with {1}"),
)


def duration_words(value: timedelta) -> str:
    """`1 hour 30 minutes`."""
    left, parts = int(value.total_seconds()), []
    for unit, seconds in _UNITS:
        count, left = divmod(left, seconds)
        if count:
            parts.append(f"{count} {unit}{'s' if count != 1 else ''}")
    return " ".join(parts) or "0 seconds"


def rule_words(rule: Condition) -> str:
    """The condition in words where it is a plain comparison (also several of one kind joined), else its text as code."""
    if rule.always:
        return "anything else"
    for sign, word in (("&&", " and "), ("||", " or ")):
        parts = [_atom(part.strip()) for part in rule.text.split(sign)]
        if all(parts):
            return word.join(part for part in parts if part)
    return f"`{rule.text.strip()}`"


def _atom(text: str) -> str | None:
    for pattern, words in _ATOMS:
        match = re.fullmatch(pattern, text)
        if match:
            return words.format(*(part for part in match.groups() if part is not None))
    return None


def target_words(plan: Plan, target: Target) -> str:
    """Whom a target means."""
    if target.kind == "schedule":
        return f"whoever is on call on {target.name}"
    if target.kind == "team":
        return f"everybody in the team {target.name}"
    if target.kind == "role":
        role = plan.role(target.name)
        return f"the {role.title if role and role.title else spaced(target.name)}"
    if target.kind == "policy":
        return f"as the policy {target.name} says"
    return target.name


def spaced(name: str) -> str:
    """A name as words."""
    return name.replace("_", " ").replace("-", " ")


def listed(words: Iterable[str], last: str = "and") -> str:
    """`a, b and c`."""
    parts = list(words)
    if len(parts) < 2:
        return "".join(parts)
    return f"{', '.join(parts[:-1])} {last} {parts[-1]}"


def article(noun: str) -> str:
    """`an incident manager`."""
    return f"{'an' if noun[:1].lower() in 'aeiou' else 'a'} {noun}"
