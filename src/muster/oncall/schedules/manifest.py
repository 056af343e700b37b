"""From a schedule to its manifest form, and what differs between two. `read_schedule` reads the form back the same."""

from collections.abc import Iterator, Mapping
from itertools import groupby, pairwise
from typing import Any

from muster.oncall.schedules.notation import OFF, write_clock, write_hand_off, write_moment
from muster.oncall.schedules.schedule import ALWAYS, WEEKDAYS, Layer, Schedule, Stay, Window


def write_schedule(schedule: Schedule) -> dict[str, Any]:
    """The schedule as JSON-ready data, defaults left out, without its `kind`."""
    document: dict[str, Any] = {"name": schedule.name, "time_zone": schedule.zone}
    if schedule.description:
        document["description"] = schedule.description
    document["layers"] = [_layer(layer, schedule.zone) for layer in schedule.layers]
    return document


def _layer(layer: Layer, schedule_zone: str) -> dict[str, Any]:
    document: dict[str, Any] = {"name": layer.name}
    if layer.calendar is not None:
        document["calendar"] = layer.calendar
    else:
        document["people"] = _people(layer)
        document["rotate"] = str(layer.rotate)
        document["hand_off"] = write_hand_off(layer.hand_off, layer.rotate)
    if layer.calendar is None or layer.start != ALWAYS:
        document["start"] = write_moment(layer.start, layer.hand_off)
    if layer.every != 1:
        document["every"] = layer.every
    if layer.end is not None:
        document["end"] = write_moment(layer.end, layer.hand_off)
    if layer.zone != schedule_zone:
        document["time_zone"] = layer.zone
    if layer.windows:
        document["restrictions"] = _restrictions(layer.windows)
    if layer.holidays:
        document["holidays"] = {"calendar": layer.holidays.calendar, "rule": str(layer.holidays.rule)}
    if layer.shadow:
        document["shadow"] = True
    return document


def _restrictions(windows: tuple[Window, ...]) -> list[dict[str, Any]]:
    """Windows of neighbouring days with the same hours as one entry."""
    entries: list[dict[str, Any]] = []
    for (start, later, end), same in groupby(windows, lambda window: (window.start, window.days_later, window.end)):
        alike = list(same)
        rising = all(first.day < second.day for first, second in pairwise(alike))
        if later == int(end <= start) and rising:
            days = [WEEKDAYS[window.day] for window in alike]
            entries.append({"days": days, "from": write_clock(start), "to": write_clock(end)})
        else:
            entries += [_weekly(window) for window in alike]
    return entries


def _weekly(window: Window) -> dict[str, Any]:
    until = WEEKDAYS[(window.day + window.days_later) % 7]
    return {"from": f"{WEEKDAYS[window.day]} {write_clock(window.start)}", "to": f"{until} {write_clock(window.end)}"}


def _people(layer: Layer) -> list[Any]:
    """Names, people together, free turns, and from when until when somebody takes part."""
    by_place = {(stay.turn, stay.person): stay for stay in layer.stays}
    written: list[Any] = []
    for number, people in enumerate(layer.turns):
        members = [_member(person, by_place.get((number, person))) for person in people]
        written.append(OFF if not members else members[0] if len(members) == 1 else members)
    return written


def _member(person: str, stay: Stay | None) -> str | dict[str, str]:
    if stay is None:
        return person
    days = {"from": stay.first, "until": stay.last}
    return {"person": person, **{key: day.isoformat() for key, day in days.items() if day}}


def differences(before: Schedule, after: Schedule) -> list[str]:
    """Lines such as `layers.weekly.people: [ana] → [ana, bo]`; empty when nothing changes."""
    old, new = write_schedule(before), write_schedule(after)
    was = {layer["name"]: layer for layer in old.pop("layers")}
    now = {layer["name"]: layer for layer in new.pop("layers")}
    lines = list(_changed("", old, new))
    lines += [f"layers.{name}: removed" for name in was if name not in now]
    for name, layer in now.items():
        if name in was:
            lines += _changed(f"layers.{name}.", was[name], layer)
        else:
            source = "people" if "people" in layer else "calendar"
            lines.append(f"layers.{name}: added with {source} {_shown(layer[source])}")
    orders = [name for name in was if name in now], [name for name in now if name in was]
    if orders[0] != orders[1]:
        lines.append(f"layers: order {_shown(list(was))} → {_shown(list(now))}")
    return lines


def _changed(path: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[str]:
    for key in dict.fromkeys((*old, *new)):
        if old.get(key) != new.get(key):
            yield f"{path}{key}: {_shown(old.get(key))} → {_shown(new.get(key))}"


def _shown(value: Any) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(_shown, value))}]"
    if isinstance(value, dict):
        return f"{{{', '.join(f'{key}: {_shown(part)}' for key, part in value.items())}}}"
    if isinstance(value, bool):
        return str(value).lower()
    return "none" if value in (None, "") else str(value)
