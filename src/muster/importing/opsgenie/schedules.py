"""Opsgenie's schedules. All rotations of a schedule hold together: where two overlap, the people of both are on call."""

from collections.abc import Sequence
from datetime import time, timedelta
from functools import partial
from typing import Any

from muster.importing.export import Export, Rendered, Replacement, Rota, Rotation
from muster.importing.export_files import ExportObject
from muster.importing.fields import inside, instant, mappings, number, text
from muster.importing.opsgenie.coverage import vendor_rules
from muster.importing.opsgenie.objects import parent_of, whole
from muster.importing.opsgenie.people import user_of
from muster.importing.report import ImportNote
from muster.importing.turns import DAY, MOST_EVERY, WEEK, window
from muster.importing.zones import zone_of
from muster.kit.errors import Broken
from muster.kit.localtime import to_local
from muster.kit.weekhours import read_weekday
from muster.oncall.schedules.schedule import Rotate, Window

_KINDS = {"hourly": Rotate.HOURLY, "daily": Rotate.DAILY, "weekly": Rotate.WEEKLY}


def read_schedules(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every schedule with the rotations, overrides and timelines that stand in other files."""
    schedules = whole(objects, "schedule")
    for item in objects:
        name = text(item.data, "scheduleName")
        if item.kind == "rotation" and name and name not in [text(schedule, "name") for schedule in schedules.values()]:
            schedules[name] = {"id": name, "name": name, "rotations": []}
    for id, data in schedules.items():
        own = [
            item.data
            for item in objects
            if item.kind == "rotation"
            and (text(item.data, "scheduleName") or parent_of(item, schedules)) in (id, text(data, "name"))
        ]
        overrides = list(mappings(data, "overrides"))
        overrides += [
            record.data for record in objects if record.kind == "override" and parent_of(record, schedules) == id
        ]
        export.schedules[id] = rota = _schedule(export, id, data, own)
        zone = text(data, "timezone") or text(data, "timeZone") or "UTC"
        rota.vendor_rules = partial(vendor_rules, zone, [*mappings(data, "rotations"), *own], overrides)
    for item in objects:
        if item.kind in ("override", "timeline"):
            parent = export.schedules.get(parent_of(item, schedules))
            if parent is None:
                note = export.report.about(item.kind, text(item.data, "alias") or item.document.file)
                note.lose("The export does not say of which schedule: put the schedule's id into the file's name.")
            elif item.kind == "timeline":
                _timeline(export, parent, item.data)
            elif made := _override(export, item.data, parent.note):
                parent.overrides.append(made)


def _schedule(export: Export, id: str, data: dict[str, Any], more: Sequence[dict[str, Any]]) -> Rota:
    name = text(data, "name") or id
    note = export.report.about("schedule", name, id)
    zone = zone_of(text(data, "timezone") or text(data, "timeZone"), note)
    rota = Rota(id, note, name, zone, text(data, "description", longest=1000))
    if data.get("enabled") is False:
        note.lose("It is disabled in Opsgenie.")
        return rota
    rotations = [*mappings(data, "rotations"), *more]
    if not rotations:
        note.lose("It has no rotations in the export.")
    for place, item in enumerate(rotations, 1):
        if rotation := _rotation(export, item, place, zone, note):
            rota.rotations.append(rotation)
    rota.overrides = [made for mapping in mappings(data, "overrides") if (made := _override(export, mapping, note))]
    return rota


def _rotation(export: Export, data: dict[str, Any], place: int, zone: str, note: ImportNote) -> Rotation | None:
    name = text(data, "name") or f"Rotation {place}"
    start, rotate = instant(data, "startDate"), _KINDS.get(text(data, "type").lower())
    every = number(data, "length") or 1
    if data.get("enabled") is False:
        note.lose(f"{name} is disabled in Opsgenie.")
        return None
    if start is None or rotate is None or not 1 <= every <= MOST_EVERY:
        note.lose(f"{name} is left out: its start, its type or its length cannot be read.")
        return None
    turns = [_turn(export, mapping, name, note) for mapping in mappings(data, "participants")]
    if not any(turns):
        note.lose(f"{name} is left out: none of its participants is a user of this export.")
        return None
    windows, usable = _windows(data.get("timeRestriction"), name, note)
    if not usable:
        return None
    local = to_local(start, zone)
    start -= timedelta(seconds=local.second, microseconds=local.microsecond)
    id = text(data, "id") or name
    return Rotation(name, turns, rotate, every, zone, start, start, instant(data, "endDate"), windows, 0, id)


def _turn(export: Export, data: dict[str, Any], name: str, note: ImportNote) -> tuple[str, ...]:
    kind, label = text(data, "type").lower(), text(data, "name") or text(data, "username") or text(data, "id")
    if kind == "team":
        members = next((team.members for team in export.teams.values() if text(data, "id") == team.id), [])
        known = tuple(member for member in members if member in export.users)[:20]
        if known:
            note.lose(f"{name}: the team {label} takes a turn; here its present members take it together.")
        else:
            note.lose(f"{name}: the turn of the team {label} is free, since the export does not hold its members.")
        return known
    if kind == "escalation":
        note.lose(f"{name}: the escalation {label} takes a turn; here that turn is free, so nobody is on call in it.")
        return ()
    if kind == "none" or not label:
        return ()
    return (user_of(export, data) or text(data, "id") or label,)


def _windows(value: Any, name: str, note: ImportNote) -> tuple[tuple[Window, ...], bool]:
    """Hours of the week; False where they cannot be read, since without them the rotation would hold too long."""
    if not isinstance(value, dict):
        return (), True
    parts = [
        *mappings(value, "restrictions"),
        *([value["restriction"]] if isinstance(value.get("restriction"), dict) else []),
    ]
    weekly = text(value, "type") == "weekday-and-time-of-day"
    around = WEEK if weekly else DAY
    objects: list[Window] = []
    for part in parts:
        try:
            start, end = (_offset(part, which, weekly=weekly) for which in ("start", "end"))
        except Broken:
            note.lose(f"{name} is left out: its time restriction cannot be read.")
            return (), False
        # Nothing, and everything, is the whole of it: Opsgenie then restricts nothing.
        length = (end - start) % around or around
        if length == around:
            return (), True
        first, at = divmod(start % around, DAY)
        opens = time(*divmod(at // timedelta(minutes=1), 60))
        days = [first] if weekly else range(7)
        objects += [made for day in days if (made := window(day, opens, length))]
    return tuple(dict.fromkeys(objects)), True


def _offset(data: dict[str, Any], which: str, *, weekly: bool) -> timedelta:
    """How long after the start of the week, or of the day, a restriction opens or shuts; 24:00 is the day's end.

    Raises:
        Broken: it does not say.
    """
    hour, minute = number(data, f"{which}Hour"), number(data, f"{which}Min") or 0
    if hour is None or (not (0 <= hour < 24 and 0 <= minute < 60) and (hour, minute) != (24, 0)):
        raise Broken("The hour is missing or none.", "Write 0 to 24.")
    day = read_weekday(text(data, f"{which}Day")) if weekly else 0
    return timedelta(days=day, hours=hour, minutes=minute)


def _override(export: Export, data: dict[str, Any], note: ImportNote) -> Replacement | None:
    start, end = instant(data, "startDate"), instant(data, "endDate")
    who = inside(data, "user")
    kind = text(who, "type").lower()
    if start is None or end is None or end <= start:
        note.lose("An override is left out: its times cannot be read.")
        return None
    if kind in ("team", "escalation"):
        note.lose(f"The override from {start:%Y-%m-%d %H:%M} UTC is left out: it names a {kind}, not a user.")
        return None
    user = user_of(export, who) or text(who, "id") or text(who, "username")
    rotations = tuple(text(mapping, "id") or text(mapping, "name") for mapping in mappings(data, "rotations"))
    return Replacement((user,) if user and kind != "none" else (), start, end, rotations, text(data, "alias"))


def _timeline(export: Export, rota: Rota, data: dict[str, Any]) -> None:
    """What Opsgenie itself says of who is on call."""
    rota.rendered_from, rota.rendered_until = instant(data, "startDate"), instant(data, "endDate")
    for rotation in mappings(data, "finalTimeline", "rotations"):
        for period in mappings(rotation, "periods"):
            start, end = instant(period, "startDate"), instant(period, "endDate")
            for recipient in mappings(period, "flattenedRecipients") or mappings({"": [period.get("recipient")]}, ""):
                user = user_of(export, recipient) or text(recipient, "id")
                if start and end and start < end and user and text(recipient, "type").lower() in ("", "user"):
                    rota.rendered.append(Rendered(user, start, end))
