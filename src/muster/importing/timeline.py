"""Who is on call when, as several tools say it, so that they can be compared."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

People = frozenset[str]
Stretch = tuple[datetime, datetime, People]
Duty = tuple[datetime, datetime, Iterable[str]]


@dataclass(frozen=True, slots=True)
class Difference:
    """From `start` to `end` the vendor names `vendor`, Muster `muster`."""

    start: datetime
    end: datetime
    vendor: People
    muster: People

    def sentence(self, vendor: str) -> str:
        """The difference for people."""
        theirs, ours = (", ".join(sorted(item)) or "nobody" for item in (self.vendor, self.muster))
        when = f"{self.start:%Y-%m-%d %H:%M} to {self.end:%Y-%m-%d %H:%M} UTC"
        return f"{when}: {vendor} says {theirs}, Muster {ours}."


def together(held: Iterable[Duty], start: datetime, end: datetime) -> list[Stretch]:
    """The partition of `[start, end)` into stretches of the same people: everybody who is named then."""
    changes: list[tuple[datetime, int, str]] = []
    for begins, ends, people in held:
        opens, shuts = max(begins, start), min(ends, end)
        if opens < shuts:
            for person in people:
                changes += [(opens, 1, person), (shuts, -1, person)]
    found: list[Stretch] = []
    present: Counter[str] = Counter()
    at = start
    for moment, change, person in sorted(changes):
        if moment > at:
            _append(found, at, moment, frozenset(present))
            at = moment
        present[person] += change
        if not present[person]:
            del present[person]
    if at < end:
        _append(found, at, end, frozenset(present))
    return found


def topmost(levels: Sequence[Sequence[Duty]], start: datetime, end: datetime) -> list[Stretch]:
    """The partition in which the people of a later level hide those of the earlier ones."""
    result: list[Stretch] = [(start, end, frozenset())] if start < end else []
    for level in levels:
        upper = together(level, start, end)
        result = _joined(result, upper, lambda lower, higher: higher or lower)
    return result


def differences(vendor: Sequence[Stretch], muster: Sequence[Stretch]) -> list[Difference]:
    """Where two partitions of the same time name other people."""
    found: list[Difference] = []
    for start, end, theirs, ours in _both(vendor, muster):
        if theirs == ours:
            continue
        if found and found[-1].end == start and (found[-1].vendor, found[-1].muster) == (theirs, ours):
            found[-1] = Difference(found[-1].start, end, theirs, ours)
        else:
            found.append(Difference(start, end, theirs, ours))
    return found


def _both(one: Sequence[Stretch], other: Sequence[Stretch]) -> Iterable[tuple[datetime, datetime, People, People]]:
    left = right = 0
    while left < len(one) and right < len(other):
        start = max(one[left][0], other[right][0])
        end = min(one[left][1], other[right][1])
        if start < end:
            yield start, end, one[left][2], other[right][2]
        if one[left][1] <= end:
            left += 1
        if right < len(other) and other[right][1] <= end:
            right += 1


def _joined(
    one: Sequence[Stretch], other: Sequence[Stretch], choose: Callable[[People, People], People]
) -> list[Stretch]:
    found: list[Stretch] = []
    for start, end, lower, upper in _both(one, other):
        _append(found, start, end, choose(lower, upper))
    return found


def _append(found: list[Stretch], start: datetime, end: datetime, people: People) -> None:
    if found and found[-1][1] == start and found[-1][2] == people:
        found[-1] = (found[-1][0], end, people)
    else:
        found.append((start, end, people))


def hours(found: Sequence[Difference]) -> float:
    """How long the differences last together."""
    return sum((item.end - item.start for item in found), timedelta()) / timedelta(hours=1)


def covered(found: Sequence[Stretch]) -> float:
    """For how many hours there is somebody."""
    lengths = (end - start for start, end, people in found if people)
    return sum(lengths, timedelta()) / timedelta(hours=1)
