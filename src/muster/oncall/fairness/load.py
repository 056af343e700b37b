"""Is being on call shared fairly? Hours, nights, weekends, holidays, interruptions and sleep, by person (R34)."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from muster.kit.interval import Interval, union
from muster.oncall.fairness.measure import Measure, is_night, measure
from muster.oncall.shifts.shift import Shift

AWAKE = timedelta(hours=1)
"""A page at night costs the hour after it; the hours after pages that follow closely count once where they meet."""

UNFAIR = 1.5
"""Above this multiple of the even share a load is a finding …"""

LEAST = {"hours": 24.0, "nights": 3.0, "weekends": 2.0, "holidays": 2.0, "interruptions": 5.0, "sleep": 2.0}
"""… where it is also more than the even share by at least so much: small numbers are never even."""

WORDS = {
    "hours": "of the hours on call",
    "nights": "of the nights",
    "weekends": "of the weekends",
    "holidays": "of the holidays",
    "interruptions": "of the pages",
    "sleep": "of the disturbed sleep",
}


@dataclass(frozen=True, slots=True)
class Interruption:
    """Somebody was paged; several messages of one page are one interruption."""

    person: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Load:
    """What one person carried; `shares` are multiples of the even share by the names of `WORDS` (1.0 is even)."""

    person: str
    measure: Measure
    interruptions: int
    sleep: timedelta
    shares: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Unfair:
    """A load that is well above the even share, as a sentence."""

    person: str
    kind: str
    sentence: str


def loads(
    shifts: Iterable[Shift],
    zones: Mapping[str, str],
    holidays: Mapping[str, Collection[date]],
    interruptions: Iterable[Interruption] = (),
) -> list[Load]:
    """What each person in `zones` (by name) carried, the heaviest first; those without a shift too.

    `holidays` stand by schedule; somebody on call by two schedules at once is on call once.
    """
    times: dict[str, list[Interval]] = {person: [] for person in zones}
    free: dict[str, set[date]] = {person: set() for person in zones}
    for shift in shifts:
        if shift.person in zones:
            times[shift.person].append((shift.start, shift.end))
            free[shift.person].update(holidays.get(shift.schedule, ()))
    paged: dict[str, list[datetime]] = {person: [] for person in zones}
    for interruption in interruptions:
        if interruption.person in zones:
            paged[interruption.person].append(interruption.at)
    values: dict[str, tuple[Measure, int, timedelta]] = {
        person: (measure(times[person], zone, free[person]), len(paged[person]), disturbed(paged[person], zone))
        for person, zone in zones.items()
    }
    counted = {person: _counted(*value) for person, value in values.items()}
    even = (
        {kind: sum(amounts[kind] for amounts in counted.values()) / len(counted) for kind in WORDS} if counted else {}
    )
    carried = [
        Load(person, *value, {kind: counted[person][kind] / mean if mean else 0.0 for kind, mean in even.items()})
        for person, value in values.items()
    ]
    return sorted(carried, key=lambda load: (-load.measure.length, load.person))


def unfair(carried: Sequence[Load], names: Mapping[str, str] = {}) -> list[Unfair]:
    """Who carries well more than an even share, of what, and how much; nothing to compare with one person. `names` are
    what the sentences call people instead of their handles."""
    if len(carried) < 2:
        return []
    findings = []
    for load in carried:
        counted = _counted(load.measure, load.interruptions, load.sleep)
        for kind, share in load.shares.items():
            if share >= UNFAIR and counted[kind] - counted[kind] / share >= LEAST[kind]:
                name, carries, even = names.get(load.person, load.person), share / len(carried), 1 / len(carried)
                sentence = f"{name} carries {carries:.0%} {WORDS[kind]}; an even share is {even:.0%}."
                findings.append(Unfair(load.person, kind, sentence))
    return findings


def disturbed(pages: Iterable[datetime], zone: str) -> timedelta:
    """Sleep that pages cost: the hour after each that came between 23:00 and 07:00 on the person's clock."""
    hours = union((at, at + AWAKE) for at in pages if is_night(at, zone))
    return sum((end - start for start, end in hours), timedelta(0))


def hours(length: timedelta) -> float:
    """A duration in hours, to two decimals."""
    return round(length.total_seconds() / 3600, 2)


def _counted(taken: Measure, interruptions: int, sleep: timedelta) -> dict[str, float]:
    return {
        "hours": hours(taken.length),
        "nights": taken.nights,
        "weekends": taken.weekends,
        "holidays": taken.holidays,
        "interruptions": interruptions,
        "sleep": hours(sleep),
    }
