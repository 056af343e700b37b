"""Durations as people write them: `90s`, `5m`, `1h30m`, `90d`, `2w`."""

import re
from datetime import timedelta

from muster.kit.errors import Broken

_SECONDS = {"w": 604800, "d": 86400, "h": 3600, "m": 60, "s": 1}
_WHOLE = re.compile(r"(?:\d{1,9}[wdhms])+")
_PART = re.compile(r"(\d+)([wdhms])")
_LONGEST = timedelta(days=36525)


def parse_duration(text: str) -> timedelta:
    """Read a duration such as `1h30m`.

    Raises:
        Broken: with what is accepted.
    """
    if not _WHOLE.fullmatch(text):
        raise Broken(f"`{text:.40}` is not a duration.", "Write a number and a unit, such as 90s, 5m, 1h30m or 90d.")
    total = timedelta(seconds=sum(int(number) * _SECONDS[unit] for number, unit in _PART.findall(text)))
    if total > _LONGEST:
        raise Broken(f"`{text:.40}` is longer than a hundred years.", "Write a shorter duration.")
    return total


def format_duration(value: timedelta) -> str:
    """Write a duration so that `parse_duration` reads it back; parts below a second are dropped."""
    left = int(value.total_seconds())
    if left <= 0:
        return "0s"
    parts = []
    for unit in "dhms":
        count, left = divmod(left, _SECONDS[unit])
        if count:
            parts.append(f"{count}{unit}")
    return "".join(parts)
