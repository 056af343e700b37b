"""A schedule's layers in sentences, for those who do not write manifests."""

from collections.abc import Callable
from itertools import groupby

from muster.oncall.notation import write_clock, write_hand_off
from muster.oncall.schedule import WEEKDAYS, Layer, Rotate, Window

_UNITS = {Rotate.HOURLY: "hour", Rotate.DAILY: "day", Rotate.WEEKLY: "week", Rotate.MONTHLY: "month"}


def layer_sentences(layer: Layer, name: Callable[[str], str] = str) -> list[str]:
    """Who takes turns, for how long, since when and in which hours; `name` says how a person is called."""
    turns = [" and ".join(map(name, turn)) for turn in layer.turns]
    length = _UNITS[layer.rotate] if layer.every == 1 else f"{layer.every} {_UNITS[layer.rotate]}s"
    if len(turns) == 1:
        sentences = [f"{turns[0]}, always."]
    else:
        shown = write_hand_off(layer.hand_off, layer.rotate)
        when = f"on day {shown.replace(' ', ' at ')}" if layer.rotate is Rotate.MONTHLY else shown
        sentences = [f"{', then '.join(turns)}; a turn lasts one {length}, hand-off {when}."]
        if layer.every > 1:
            sentences = [f"{', then '.join(turns)}; a turn lasts {length}, hand-off {when}."]
    sentences.append(f"From {layer.start:%Y-%m-%d %H:%M}{f' to {layer.end:%Y-%m-%d %H:%M}' if layer.end else ''}.")
    if layer.windows:
        hours = groupby(layer.windows, lambda window: (window.start, window.days_later, window.end))
        sentences.append(f"Only {'; '.join(_hours(list(same)) for _, same in hours)}.")
    return sentences


def _hours(windows: list[Window]) -> str:
    first = windows[0]
    clock = f"{write_clock(first.start)} to "
    if first.days_later > 1 or (first.days_later == 1 and first.end > first.start):
        until = WEEKDAYS[(first.day + first.days_later) % 7]
        return f"{WEEKDAYS[first.day]} {clock}{until} {write_clock(first.end)}"
    days = [window.day for window in windows]
    run = days == list(range(days[0], days[-1] + 1)) and len(days) > 2
    shown = f"{WEEKDAYS[days[0]]} to {WEEKDAYS[days[-1]]}" if run else ", ".join(WEEKDAYS[day] for day in days)
    return f"{shown} {clock}{write_clock(first.end)}"
