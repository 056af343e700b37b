"""Until when people stand in a schedule, so that who has left it may also leave the house."""

from datetime import datetime, time, timedelta

from muster.kit.localtime import to_instant
from muster.oncall.schedule import Layer, Schedule


def last_turns(schedule: Schedule) -> dict[str, datetime | None]:
    """By person the instant from which on no layer names them any more; None where one names them for ever."""
    found: dict[str, datetime | None] = {}
    for layer in schedule.layers:
        for place, people in enumerate(layer.turns):
            for person in people:
                ends = _ends(layer, place, person)
                so_far = found.get(person, ends)
                found[person] = None if ends is None or so_far is None else max(ends, so_far)
    return found


def _ends(layer: Layer, place: int, person: str) -> datetime | None:
    ends = [to_instant(layer.end, layer.zone)] if layer.end else []
    for stay in layer.stays:
        if (stay.turn, stay.person) == (place, person) and stay.last:
            ends.append(to_instant(datetime.combine(stay.last + timedelta(days=1), time()), layer.zone))
    return min(ends, default=None)
