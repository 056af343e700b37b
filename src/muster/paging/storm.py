"""How much of a storm reaches one contact now: what goes alone, what goes together in one message, what waits. Pure.

Every delivery is in exactly one of the four; a worse incident never waits while a milder one goes; what waits has an instant
at which it may go. Only channels that people read have this gate: programs get every page.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.paging.delivery import Hold
from muster.plan.model.flow import Bundling, Limit


@dataclass(frozen=True, slots=True)
class Due:
    """A delivery at the gate; `rank` 0 is the worst severity."""

    id: UUID
    rank: int


@dataclass(frozen=True, slots=True)
class Released:
    """A message that went through: when, how severe its worst incident was, and whether to the contact at hand or to another
    of the same person and kind."""

    at: datetime
    rank: int
    here: bool = True


@dataclass(frozen=True, slots=True)
class WaitingDelivery:
    """A delivery that waits."""

    id: UUID
    until: datetime
    hold: Hold
    reason: str


@dataclass(frozen=True, slots=True)
class Ruling:
    """What becomes of the deliveries: `alone` a message each, `together` one message, `held` wait, `elsewhere` are to try
    another contact at once, since the limit leaves no room here and they may not wait."""

    alone: tuple[UUID, ...] = ()
    together: tuple[UUID, ...] = ()
    held: tuple[WaitingDelivery, ...] = ()
    elsewhere: tuple[UUID, ...] = ()


def rule(
    due: Sequence[Due],
    released: Sequence[Released],
    bundling: Bundling,
    limit: Limit | None,
    channel: str,
    now: datetime,
) -> Ruling:
    """Decide about everything that waits for one contact; `released` are the latest messages to its person by its channel."""
    lately = [each for each in released if each.here and each.at > now - bundling.within]
    free, held = [], []
    for each in sorted(due, key=lambda each: each.rank):
        # Milder messages do not count against a worse incident.
        before = sorted((one.at for one in lately if one.rank <= each.rank), reverse=True)
        if len(before) < bundling.after:
            free.append(each)
        else:
            until = before[bundling.after - 1] + bundling.within
            held.append(WaitingDelivery(each.id, until, Hold.BUNDLE, _gathered(bundling)))
    if not free:
        return Ruling(held=tuple(held))
    ahead = sum(one.rank <= free[-1].rank for one in lately)
    one_by_one = len(free) == 1 or ahead + len(free) <= bundling.after
    if limit is not None:
        spent = sorted((one.at for one in released if one.at > now - limit.within), reverse=True)
        room = limit.most - len(spent)
        if room <= 0:
            return _no_room(free, held, spent[limit.most - 1] + limit.within, limit, channel)
        one_by_one = one_by_one and len(free) <= room
    if one_by_one:
        return Ruling(alone=tuple(each.id for each in free), held=tuple(held))
    # One message goes anyway: whatever else waits for this contact goes with it.
    return Ruling(together=(*(each.id for each in free), *(each.id for each in held)))


def _no_room(
    free: Sequence[Due], held: Sequence[WaitingDelivery], until: datetime, limit: Limit, channel: str
) -> Ruling:
    worst = tuple(each.id for each in free if each.rank == 0)
    waiting = [WaitingDelivery(each.id, until, Hold.LIMIT, over(limit, channel)) for each in free if each.rank > 0]
    return Ruling(held=(*waiting, *held), elsewhere=worst)


def over(limit: Limit, channel: str) -> str:
    """Why a limit holds something back."""
    return f"{_limit(limit, channel)}: this one waits and comes in one message with what else waits."


def passed_over(limit: Limit, channel: str) -> str:
    """Why a limit has something go another way."""
    return f"{_limit(limit, channel)}: the next contact was tried at once."


def _limit(limit: Limit, channel: str) -> str:
    return f"{limit.most} messages by {channel} within {_minutes(limit.within)} is the plan's limit"


def _gathered(bundling: Bundling) -> str:
    return (
        f"More than {bundling.after} messages within {_minutes(bundling.within)}: "
        "this one is gathered with others into one message."
    )


def _minutes(span: timedelta) -> str:
    seconds = int(span.total_seconds())
    return f"{seconds // 60} min" if seconds % 60 == 0 else f"{seconds} s"
