"""Schedules of an export as manifests and overrides, and whether Muster then says what the vendor says."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from typing import Any

from muster.integrations.importing.calendars import calendar_layers, calendars_of
from muster.integrations.importing.export import Export, Replacement, Rota
from muster.integrations.importing.lanes import Piece, held_by, lanes_of
from muster.integrations.importing.layers import layers_of, single
from muster.integrations.importing.naming import distinct, names_of, slug
from muster.integrations.importing.present import Present
from muster.integrations.importing.report import Note
from muster.integrations.importing.timeline import Difference, Stretch, differences, hours, together, topmost
from muster.oncall.coverage import Roster, spans
from muster.oncall.schedule import Override, Schedule
from muster.oncall.writing import write_schedule

MOST_LAYERS = 50
WEEKS_AHEAD = timedelta(weeks=8)
LONGEST_OVERRIDE = timedelta(days=366)
MOST_DIFFERENCES = 20


@dataclass(frozen=True, slots=True)
class MappedOverride:
    """An override to make on a schedule of Muster."""

    schedule: str
    person: str | None
    start: datetime
    end: datetime
    note: str


@dataclass(frozen=True, slots=True)
class Check:
    """How Muster's coverage compares with what `against` says, from `start` to `end`."""

    title: str
    schedules: tuple[str, ...]
    against: str
    start: datetime
    end: datetime
    differences: tuple[Difference, ...]

    def sentence(self) -> str:
        """The result for people."""
        span = f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"
        if not self.differences:
            return f"From {span} Muster says the same as {self.against}."
        several = "differs once" if len(self.differences) == 1 else f"differs {len(self.differences)} times"
        return f"From {span} Muster {several} from {self.against}, for {hours(self.differences):.1f} hours together."

    def as_json(self, vendor: str) -> dict[str, Any]:
        """The check as the API gives it."""
        return {
            "title": self.title,
            "schedules": list(self.schedules),
            "against": self.against,
            "start": self.start,
            "end": self.end,
            "agrees": not self.differences,
            "sentence": self.sentence(),
            "differences": [each.sentence(vendor) for each in self.differences[:MOST_DIFFERENCES]],
        }


@dataclass(slots=True)
class Schedules:
    """What became of the schedules: `of` gives the names in Muster of each schedule of the export."""

    manifests: list[dict[str, Any]] = field(default_factory=list)
    of: dict[str, tuple[str, ...]] = field(default_factory=dict)
    overrides: list[MappedOverride] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Built:
    """The schedules that one of the export's becomes, and which rotation each layer is of."""

    schedules: tuple[Schedule, ...]
    rotation_of: Mapping[str, str]


def schedules_of(export: Export, present: Present, people: Mapping[str, str], now: datetime) -> Schedules:
    """Everything about the schedules of an export."""
    names = names_of(((rota.id, rota.name) for rota in export.schedules.values()), "schedule")
    result = Schedules()
    taken = set(present.schedules)
    for rota in export.schedules.values():
        mark = f"{export.vendor} schedule {rota.id}"
        plain = names[rota.id]
        if plain in taken and mark not in present.schedules.get(plain, ""):
            plain = distinct(f"{plain[:40]}-{export.source}", {*names.values(), *result_names(result)})
        built = _build(rota, plain, mark, people, now)
        if not built.schedules:
            if not rota.note.losses:
                rota.note.lose(
                    "Nothing of it is ahead of us: all of its layers and overrides have ended, or it has none."
                )
            continue
        written = tuple(each.name for each in built.schedules)
        result.of[rota.id] = written
        for calendar in calendars_of(rota, written[0]):
            result.manifests.append(calendar)
            rota.note.become(f"Calendar {calendar['name']}")
        for each in built.schedules:
            result.manifests.append({"kind": "Schedule", **write_schedule(each)})
            rota.note.become(f"Schedule {each.name}")
        if len(written) > 1:
            rota.note.remark(
                f"Several people are on call in it at once, so it becomes {len(written)} schedules, paged together."
            )
        result.overrides += _overrides(rota, built, people, now)
        if not rota.calendar and not rota.calendar_of_overrides:
            result.checks += _checks(export, rota, written, people, now)
    return result


def result_names(result: Schedules) -> set[str]:
    """The names that are given already."""
    return {str(each["name"]) for each in result.manifests}


def _build(rota: Rota, name: str, mark: str, people: Mapping[str, str], now: datetime) -> _Built:
    pieces, rotation_of = _pieces(rota, people, now, rota.note)
    said = [part.rstrip(".") for part in (rota.description, rota.name if slug(rota.name) != rota.name else "") if part]
    description = ". ".join([*said, f"Imported from {mark}"]) + "."
    below, above = calendar_layers(rota, name)
    if not pieces and not below and not above:
        ahead = [each for each in rota.overrides if each.end > now and _known(each, rota, people)]
        layers = []
        for number, each in enumerate(sorted(ahead, key=lambda one: one.start)[:MOST_LAYERS], 1):
            person = next(people[user] for user in each.users if user in people)
            layers.append(single(f"override-{number}", person, rota.zone, each.start, each.end))
        if not layers:
            return _Built((), {})
        rota.note.remark("It has no layers, so each of its overrides is a layer of its own.")
        return _Built((Schedule(name, rota.zone, tuple(layers), description),), {})
    lanes = lanes_of(pieces, now) or [[]]
    lanes[0] = [*below, *lanes[0], *above]
    schedules = []
    for number, lane in enumerate(lanes, 1):
        own = name if number == 1 else f"{name[:58]}-{number}"
        if len(lane) > MOST_LAYERS:
            rota.note.lose(
                f"It has {len(lane)} layers; the lowest are left out, since at most {MOST_LAYERS} are possible."
            )
        schedules.append(Schedule(own, rota.zone, tuple(lane[-MOST_LAYERS:]), description))
    return _Built(tuple(schedules), rotation_of)


