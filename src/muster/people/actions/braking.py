"""Slows guesses down: who must wait, what a failure costs, and what the ledger hears of it."""

from dataclasses import dataclass
from datetime import timedelta

from muster.base.unit import Unit
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.people.brake import Brake, pause_words
from muster.people.events import SIGN_IN_THROTTLED
from muster.people.store import failure_rows
from muster.people.throttle import after_failure, pause, wait


@dataclass(frozen=True, slots=True)
class Refused:
    """Why nobody was let in, as a sentence; `retry_after` in whole seconds, 0 when they may try again at once."""

    reason: str
    retry_after: int = 0


async def held(unit: Unit, brake: Brake) -> Refused | None:
    """Whether this attempt has to wait; None when it may be judged now, alone."""
    if not await failure_rows.take_turn(unit.conn, brake.turn):
        return Refused("Another attempt for this account is just being judged. Try again in a second.", 1)
    known = await failure_rows.failures_of(unit.conn, [subject.key for subject in brake.subjects])
    pausing = max(wait(subject.bound, known.get(subject.key), unit.now) for subject in brake.subjects)
    return Refused(*pause_words(pausing)) if pausing > timedelta(0) else None


async def failed(unit: Unit, brake: Brake, stream: str, kind: EventKind, data: dict[str, str]) -> int:
    """Count a failure and record it as the event `kind`; returns after how many seconds the next attempt may come."""
    unit.keep = True
    keys = [subject.key for subject in brake.subjects]
    known = await failure_rows.failures_of(unit.conn, keys)
    await failure_rows.count_failure(unit.conn, keys, unit.now)
    await failure_rows.forget_old(unit.conn, unit.now)
    events, pausing = [Event(stream, kind, data)], timedelta(0)
    for subject in brake.subjects:
        count = after_failure(known.get(subject.key), unit.now).count
        pausing = max(pausing, pause(subject.bound, count))
        if count == subject.bound.free:
            events.append(Event(stream, SIGN_IN_THROTTLED, {"subject": subject.kind, "failures": count}))
    await record_all(unit, events)
    return int(pausing.total_seconds())


async def succeeded(unit: Unit, brake: Brake) -> None:
    """Forgive what this one has done: not what others did to the same account, nor others behind the same address."""
    await failure_rows.forgive(unit.conn, brake.subjects[0].key)
