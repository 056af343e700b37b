"""Local time of a zone and instants, with one rule for the nights on which clocks jump (R72).

A local time that does not exist (clocks go forward) means the first instant after it; one that exists twice (clocks go
back) means the earlier. Both are the same sentence: *the first instant at which the local clock shows that time or later*.
"""

from datetime import UTC, date, datetime, time
from functools import cache

import whenever


@cache
def _zones() -> frozenset[str]:
    return frozenset(whenever.available_timezones())


def is_zone(name: str) -> bool:
    """Whether `name` is an IANA time zone such as `Europe/Lisbon` that this installation's tz database knows."""
    return name in _zones()


def zones_like(name: str, limit: int = 3) -> tuple[str, ...]:
    """Zones whose name resembles `name`, best first, for "did you mean"."""
    folded = name.strip().lower().replace(" ", "_")
    if not folded:
        return ()
    same_city = sorted(zone for zone in _zones() if zone.lower().rsplit("/", 1)[-1] == folded.rsplit("/", 1)[-1])
    containing = sorted(zone for zone in _zones() if folded in zone.lower())
    return tuple(dict.fromkeys(same_city + containing))[:limit]


def to_instant(local: datetime, zone: str) -> datetime:
    """The first instant (aware, UTC) at which the clocks of `zone` show the naive `local` or later.

    Raises:
        whenever.TimeZoneNotFoundError: for a zone that `is_zone` refuses.
        ValueError: outside of the years that a datetime can hold.
    """
    plain = whenever.PlainDateTime(local)
    try:
        return plain.assume_tz(zone, disambiguation="raise").to_instant().to_stdlib()
    except whenever.RepeatedTime:
        return plain.assume_tz(zone, disambiguation="earlier").to_instant().to_stdlib()
    except whenever.SkippedTime:
        moment: whenever.ZonedDateTime | None = plain.assume_tz(zone, disambiguation="earlier").next_transition()
        while moment is not None and moment.to_plain() < plain:
            moment = moment.next_transition()
        if moment is None:
            raise
        return moment.to_instant().to_stdlib()


def to_local(instant: datetime, zone: str) -> datetime:
    """What the clocks of `zone` show at the aware `instant`, as a naive datetime."""
    return whenever.Instant(instant.astimezone(UTC)).to_tz(zone).to_plain().to_stdlib()


def midnight(day: date, zone: str) -> datetime:
    """When a day begins on the clocks of a zone."""
    return to_instant(datetime.combine(day, time()), zone)
