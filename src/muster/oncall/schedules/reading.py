"""From the manifest form of a schedule to the schedule, with all faults at once: field, rule and fix (R72)."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from muster.kit.errors import Invalid
from muster.oncall.schedules.notation import (
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
from muster.oncall.schedules.places import read_places
from muster.oncall.schedules.reader import MOST, Reader
from muster.oncall.schedules.schedule import HandOff, HolidayRule, Holidays, Layer, Rotate, Schedule, Window
from muster.people.rules import name_faults, zone_faults

SCHEDULE_FIELDS = ("kind", "name", "time_zone", "description", "layers")
_ROTATION_FIELDS = ("people", "rotate", "every", "hand_off")
_ANY_LAYER_FIELDS = ("name", "time_zone", "start", "end", "restrictions", "holidays", "shadow")
LAYER_FIELDS = (*_ANY_LAYER_FIELDS, *_ROTATION_FIELDS, "calendar")
HOLIDAYS_FIELDS = ("calendar", "rule")
_WINDOW_FIELDS = ("days", "from", "to")
ALWAYS = datetime.combine(date(1990, 1, 1), time())
"""When an imported layer starts that does not say so."""
MIDNIGHT = HandOff(time(0))
"""The hand-off of an imported layer, which has none: its dates begin then."""


def read_schedule(document: object) -> Schedule:
    """Read a schedule from its manifest form, a mapping such as YAML or JSON gives.

    Raises:
        Invalid: with one fault for each thing that is wrong.
    """
    reader = _ScheduleReader()
    schedule = reader.schedule(document)
    if schedule is None or reader.faults:
        raise Invalid("This schedule cannot be used.", faults=reader.faults)
    return schedule


class _ScheduleReader(Reader):
    def schedule(self, document: object) -> Schedule | None:
        fields = self.mapping("schedule", "", document, SCHEDULE_FIELDS, needed=("name", "time_zone", "layers"))
        if fields is None:
            return None
        if fields.get("kind", "Schedule") != "Schedule":
            self.fault("kind", f"This is a manifest of the kind {fields['kind']!s:.40}.", "Write kind: Schedule.")
        name = self.read("name", _read_name, fields.get("name")) if "name" in fields else None
        zone = self.read("time_zone", _read_zone, fields.get("time_zone")) if "time_zone" in fields else None
        description = self.read("description", _read_text, fields.get("description", ""))
        documents = self.list("layers", fields["layers"]) if "layers" in fields else []
        layers = [self._layer(f"layers.{number}", layer, zone) for number, layer in enumerate(documents)]
        known = [layer for layer in layers if layer is not None]
        for number, layer in enumerate(layers):
            if layer is not None and layer.name in [other.name for other in layers[:number] if other]:
                self.fault(f"layers.{number}.name", f"Two layers are named {layer.name}.", "Give each its own name.")
        if name is None or zone is None or description is None:
            return None
        return Schedule(name, zone, tuple(known), description)

    def _layer(self, path: str, document: object, schedule_zone: str | None) -> Layer | None:
        imported = isinstance(document, Mapping) and "calendar" in document
        needed = ("name", "calendar") if imported else ("name", "people", "rotate", "hand_off", "start")
        fields = self.mapping("layer", path, document, LAYER_FIELDS, needed=needed)
        if fields is None:
            return None
        for key in _ROTATION_FIELDS if imported else ():
            if key in fields:
                rule = f"A layer either takes its shifts from a calendar or rotates: {key} has no meaning here."
                self.fault(f"{path}.{key}", rule, f"Leave out {key}, or leave out calendar.")
        name = self.read(f"{path}.name", _read_name, fields["name"]) if "name" in fields else None
        places = read_places(self, f"{path}.people", fields["people"]) if "people" in fields and not imported else None
        every = self.read(f"{path}.every", _read_every, fields.get("every", 1))
        zone = schedule_zone
        if "time_zone" in fields:
            zone = self.read(f"{path}.time_zone", _read_zone, fields["time_zone"])
        windows = self._windows(f"{path}.restrictions", fields.get("restrictions", ()))
        holidays = self._holidays(f"{path}.holidays", fields.get("holidays"))
        shadow = self.read(f"{path}.shadow", _read_truth, fields.get("shadow", False))
        calendar = self.read(f"{path}.calendar", _read_name, fields["calendar"]) if imported else None
        rotate, hand_off = (Rotate.DAILY, MIDNIGHT) if imported else self._rotation(path, fields)
        if rotate is None or hand_off is None:
            return None
        start, end = self._edges(path, fields, hand_off, zone or "UTC", ALWAYS if imported else None)
        if name is None or every is None or zone is None or start is None or shadow is None:
            return None
        if (calendar if imported else places) is None:
            return None
        turns, stays = places or ((), ())
        return Layer(name, turns, rotate, every, hand_off, zone, start, end, windows, stays, holidays, shadow, calendar)

    def _rotation(self, path: str, fields: Mapping[str, Any]) -> tuple[Rotate | None, HandOff | None]:
        rotate = self.read(f"{path}.rotate", _read_rotate, fields["rotate"]) if "rotate" in fields else None
        if rotate is None or "hand_off" not in fields:
            return None, None
        return rotate, self.read(f"{path}.hand_off", lambda value: read_hand_off(value, rotate), fields["hand_off"])

    def _edges(
        self, path: str, fields: Mapping[str, Any], hand_off: HandOff, zone: str, always: datetime | None
    ) -> tuple[datetime | None, datetime | None]:
        start, end = (
            self.read(f"{path}.{key}", lambda value: read_moment(value, hand_off, zone), fields[key])
            if fields.get(key) is not None
            else default
            for key, default in (("start", always), ("end", None))
        )
        if start is not None and end is not None and end <= start:
            self.fault(f"{path}.end", "The layer ends before it starts.", "Write an end later than the start.")
        return start, end

    def _holidays(self, path: str, value: object) -> Holidays | None:
        if value is None:
            return None
        fields = self.mapping("layer's holidays field", path, value, HOLIDAYS_FIELDS, needed=HOLIDAYS_FIELDS) or {}
        name = self.read(f"{path}.calendar", _read_name, fields["calendar"]) if "calendar" in fields else None
        rule = self.read(f"{path}.rule", _read_rule, fields["rule"]) if "rule" in fields else None
        return Holidays(name, rule) if name and rule else None

    def _windows(self, path: str, value: object) -> tuple[Window, ...]:
        found: list[Window] = []
        for number, document in enumerate(self.list(path, value) if value else ()):
            here = f"{path}.{number}"
            fields = self.mapping("restriction", here, document, _WINDOW_FIELDS, needed=("from", "to"))
            if fields is None or "from" not in fields or "to" not in fields:
                continue
            if "days" in fields:
                days = self.read(f"{here}.days", read_days, fields["days"])
                opens = self.read(f"{here}.from", read_clock, fields["from"])
                shuts = self.read(f"{here}.to", lambda clock: read_clock(clock, may_be_24=True), fields["to"])
                if days is not None and opens is not None and shuts is not None:
                    found += [Window(day, opens, int(shuts <= opens), shuts) for day in days]
            else:
                begin = self.read(f"{here}.from", _read_week_time, fields["from"])
                finish = self.read(f"{here}.to", _read_week_time, fields["to"])
                if begin and finish:
                    later = days_from(begin[0], finish[0]) or (7 if finish[1] <= begin[1] else 0)
                    found.append(Window(begin[0], begin[1], later, finish[1]))
        return tuple(found)


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


def _read_rule(value: object) -> HolidayRule:
    if isinstance(value, str) and value in list(HolidayRule):
        return HolidayRule(value)
    raise Misread(f"{shown(value)} is not what holidays do.", f"Write one of {', '.join(HolidayRule)}.")


def _read_truth(value: object) -> bool:
    if isinstance(value, bool):
        return value
    raise Misread(f"{shown(value)} is neither true nor false.", "Write shadow: true, or leave it out.")


def _read_every(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= MOST["every"]:
        return value
    raise Misread(f"{shown(value)} is not a length of turns.", f"Write a whole number from 1 to {MOST['every']}.")


def _read_week_time(value: object) -> tuple[int, time]:
    day, clock = split_day(value)
    if not clock:
        raise Misread(
            f"{shown(value)} has no weekday.", 'Add days: Mon-Fri to these hours, or write a weekday: "Fri 17:00".'
        )
    return read_weekday(day), read_clock(clock)
