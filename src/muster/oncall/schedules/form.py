"""A schedule's manifest as a form and back: for people who do not want YAML, and the very same definition (R72).

The form lies over the document that it was made from: what it has no field for (imported shifts, holidays, joins and leaves)
passes through untouched. Its buttons are verbs such as `turn.up.0.2`, carried out on the document.
"""

import re
from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from muster.oncall.schedules.notation import OFF
from muster.oncall.schedules.schedule import WEEKDAYS, Rotate

Document = dict[str, Any]
_FIELDS = ("name", "time_zone", "description")
_LAYER_FIELDS = ("name", "rotate", "start", "end")
_MOST_LAYERS, _MOST_TURNS, _MOST_WINDOWS = 50, 500, 50


@dataclass(frozen=True, slots=True)
class MemberForm:
    """Somebody in a turn; `stay` says from when until when they take part, where they do not always."""

    person: str
    stay: str = ""


@dataclass(frozen=True, slots=True)
class WindowForm:
    """Hours: on chosen days (`by_days`), or from one weekday and time to another."""

    by_days: bool
    days: Sequence[str]
    opens: str
    shuts: str


@dataclass(frozen=True, slots=True)
class LayerForm:
    """A layer with its hand-off taken apart; `imported` is the calendar of its shifts, `holidays` says what they do to it."""

    name: str
    rotate: str
    every: str
    weekday: str
    month_day: str
    at: str
    start: str
    end: str
    turns: Sequence[Sequence[MemberForm]]
    windows: Sequence[WindowForm]
    imported: str
    shadow: bool
    holidays: str


@dataclass(frozen=True, slots=True)
class ScheduleForm:
    """What the editor shows of a document."""

    name: str
    time_zone: str
    description: str
    layers: Sequence[LayerForm]


def as_form(document: Mapping[str, Any]) -> ScheduleForm:
    """A document as the editor shows it: layers with turns, hand-off and hours taken apart."""
    layers = [_layer(layer) for layer in _mappings(document.get("layers"))]
    name, zone, description = (str(document.get(field) or "") for field in _FIELDS)
    return ScheduleForm(name, zone, description, layers)


def read_form(fields: Mapping[str, Sequence[str]], base: Mapping[str, Any]) -> Document:
    """The document that a sent form means, laid over the one from which the form was made."""
    document: Document = deepcopy(dict(base))
    for name in _FIELDS:
        _put(document, name, _one(fields, name))
    document["layers"] = _mappings(document.get("layers"))
    for number, layer in enumerate(document["layers"]):
        _read_layer(fields, f"layers.{number}", layer)
    return document


def carry_out(verb: str, document: Document) -> bool:
    """Do what a button of the form says, in place; False where the verb is none of the form's or has no place here."""
    what, *rest = verb.split(".")
    if len(rest) < 1 or not all(place.isdecimal() and len(place) < 5 for place in rest[1:]):
        return False
    places = [int(place) for place in rest[1:]]
    layers: list[Document] = document["layers"]
    if what == "layer":
        if rest[0] == "add":
            if len(layers) < _MOST_LAYERS:
                layers.append(_new_layer(layers))
            return True
        # A layer that stands later in the list is the higher one.
        return _shift({"higher": "down", "lower": "up"}.get(rest[0], rest[0]), layers, places)
    if not places or places[0] >= len(layers):
        return False
    layer = layers[places[0]]
    if what == "turn":
        return _on_turns(rest[0], layer.setdefault("people", []), places[1:])
    return _on_windows(rest[0], layer, places[1:]) if what == "window" else False


def _mappings(written: object) -> list[Document]:
    return [part for part in written if isinstance(part, dict)] if isinstance(written, list) else []


def _layer(layer: Mapping[str, Any]) -> LayerForm:
    rotate = str(layer.get("rotate") or Rotate.WEEKLY)
    first, _, rest = str(layer.get("hand_off") or "").strip().partition(" ")
    people, holidays = layer.get("people"), layer.get("holidays")
    return LayerForm(
        name=str(layer.get("name") or ""),
        rotate=rotate,
        every=str(layer.get("every") or 1),
        weekday=first[:3].title() if rotate == Rotate.WEEKLY else "Mon",
        month_day=first if rotate == Rotate.MONTHLY else "1",
        at=(rest if rotate in (Rotate.WEEKLY, Rotate.MONTHLY) else first) or "09:00",
        start=str(layer.get("start") or ""),
        end=str(layer.get("end") or ""),
        turns=[_turn(turn) for turn in people] if isinstance(people, list) else [],
        windows=[_window(window) for window in _mappings(layer.get("restrictions"))],
        imported=str(layer.get("calendar") or ""),
        shadow=bool(layer.get("shadow")),
        holidays=f"{holidays.get('calendar')}, {holidays.get('rule')}" if isinstance(holidays, dict) else "",
    )


def _turn(turn: Any) -> list[MemberForm]:
    members = turn if isinstance(turn, list) else [turn]
    return [_member(member) for member in members] or [MemberForm(OFF)]


