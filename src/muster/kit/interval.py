"""Half-open stretches of time `[start, end)` and what may lie on them: the algebra under coverage, silences and clocks.

All lists are sorted by start; every function is linear in what it is given and gives.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import TypeVar

T = TypeVar("T")

Interval = tuple[datetime, datetime]
Piece = tuple[datetime, datetime, T]


def union(intervals: Iterable[Interval]) -> list[Interval]:
    """The same time as disjoint intervals that do not touch; empty ones fall away. Needs no order."""
    joined: list[Interval] = []
    for start, end in sorted(intervals):
        if start >= end:
            continue
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(joined[-1][1], end))
        else:
            joined.append((start, end))
    return joined


def complement(taken: Iterable[Interval], start: datetime, end: datetime) -> list[Interval]:
    """What of `[start, end)` the sorted, disjoint `taken` leave free."""
    free: list[Interval] = []
    for begins, ends in taken:
        if begins >= end:
            break
        if begins > start:
            free.append((start, begins))
        start = max(start, ends)
    if start < end:
        free.append((start, end))
    return free


def within(pieces: Sequence[Piece[T]], allowed: Sequence[Interval]) -> list[Piece[T]]:
    """The parts of disjoint `pieces` that lie inside the disjoint `allowed`."""
    inside: list[Piece[T]] = []
    first = 0
    for start, end, what in pieces:
        while first < len(allowed) and allowed[first][1] <= start:
            first += 1
        at = first
        while at < len(allowed) and allowed[at][0] < end:
            inside.append((max(start, allowed[at][0]), min(end, allowed[at][1]), what))
            at += 1
    return inside


def overlay(upper: Sequence[Piece[T]], lower: Sequence[Piece[T]]) -> list[Piece[T]]:
    """Both, sorted and disjoint; where they meet, `upper` hides `lower`. Each must be disjoint in itself."""
    if not upper or not lower:
        return list(upper or lower)
    taken = [(start, end) for start, end, _ in upper]
    free = complement(taken, lower[0][0], max(end for _, end, _ in lower))
    return sorted([*upper, *within(lower, free)], key=lambda piece: piece[0])


def stack(sheets: Sequence[list[Piece[T]]]) -> list[Piece[T]]:
    """All sheets of disjoint pieces seen from above: where several meet, the last of them hides the others."""
    if len(sheets) < 2:
        return sheets[0] if sheets else []
    middle = len(sheets) // 2
    return overlay(stack(sheets[middle:]), stack(sheets[:middle]))
