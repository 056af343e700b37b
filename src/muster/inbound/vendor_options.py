"""The options that vendors' formats have in common, and how each is checked."""

from collections.abc import Callable, Mapping
from typing import Any

from muster.kit.duration import parse_duration
from muster.kit.errors import Fault

OptionCheck = Callable[[Any], Fault | None]
_GRADES = ("critical", "high", "medium", "low")


def check_severities(value: Any) -> Fault | None:
    """`severities` maps the vendor's words to Muster's four."""
    if isinstance(value, Mapping) and all(grade in _GRADES for grade in value.values()):
        return None
    return Fault("severities", f"Each word maps to {', '.join(_GRADES)}.", 'Write {"5": "critical"}.')


def check_ends_after(value: Any) -> Fault | None:
    """`ends_after` is for how long a report lasts whose vendor tells of no end."""
    try:
        parse_duration(value if isinstance(value, str) else "")
    except ValueError:
        return Fault("ends_after", "It is a duration.", 'Write "2h"; without it the alert lasts until you end it.')
    return None


def check_branches(value: Any) -> Fault | None:
    """`branches` are those whose failures are alerts; without it, the default branch is."""
    if isinstance(value, list) and all(isinstance(name, str) and name for name in value):
        return None
    return Fault("branches", "It is a list of branches.", 'Write ["main", "release"], or ["*"] for all.')


def check_signature(value: Any) -> Fault | None:
    """`signature` says whether messages must be signed by Amazon."""
    if value in ("required", "off"):
        return None
    return Fault("signature", "Messages must be signed, or need not be.", 'Write "required" (the default) or "off".')


def check_topics(value: Any) -> Fault | None:
    """`topics` are the ARNs from which messages are taken; without it, from any."""
    if isinstance(value, list) and value and all(isinstance(name, str) and name.startswith("arn:") for name in value):
        return None
    return Fault("topics", "It is a list of ARNs.", 'Write ["arn:aws:sns:eu-north-1:111122223333:ops"].')


SEVERITIES: Mapping[str, OptionCheck] = {"severities": check_severities}
ENDS_AFTER: Mapping[str, OptionCheck] = {"ends_after": check_ends_after}
BRANCHES: Mapping[str, OptionCheck] = {"branches": check_branches}
