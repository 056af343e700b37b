"""What is wrong with a schedule, before it is saved and ever after: each finding is a sentence with its time (R72, R73)."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from muster.oncall.coverage import Cause, Roster, Span, layer_pieces, spans
from muster.oncall.notation import write_local
from muster.oncall.schedule import Schedule

_MOST_GAPS = 5


class Kind(StrEnum):
    """What sort of thing was found."""

    NOBODY = "nobody"
    GAP = "gap"
    UNKNOWN_PERSON = "unknown_person"
    INACTIVE_PERSON = "inactive_person"
    OVERLAPPING_OVERRIDES = "overlapping_overrides"
    HIDDEN_LAYER = "hidden_layer"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should look at; `start` and `end` say when it holds, where it has a time."""

    kind: Kind
    sentence: str
    start: datetime | None = None
    end: datetime | None = None


def check(
    roster: Roster, start: datetime, end: datetime, *, active: Collection[str], inactive: Collection[str] = ()
) -> tuple[Finding, ...]:
    """Look for trouble inside `[start, end)`; `active` and `inactive` name the persons that exist.

    Gaps are reported one by one up to five, the rest as a number. Nothing found means covered and reachable by name; who
    can be reached on which contact is for `people` and `paging` to say.
    """
    schedule = roster.current
    if schedule is None:
        return ()
    found = spans(roster, start, end)
    return (
        *_gaps(schedule, found),
        *_people(schedule, found, active, inactive),
        *_overlaps(roster, schedule, start, end),
        *_hidden(schedule, found, start, end),
    )


def _gaps(schedule: Schedule, found: Sequence[Span]) -> Iterator[Finding]:
    gaps = [span for span in found if span.is_gap]
    if gaps and len(gaps) == len(found):
        sentence = f"{schedule.name} has nobody on call {_from_to(schedule, found[0].start, found[-1].end)}."
        yield Finding(Kind.NOBODY, sentence, found[0].start, found[-1].end)
        return
    for gap in gaps[:_MOST_GAPS]:
        by_choice = " An override says so." if gap.coverage.reason.cause is Cause.OVERRIDE else ""
        sentence = f"Nobody is on call {_from_to(schedule, gap.start, gap.end)}.{by_choice}"
        yield Finding(Kind.GAP, sentence, gap.start, gap.end)
    if len(gaps) > _MOST_GAPS:
        left = gaps[_MOST_GAPS:]
        follow = "gap follows" if len(left) == 1 else "gaps follow"
        sentence = f"{len(left)} more {follow} until {write_local(left[-1].end, schedule.zone)}."
        yield Finding(Kind.GAP, sentence, left[0].start, left[-1].end)


def _people(
    schedule: Schedule, found: Sequence[Span], active: Collection[str], inactive: Collection[str]
) -> Iterator[Finding]:
    first: dict[str, Span] = {}
    for span in found:
        for person in span.people:
            first.setdefault(person, span)
    for person in dict.fromkeys((*schedule.people, *first)):
        if person in active:
            continue
        left = person in inactive
        kind = Kind.INACTIVE_PERSON if left else Kind.UNKNOWN_PERSON
        who = f"{person}, who has left," if left else f"{person}, whom Muster does not know,"
        when = first.get(person)
        if when is None:
            yield Finding(kind, f"{who} stands in {schedule.name}.")
        else:
            yield Finding(kind, f"{who} is on call {_from_to(schedule, when.start, when.end)}.", when.start, when.end)


def _overlaps(roster: Roster, schedule: Schedule, start: datetime, end: datetime) -> Iterator[Finding]:
    standing = [override for override in roster.overrides if override.start < end and override.end > start]
    for number, later in enumerate(standing):
        for earlier in standing[:number]:
            begins, ends = max(earlier.start, later.start), min(earlier.end, later.end)
            if begins < ends and earlier.person != later.person:
                both = f"{earlier.person or 'nobody'} and {later.person or 'nobody'}"
                when = _from_to(schedule, begins, ends)
                sentence = (
                    f"Overrides for {both} overlap {when}; the later one, for {later.person or 'nobody'}, decides."
                )
                yield Finding(Kind.OVERLAPPING_OVERRIDES, sentence, begins, ends)


def _hidden(schedule: Schedule, found: Sequence[Span], start: datetime, end: datetime) -> Iterator[Finding]:
    seen = {span.coverage.reason.name for span in found if span.coverage.reason.cause is Cause.LAYER}
    for layer in schedule.layers:
        if layer.name not in seen and layer_pieces(layer, start, end):
            sentence = f"Layer {layer.name} never decides: a layer after it or an override always covers its hours."
            yield Finding(Kind.HIDDEN_LAYER, sentence, start, end)


def _from_to(schedule: Schedule, start: datetime, end: datetime) -> str:
    return f"from {write_local(start, schedule.zone)} to {write_local(end, schedule.zone)} ({schedule.zone})"
