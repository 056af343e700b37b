"""What an override would do before it is made: who is on call instead of whom, and what that opens, closes or doubles."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import pairwise

from muster.oncall.coverage.roster import Cause, Roster
from muster.oncall.coverage.spans import spans
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.override import Override
from muster.oncall.shifts.shift import times_by_person


class Weight(StrEnum):
    """How a remark is to be read: it speaks for the change, against it, or is only to be known."""

    GOOD = "good"
    BAD = "bad"
    KNOW = "know"


@dataclass(frozen=True, slots=True)
class CoverageChange:
    """A stretch in which other people would be on call than now."""

    start: datetime
    end: datetime
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that the change would bring, as a sentence."""

    weight: Weight
    sentence: str


@dataclass(frozen=True, slots=True)
class Reachability:
    """What is known of the person who would be on call: here, and reachable by a proven contact."""

    active: bool = True
    proven: bool = True


def with_override(roster: Roster, override: Override) -> Roster:
    """The roster as it would be."""
    return replace(roster, overrides=(*roster.overrides, override))


def coverage_changes(before: Roster, after: Roster, start: datetime, end: datetime) -> tuple[CoverageChange, ...]:
    """Where the people differ inside `[start, end)`; neighbours with the same people are one."""
    edges = sorted(
        {edge for roster in (before, after) for span in spans(roster, start, end) for edge in (span.start, span.end)}
    )
    was, now = spans(before, start, end), spans(after, start, end)
    changes: list[CoverageChange] = []
    first = second = 0
    for begins, ends in pairwise(edges):
        while was[first].end <= begins:
            first += 1
        while now[second].end <= begins:
            second += 1
        old, new = was[first].people, now[second].people
        if old == new:
            continue
        if changes and (changes[-1].end, changes[-1].before, changes[-1].after) == (begins, old, new):
            changes[-1] = replace(changes[-1], end=ends)
        else:
            changes.append(CoverageChange(begins, ends, old, new))
    return tuple(changes)


def remarks(
    before: Roster, override: Override, viewer: Viewer, others: Mapping[str, Roster], reach: Reachability
) -> tuple[Remark, ...]:
    """What to know before an override is made; `others` are the other schedules in which its person takes part."""
    start, end = override.start, override.end
    who = viewer.name(override.person) if override.person else "Nobody"
    notes: list[Remark] = []
    changed = coverage_changes(before, with_override(before, override), start, end)
    if not changed:
        notes.append(Remark(Weight.KNOW, f"{who} is on call then anyway: this changes nothing."))
    for change in changed:
        if not change.before:
            notes.append(Remark(Weight.GOOD, f"This closes the gap {viewer.from_to(change.start, change.end)}."))
        if not change.after:
            notes.append(Remark(Weight.BAD, f"Nobody would be on call {viewer.from_to(change.start, change.end)}."))
    if override.person and not reach.active:
        notes.append(Remark(Weight.BAD, f"{who} has left and cannot be paged."))
    elif override.person and not reach.proven:
        notes.append(Remark(Weight.BAD, f"{who} has no proven contact: a page might not reach them."))
    notes += _hidden(before, override, viewer)
    notes += _doubled(override, viewer, others, who)
    return tuple(notes)


def _hidden(before: Roster, override: Override, viewer: Viewer) -> list[Remark]:
    decided = {
        span.coverage.reason.name
        for span in spans(before, override.start, override.end)
        if span.coverage.reason.cause is Cause.OVERRIDE
    }
    hidden = [other for other in before.overrides if other.id in decided and other.person != override.person]
    return [
        Remark(
            Weight.KNOW,
            f"It stands above the override for {viewer.names((other.person,) if other.person else ())} there.",
        )
        for other in hidden
    ]


def _doubled(override: Override, viewer: Viewer, others: Mapping[str, Roster], who: str) -> list[Remark]:
    if override.person is None:
        return []
    times: Sequence[tuple[str, datetime, datetime]] = [
        (name, begins, ends)
        for name, roster in others.items()
        for begins, ends in times_by_person(roster, override.start, override.end).get(override.person, ())
    ]
    return [
        Remark(Weight.KNOW, f"{who} is on call by {name} as well {viewer.from_to(begins, ends)}.")
        for name, begins, ends in times[:3]
    ]
