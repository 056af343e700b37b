"""From one schedule of an export to the schedules and calendars of Muster that say the same; nothing given is changed."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from muster.importing.calendars import calendar_layer, calendar_layers
from muster.importing.export import ExportedShift, Replacement, Rota
from muster.importing.lanes import Piece, held_by, lanes_of
from muster.importing.layers import layers_of, single
from muster.importing.naming import distinct, slug
from muster.importing.report import ImportNote
from muster.importing.shift_calendar import ahead, is_over, known_only, read_back, text_of
from muster.importing.timeline import differences, together
from muster.oncall.calendars.calendar import Calendar
from muster.oncall.schedules.schedule import Layer, Schedule

MOST_LAYERS = 50


@dataclass(frozen=True, slots=True)
class UserDirectory:
    """The persons of the export's users, by the users' ids, and the persons' addresses."""

    people: Mapping[str, str]
    addresses: Mapping[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class MappedSchedule:
    """The schedules that one of the export's becomes, which rotation each layer is of, and what is to be said about it.

    `calendars` are the manifests of those that layers name, `contents` what Muster reads in them.
    """

    note: ImportNote = field(default_factory=lambda: ImportNote("", ""))
    schedules: tuple[Schedule, ...] = ()
    rotation_of: dict[str, str] = field(default_factory=dict)
    calendars: list[dict[str, Any]] = field(default_factory=list)
    contents: dict[str, Calendar] = field(default_factory=dict)


def build(rota: Rota, name: str, mark: str, directory: UserDirectory, now: datetime) -> MappedSchedule:
    """The schedules named `name`, `name-2` and so on, as they are to hold from `now` on."""
    built = MappedSchedule()
    pieces = _pieces(rota, name, directory, now, built)
    said = [part.rstrip(".") for part in (rota.description, rota.name if slug(rota.name) != rota.name else "") if part]
    description = ". ".join([*said, f"Imported from {mark}"]) + "."
    below, above = calendar_layers(rota, name)
    if not pieces and not below and not above:
        layers = _of_overrides(rota, directory.people, now, built.note)
        built.schedules = (Schedule(name, rota.zone, tuple(layers), description),) if layers else ()
        return built
    lanes = lanes_of(pieces, now, built.contents) or [[]]
    lanes[0] = [*below, *lanes[0], *above]
    schedules = []
    for number, lane in enumerate(lanes, 1):
        own = name if number == 1 else f"{name[:58]}-{number}"
        if len(lane) > MOST_LAYERS:
            built.note.lose(
                f"It has {len(lane)} layers; the lowest are left out, since at most {MOST_LAYERS} are possible."
            )
        schedules.append(Schedule(own, rota.zone, tuple(lane[-MOST_LAYERS:]), description))
    built.schedules = tuple(schedules)
    return built


def known_of(override: Replacement, people: Mapping[str, str], note: ImportNote) -> list[str]:
    """The persons whom an override names; it says so where there are none though it names somebody."""
    known = [people[user] for user in override.users if user in people]
    if override.users and not known:
        who = ", ".join(override.users[:3])
        note.lose(f"The override from {override.start:%Y-%m-%d %H:%M} UTC is left out: the export does not hold {who}.")
    return known


def _of_overrides(rota: Rota, people: Mapping[str, str], now: datetime, note: ImportNote) -> list[Layer]:
    layers = []
    coming = [override for override in rota.overrides if override.end > now and known_of(override, people, note)]
    for number, override in enumerate(sorted(coming, key=lambda replacement: replacement.start)[:MOST_LAYERS], 1):
        person = next(people[user] for user in override.users if user in people)
        layers.append(single(f"override-{number}", person, rota.zone, override.start, override.end))
    if layers:
        note.remark("It has no layers, so each of its overrides is a layer of its own.")
    if len(coming) > MOST_LAYERS:
        note.lose(
            f"It has {len(coming)} overrides ahead and no layers; those behind the first {MOST_LAYERS} are left out."
        )
    return layers


def _pieces(rota: Rota, schedule: str, directory: UserDirectory, now: datetime, built: MappedSchedule) -> list[Piece]:
    pieces: list[Piece] = []
    taken: set[str] = set()
    for rotation in rota.rotations:
        name = distinct(slug(rotation.name, "layer", 50), taken)
        taken.add(name)
        for layer in layers_of(rotation, name, directory.people, now, built.note):
            pieces.append((layer, rotation.level))
            built.rotation_of[layer.name] = rotation.id
    for shift in rota.shifts:
        for layer in _of_shift(shift, schedule, directory, now, taken, built):
            pieces.append((layer, shift.level))
            built.rotation_of[layer.name] = shift.id
    return pieces


def _of_shift(
    shift: ExportedShift, schedule: str, directory: UserDirectory, now: datetime, taken: set[str], built: MappedSchedule
) -> list[Layer]:
    """The layers that a shift is, where they say the same as its events; else a layer that follows a calendar of these."""
    if is_over(shift, now):
        built.note.remark(f"{shift.name} has ended, so nothing of it is imported.")
        return []
    unknown = sorted({user for event in shift.events for user in event.users if user not in directory.people})
    ours = known_only(shift, directory.people)
    text = text_of(ours, directory.people, directory.addresses)
    if not text:
        built.note.lose(f"{shift.name} is left out: the export does not hold its users ({', '.join(unknown[:5])}).")
        return []
    if unknown:
        built.note.lose(
            f"{shift.name}: the export does not hold {', '.join(unknown[:5])}; nobody is on call in their stead."
        )
    name = distinct(slug(shift.name, "layer", 50), taken)
    calendar = distinct(f"{schedule[:28]}-{name[:30]}", {manifest["name"] for manifest in built.calendars})
    followed = calendar_layer(name, shift.zone, calendar, shift.counts_from)
    layers = _resembling(ours, taken, directory.people, now)
    if not layers or not _alike(ours, layers, followed, text, directory, now):
        layers = [followed]
        built.contents[calendar] = read_back(calendar, text, directory.addresses, now)
        built.calendars.append(
            {"kind": "Calendar", "name": calendar, "title": shift.name, "entries": "shifts", "text": text}
        )
        built.note.remark(f"{shift.name} is no turn of even length, so it becomes a calendar of shifts.")
    taken.update(layer.name for layer in layers)
    return layers


def _resembling(shift: ExportedShift, taken: set[str], people: Mapping[str, str], now: datetime) -> list[Layer]:
    found: list[Layer] = []
    for rotation in shift.rotations:
        name = distinct(slug(rotation.name, "layer", 50), {*taken, *(layer.name for layer in found)})
        found += layers_of(rotation, name, people, now, ImportNote("", ""))
    return found


def _alike(
    shift: ExportedShift, layers: list[Layer], followed: Layer, text: str, directory: UserDirectory, now: datetime
) -> bool:
    """Whether the layers say what the events say, also where the shift begins and ends."""
    for start, end in ahead(shift, now):
        contents = {str(followed.calendar): read_back("", text, directory.addresses, start)}
        by_events = together(held_by(followed, start, end, contents), start, end)
        by_layers = together([held for layer in layers for held in held_by(layer, start, end)], start, end)
        if differences(by_events, by_layers):
            return False
    return True
