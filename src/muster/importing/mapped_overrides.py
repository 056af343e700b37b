"""The overrides of an export's schedule as overrides of the schedules that it becomes."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.importing.export import Replacement, Rota
from muster.importing.mapped_schedule import MappedSchedule, known_of
from muster.importing.report import ImportNote

LONGEST_OVERRIDE = timedelta(days=366)
MOST_OVERRIDES = 1000


@dataclass(frozen=True, slots=True)
class MappedOverride:
    """An override to make on a schedule of Muster."""

    schedule: str
    person: str | None
    start: datetime
    end: datetime
    note: str


def overrides_of(
    rota: Rota, built: MappedSchedule, people: Mapping[str, str], now: datetime
) -> tuple[list[MappedOverride], ImportNote]:
    """The overrides that are ahead; those of the past are history. With what is to be said about them."""
    note = ImportNote("", "")
    if not built.rotation_of:
        return [], note
    found: list[MappedOverride] = []
    over = 0
    for fields in dict.fromkeys(
        (override.users, override.start, override.end, override.rotations, override.id) for override in rota.overrides
    ):
        replacement = Replacement(*fields)
        if replacement.end <= now:
            over += 1
            continue
        found += _replaced(built, replacement, people, note)
    if over:
        note.remark(f"{over} of its overrides are over, so they are not imported.")
    if len(found) > MOST_OVERRIDES:
        note.lose(f"It has {len(found)} overrides ahead; those behind the first {MOST_OVERRIDES} are left out.")
    return list(dict.fromkeys(found))[:MOST_OVERRIDES], note


def _replaced(
    built: MappedSchedule, override: Replacement, people: Mapping[str, str], note: ImportNote
) -> list[MappedOverride]:
    when = f"The override from {override.start:%Y-%m-%d %H:%M} UTC"
    known = known_of(override, people, note)
    if override.users and not known:
        return []
    if override.end - override.start > LONGEST_OVERRIDE:
        note.lose(f"{when} is left out: it lasts more than a year; make it a layer.")
        return []
    wanted = set(override.rotations)
    lanes = [
        schedule
        for schedule in built.schedules
        if not wanted or {built.rotation_of.get(layer.name) for layer in schedule.layers} & wanted
    ]
    if wanted and any({built.rotation_of.get(layer.name) for layer in schedule.layers} - wanted for schedule in lanes):
        note.lose(f"{when} is for some rotations only; here it also holds for others that share their schedule.")
    if len(known) > len(lanes):
        note.lose(f"{when} names {len(known)} people; an override of Muster puts one on call in each schedule.")
    text = f"Imported override {override.id}".strip()
    return [
        MappedOverride(lane.name, known[min(at, len(known) - 1)] if known else None, override.start, override.end, text)
        for at, lane in enumerate(lanes)
    ]
