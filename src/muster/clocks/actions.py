"""Starting, meeting and cancelling deadlines. Each ends its alarm in the same transaction."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from muster.base.unit import Unit
from muster.base.work import Job, cancel, enqueue
from muster.clocks import store
from muster.clocks.clock import ClockKind, ClockSpec, ClockState, RunningClock
from muster.clocks.events import CLOCK_BREACHED
from muster.ledger.actions import record
from muster.ledger.event import Event

JOB = "clock"


@dataclass(frozen=True, slots=True)
class OnBreach:
    """What the owner of a kind does when such a clock runs out: once, in the transaction that records it."""

    kind: ClockKind
    act: Callable[[Unit, RunningClock], Awaitable[None]]


async def start(unit: Unit, specs: Sequence[ClockSpec]) -> list[RunningClock]:
    """Start deadlines; a second start of a running one changes nothing. The caller's action has checked permission."""
    if not specs:
        return []
    clocks = await store.insert(unit.conn, specs, unit.now)
    await enqueue(unit, [Job(JOB, str(clock.id), run_at=clock.due_at) for clock in clocks])
    return clocks


async def meet(unit: Unit, subjects: Sequence[str], kind: ClockKind, about: str = "") -> None:
    """End the running clocks of a kind: what they demanded has happened."""
    await _end(unit, subjects, kind.key(about), ClockState.MET)


async def drop(unit: Unit, subjects: Sequence[str], kind: ClockKind, about: str = "") -> None:
    """End the running clocks of a kind: nothing is demanded any more."""
    await _end(unit, subjects, kind.key(about), ClockState.CANCELLED)


async def breach(unit: Unit, clock: RunningClock) -> None:
    """Record that a deadline passed, and have its owner act on it."""
    await record(unit, Event(clock.subject, CLOCK_BREACHED, {"clock": clock.kind, "label": clock.label,
                                                              "due_at": clock.due_at.isoformat()}))  # fmt: skip
    unit.publish(clock.subject, "clocks")
    for handler in unit.ports.of(OnBreach):
        if clock.is_of(handler.kind):
            await handler.act(unit, clock)


async def _end(unit: Unit, subjects: Sequence[str], key: str, state: ClockState) -> None:
    if ended := await store.end(unit.conn, subjects, key, state, unit.now):
        await cancel(unit, JOB, [str(clock_id) for clock_id in ended])
        unit.publish("clocks")
