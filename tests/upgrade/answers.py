"""Compares answers of the API: what 0.1 said of its data must still be said, and more may be."""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WORDED = re.compile(
    r".*\.(sentence|sentences\[\]|reasons?|reasons\[\]|why|what|who|rows\[\]\[\]|blocked_by\[\]|next_step|answer|in_words\[\]"
    r"|ended_reason|hold_reason|rule|remarks\[\])"
)
"""Fields of sentences, which may be reworded as long as they speak of the same people, schedules and incidents."""
NAMES = re.compile(r"\b(INC-\d+|amara|bo|chen|dana|elif|finn|storefront-primary|payments-primary|sea-trials)\b")
KEYS = ("id", "ref", "hash", "key", "number", "version", "name", "position")
"""Fields by which rows of two lists are matched, where each row has a value of its own."""


def lost(before: Any, now: Any, moving: Mapping[str, str], place: str) -> list[str]:
    """Where `now` says less or something else, each as `place: was … is …`; `moving` are patterns of places that may."""
    return [
        sentence
        for where, sentence in _lost(before, now, place)
        if not any(re.fullmatch(pattern, where) for pattern in moving)
    ]


def _lost(before: Any, now: Any, place: str) -> Iterator[tuple[str, str]]:
    if isinstance(before, dict) and isinstance(now, dict):
        for field, value in before.items():
            where = f"{place}.{field}"
            if field in now:
                yield from _lost(value, now[field], where)
            else:
                yield where, f"{where}: is gone (was {_short(value)})"
    elif isinstance(before, list) and isinstance(now, list):
        yield from _lost_rows(before, now, f"{place}[]")
    elif before != now and not _reworded(before, now, place):
        yield place, f"{place}: is {_short(now)} (was {_short(before)})"


def _lost_rows(before: Sequence[Any], now: Sequence[Any], place: str) -> Iterator[tuple[str, str]]:
    if key := _key(before, now):
        rows = {row[key]: row for row in now}
        for row in before:
            if row[key] in rows:
                yield from _lost(row, rows[row[key]], place)
            else:
                yield place, f"{place}: {key} {row[key]} is gone"
    elif len(before) == len(now):
        for row, other in zip(before, now, strict=True):
            yield from _lost(row, other, place)
    else:
        missing = [row for row in before if row not in now]
        if missing:
            yield place, f"{place}: {_short(missing)} is gone"


def _reworded(before: Any, now: Any, place: str) -> bool:
    if not (isinstance(before, str) and isinstance(now, str) and WORDED.fullmatch(place)):
        return False
    return bool(before) == bool(now) and set(NAMES.findall(before)) == set(NAMES.findall(now))


def _key(before: Sequence[Any], now: Sequence[Any]) -> str:
    for key in KEYS:
        if all(_distinct(rows, key) for rows in (before, now)):
            return key if before else ""
    return ""


def _distinct(rows: Sequence[Any], key: str) -> bool:
    values = [row.get(key) for row in rows if isinstance(row, dict)]
    scalar = all(isinstance(value, str | int) for value in values)
    return scalar and len(values) == len(rows) and len(set(values)) == len(values)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 120 else f"{text[:117]}…"
