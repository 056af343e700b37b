"""Kinds of value that occur throughout the plan: durations, names, rules, targets."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, PlainSerializer, PlainValidator, WithJsonSchema

from muster.kit.duration import format_duration, parse_duration
from muster.kit.errors import Broken
from muster.kit.nearest import did_you_mean
from muster.kit.rules import Condition
from muster.plan.facts import STEP_VOCABULARY, VOCABULARY
from muster.plan.model.reference import Refers

_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,63}")

TargetKind = Literal["schedule", "person", "team", "role", "policy"]
TARGET_KINDS: tuple[str, ...] = get_args(TargetKind)


@dataclass(frozen=True, slots=True)
class Target:
    """Somebody to notify (R68): a schedule's person on call, a person, a team, the holder of a role, another policy."""

    kind: TargetKind
    name: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.name}"


def _duration(value: Any) -> timedelta:
    if isinstance(value, timedelta):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        raise Broken(
            f"`{value}` has no unit.", f"Write `{value}m` for minutes, `{value}h` for hours or `{value}d` for days."
        )
    if not isinstance(value, str):
        raise Broken("This is not a duration.", "Write a number and a unit, such as 90s, 5m, 1h30m or 90d.")
    try:
        duration = parse_duration(value)
    except ValueError:
        raise Broken(
            f"`{value}` is not a duration.", "Write a number and a unit, such as 90s, 5m, 1h30m or 90d."
        ) from None
    if not duration:
        raise Broken("A duration of nothing is not allowed here.", "Write at least 1s, or leave the field out.")
    return duration


def _name(value: Any) -> str:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str) or not _NAME.fullmatch(value):
        fix = "Use letters, digits, `-`, `_` and `.`, beginning with a letter or digit, at most 64."
        raise Broken(f"`{value!s:.40}` is not a name.", fix)
    return value


def _rule(value: Any, vocabulary: Mapping[str, Any] = VOCABULARY) -> Condition:
    if isinstance(value, Condition):
        return value
    if isinstance(value, bool):
        value = str(value).lower()
    if not isinstance(value, str):
        raise Broken("A rule is an expression written as text.", "Quote it, such as 'labels.severity == \"critical\"'.")
    try:
        return Condition.compile(value, vocabulary)
    except Broken as error:
        raise Broken(f"This rule does not hold: {error.rule}", error.fix) from None


def read_target(value: Any) -> Target:
    """Read `schedule:platform-primary` and its like.

    Raises:
        Broken: with the fix.
    """
    if isinstance(value, Target):
        return value
    kind, colon, name = value.partition(":") if isinstance(value, str) else ("", "", "")
    if not colon:
        fix = f"Write what it is before it, such as `schedule:{value}`, `person:{value}` or `team:{value}`."
        raise Broken(f"`{value!s:.60}` does not say whom it means.", fix)
    if kind not in TARGET_KINDS:
        raise Broken(f"`{kind}` is not something that can be notified.", did_you_mean(kind, TARGET_KINDS))
    return Target(kind, _name(name.strip()))  # type: ignore[arg-type]  # checked against TARGET_KINDS above


def read_policy(value: Any) -> str:
    """A policy's name, also written `policy:NAME`."""
    if isinstance(value, str) and ":" in value:
        kind, _, name = value.partition(":")
        if kind != "policy":
            raise Broken(f"A route leads to an escalation policy, not to a {kind}.", "Write a policy that notifies it.")
        value = name.strip()
    return _name(value)


def one_or_many(value: Any) -> Any:
    """A list that may be written as its only item."""
    return [value] if isinstance(value, str | Target) else value


_DURATION_SCHEMA = {"type": "string", "pattern": r"^(\d+[wdhms])+$", "examples": ["5m", "1h30m", "90d"]}
_NAME_SCHEMA = {"type": "string", "pattern": f"^{_NAME.pattern}$"}
_TARGET_SCHEMA = {
    "type": "string",
    "pattern": f"^({'|'.join(TARGET_KINDS)}):.+$",
    "examples": ["schedule:platform-primary", "person:ana", "team:platform", "role:duty-manager", "policy:platform"],
}
_RULE_SCHEMA = {
    "type": ["string", "boolean"],
    "description": "A condition in CEL over " + ", ".join(VOCABULARY) + ".",
    "examples": ['labels.severity == "critical"', 'category == "security"', "true"],
}

Duration = Annotated[
    timedelta,
    BeforeValidator(_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(_DURATION_SCHEMA),
]
Name = Annotated[str, BeforeValidator(_name), WithJsonSchema(_NAME_SCHEMA)]
RuleField = Annotated[
    Condition,
    PlainValidator(_rule),
    PlainSerializer(lambda rule: rule.text, return_type=str),
    WithJsonSchema(_RULE_SCHEMA),
    Refers("rule"),
]
StepRuleField = Annotated[
    Condition,
    PlainValidator(lambda value: _rule(value, STEP_VOCABULARY)),
    PlainSerializer(lambda rule: rule.text, return_type=str),
    WithJsonSchema(
        {
            "type": ["string", "boolean"],
            "description": "A condition in CEL over " + ", ".join(STEP_VOCABULARY) + ".",
            "examples": ["hours.business", 'severity == "critical"', '!hours.business || severity == "critical"'],
        }
    ),
    Refers("rule"),
]
TargetField = Annotated[
    Target,
    PlainValidator(read_target),
    PlainSerializer(str, return_type=str),
    WithJsonSchema(_TARGET_SCHEMA),
    Refers("target"),
]
PolicyName = Annotated[str, BeforeValidator(read_policy), WithJsonSchema({"type": "string"}), Refers("policy")]
SeverityName = Annotated[str, Refers("severity")]
CalendarName = Annotated[Name, Refers("calendar")]
