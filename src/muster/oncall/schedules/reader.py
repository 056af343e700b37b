"""Reads a written document and goes on after a fault, so that all of them are told at once: field, rule and fix."""

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from muster.kit.errors import Fault
from muster.kit.nearest import did_you_mean
from muster.oncall.schedules.notation import Misread

_T = TypeVar("_T")
MOST = {"layers": 50, "people": 200, "restrictions": 50, "every": 1000}
"""How many of a thing are allowed."""
EXAMPLES = {
    "name": "Add a name, such as name: platform-primary.",
    "time_zone": "Add the zone of its clocks, such as time_zone: Europe/Stockholm.",
    "layers": "Add at least one layer.",
    "people": "Name at least one person, such as people: [ana, bo].",
    "rotate": "Add rotate: hourly, daily, weekly or monthly.",
    "hand_off": 'Add when a turn passes on, such as hand_off: "Mon 09:00".',
    "calendar": "Name a calendar, such as calendar: se-holidays; `muster calendar list` names them.",
    "rule": "Add rule: closed, only, uncounted or skipped.",
    "person": "Name the person, such as person: ana.",
    "holidays": "Write holidays: {calendar: se-holidays, rule: closed}, or leave it out.",
    "start": "Add the day from which turns are counted, such as start: 2026-01-05.",
    "restrictions": 'Write a list such as [{days: Mon-Fri, from: "09:00", to: "17:00"}], or leave it out.',
    "from": 'Add when the hours begin, such as from: "09:00" with days, or from: "Fri 17:00".',
    "to": 'Add when the hours end, such as to: "17:00" with days, or to: "Mon 09:00".',
}
"""What to write where a field is missing or empty."""


class Reader:
    """Collects the faults of one document."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def mapping(
        self, what: str, path: str, value: object, allowed: tuple[str, ...], needed: tuple[str, ...]
    ) -> Mapping[str, Any] | None:
        """The fields of a mapping, with a fault for each that is not `allowed` or is `needed` and missing."""
        if not isinstance(value, Mapping):
            self.fault(path, f"A {what} is a mapping of fields.", f"Write {', '.join(needed)} and their values.")
            return None
        for key in value:
            if key not in allowed:
                self.fault(join(path, str(key)), f"There is no field {key}.", did_you_mean(str(key), allowed))
        for key in needed:
            if key not in value:
                self.fault(join(path, key), f"{key} is missing.", EXAMPLES[key])
        return value

    def list(self, path: str, value: object) -> "list[object]":
        """The items of a list that is not empty and not too long."""
        kind = path.rsplit(".", 1)[-1]
        if not isinstance(value, list | tuple) or not value:
            self.fault(path, f"{kind} is empty or not a list.", EXAMPLES[kind])
            return []
        if len(value) > MOST[kind]:
            self.fault(path, f"There are {len(value)} {kind}.", f"At most {MOST[kind]} are allowed.")
            return []
        return list(value)

    def read(self, path: str, function: Callable[[Any], _T], value: object) -> _T | None:
        """What `function` makes of the value; None and a fault where it raises Misread."""
        try:
            return function(value)
        except Misread as misread:
            self.fault(path, misread.rule, misread.fix)
            return None

    def fault(self, path: str, rule: str, fix: str) -> None:
        """Note what is wrong."""
        self.faults.append(Fault(path, rule, fix))


def join(path: str, key: str) -> str:
    """The path of a field."""
    return f"{path}.{key}" if path else key