def _member(member: Any) -> MemberForm:
    if not isinstance(member, dict):
        return MemberForm(OFF if member is False else str(member))
    stay = [f"{edge} {member[edge]}" for edge in ("from", "until") if member.get(edge)]
    return MemberForm(str(member.get("person") or ""), " ".join(stay))


def _window(window: Mapping[str, Any]) -> WindowForm:
    days = window.get("days")
    by_days = isinstance(days, list) and all(day in WEEKDAYS for day in days)
    return WindowForm(
        by_days, days if by_days and days else [], str(window.get("from") or ""), str(window.get("to") or "")
    )


def _read_layer(fields: Mapping[str, Sequence[str]], path: str, layer: Document) -> None:
    if f"{path}.name" not in fields:
        return
    for name in _LAYER_FIELDS:
        _put(layer, name, _one(fields, f"{path}.{name}"))
    _put(layer, "shadow", _one(fields, f"{path}.shadow") == "yes")
    if layer.get("calendar"):
        layer.pop("rotate", None)
    else:
        every = _one(fields, f"{path}.every")
        _put(layer, "every", int(every) if every.isdecimal() and len(every) < 6 else every)
        if layer.get("every") == 1:
            layer.pop("every")
        at = _one(fields, f"{path}.at")
        day = {Rotate.WEEKLY: "weekday", Rotate.MONTHLY: "month_day"}.get(layer.get("rotate", ""))
        layer["hand_off"] = f"{_one(fields, f'{path}.{day}')} {at}".strip() if day else at
        layer["people"] = _read_turns(fields, path, layer.get("people"))
    windows = layer.get("restrictions")
    if isinstance(windows, list):
        layer["restrictions"] = [
            _read_window(fields, f"{path}.windows.{n}", window) for n, window in enumerate(windows)
        ]
        if not windows:
            layer.pop("restrictions")


def _read_turns(fields: Mapping[str, Sequence[str]], path: str, before: object) -> list[Any]:
    turns: list[Any] = []
    for number, turn in enumerate(before if isinstance(before, list) else []):
        members = turn if isinstance(turn, list) and turn else [turn]
        chosen = [_one(fields, f"{path}.turns.{number}.{place}") for place in range(len(members))]
        staying = [
            member if isinstance(member, dict) and member.get("person") == person else person
            for member, person in zip(members, chosen, strict=True)
            if person
        ]
        named = [member for member in staying if member != OFF]
        turns.append(named[0] if len(named) == 1 else named if named else OFF)
    return turns


def _read_window(fields: Mapping[str, Sequence[str]], path: str, before: object) -> object:
    if not isinstance(before, dict) or f"{path}.from" not in fields:
        return before
    days = [day for day in fields.get(f"{path}.days", ()) if day in WEEKDAYS]
    read = {"from": _one(fields, f"{path}.from"), "to": _one(fields, f"{path}.to")}
    return {"days": days, **read} if days or "days" in before else {**before, **read}


def _on_turns(verb: str, turns: list[Any], places: Sequence[int]) -> bool:
    if verb == "add":
        if len(turns) < _MOST_TURNS:
            turns.append("")
        return True
    if verb == "with" and places and places[0] < len(turns):
        turn = turns[places[0]]
        turns[places[0]] = [*(turn if isinstance(turn, list) else [turn]), ""]
        return True
    return _shift(verb, turns, places)


def _on_windows(verb: str, layer: Document, places: Sequence[int]) -> bool:
    windows = layer.setdefault("restrictions", [])
    if verb == "add":
        if len(windows) < _MOST_WINDOWS:
            windows.append({"days": list(WEEKDAYS[:5]), "from": "09:00", "to": "17:00"})
        return True
    done = _shift(verb, windows, places)
    if not windows:
        layer.pop("restrictions")
    return done


def _shift(verb: str, items: list[Any], places: Sequence[int]) -> bool:
    """Move an item up or down, or remove it."""
    if not places or places[0] >= len(items):
        return False
    place = places[0]
    if verb == "remove":
        items.pop(place)
        return True
    other = place + {"up": -1, "down": 1}.get(verb, 0)
    if 0 <= other < len(items):
        items[place], items[other] = items[other], items[place]
    return verb in ("up", "down")


def _new_layer(layers: Sequence[Document]) -> Document:
    taken = {layer.get("name") for layer in layers}
    name = next(f"layer-{number}" for number in range(1, len(layers) + 3) if f"layer-{number}" not in taken)
    start = str(layers[-1].get("start") or "") if layers else ""
    return {"name": name, "people": [""], "rotate": "weekly", "hand_off": "Mon 09:00", "start": start}


def _put(document: Document, name: str, value: object) -> None:
    if value:
        document[name] = value
    else:
        document.pop(name, None)


def _one(fields: Mapping[str, Sequence[str]], name: str) -> str:
    return re.sub(r"\s+", " ", fields[name][0]).strip() if fields.get(name) else ""