def _pieces(rota: Rota, people: Mapping[str, str], now: datetime, note: Note) -> tuple[list[Piece], dict[str, str]]:
    pieces: list[Piece] = []
    rotation_of: dict[str, str] = {}
    taken: set[str] = set()
    for rotation in rota.rotations:
        name = distinct(slug(rotation.name, "layer", 50), taken)
        taken.add(name)
        for layer in layers_of(rotation, name, people, now, note):
            pieces.append((layer, rotation.level))
            rotation_of[layer.name] = rotation.id
    return pieces, rotation_of


def _overrides(rota: Rota, built: _Built, people: Mapping[str, str], now: datetime) -> list[MappedOverride]:
    """The overrides that are ahead; those of the past are history."""
    if not built.rotation_of:
        return []
    found: list[MappedOverride] = []
    over = 0
    for each in dict.fromkeys((one.users, one.start, one.end, one.rotations, one.id) for one in rota.overrides):
        replacement = Replacement(*each)
        if replacement.end <= now:
            over += 1
            continue
        found += _replaced(rota, built, replacement, people)
    if over:
        rota.note.remark(f"{over} of its overrides are over, so they are not imported.")
    return list(dict.fromkeys(found))


def _known(override: Replacement, rota: Rota, people: Mapping[str, str]) -> list[str]:
    """The persons whom an override names; it says so where there are none though it names somebody."""
    known = [people[user] for user in override.users if user in people]
    if override.users and not known:
        who = ", ".join(override.users[:3])
        rota.note.lose(
            f"The override from {override.start:%Y-%m-%d %H:%M} UTC is left out: the export does not hold {who}."
        )
    return known


def _replaced(rota: Rota, built: _Built, override: Replacement, people: Mapping[str, str]) -> list[MappedOverride]:
    when = f"The override from {override.start:%Y-%m-%d %H:%M} UTC"
    known = _known(override, rota, people)
    if override.users and not known:
        return []
    if override.end - override.start > LONGEST_OVERRIDE:
        rota.note.lose(f"{when} is left out: it lasts more than a year; make it a layer.")
        return []
    lanes = [
        each.name
        for each in built.schedules
        if not override.rotations
        or {built.rotation_of.get(layer.name) for layer in each.layers} & set(override.rotations)
    ]
    partly = override.rotations and any(
        {built.rotation_of.get(layer.name) for layer in each.layers} - set(override.rotations)
        for each in built.schedules
        if each.name in lanes
    )
    if partly:
        rota.note.lose(f"{when} is for some rotations only; here it also holds for others that share their schedule.")
    if len(known) > len(lanes):
        rota.note.lose(f"{when} names {len(known)} people; an override of Muster puts one on call in each schedule.")
    text = f"Imported override {override.id}".strip()
    return [
        MappedOverride(name, known[min(at, len(known) - 1)] if known else None, override.start, override.end, text)
        for at, name in enumerate(lanes)
    ]


def _checks(
    export: Export, rota: Rota, written: tuple[str, ...], people: Mapping[str, str], now: datetime
) -> list[Check]:
    """Compare with what the vendor rendered, and with the rules of its rotations for the weeks ahead."""
    checks = []
    quiet = Note("", "")
    if rota.rendered:
        start = rota.rendered_from or min(each.start for each in rota.rendered)
        end = rota.rendered_until or max(each.end for each in rota.rendered)
        end = min(end, start + timedelta(days=400))
        vendor = together(
            [(each.start, each.end, (people.get(each.user, f"({each.user})"),)) for each in rota.rendered], start, end
        )
        muster = _muster(rota, written[0], people, start, end, quiet)
        found = differences(vendor, muster)
        if not rota.complete:
            found = [each for each in found if each.vendor]
        checks.append(Check(rota.name, written, f"what {export.vendor} has rendered", start, end, tuple(found)))
        if found:
            rota.note.lose(
                f"Its coverage differs from what {export.vendor} rendered, first {found[0].sentence(export.vendor)}"
            )
    start, end = now, now + WEEKS_AHEAD
    levels = [
        [held for piece, _ in group for held in held_by(piece, start, end)]
        for _, group in groupby(
            sorted(_pieces(rota, people, now, quiet)[0], key=lambda one: one[1]), lambda one: one[1]
        )
    ]
    levels += [
        [(each.start, each.end, [people[user] for user in each.users if user in people])]
        for each in rota.overrides
        if not each.rotations and each.users and each.end - each.start <= LONGEST_OVERRIDE
    ]
    vendor = topmost(levels, start, end)
    found = differences(vendor, _muster(rota, written[0], people, start, end, quiet))
    if rota.rotations:
        checks.append(Check(rota.name, written, f"{export.vendor}'s rules for its rotations", start, end, tuple(found)))
    if found and not (checks and checks[0].differences and len(checks) > 1):
        rota.note.lose(f"Its coverage differs from its rotations' rules, first {found[0].sentence(export.vendor)}")
    return checks


def _muster(
    rota: Rota, name: str, people: Mapping[str, str], start: datetime, end: datetime, note: Note
) -> list[Stretch]:
    """Who is on call by the schedules that would be imported at `start`, and their overrides."""
    said, rota.note = rota.note, note
    try:
        built = _build(rota, name, "", people, start)
        overrides = _overrides(rota, built, people, start)
    finally:
        rota.note = said
    held = []
    for each in built.schedules:
        own = [Override(one.person, one.start, one.end) for one in overrides if one.schedule == each.name]
        held += [(span.start, span.end, span.people) for span in spans(Roster.of(each, own), start, end)]
    return together(held, start, end)
