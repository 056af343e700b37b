"""From the manifest form of a schedule to the schedule, with all faults at once: field, rule and fix (R72)."""

from collections.abc import Callable, Mapping
from datetime import time
from typing import Any, TypeVar

from muster.kit.errors import Fault, Invalid
from muster.kit.nearest import did_you_mean
from muster.oncall.notation import (
    Misread,
    days_from,
    read_clock,
    read_days,
    read_hand_off,
    read_moment,
    read_weekday,
    shown,
    split_day,
)
from muster.oncall.schedule import Layer, Rotate, Schedule, Window
from muster.people.rules import name_faults, zone_faults

_T = TypeVar("_T")
SCHEDULE_FIELDS = ("kind", "name", "time_zone", "description", "layers")
LAYER_FIELDS = ("name", "people", "rotate", "every", "hand_off", "time_zone", "start", "end", "restrictions")
_WINDOW_FIELDS = ("days", "from", "to")
_MOST = {"layers": 50, "people": 200, "restrictions": 50, "every": 1000}


def read_schedule(document: object) -> Schedule:
    """Read a schedule from its manifest form, a mapping such as YAML or JSON gives.

    Raises:
        Invalid: with one fault for each thing that is wrong.
    """
    reader = _Reader()
    schedule = reader.schedule(document)
    if schedule is None or reader.faults:
        raise Invalid("This schedule cannot be used.", faults=reader.faults)
    return schedule


class _Reader:
    """Goes on after a fault, so that all of them are found."""

    def __init__(self) -> None:
        self.faults: list[Fault] = []

    def schedule(self, document: object) -> Schedule | None:
        fields = self._mapping("schedule", "", document, SCHEDULE_FIELDS, needed=("name", "time_zone", "layers"))
        if fields is None:
            return None
        if fields.get("kind", "Schedule") != "Schedule":
            self._fault("kind", f"This is a manifest of the kind {fields['kind']!s:.40}.", "Write kind: Schedule.")
        name = self._read("name", _read_name, fields.get("name")) if "name" in fields else None
        zone = self._read("time_zone", _read_zone, fields.get("time_zone")) if "time_zone" in fields else None
        description = self._read("description", _read_text, fields.get("description", ""))
        documents = self._list("layers", fields["layers"]) if "layers" in fields else []
        layers = [self._layer(f"layers.{number}", layer, zone) for number, layer in enumerate(documents)]
        known = [layer for layer in layers if layer is not None]
        for number, layer in enumerate(layers):
            if layer is not None and layer.name in [other.name for other in layers[:number] if other]:
                self._fault(f"layers.{number}.name", f"Two layers are named {layer.name}.", "Give each its own name.")
        if name is None or zone is None or description is None:
            return None
        return Schedule(name, zone, tuple(known), description)

    def _layer(self, path: str, document: object, schedule_zone: str | None) -> Layer | None:
        needed = ("name", "people", "rotate", "hand_off", "start")
        fields = self._mapping("layer", path, document, LAYER_FIELDS, needed=needed)
        if fields is None:
            return None
        asked = {key: f"{path}.{key}" for key in LAYER_FIELDS if key in fields}
        name = self._read(asked["name"], _read_name, fields["name"]) if "name" in asked else None
        turns = tuple(
            self._read(f"{path}.people.{number}", _read_turn, turn) or ()
            for number, turn in enumerate(self._list(asked["people"], fields["people"]) if "people" in asked else [])
        )
        every = self._read(f"{path}.every", _read_every, fields.get("every", 1))
        zone = schedule_zone
        if "time_zone" in asked:
            zone = self._read(asked["time_zone"], _read_zone, fields["time_zone"])
        rotate = self._read(asked["rotate"], _read_rotate, fields["rotate"]) if "rotate" in asked else None
        windows = self._windows(f"{path}.restrictions", fields.get("restrictions", ()))
        if rotate is None or "hand_off" not in asked:
            return None
        hand_off = self._read(asked["hand_off"], lambda value: read_hand_off(value, rotate), fields["hand_off"])
        if hand_off is None:
            return None
        start, end = (
            self._read(asked[key], lambda value: read_moment(value, hand_off, zone or "UTC"), fields[key])
            if key in asked and fields[key] is not None
            else None
            for key in ("start", "end")
        )
        if start is not None and end is not None and end <= start:
            self._fault(asked["end"], "The layer ends before it starts.", "Write an end later than the start.")
        if name is None or every is None or zone is None or start is None or not all(turns):
            return None
        return Layer(name, turns, rotate, every, hand_off, zone, start, end, windows)

    def _windows(self, path: str, value: object) -> tuple[Window, ...]:
        found: list[Window] = []
        for number, document in enumerate(self._list(path, value) if value else ()):
            here = f"{path}.{number}"
            fields = self._mapping("restriction", here, document, _WINDOW_FIELDS, needed=("from", "to"))
            if fields is None or "from" not in fields or "to" not in fields:
                continue
            if "days" in fields:
                days = self._read(f"{here}.days", read_days, fields["days"])
                opens = self._read(f"{here}.from", read_clock, fields["from"])
                shuts = self._read(f"{here}.to", lambda clock: read_clock(clock, may_be_24=True), fields["to"])
                if days is not None and opens is not None and shuts is not None:
                    found += [Window(day, opens, int(shuts <= opens), shuts) for day in days]
            else:
                begin = self._read(f"{here}.from", _read_week_time, fields["from"])
                finish = self._read(f"{here}.to", _read_week_time, fields["to"])
                if begin and finish:
                    later = days_from(begin[0], finish[0]) or (7 if finish[1] <= begin[1] else 0)
                    found.append(Window(begin[0], begin[1], later, finish[1]))
        return tuple(found)

    def _mapping(
        self, what: str, path: str, value: object, allowed: tuple[str, ...], needed: tuple[str, ...]
    ) -> Mapping[str, Any] | None:
        if not isinstance(value, Mapping):
            self._fault(path, f"A {what} is a mapping of fields.", f"Write {', '.join(needed)} and their values.")
            return None
        for key in value:
            if key not in allowed:
                self._fault(_join(path, str(key)), f"There is no field {key}.", did_you_mean(str(key), allowed))
        for key in needed:
            if key not in value:
                self._fault(_join(path, key), f"{key} is missing.", _EXAMPLES[key])
        return value

    def _list(self, path: str, value: object) -> list[object]:
        kind = path.rsplit(".", 1)[-1]
        if not isinstance(value, list | tuple) or not value:
            self._fault(path, f"{kind} is empty or not a list.", _EXAMPLES[kind])
            return []
        if len(value) > _MOST[kind]:
            self._fault(path, f"There are {len(value)} {kind}.", f"At most {_MOST[kind]} are allowed.")
            return []
        return list(value)

    def _read(self, path: str, function: Callable[[Any], _T], value: object) -> _T | None:
        try:
            return function(value)
        except Misread as misread:
            self._fault(path, misread.rule, misread.fix)
            return None

    def _fault(self, path: str, rule: str, fix: str) -> None:
        self.faults.append(Fault(path, rule, fix))


