"""Instants as monitoring systems write them: ISO 8601 with any fraction, epochs in four units, American and mail dates."""

import math
import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from functools import lru_cache

_AMERICAN = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4}) (\d{1,2}):(\d{2}):(\d{2})(?: ([AP]M))?", re.IGNORECASE)
_EPOCH = re.compile(r"-?\d{1,20}(?:\.\d{1,9})?")
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6), (math.inf, 1e9))
_ZERO = datetime(1970, 1, 1, tzinfo=UTC)
_LONGEST = 64
_FIRST_YEAR, _LAST_YEAR = 1970, 9000
_FAR_YEAR = re.compile(r"\+?(?:9\d{3}|\d{5,})-\d{2}-\d{2}")
FAR = datetime(9000, 1, 1, tzinfo=UTC)
"""What ends later than this, such as in the year 9999, ends here: later times break the reckoning with zones."""


@lru_cache(maxsize=2048)
def instant(text: str) -> datetime | None:
    """An RFC 3339 time as an aware UTC datetime; None for empty and for Go's zero time `0001-01-01T00:00:00Z`.

    Batches repeat the same few strings, hence the memory.

    Raises:
        ValueError: when it is not such a time.
    """
    if len(text) > _LONGEST:
        raise ValueError("longer than any time")
    if not text or text.startswith("0001-01-01"):
        return None
    return _bounded(datetime.fromisoformat(text))


def parse_time(value: object) -> datetime | None:
    """A time in any of the usual notations as an aware UTC datetime; no zone means UTC; None when it is unset.

    Unset are null, empty, epoch 0 and years before 2, which several systems send for "none".

    Raises:
        ValueError: when no notation fits.
    """
    if value is None:
        return None
    if isinstance(value, bool):
        raise ValueError("a truth value is not a time")
    if isinstance(value, int | float):
        return _epoch(float(value))
    if not isinstance(value, str):
        raise ValueError("a list or an object is not a time")
    text = value.strip()
    if len(text) > _LONGEST:
        raise ValueError("longer than any time")
    if _EPOCH.fullmatch(text):
        return _epoch(float(text))
    american = _AMERICAN.fullmatch(text)
    if american:
        return _american(american)
    try:
        return instant(text.replace("z", "Z"))
    except ValueError:
        pass
    try:
        return _bounded(parsedate_to_datetime(text))
    except (TypeError, IndexError, OverflowError) as error:
        raise ValueError(f"{text!r} is not a time") from error


def is_far(value: object) -> bool:
    """Whether a value is a time beyond `FAR`, in ISO 8601 or as an epoch."""
    if isinstance(value, str):
        text = value.strip()[:_LONGEST]
        if _FAR_YEAR.match(text):
            return True
        value = float(text) if _EPOCH.fullmatch(text) else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return False
    return 1e21 > value >= 1e17 and value / 1e9 >= FAR.timestamp()


def _epoch(number: float) -> datetime | None:
    if number == 0:
        return None
    if not math.isfinite(number):
        raise ValueError("not a finite number")
    divisor = next(unit for limit, unit in _UNITS if abs(number) < limit)
    try:
        return _bounded(_ZERO + timedelta(seconds=number / divisor))
    except OverflowError as error:
        raise ValueError(f"{number} is no epoch time") from error


def _american(found: re.Match[str]) -> datetime:
    month, day, year, hour, minute, second = (int(part) for part in found.groups()[:6])
    half = (found.group(7) or "").upper()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"{found.group(0)!r} has no such hour")
        hour = hour % 12 + (12 if half == "PM" else 0)
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC)


def _bounded(moment: datetime) -> datetime | None:
    if moment.year <= 1:
        return None
    if not _FIRST_YEAR <= moment.year <= _LAST_YEAR:
        raise ValueError(f"the year {moment.year} is out of range")
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
