"""Grafana OnCall's schedules: shifts of a higher level hide those of a lower one, shifts of one level hold together."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from muster.importing.export import Export, Rendered, Replacement, Rota
from muster.importing.export_files import ExportObject
from muster.importing.fields import instant, listed, text
from muster.importing.grafana_oncall.coverage import vendor_rules
from muster.importing.grafana_oncall.shifts import read_override, read_shift
from muster.importing.report import ImportNote
from muster.importing.zones import zone_of


def read_schedules(export: Export, objects: Sequence[ExportObject]) -> None:
    """Every schedule with its shifts, taken swaps and final shifts."""
    shifts = {text(record.data, "id"): record.data for record in objects if record.kind == "shift"}
    swaps = {text(record.data, "id"): record.data for record in objects if record.kind == "swap"}
    used: set[str] = set()
    for item in objects:
        id = text(item.data, "id")
        if item.kind == "schedule" and id and id not in export.schedules:
            own = [shift for shift in listed(item.data, "shifts") if isinstance(shift, str)]
            used.update(own)
            known = [shifts[shift] for shift in own if shift in shifts]
            export.schedules[id] = _schedule(export, id, item.data, known, own, list(swaps.values()))
    for id, data in shifts.items():
        if id not in used:
            note = export.report.about("shift", text(data, "name") or id, id)
            note.lose("No schedule of the export has it.")
    stray = [item for item in objects if item.kind == "final" and not _final(export, item)]
    for file in dict.fromkeys(item.document.file for item in stray):
        note = export.report.about("final shifts", file)
        note.lose("The export does not say of which schedule: put the schedule's id into the file's name.")
    for data in swaps.values():
        _swap(export, data)


def _schedule(
    export: Export,
    id: str,
    data: dict[str, Any],
    shifts: Sequence[dict[str, Any]],
    own: Sequence[str],
    swapped: Sequence[dict[str, Any]],
) -> Rota:
    name = text(data, "name") or id
    note = export.report.about("schedule", name, id)
    zone = zone_of(text(data, "time_zone"), note)
    rota = Rota(id, note, name, zone)
    rota.calendar = _address(data, "ical_url_primary", "shifts", note)
    rota.calendar_of_overrides = _address(data, "ical_url_overrides", "overrides", note)
    if len(shifts) < len(own):
        note.lose(f"{len(own) - len(shifts)} of its shifts are not in the export: add the answer of /on_call_shifts.")
    for item in shifts:
        if text(item, "type") == "override":
            if override := read_override(item, zone, note):
                rota.overrides.append(override)
        elif shift := read_shift(item, zone, note):
            rota.shifts.append(shift)
    swaps = [swap for swap in swapped if text(swap, "schedule") == id]
    rota.vendor_rules = partial(vendor_rules, text(data, "time_zone") or "UTC", shifts, swaps)
    return rota


def _address(data: dict[str, Any], key: str, what: str, note: ImportNote) -> str:
    """The address of an iCalendar, which Muster reads by itself from now on."""
    address = text(data, key, longest=2000)
    if not address:
        return ""
    if not address.startswith(("https://", "http://")) or " " in address:
        note.lose(f"Its {what} are in an iCalendar whose address is none of the web.")
        return ""
    note.lose(f"Its {what} are in an iCalendar, which Muster reads from now on; see whether it knows everybody in it.")
    return address


def _final(export: Export, item: ExportObject) -> bool:
    """What Grafana OnCall itself says of who is on call; its answer does not name the schedule, so the file must."""
    hint = item.document.hint
    ids = [id for id in export.schedules if id.lower() in hint] or list(export.schedules)
    start, end, user = instant(item.data, "shift_start"), instant(item.data, "shift_end"), text(item.data, "user_pk")
    if len(ids) != 1 or not start or not end or start >= end or not user:
        return False
    export.schedules[ids[0]].rendered.append(Rendered(user, start, end))
    return True


def _swap(export: Export, data: dict[str, Any]) -> None:
    """A swap that somebody has taken puts them on call; whose shifts it replaces is known only to the vendor."""
    note = export.report.about("shift swap", text(data, "description") or text(data, "id"), text(data, "id"))
    rota = export.schedules.get(text(data, "schedule"))
    taker, start, end = text(data, "benefactor"), instant(data, "swap_start"), instant(data, "swap_end")
    if not taker:
        note.lose("Nobody has taken it yet; ask for it again in Muster.")
    elif rota is None or start is None or end is None or start >= end:
        note.lose("The export does not hold its schedule.")
    elif len(rota.shifts) > 1:
        note.lose(
            "It replaces only the shifts of one person, in a schedule of several rotations; make it an override by hand."
        )
    else:
        rota.overrides.append(Replacement((taker,), start, end, (), text(data, "id")))
        note.become(f"an override of {rota.name}")
        note.lose("It puts its taker on call for all of its time, also for turns that were not swapped.")
