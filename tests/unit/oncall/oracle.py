"""An independent, slow and obvious answer to "who is on call?", minute by minute, on the standard library's zoneinfo.

It rests on one idea: a clock that never runs backwards. Such a clock shows the highest local time that the zone's clocks
have shown so far; whatever is due at a local time is due when this clock first reaches it.
"""

from calendar import monthrange
from collections.abc import Iterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from muster.oncall.schedule import Layer, Override, Rotate, Schedule

MINUTE = timedelta(minutes=1)


def minutes(
    schedule: Schedule, overrides: tuple[Override, ...], start: datetime, end: datetime
) -> Iterator[tuple[datetime, tuple[str, ...]]]:
    """Each whole minute of `[start, end)` and who is on call in it."""
    clocks = {layer.zone: _clock(layer.zone, start, end) for layer in schedule.layers}
    hand_offs = [_hand_offs(layer, max(clocks[layer.zone])) for layer in schedule.layers]
    moment, index = start, 0
    while moment < end:
        yield (
            moment,
            _people(schedule, overrides, hand_offs, {zone: shown[index] for zone, shown in clocks.items()}, moment),
        )
        moment, index = moment + MINUTE, index + 1


def _people(
    schedule: Schedule,
    overrides: tuple[Override, ...],
    hand_offs: list[list[datetime]],
    shown: dict[str, datetime],
    moment: datetime,
) -> tuple[str, ...]:
    for override in reversed(overrides):
        if override.start <= moment < override.end:
            return (override.person,) if override.person else ()
    for layer, times in reversed(list(zip(schedule.layers, hand_offs, strict=True))):
        local = shown[layer.zone]
        if local < layer.start or (layer.end and local >= layer.end) or not _open(layer, local):
            continue
        passed = len([time for time in times if layer.start < time <= local])
        return layer.turns[passed // layer.every % len(layer.turns)]
    return ()


def _open(layer: Layer, local: datetime) -> bool:
    if not layer.windows:
        return True
    for back in range(9):
        day = local.date() - timedelta(days=back)
        for window in layer.windows:
            opens = datetime.combine(day, window.start)
            shuts = datetime.combine(day + timedelta(days=window.days_later), window.end)
            if window.day == day.weekday() and opens <= local < shuts:
                return True
    return False


def _clock(zone: str, start: datetime, end: datetime) -> list[datetime]:
    """What the clock that never runs backwards shows at each minute of `[start, end)`."""
    info, moment = ZoneInfo(zone), start - timedelta(hours=26)
    highest, shown = datetime(1, 1, 1), []
    while moment < end:
        highest = max(highest, moment.astimezone(info).replace(tzinfo=None))
        if moment >= start:
            shown.append(highest)
        moment += MINUTE
    return shown


def _hand_offs(layer: Layer, last: datetime) -> list[datetime]:
    """Every local hand-off of the layer's unit after its start."""
    day, found = layer.start.date(), []
    while day <= last.date():
        if layer.rotate is Rotate.HOURLY:
            found += [datetime(day.year, day.month, day.day, hour, layer.hand_off.at.minute) for hour in range(24)]
        elif (
            layer.rotate is Rotate.DAILY
            or (layer.rotate is Rotate.WEEKLY and day.weekday() == layer.hand_off.day)
            or (
                layer.rotate is Rotate.MONTHLY
                and day.day == min(layer.hand_off.day or 1, monthrange(day.year, day.month)[1])
            )
        ):
            found.append(datetime.combine(day, layer.hand_off.at))
        day += timedelta(days=1)
    return found
