"""Starting, meeting and cancelling deadlines; each ends its alarm in the same transaction."""

from collections.abc import Sequence

from muster.base.unit import Unit
from muster.base.work import Job, cancel, enqueue
from muster.clocks import store
from muster.clocks.clock import ClockBreached, ClockSpec, ClockState, RunningClock
from muster.clocks.events import CLOCK_BREACHED
from muster.ledger.actions import record
from muster.ledger.event import Event

JOB = "clock"


async def start(unit: Unit, specs: Sequence[ClockSpec]) -> list[RunningClock]:
    """Start deadlines; a second start of a running one changes nothing. The caller's action has checked permission."""
    if not specs:
        return []
    clocks = await store.insert(unit.conn, specs, unit.now)
    await enqueue(unit, [Job(JOB, str(clock.id), run_at=clock.due_at) for clock in clocks])
    return clocks


async def meet(unit: Unit, subject: str, kind: str) -> bool:
    """What the clock demanded has happened; false if it was not running."""
    return bool(await _end(unit, [subject], kind, ClockState.MET))


async def meet_all(unit: Unit, subjects: Sequence[str], kind: str) -> int:
    """The same for many subjects; returns how many clocks were running."""
    return len(await _end(unit, subjects, kind, ClockState.MET))


async def cancel_all(unit: Unit, subjects: Sequence[str], kind: str | None = None) -> int:
    """The demand itself has gone, for one kind or all; returns how many clocks stopped."""
    return len(await _end(unit, subjects, kind, ClockState.CANCELLED))


async def breach(unit: Unit, clock: RunningClock) -> None:
    """Record that a deadline passed and tell the features that asked for it."""
    await record(unit, Event(clock.subject, CLOCK_BREACHED, {"clock": clock.kind, "label": clock.label,
                                                              "due_at": clock.due_at.isoformat()}))  # fmt: skip
    unit.publish(clock.subject, "clocks")
    await unit.emit(ClockBreached(clock))


async def _end(unit: Unit, subjects: Sequence[str], kind: str | None, state: ClockState) -> list[RunningClock]:
    ended = await store.end(unit.conn, subjects, kind, state, unit.now)
    if ended:
        await cancel(unit, JOB, [str(clock.id) for clock in ended])
        unit.publish("clocks")
    return ended
