"""Which changes an incident may come from: recent ones, those of what is affected first, each with the reason. Pure (R44)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from muster.catalog.place import Place
from muster.catalog.workload import Ref
from muster.changes.change import StoredChange
from muster.kit.duration import format_duration

LOOKED_AT = timedelta(hours=24)
"""How long before an incident a change of something related is suspected."""

UNRELATED = timedelta(hours=2)
"""How long before an incident any change at all is suspected."""

MOST = 5


@dataclass(frozen=True, slots=True)
class Suspect:
    """A change with why it is suspected; a smaller `rank` is likelier."""

    change: StoredChange
    rank: int
    reason: str


def suspects(
    changes: Sequence[tuple[StoredChange, Place]],
    affected: Collection[Ref],
    workload: str,
    needed: Collection[Ref],
    opened_at: datetime,
) -> list[Suspect]:
    """The likeliest changes first: of what is affected, of what it needs, of its workload, then whatever was just changed.

    `needed` is everything that the affected components need, however indirectly.
    """
    found = []
    for change, place in changes:
        before = opened_at - change.at
        if not timedelta(0) <= before <= LOOKED_AT:
            continue
        rank, what = _relation(place, affected, workload, needed)
        if what or before <= UNRELATED:
            words = f"{what or 'It happened shortly before'}, {_spoken(before)} earlier."
            found.append(Suspect(change, rank, words))
    return sorted(found, key=lambda each: (each.rank, opened_at - each.change.at))[:MOST]


def _relation(place: Place, affected: Collection[Ref], workload: str, needed: Collection[Ref]) -> tuple[int, str]:
    ref = Ref(place.workload, place.component)
    if place.component and ref in affected:
        return 0, f"It changed {place.workload}/{place.component}, which is affected"
    if place.component and ref in needed:
        return 1, f"It changed {place.workload}/{place.component}, which what is affected needs"
    if place.workload and place.workload == workload:
        return 2, f"It changed {place.workload}, which is affected"
    return 3, ""


def _spoken(before: timedelta) -> str:
    return (
        format_duration(timedelta(minutes=int(before.total_seconds() // 60)))
        if before >= timedelta(minutes=1)
        else "seconds"
    )
