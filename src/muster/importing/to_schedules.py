"""Schedules of an export as manifests, overrides and comparisons."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muster.importing.calendars import calendars_of
from muster.importing.comparison import Checked, checks_of
from muster.importing.current_state import CurrentState
from muster.importing.export import Export, Rota
from muster.importing.mapped_overrides import MappedOverride, overrides_of
from muster.importing.mapped_schedule import MappedSchedule, UserDirectory, build
from muster.importing.naming import distinct, names_of
from muster.oncall.schedules.manifest import write_schedule


@dataclass(slots=True)
class Schedules:
    """What became of the schedules: `of` gives the names in Muster of each schedule of the export."""

    manifests: list[dict[str, Any]] = field(default_factory=list)
    of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    overrides: list[MappedOverride] = field(default_factory=list)
    checks: list[Checked] = field(default_factory=list)


def schedules_of(
    export: Export, present: CurrentState, people: Mapping[str, str], addresses: Mapping[str, str], now: datetime
) -> Schedules:
    """Everything about the schedules of an export."""
    directory = UserDirectory(people, addresses)
    names = names_of(((rota.id, rota.name) for rota in export.schedules.values()), "schedule")
    result = Schedules()
    taken = set(present.schedules)
    for rota in export.schedules.values():
        mark = f"{export.vendor} schedule {rota.id}"
        plain = names[rota.id]
        if plain in taken and mark not in present.schedules.get(plain, ""):
            given = {str(manifest["name"]) for manifest in result.manifests}
            plain = distinct(f"{plain[:40]}-{export.source}", {*names.values(), *given})
        built = build(rota, plain, mark, directory, now)
        rota.note.add(built.note)
        if not built.schedules:
            if not rota.note.losses:
                rota.note.lose(
                    "Nothing of it is ahead of us: all of its layers and overrides have ended, or it has none."
                )
            continue
        _write(rota, built, result)
        overrides, said = overrides_of(rota, built, people, now)
        rota.note.add(said)
        result.overrides += overrides
        result.checks += checks_of(export, rota, result.of[rota.id], directory, now)
    return result


def _write(rota: Rota, built: MappedSchedule, result: Schedules) -> None:
    written = tuple(schedule.name for schedule in built.schedules)
    result.of[rota.id] = written
    for calendar in (*calendars_of(rota, written[0]), *built.calendars):
        result.manifests.append(calendar)
        rota.note.become(f"Calendar {calendar['name']}")
    for schedule in built.schedules:
        result.manifests.append({"kind": "Schedule", **write_schedule(schedule)})
        rota.note.become(f"Schedule {schedule.name}")
    if len(written) > 1:
        rota.note.remark(
            f"Several people are on call in it at once, so it becomes {len(written)} schedules, paged together."
        )
