"""Reading other people's JSON without trusting its shape: what is not as expected is absent, never an error."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f\u2028\u2029\ud800-\udfff]+")
_CLOCK = re.compile(r"([01]?\d|2[0-3]):([0-5]\d)(?::([0-5]\d)(?:\.\d+)?)?")
_YEARS = range(1970, 2150)
LONGEST = timedelta(days=3660)


def inside(value: Any, *keys: str) -> Any:
    """What stands under a path of keys; None where any of them is missing."""
    for key in keys:
        value = value.get(key) if isinstance(value, dict) else None
    return value


def text(value: Any, *keys: str, longest: int = 200) -> str:
    """A line of text under a path of keys, cleaned and cut; a number becomes its digits; empty where there is none."""
    found = inside(value, *keys)
    if isinstance(found, int) and not isinstance(found, bool):
        found = str(found) if abs(found) < 10**18 else ""
    return _UNPRINTABLE.sub(" ", found).strip()[:longest].strip() if isinstance(found, str) else ""


def mappings(value: Any, *keys: str) -> list[dict[str, Any]]:
    """The mappings of a list under a path of keys."""
    found = inside(value, *keys)
    return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []


def listed(value: Any, *keys: str) -> list[Any]:
    """The list under a path of keys; empty where there is none."""
    found = inside(value, *keys)
    return found if isinstance(found, list) else []


def number(value: Any, *keys: str) -> int | None:
    """A whole number under a path of keys, also written as text or with `.0`."""
    found = inside(value, *keys)
    if isinstance(found, bool):
        return None
    if isinstance(found, str) and re.fullmatch(r"-?\d{1,12}", found.strip()):
        return int(found)
    if isinstance(found, float) and abs(found) < 1e12 and found == int(found):
        return int(found)
    return found if isinstance(found, int) and abs(found) < 10**12 else None


def instant(value: Any, *keys: str) -> datetime | None:
    """A moment in ISO 8601 as aware UTC; without an offset it is taken as UTC. None where there is none to use."""
    plain = local_time(value, *keys)
    if plain is None:
        return None
    return plain.astimezone(UTC) if plain.tzinfo else plain.replace(tzinfo=UTC)


def local_time(value: Any, *keys: str) -> datetime | None:
    """A moment in ISO 8601 as it is written, with its offset or without."""
    found = inside(value, *keys)
    try:
        moment = datetime.fromisoformat(found.strip()) if isinstance(found, str) else None
    except ValueError:
        return None
    return moment if moment is not None and moment.year in _YEARS else None


def clock(value: Any, *keys: str) -> time | None:
    """A time of day such as `09:00:00`."""
    found = inside(value, *keys)
    read = _CLOCK.fullmatch(found.strip()) if isinstance(found, str) else None
    return time(int(read[1]), int(read[2]), int(read[3] or 0)) if read else None


def seconds(value: Any, *keys: str) -> timedelta | None:
    """A length in seconds; None where it is none, nothing, or longer than ten years."""
    found = number(value, *keys)
    length = timedelta(seconds=found) if found is not None and abs(found) <= LONGEST.total_seconds() else None
    return length if length is not None and length > timedelta() else None


def every_mapping(document: Any) -> Iterator[dict[str, Any]]:
    """Every mapping of a document, the outer before the inner, without recursion."""
    waiting = [document]
    while waiting:
        here = waiting.pop(0) if len(waiting) < 64 else waiting.pop()
        if isinstance(here, dict):
            yield here
            waiting += [item for item in here.values() if isinstance(item, dict | list)]
        elif isinstance(here, list):
            waiting += [item for item in here if isinstance(item, dict | list)]