_EXAMPLES = {
    "name": "Add a name, such as name: platform-primary.",
    "time_zone": "Add the zone of its clocks, such as time_zone: Europe/Stockholm.",
    "layers": "Add at least one layer.",
    "people": "Name at least one person, such as people: [ana, bo].",
    "rotate": "Add rotate: hourly, daily, weekly or monthly.",
    "hand_off": 'Add when a turn passes on, such as hand_off: "Mon 09:00".',
    "start": "Add the day from which turns are counted, such as start: 2026-01-05.",
    "restrictions": 'Write a list such as [{days: Mon-Fri, from: "09:00", to: "17:00"}], or leave it out.',
    "from": 'Add when the hours begin, such as from: "09:00" with days, or from: "Fri 17:00".',
    "to": 'Add when the hours end, such as to: "17:00" with days, or to: "Mon 09:00".',
}


def _read_name(value: object) -> str:
    text = value if isinstance(value, str) else ""
    for fault in name_faults("name", text):
        raise Misread(fault.rule, fault.fix)
    return text


def _read_text(value: object) -> str:
    if isinstance(value, str) and len(value) <= 2000:
        return value
    raise Misread("The description is not a text of at most 2000 characters.", "Shorten it or leave it out.")


def _read_zone(value: object) -> str:
    text = value if isinstance(value, str) else ""
    for fault in zone_faults("time_zone", text):
        raise Misread(fault.rule, fault.fix)
    return text


def _read_rotate(value: object) -> Rotate:
    if isinstance(value, str) and value in list(Rotate):
        return Rotate(value)
    raise Misread(f"{shown(value)} is not a way to rotate.", f"Write one of {', '.join(Rotate)}.")


def _read_every(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST["every"]:
        return value
    raise Misread(f"{shown(value)} is not a length of turns.", f"Write a whole number from 1 to {_MOST['every']}.")


def _read_turn(value: object) -> tuple[str, ...]:
    people = [value] if isinstance(value, str) else value
    if not isinstance(people, list) or not people or not all(isinstance(name, str) and name for name in people):
        raise Misread(
            f"{shown(value)} names nobody.", "Write a person's name, or a list of names who are on call together."
        )
    if len(people) > 20 or any(len(name) > 200 for name in people):
        raise Misread("A turn is too large.", "At most 20 people are on call together; a name has at most 200 letters.")
    if len(set(people)) < len(people):
        raise Misread(f"{shown(value)} names somebody twice.", "Name each person of a turn once.")
    return tuple(people)


def _read_week_time(value: object) -> tuple[int, time]:
    day, clock = split_day(value)
    if not clock:
        raise Misread(
            f"{shown(value)} has no weekday.", 'Add days: Mon-Fri to these hours, or write a weekday: "Fri 17:00".'
        )
    return read_weekday(day), read_clock(clock)


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
