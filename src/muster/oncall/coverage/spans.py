"""Who is on call, and why: the one evaluator behind pages, UI, API, feeds, checks and dry runs (R72).

`spans` tiles any stretch of time; `at` is the same function on one instant. Precedence, from the top: the override made
last … the override made first, the last layer … the first layer. Where none of them has anybody the span is there all the
same, with nobody in it, so that a gap can be seen. Shadow layers stand beside all of this: they name who learns.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from muster.kit.interval import Piece, overlay, stack
from muster.oncall.coverage.layers import layer_pieces
from muster.oncall.coverage.roster import NO_SCHEDULE, UNCOVERED, Cause, Coverage, Reason, Roster, Span, Version
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import Schedule

_INSTANT = timedelta(microseconds=1)
_LOOK_AHEAD = tuple(timedelta(days=days) for days in (2, 35, 400))


def spans(roster: Roster, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The partition of `[start, end)` into the longest spans of one coverage: without hole, overlap or empty span."""
    pieces: list[Piece[Coverage]] = [(start, end, NO_SCHEDULE)] if start < end else []
    shades: list[Piece[Coverage]] = []
    for begins, ends, version, schedule in _reigns(roster, start, end):
        sheets: list[list[Piece[Coverage]]] = [[(begins, ends, UNCOVERED)]]
        for layer in schedule.layers:
            alone = layer_pieces(layer, begins, ends, version.calendars)
            if layer.shadow:
                shades += alone
            else:
                sheets.append(alone)
        sheets += [
            _override_pieces(override, begins, ends)
            for override in roster.overrides
            if override.start < ends and override.end > begins
        ]
        pieces = overlay(stack(sheets), pieces)
    return _longest(_shaded(pieces, shades) if shades else pieces)


def at(roster: Roster, instant: datetime) -> Coverage:
    """Who is on call at an instant, and why."""
    return spans(roster, instant, instant + _INSTANT)[0].coverage


def ahead(roster: Roster, instant: datetime) -> Span:
    """The coverage of an instant and how long it will last; its end is 400 days ahead where it lasts longer."""
    for length in _LOOK_AHEAD:
        first = spans(roster, instant, instant + length)[0]
        if first.end < instant + length:
            break
    return first


def layers_through(roster: Roster, start: datetime, end: datetime) -> dict[str, list[Piece[Coverage]]]:
    """What each layer alone would say inside `[start, end)`, by its name, through every version: the lowest first.

    Names follow the newest version; layers that only an older one had come behind.
    """
    layers: dict[str, list[Piece[Coverage]]] = {}
    for layer in roster.current.layers if roster.current else ():
        layers[layer.name] = []
    for begins, ends, version, schedule in _reigns(roster, start, end):
        for layer in schedule.layers:
            layers.setdefault(layer.name, []).extend(layer_pieces(layer, begins, ends, version.calendars))
    return layers


def _reigns(roster: Roster, start: datetime, end: datetime) -> Iterable[tuple[datetime, datetime, Version, Schedule]]:
    """Which version is in force when, inside `[start, end)`; times without a schedule are left out."""
    follow = [*(version.since for version in roster.versions), end][1:]
    for version, until in zip(roster.versions, follow, strict=False):
        begins, ends = max(start, version.since), min(end, until)
        if version.schedule is not None and begins < ends:
            yield begins, ends, version, version.schedule


def _shaded(pieces: list[Piece[Coverage]], shades: list[Piece[Coverage]]) -> list[Piece[Coverage]]:
    """The same partition with who learns beside; it may cut a piece."""
    shades = sorted(shades, key=lambda shade: shade[0])
    edges = sorted({edge for piece in (*pieces, *shades) for edge in piece[:2]})
    coverages: dict[tuple[Coverage, tuple[str, ...]], Coverage] = {}
    tiles: list[Piece[Coverage]] = []
    standing: list[Piece[Coverage]] = []
    piece = shade = 0
    for begins, ends in pairwise(edges):
        while pieces[piece][1] <= begins:
            piece += 1
        while shade < len(shades) and shades[shade][0] <= begins:
            standing.append(shades[shade])
            shade += 1
        coverage = pieces[piece][2]
        if standing:
            standing = [learner for learner in standing if learner[1] > begins]
            learning = {person for _, _, learner in standing for person in learner.people}
            if shadows := tuple(sorted(learning.difference(coverage.people))):
                coverage = coverages.setdefault(
                    (coverage, shadows), Coverage(coverage.people, coverage.reason, shadows)
                )
        tiles.append((begins, ends, coverage))
    return tiles


def _override_pieces(override: Override, start: datetime, end: datetime) -> list[Piece[Coverage]]:
    begins, ends = max(start, override.start), min(end, override.end)
    people = () if override.person is None else (override.person,)
    reason = Reason(Cause.OVERRIDE, override.id, override.by, override.note)
    return [(begins, ends, Coverage(people, reason))] if begins < ends else []


def _longest(pieces: list[Piece[Coverage]]) -> tuple[Span, ...]:
    """Neighbours of one coverage joined."""
    firsts = [index for index, piece in enumerate(pieces) if not index or piece[2] != pieces[index - 1][2]]
    lasts = [index - 1 for index in firsts[1:]] + [len(pieces) - 1]
    return tuple(
        Span(pieces[first][0], pieces[last][1], pieces[first][2]) for first, last in zip(firsts, lasts, strict=False)
    )
