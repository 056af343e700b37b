"""Who is on call, and why: the one evaluator behind pages, UI, API, feeds, checks and dry runs (R72).

`spans` tiles any stretch of time; `at` is the same function on one instant. Precedence, from the top: the override made
last … the override made first, the last layer … the first layer. Where none of them has anybody the span is there all the
same, with nobody in it, so that a gap can be seen.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from muster.kit.interval import Piece, overlay, stack, within
from muster.oncall.restriction import opening
from muster.oncall.rotation import turns
from muster.oncall.schedule import Layer, Override, Schedule

_INSTANT = timedelta(microseconds=1)
_LOOK_AHEAD = tuple(timedelta(days=days) for days in (2, 35, 400))


class Cause(StrEnum):
    """What decided a span."""

    OVERRIDE = "override"
    LAYER = "layer"
    UNCOVERED = "uncovered"
    NO_SCHEDULE = "no_schedule"


@dataclass(frozen=True, slots=True)
class Reason:
    """Why these people: `name` is the layer's name or the override's id, `by` and `note` are the override's."""

    cause: Cause
    name: str = ""
    by: str = ""
    note: str = ""

    def sentence(self) -> str:
        """The reason as people read it."""
        if self.cause is Cause.LAYER:
            return f"Layer {self.name} has this turn."
        if self.cause is Cause.OVERRIDE:
            return f"An override{f' by {self.by}' if self.by else ''} says so{f': {self.note}' if self.note else '.'}"
        if self.cause is Cause.UNCOVERED:
            return "No layer and no override covers this time."
        return "The schedule did not exist at this time."


@dataclass(frozen=True, slots=True)
class Coverage:
    """Who is on call, possibly several together or nobody, and why; `shadows` learn beside them and cover nothing."""

    people: tuple[str, ...]
    reason: Reason
    shadows: tuple[str, ...] = ()


UNCOVERED = Coverage((), Reason(Cause.UNCOVERED))
NO_SCHEDULE = Coverage((), Reason(Cause.NO_SCHEDULE))


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch `[start, end)` (aware UTC) with one coverage."""

    start: datetime
    end: datetime
    coverage: Coverage

    @property
    def people(self) -> tuple[str, ...]:
        """Who is on call; empty in a gap."""
        return self.coverage.people

    @property
    def shadows(self) -> tuple[str, ...]:
        """Who learns beside them."""
        return self.coverage.shadows

    @property
    def is_gap(self) -> bool:
        """Whether nobody is on call."""
        return not self.coverage.people


@dataclass(frozen=True, slots=True)
class Version:
    """A schedule's definition in force from `since` until the next version; None after it was deleted."""

    since: datetime
    schedule: Schedule | None


@dataclass(frozen=True, slots=True)
class Roster:
    """One schedule through time: its versions by rising `since`, and its overrides in the order in which they were made.

    Each version answers for its own time only: an edit never changes who was on call before it.
    """

    versions: tuple[Version, ...]
    overrides: tuple[Override, ...] = ()

    @classmethod
    def of(cls, schedule: Schedule, overrides: Iterable[Override] = ()) -> "Roster":
        """A roster whose one version was always in force: for previews and dry runs."""
        return cls((Version(datetime.min.replace(tzinfo=UTC), schedule),), tuple(overrides))

    @property
    def current(self) -> Schedule | None:
        """The newest definition."""
        return self.versions[-1].schedule if self.versions else None


def spans(roster: Roster, start: datetime, end: datetime) -> tuple[Span, ...]:
    """The partition of `[start, end)` into the longest spans of one coverage: without hole, overlap or empty span."""
    pieces: list[Piece[Coverage]] = [(start, end, NO_SCHEDULE)] if start < end else []
    for begins, ends, schedule in _reigns(roster, start, end):
        sheets: list[list[Piece[Coverage]]] = [[(begins, ends, UNCOVERED)]]
        sheets += [layer_pieces(layer, begins, ends) for layer in schedule.layers]
        sheets += [
            _override_pieces(override, begins, ends)
            for override in roster.overrides
            if override.start < ends and override.end > begins
        ]
        pieces = overlay(stack(sheets), pieces)
    return _longest(pieces)


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


def layer_pieces(layer: Layer, start: datetime, end: datetime) -> list[Piece[Coverage]]:
    """What one layer alone would say inside `[start, end)`, turn by turn; nothing where it has nobody."""
    coverage = {people: Coverage(people, Reason(Cause.LAYER, layer.name)) for people in layer.turns}
    taken = [(turn.start, turn.end, coverage[turn.people]) for turn in turns(layer, start, end)]
    return within(taken, opening(layer.windows, layer.zone, start, end)) if layer.windows else taken


def _reigns(roster: Roster, start: datetime, end: datetime) -> Iterable[Piece[Schedule]]:
    """Which version is in force when, inside `[start, end)`; times without a schedule are left out."""
    follow = [*(version.since for version in roster.versions), end][1:]
    for version, until in zip(roster.versions, follow, strict=False):
        begins, ends = max(start, version.since), min(end, until)
        if version.schedule is not None and begins < ends:
            yield begins, ends, version.schedule


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
