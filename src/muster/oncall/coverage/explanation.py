"""Why these people are on call at an instant: what each override and layer says, from the top (R72)."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from muster.kit.localtime import to_instant, to_local
from muster.oncall.coverage.layers import Calendars, holiday_hours, holidays_of, opening, people_of, shift_pieces
from muster.oncall.coverage.roster import Cause, Roster
from muster.oncall.coverage.rotation import turns
from muster.oncall.coverage.spans import at
from muster.oncall.schedules.notation import write_local
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import HolidayRule, Layer

_INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True, slots=True)
class Step:
    """What one override or layer says; `decides` marks the first from the top that has an answer."""

    source: Cause
    name: str
    people: tuple[str, ...]
    sentence: str
    decides: bool


def explain(roster: Roster, instant: datetime) -> tuple[Step, ...]:
    """Every source that could speak at `instant`, the highest first; empty when there was no schedule.

    Overrides appear only while they stand; layers always, with the reason why they are silent. Shadow layers come last:
    they never decide.
    """
    version = next((version for version in reversed(roster.versions) if version.since <= instant), None)
    if version is None or version.schedule is None:
        return ()
    schedule = version.schedule
    reason = at(roster, instant).reason
    standing = [override for override in reversed(roster.overrides) if override.start <= instant < override.end]
    steps = [_override(override, schedule.zone) for override in standing]
    deciding, shadows = ([layer for layer in schedule.layers if layer.shadow is shadow] for shadow in (False, True))
    steps += [_layer(layer, instant, version.calendars) for layer in (*reversed(deciding), *shadows)]
    decided = next((n for n, step in enumerate(steps) if (step.source, step.name) == (reason.cause, reason.name)), -1)
    return tuple(replace(step, decides=number == decided) for number, step in enumerate(steps))


def _override(override: Override, zone: str) -> Step:
    who = override.person or "nobody"
    by = f" by {override.by}" if override.by else ""
    note = f" ({override.note})" if override.note else ""
    sentence = f"Override{by}{note}: {who} until {write_local(override.end, zone)}."
    return Step(Cause.OVERRIDE, override.id, (override.person,) if override.person else (), sentence, False)


def _layer(layer: Layer, instant: datetime, calendars: Calendars) -> Step:
    people, sentence = _said(layer, instant, calendars)
    what = "Shadow layer" if layer.shadow else "Layer"
    return Step(Cause.LAYER, layer.name, people, f"{what} {layer.name}: {sentence}", False)


def _said(layer: Layer, instant: datetime, calendars: Calendars) -> tuple[tuple[str, ...], str]:
    start = to_instant(layer.start, layer.zone)
    if instant < start:
        return (), f"starts on {write_local(start, layer.zone)}."
    if layer.end is not None and instant >= to_instant(layer.end, layer.zone):
        return (), f"ended on {layer.end:%Y-%m-%d %H:%M}."
    hours = opening(layer.windows, layer.zone, instant, instant + _INSTANT)
    if not any(opens <= instant < shuts for opens, shuts in hours):
        return (), "outside of its hours."
    if silent := _silent_today(layer, instant, calendars):
        return (), silent
    if layer.calendar is not None:
        return _imported(layer, layer.calendar, instant, calendars)
    turn = next(turns(layer, instant, instant + _INSTANT, holidays_of(layer, calendars)))
    number = f"{layer.rotate} turn {turn.number + 1}"
    if not turn.people:
        return (), f"nobody, a free turn ({number})." if not layer.stays else f"nobody takes part ({number})."
    gone = [person for person in turn.instead_of if person not in turn.people]
    stands_in = f", in place of {' and '.join(gone)}, who left" if gone else ""
    return turn.people, f"{' and '.join(turn.people)} ({number}{stands_in})."


def _silent_today(layer: Layer, instant: datetime, calendars: Calendars) -> str:
    """Why holidays keep the layer silent, if they do."""
    if layer.holidays is None or layer.holidays.rule is HolidayRule.UNCOUNTED:
        return ""
    days = holidays_of(layer, calendars)
    hours = holiday_hours(days, layer.zone, instant, instant + _INSTANT)
    holiday = any(opens <= instant < shuts for opens, shuts in hours)
    title = days.get(to_local(instant, layer.zone).date()) or "a holiday"
    if layer.holidays.rule is HolidayRule.ONLY:
        return "" if holiday else f"no holiday of {layer.holidays.calendar}."
    return f"closed, {title} ({layer.holidays.calendar})." if holiday else ""


def _imported(layer: Layer, name: str, instant: datetime, calendars: Calendars) -> tuple[tuple[str, ...], str]:
    if name not in calendars:
        return (), f"there was no calendar {name}."
    pieces = shift_pieces(calendars[name], layer.zone, instant, instant + _INSTANT)
    entries = pieces[0][2] if pieces else ()
    if not entries:
        return (), f"no shift in {name}."
    titles = " and ".join(dict.fromkeys(f"“{entry.title}”" for entry in entries))
    people = people_of(entries)
    return people, f"{' and '.join(people) or 'nobody whom Muster knows'} ({titles} in {name})."
