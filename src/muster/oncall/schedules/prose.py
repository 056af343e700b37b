"""A schedule's layers in sentences, for those who do not write manifests."""

from collections.abc import Callable
from itertools import groupby

from muster.oncall.schedules.notation import write_clock, write_hand_off
from muster.oncall.schedules.schedule import ALWAYS, WEEKDAYS, HolidayRule, Layer, Rotate, Stay, Window

_UNITS = {Rotate.HOURLY: "hour", Rotate.DAILY: "day", Rotate.WEEKLY: "week", Rotate.MONTHLY: "month"}
_HOLIDAYS = {
    HolidayRule.CLOSED: "Not on the holidays of {}.",
    HolidayRule.ONLY: "Only on the holidays of {}.",
    HolidayRule.UNCOUNTED: "A hand-off on a holiday of {} waits for the next day that is none.",
    HolidayRule.SKIPPED: "Not on the holidays of {}, which do not count as turns.",
}


def layer_sentences(layer: Layer, name: Callable[[str], str] = str) -> list[str]:
    """Who takes turns, for how long, since when, in which hours and on which days; `name` says how a person is called."""
    sentences = [f"Shifts from the calendar {layer.calendar}."] if layer.calendar else [_turns(layer, name)]
    until = f" to {layer.end:%Y-%m-%d %H:%M}" if layer.end else ""
    if layer.calendar is None or layer.start != ALWAYS or until:
        sentences.append(f"From {layer.start:%Y-%m-%d %H:%M}{until}.")
    sentences += [_stay(stay, name(stay.person)) for stay in layer.stays]
    if layer.windows:
        hours = groupby(layer.windows, lambda window: (window.start, window.days_later, window.end))
        sentences.append(f"Only {'; '.join(_hours(list(same)) for _, same in hours)}.")
    if layer.holidays:
        sentences.append(_HOLIDAYS[layer.holidays.rule].format(layer.holidays.calendar))
    if layer.shadow:
        sentences.append("They learn beside whoever is on call, and cover nothing.")
    return sentences


def _turns(layer: Layer, name: Callable[[str], str]) -> str:
    turns = [" and ".join(map(name, turn)) or "nobody" for turn in layer.turns]
    if len(turns) == 1:
        return f"{turns[0]}, always."
    shown = write_hand_off(layer.hand_off, layer.rotate)
    when = f"on day {shown.replace(' ', ' at ')}" if layer.rotate is Rotate.MONTHLY else shown
    unit = _UNITS[layer.rotate]
    length = f"one {unit}" if layer.every == 1 else f"{layer.every} {unit}s"
    return f"{', then '.join(turns)}; a turn lasts {length}, hand-off {when}."


def _stay(stay: Stay, name: str) -> str:
    joins = f"joins on {stay.first}" if stay.first else ""
    leaves = f"leaves after {stay.last}" if stay.last else ""
    return f"{name} {' and '.join(filter(None, (joins, leaves)))}."


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
