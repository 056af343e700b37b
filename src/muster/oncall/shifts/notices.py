"""What people are told about their shifts: which moments, in which words, and what each person chose (R72)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from muster.kit.duration import format_duration, parse_duration
from muster.kit.errors import Broken, Invalid
from muster.kit.interval import Interval
from muster.oncall.schedules.notation import write_local
from muster.oncall.shifts.requests import RequestKind, ShiftRequest
from muster.oncall.shifts.shift import ShiftChange, Stint

LATE = timedelta(hours=2)
"""A notice that could not be sent for longer than this is left out: "your shift begins" at its end helps nobody."""

LONGEST_BEFORE = timedelta(days=14)
"""The earliest notice that can be chosen."""

MOST_TIMES = 10


class Moment(StrEnum):
    """When a notice about a stint is due."""

    BEFORE = "before"
    START = "start"
    END = "end"


@dataclass(frozen=True, slots=True)
class NoticeChoices:
    """What a person wants to hear of: how long `before` a stint (None: not at all), at its start and end, and changes."""

    before: timedelta | None = timedelta(hours=24)
    at_start: bool = True
    at_end: bool = True
    changes: bool = True


@dataclass(frozen=True, slots=True)
class DueNotice:
    """A notice that is due at `at` for a moment of a stint."""

    at: datetime
    moment: Moment
    stint: Stint

    @property
    def edge(self) -> datetime:
        """Where the stint begins or ends: what makes this notice another than that of the next stint."""
        return self.stint.end if self.moment is Moment.END else self.stint.start


@dataclass(frozen=True, slots=True)
class NoticeText:
    """A notice as it is sent."""

    title: str
    body: str


def read_before(text: str | None) -> timedelta | None:
    """How long before a stint somebody wants to hear of it, such as `24h`; nothing or `off` means not at all.

    Raises:
        Invalid: it is no duration.
    """
    try:
        return parse_duration(text) if text and text != "off" else None
    except Broken as error:
        raise Invalid("This cannot be chosen.", faults=[error.at("before")]) from None


def notices_of(stint: Stint, choices: NoticeChoices) -> list[DueNotice]:
    """The notices that a person wants of a stint, by time."""
    notices = []
    if choices.before is not None:
        notices.append(DueNotice(stint.start - choices.before, Moment.BEFORE, stint))
    if choices.at_start:
        notices.append(DueNotice(stint.start, Moment.START, stint))
    if choices.at_end:
        notices.append(DueNotice(stint.end, Moment.END, stint))
    return notices


def is_due(due: DueNotice, now: datetime) -> bool:
    """Whether a notice is to be sent now: its moment has come and is not too long ago to be of use."""
    if due.moment is Moment.BEFORE and now >= due.stint.start:
        return False
    return due.at <= now < due.at + LATE


def moment_text(due: DueNotice, zone: str, then: Sequence[str], notes: Sequence[tuple[str, str]]) -> NoticeText:
    """What to say at a moment of a stint.

    `then` names who is on call after it, `notes` are standing hand-off notes (author, text).
    """
    stint = due.stint
    schedule, times = stint.shifts[0].schedule, [(shift.start, shift.end) for shift in stint.shifts]
    if due.moment is Moment.END:
        follows = " and ".join(then)
        body = (
            f"You are no longer on call by {schedule}. {f'{follows} took over.' if follows else 'Nobody follows you.'}"
        )
        return NoticeText(
            f"Your shift on {schedule} has ended", f"{body}\n\nLeave a note for whoever follows, if there is one."
        )
    until = f"until {write_local(stint.shifts[0].end, zone)} ({zone})"
    if due.moment is Moment.START:
        title, first = f"You are on call: {schedule}", f"You are on call by {schedule} {until}."
    else:
        title = f"On call from {write_local(stint.start, zone)}: {schedule}"
        first = f"You will be on call by {schedule} in {format_duration(stint.start - due.at)}, {until}."
    parts = [first]
    if len(times) > 1:
        parts.append(f"Then {listed(times[1:], zone)}.")
    parts += [f"{author} left a note: {text}" for author, text in notes]
    return NoticeText(title, "\n\n".join(parts))


def change_text(change: ShiftChange, by: str, why: str, zone: str) -> NoticeText:
    """What to say to somebody whose shifts were changed by another."""
    parts = [f"{by or 'Somebody'} changed who is on call by {change.schedule}{f': {why}' if why else '.'}"]
    if change.won:
        parts.append(f"You are now on call {listed(change.won, zone)} ({zone}).")
    if change.lost:
        parts.append(f"You are no longer on call {listed(change.lost, zone)} ({zone}).")
    return NoticeText(f"Your shifts on {change.schedule} changed", "\n\n".join(parts))


def request_text(request: ShiftRequest, zone: str) -> NoticeText:
    """What to say to somebody who is asked."""
    mine = listed([request.mine], zone)
    why = f"\n\n{request.asker} writes: {request.note}" if request.note else ""
    if request.kind is RequestKind.COVER or request.theirs is None:
        body = f"{request.asker} asks whether you can be on call by {request.schedule} {mine} ({zone}).{why}"
        return NoticeText(f"{request.asker} asks for cover on {request.schedule}", body)
    body = (
        f"{request.asker} asks to swap on {request.schedule}: you would take {mine}, "
        f"{request.asker} would take yours {listed([request.theirs], zone)} ({zone}).{why}"
    )
    return NoticeText(f"{request.asker} asks you to swap a shift on {request.schedule}", body)


def outcome_text(request: ShiftRequest, what: str, zone: str) -> NoticeText:
    """What to say when a request ended: `what` is the sentence, such as "bo takes your shift"."""
    times = listed([request.mine], zone)
    if request.theirs:
        times += f" for {listed([request.theirs], zone)}"
    return NoticeText(f"{request.kind.title()} on {request.schedule}: {what}", f"{what}. It is about {times} ({zone}).")


def listed(times: Sequence[Interval], zone: str) -> str:
    """Times on the clocks of a zone, in words."""
    shown = [f"from {write_local(start, zone)} to {write_local(end, zone)}" for start, end in times[:MOST_TIMES]]
    more = f" and {len(times) - MOST_TIMES} more times" if len(times) > MOST_TIMES else ""
    return ", ".join(shown) + more
