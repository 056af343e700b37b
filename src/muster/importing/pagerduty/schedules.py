"""PagerDuty's schedules: layers from the highest to the lowest, restrictions, overrides, and what it rendered itself."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from muster.importing.export import Export, Rendered, Replacement, Rota, Rotation
from muster.importing.export_files import ExportObject
from muster.importing.fields import clock, inside, instant, mappings, number, seconds, text
from muster.importing.pagerduty.coverage import vendor_rules
from muster.importing.pagerduty.objects import merged, owner_in, reference
from muster.importing.report import ImportNote
from muster.importing.turns import DAY, WEEK, unit_of, whole_minutes, window
from muster.importing.zones import zone_of
from muster.kit.localtime import to_local
from muster.oncall.schedules.schedule import Rotate, Window


def read_schedules(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every schedule once, with overrides and rendered entries that stand in other files."""
    whole: dict[str, dict[str, Any]] = {}
    for item in objects:
        if item.kind == "schedule" and (id := text(item.data, "id") or text(item.data, "name")):
            whole[id] = merged(whole.get(id, {}), item.data)
    apart: dict[str, list[dict[str, Any]]] = {id: [] for id in whole}
    for id, data in whole.items():
        export.schedules[id] = rota = _schedule(export, id, data)
        rota.vendor_rules = partial(vendor_rules, data, apart[id])
    for item in objects:
        if item.kind == "override":
            _stray_override(export, item, apart)
        elif item.kind == "oncall":
            _on_call(export, item.data)


def _schedule(export: Export, id: str, data: dict[str, Any]) -> Rota:
    name = text(data, "name") or text(data, "summary") or id
    note = export.report.about("schedule", name, id)
    zone = zone_of(text(data, "time_zone"), note)
    rota = Rota(id, note, name, zone, text(data, "description", longest=1000))
    layers = mappings(data, "schedule_layers")
    if "schedule_layers" not in data:
        note.lose("The export does not hold its layers: add the answer of /schedules/ID, not only the list.")
    # The API gives the highest layer first.
    for level, layer in enumerate(reversed(layers)):
        rotation = _layer(layer, level, zone, note)
        if rotation is not None:
            rota.rotations.append(rotation)
    listed = [*mappings(data, "overrides"), *mappings(data, "overrides_subschedule", "rendered_schedule_entries")]
    rota.overrides = [made for item in listed if (made := _override(item, note))]
    entries = mappings(data, "final_schedule", "rendered_schedule_entries")
    rota.rendered = [shown for entry in entries if (shown := _rendered(entry))]
    return rota


def _layer(data: dict[str, Any], level: int, zone: str, note: ImportNote) -> Rotation | None:
    name = text(data, "name") or f"Layer {level + 1}"
    start, anchor = instant(data, "start"), instant(data, "rotation_virtual_start")
    length = seconds(data, "rotation_turn_length_seconds")
    users = [reference(mapping, "user") or reference(mapping) for mapping in mappings(data, "users")]
    if start is None or length is None or not any(users):
        note.lose(f"{name} is left out: its start, the length of its turns or its users are missing.")
        return None
    if text(data, "start").upper().endswith("Z") and zone != "UTC":
        note.lose(
            f"The export gives its times in UTC (they end in Z), so hand-offs and restrictions keep their time in UTC, not in "
            f"{zone}. To keep the local time when clocks change, export without `time_zone=UTC`."
        )
        zone = "UTC"
    unit = unit_of(length)
    if unit is None and len(set(users)) > 1:
        hours = length / timedelta(hours=1)
        note.lose(f"{name} is left out: Muster has no turns of {hours:.2f} hours.")
        return None
    rotate, every = unit or (Rotate.DAILY, 1)
    anchor = anchor or start
    local = to_local(anchor, zone)
    if local.second or local.microsecond:
        whole_minutes(local.time(), note)
        anchor -= timedelta(seconds=local.second, microseconds=local.microsecond)
    windows, usable = _windows(mappings(data, "restrictions"), name, note)
    if not usable:
        return None
    turns: list[tuple[str, ...]] = [(user,) if user else () for user in users]
    return Rotation(
        name,
        turns,
        rotate,
        every,
        zone,
        anchor,
        max(start, anchor),
        instant(data, "end"),
        windows,
        level,
        text(data, "id"),
    )


def _windows(restrictions: Sequence[dict[str, Any]], name: str, note: ImportNote) -> tuple[tuple[Window, ...], bool]:
    """Hours of the week; False where a restriction cannot be read, since without it the layer would hold too long."""
    objects: list[Window] = []
    for data in restrictions:
        start, length = clock(data, "start_time_of_day"), seconds(data, "duration_seconds")
        day = number(data, "start_day_of_week")
        weekly = text(data, "type") == "weekly_restriction"
        if start is None or length is None or (weekly and day not in range(1, 8)):
            note.lose(f"{name} is left out: one of its restrictions cannot be read.")
            return (), False
        start = whole_minutes(start, note)
        if length >= (WEEK if weekly else DAY):
            return (), True
        if length % timedelta(minutes=1):
            note.lose(f"{name}: a restriction ends at a second; Muster's times have none.")
            length -= length % timedelta(minutes=1)
        days = [(day or 1) - 1] if weekly else range(7)
        objects += [made for day in days if (made := window(day, start, length))]
    return tuple(dict.fromkeys(objects)), True


def _override(data: dict[str, Any], note: ImportNote) -> Replacement | None:
    start, end, user = instant(data, "start"), instant(data, "end"), reference(data, "user")
    if start is None or end is None or end <= start or not user:
        note.lose("An override is left out: its times or its user cannot be read.")
        return None
    return Replacement((user,), start, end, (), text(data, "id"))


def _stray_override(export: Export, item: ExportObject, apart: dict[str, list[dict[str, Any]]]) -> None:
    schedule = owner_in("schedules", item.data, item.document, list(export.schedules))
    if not schedule and len(export.schedules) == 1:
        schedule = next(iter(export.schedules))
    rota = export.schedules.get(schedule)
    if rota is None:
        note = export.report.about("override", text(item.data, "user", "summary"), text(item.data, "id"))
        note.lose("The export does not say of which schedule: put the schedule's id into the file's name.")
        return
    apart[rota.id].append(item.data)
    if (made := _override(item.data, rota.note)) and made not in rota.overrides:
        rota.overrides.append(made)


def _rendered(data: dict[str, Any]) -> Rendered | None:
    start, end, user = instant(data, "start"), instant(data, "end"), reference(data, "user")
    return Rendered(user, start, end) if start and end and user and start < end else None


def _on_call(export: Export, data: dict[str, Any]) -> None:
    """An answer of /oncalls: says who is on call for a while, though not everything."""
    rota = export.schedules.get(str(inside(data, "schedule", "id")))
    made = _rendered(data)
    if rota is None:
        title = text(data, "schedule", "summary") or "escalation policy"
        note = export.report.about("on call entry", title, text(data, "schedule", "id"))
        note.lose("It says who is on call, and the export does not hold the schedule to compare with.")
    elif made is not None and not (rota.rendered and rota.complete):
        rota.complete = False
        rota.rendered.append(made)
