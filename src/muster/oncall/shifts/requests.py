"""Swaps and cover: one person asks others to take a time, and nothing changes until one of them agrees (R72)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from muster.kit.interval import Interval
from muster.oncall.coverage.roster import Roster
from muster.oncall.shifts.authority import holders

REGRET = timedelta(minutes=15)
"""For so long whoever accepted may undo that alone: a thumb slips."""


class RequestKind(StrEnum):
    """A swap gives a time for a time; a cover request gives nothing back."""

    SWAP = "swap"
    COVER = "cover"


class RequestState(StrEnum):
    """Open until one of the others ends it."""

    OPEN = "open"
    ACCEPTED = "accepted"
    DECLINED = "declined"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"
    UNDONE = "undone"


@dataclass(frozen=True, slots=True)
class AskedPerson:
    """Somebody who was asked; `declined_at` and `reason` where they said no."""

    person: str
    declined_at: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RequestDraft:
    """What somebody asks: that `other`, or whoever accepts first where that is None, takes the time `mine`.

    In a swap the asker takes `theirs` in return; without it the request is for cover.
    """

    mine: Interval
    theirs: Interval | None
    other: str | None
    note: str = ""


@dataclass(frozen=True, slots=True)
class ShiftRequest:
    """A request as it is kept: `mine` is the asker's time, `theirs` what the asker takes for it in a swap.

    It expires by itself at `expires_at`. `accepted_by` and `overrides` say who agreed and what carries it out.
    """

    id: UUID
    schedule: str
    asker: str
    mine: Interval
    theirs: Interval | None
    asked: tuple[AskedPerson, ...]
    note: str
    state: RequestState
    asked_at: datetime
    expires_at: datetime
    accepted_by: str = ""
    accepted_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: str = ""
    reason: str = ""
    overrides: tuple[UUID, ...] = ()

    @property
    def kind(self) -> RequestKind:
        """Swap or cover."""
        return RequestKind.SWAP if self.theirs else RequestKind.COVER

    @property
    def waiting(self) -> tuple[str, ...]:
        """Who was asked and has not said no."""
        return tuple(asked.person for asked in self.asked if asked.declined_at is None)


def expiry(mine: Interval, theirs: Interval | None, now: datetime) -> datetime:
    """When a request can no longer be accepted: at the start of the first time; one that runs already, at its end."""
    starts = [mine[0], *([theirs[0]] if theirs else ())]
    ahead = [start for start in starts if start > now]
    return min(ahead) if len(ahead) == len(starts) else mine[1]


def not_theirs(roster: Roster, person: str, time: Interval) -> str:
    """Why a person cannot give a time away, as a sentence; empty when it is all theirs and theirs alone."""
    companies = holders(roster, *time)
    if companies == [(person,)]:
        return ""
    if any(person not in company for company in companies):
        others = sorted({name for company in companies for name in company} - {person})
        instead = f"{' and '.join(others)} {'are' if len(others) > 1 else 'is'}" if others else "nobody is"
        return f"{person} is not on call for all of this time: {instead} for some of it."
    together = sorted({name for company in companies for name in company} - {person})
    return f"{person} shares this time with {' and '.join(together)}; whoever takes it over would stand alone."


def may_accept(request: ShiftRequest, me: str) -> str:
    """Why `me` cannot accept, as a sentence; empty when they were asked and have not declined."""
    if me in request.waiting:
        return ""
    if me == request.asker:
        return "Nobody accepts their own request; withdraw it if it is moot."
    if any(asked.person == me for asked in request.asked):
        return "You declined this request already; ask for the swap yourself if you have changed your mind."
    return f"Only those who were asked can agree: {', '.join(asked.person for asked in request.asked)}."


def may_undo(request: ShiftRequest, me: str, now: datetime) -> str:
    """Why `me`, who does not manage schedules, cannot undo an accepted request alone; empty when they can.

    Undoing gives times back, and who gets one back must want it: the asker of a cover may always, whoever accepted only
    within `REGRET`, for they promised.
    """
    if me == request.asker and request.kind is RequestKind.COVER:
        return ""
    if me == request.accepted_by and request.accepted_at and now - request.accepted_at <= REGRET:
        return ""
    if me not in (request.asker, request.accepted_by):
        return "Only the two of them, or a manager of schedules, can undo what they agreed."
    other = request.accepted_by if me == request.asker else request.asker
    return f"{other} relies on it by now: ask {other} for a swap back, or let a manager of schedules undo it."
