"""Why these people are on call at an instant: what each override and layer says, from the top (R72)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.kit.localtime import to_instant
from muster.oncall.coverage import Cause, Roster, at
from muster.oncall.notation import write_local
from muster.oncall.restriction import opening
from muster.oncall.rotation import turns
from muster.oncall.schedule import Layer, Override

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

    Overrides appear only while they stand; layers always, with the reason why they are silent.
    """
    schedule = next((each.schedule for each in reversed(roster.versions) if each.since <= instant), None)
    if schedule is None:
        return ()
    reason = at(roster, instant).reason
    standing = [each for each in reversed(roster.overrides) if each.start <= instant < each.end]
    steps = [_override(each, schedule.zone) for each in standing]
    steps += [_layer(layer, instant) for layer in reversed(schedule.layers)]
    decided = next((n for n, step in enumerate(steps) if (step.source, step.name) == (reason.cause, reason.name)), -1)
    return tuple(
        Step(step.source, step.name, step.people, step.sentence, number == decided) for number, step in enumerate(steps)
    )


def _override(override: Override, zone: str) -> Step:
    who = override.person or "nobody"
    by = f" by {override.by}" if override.by else ""
    note = f" ({override.note})" if override.note else ""
    sentence = f"Override{by}{note}: {who} until {write_local(override.end, zone)}."
    return Step(Cause.OVERRIDE, override.id, (override.person,) if override.person else (), sentence, False)


def _layer(layer: Layer, instant: datetime) -> Step:
    people, sentence = _said(layer, instant)
    return Step(Cause.LAYER, layer.name, people, f"Layer {layer.name}: {sentence}", False)


def _said(layer: Layer, instant: datetime) -> tuple[tuple[str, ...], str]:
    start = to_instant(layer.start, layer.zone)
    if instant < start:
        return (), f"starts on {write_local(start, layer.zone)}."
    turn = next(turns(layer, instant, instant + _INSTANT), None)
    if turn is None:
        return (), f"ended on {layer.end:%Y-%m-%d %H:%M}."
    hours = opening(layer.windows, layer.zone, instant, instant + _INSTANT)
    if not any(opens <= instant < shuts for opens, shuts in hours):
        return (), "outside of its hours."
    return turn.people, f"{' and '.join(turn.people)} ({layer.rotate} turn {turn.number + 1})."
