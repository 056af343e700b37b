"""A rotation as layers of a Muster schedule: the same person at the same moment, from its start on."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta

from muster.importing.export import Rotation
from muster.importing.report import ImportNote
from muster.importing.turns import step_of
from muster.kit.localtime import to_local
from muster.oncall.schedules.schedule import HandOff, Layer, Rotate

EARLIEST = datetime.combine(date(1990, 1, 8), time())
MOST_TURNS = 200
Turns = tuple[tuple[str, ...], ...]


def layers_of(rotation: Rotation, name: str, people: Mapping[str, str], now: datetime, note: ImportNote) -> list[Layer]:
    """The layer that the rotation is, or two: where its first turn is cut short and it is still to begin.

    A rotation that began in the middle of a turn begins with that turn: a schedule holds only from when it is imported, so
    this changes nothing that it says. One that has ended by `now` makes no layer.
    """
    if rotation.end is not None and rotation.end <= max(now, rotation.start):
        note.remark(f"{rotation.name} ended on {rotation.end:%Y-%m-%d %H:%M} UTC, so nothing of it is imported.")
        return []
    turns = _turns(rotation, people, note)
    if not any(turns):
        return []
    start, anchor = to_local(rotation.start, rotation.zone), to_local(rotation.anchor, rotation.zone)
    length = step_of(rotation.rotate) * rotation.every
    passed = max(0, (start - anchor) // length)
    if anchor + passed * length < EARLIEST:
        passed += -((anchor + passed * length - EARLIEST) // length)
        start = anchor + passed * length
    begins = anchor + passed * length
    end = to_local(rotation.end, rotation.zone) if rotation.end else None
    if rotation.every == 1 or start == begins:
        return _whole([_layer(rotation, name, _from(turns, passed), start, end, begins)])
    if rotation.start <= now:
        return _whole([_layer(rotation, name, _from(turns, passed), begins, end, begins)])
    following = begins + length
    first = _layer(
        rotation, f"{name[:56]}-first", (turns[passed % len(turns)],), start, min(following, end or following), begins
    )
    return _whole([first, _layer(rotation, name, _from(turns, passed + 1), following, end, following)])


def _whole(layers: list[Layer]) -> list[Layer]:
    return [layer for layer in layers if (layer.end is None or layer.end > layer.start) and any(layer.turns)]


def _turns(rotation: Rotation, people: Mapping[str, str], note: ImportNote) -> Turns:
    unknown = sorted({user for turn in rotation.turns for user in turn if user not in people})
    shown = ", ".join(unknown[:5]) + (" …" if len(unknown) > 5 else "")
    turns = tuple(
        tuple(dict.fromkeys(people[user] for user in turn if user in people)) for turn in rotation.turns[:MOST_TURNS]
    )
    if len(rotation.turns) > MOST_TURNS:
        note.lose(f"{rotation.name} has {len(rotation.turns)} turns; those behind the first {MOST_TURNS} are left out.")
    if not any(turns):
        why = f"the export does not hold its users ({shown})" if unknown else "it has no users"
        note.lose(f"{rotation.name} is left out: {why}.")
    elif unknown:
        note.lose(
            f"{rotation.name}: the export does not hold {shown}; their turns stay free, so nobody is on call in them."
        )
    return turns


def _from(turns: Turns, number: int) -> Turns:
    at = number % len(turns)
    return turns[at:] + turns[:at]


def _layer(
    rotation: Rotation, name: str, turns: Turns, start: datetime, end: datetime | None, begins: datetime
) -> Layer:
    day = {Rotate.WEEKLY: begins.weekday(), Rotate.MONTHLY: begins.day}.get(rotation.rotate)
    at = begins.time().replace(second=0, microsecond=0)
    return Layer(
        name, turns, rotation.rotate, rotation.every, HandOff(at, day), rotation.zone, start, end, rotation.windows
    )


def single(name: str, person: str, zone: str, start: datetime, end: datetime) -> Layer:
    """A layer for one occasion, such as an override of a schedule that has no layers."""
    begins, ends = to_local(start, zone), to_local(end, zone)
    ends = max(ends, begins + timedelta(minutes=1))
    at = begins.time().replace(second=0, microsecond=0)
    return Layer(name, ((person,),), Rotate.DAILY, 1, HandOff(at), zone, begins, ends)
