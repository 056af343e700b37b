"""Coverage as bars: spans of a time turned into segments of a track, in the viewer's zone (R72)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from muster.kit.localtime import to_instant, to_local
from muster.oncall.coverage import Cause, Roster, Span, layer_pieces, spans
from muster.oncall.notation import write_local
from muster.oncall.schedule import WEEKDAYS, Schedule

_FULL, _LEAST = 6.0, 2.0


@dataclass(frozen=True, slots=True)
class Viewer:
    """Who looks, from which zone, with people's full names by name. `me` is the viewer's own name or empty."""

    zone: str
    me: str = ""
    full_names: Mapping[str, str] | None = None

    def name(self, person: str) -> str:
        """A person as people call them."""
        return (self.full_names or {}).get(person, person)

    def names(self, people: Sequence[str]) -> str:
        """Several, or nobody."""
        return " and ".join(map(self.name, people)) or "nobody"

    def from_to(self, start: datetime, end: datetime) -> str:
        """A time on the viewer's clock."""
        return f"from {write_local(start, self.zone)} to {write_local(end, self.zone)}"


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a track; `at` and `width` are percent, `title` says it in full, `kind` is bar, other, mine or gap."""

    at: float
    width: float
    text: str
    title: str
    kind: str


@dataclass(frozen=True, slots=True)
class Row:
    """One track with its label; `final` marks the one that counts."""

    label: str
    note: str
    final: bool
    segments: tuple[Segment, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A day's place on the axis."""

    at: float
    width: float
    label: str
    today: bool


def monday(instant: datetime, zone: str) -> date:
    """The first day of the instant's week on the clocks of a zone."""
    day = to_local(instant, zone).date()
    return day - timedelta(days=day.weekday())


def midnight(day: date, zone: str) -> datetime:
    """When a day begins on the clocks of a zone."""
    return to_instant(datetime.combine(day, time()), zone)


def weekday_ticks() -> tuple[Tick, ...]:
    """The axis of several weeks, one below the other."""
    width = round(100 / 7, 3)
    return tuple(Tick(round(number * 100 / 7, 3), width, day, False) for number, day in enumerate(WEEKDAYS))


def ticks(first: date, days: int, zone: str, now: datetime) -> tuple[Tick, ...]:
    """The days of a track; on nights when clocks jump a day is shorter or longer."""
    edges = [midnight(first + timedelta(days=number), zone) for number in range(days + 1)]
    today = to_local(now, zone).date()
    found = []
    for number in range(days):
        day = first + timedelta(days=number)
        at, width = place(edges[number], edges[number + 1], edges[0], edges[-1])
        found.append(Tick(at, width, f"{WEEKDAYS[day.weekday()]} {day.day}", day == today))
    return tuple(found)


def place(start: datetime, end: datetime, first: datetime, last: datetime) -> tuple[float, float]:
    """Where a time stands on a track from `first` to `last`, and how wide it is, in percent."""
    whole = last - first
    return round((start - first) / whole * 100, 3), round((end - start) / whole * 100, 3)


def final_row(roster: Roster, start: datetime, end: datetime, viewer: Viewer, label: str = "On call") -> Row:
    """Who is on call in the end, gaps included; where there was no schedule the track stays empty."""
    found = [span for span in spans(roster, start, end) if span.coverage.reason.cause is not Cause.NO_SCHEDULE]
    return Row(label, "", True, tuple(_segment(span, start, end, viewer, "bar") for span in found))


def layer_rows(
    schedule: Schedule, start: datetime, end: datetime, viewer: Viewer, since: datetime | None = None
) -> tuple[Row, ...]:
    """What each layer alone would say, the highest first; nothing before the version in force began (`since`)."""
    begins = max(start, since) if since else start
    rows = []
    for layer in reversed(schedule.layers):
        pieces = [Span(*piece) for piece in layer_pieces(layer, begins, end)]
        rows.append(Row(layer.name, "", False, tuple(_segment(each, start, end, viewer, "other") for each in pieces)))
    return tuple(rows)


def _segment(span: Span, start: datetime, end: datetime, viewer: Viewer, kind: str) -> Segment:
    at, width = place(span.start, span.end, start, end)
    who = viewer.names(span.people)
    by = " by an override" if span.coverage.reason.cause is Cause.OVERRIDE else ""
    title = f"{who[:1].upper()}{who[1:]}{by} {viewer.from_to(span.start, span.end)}"
    if span.is_gap:
        return Segment(at, width, "Nobody" if width >= _FULL else "!" if width >= _LEAST else "", title, "gap")
    mine = viewer.me and viewer.me in span.people
    return Segment(
        at, width, _fitting([viewer.name(each) for each in span.people], width), title, "mine" if mine else kind
    )


def _fitting(names: Sequence[str], width: float) -> str:
    """As much of the names as a bar of this width can show: in full, first names, initials, nothing."""
    if width >= _FULL * 2:
        return " and ".join(names)
    if width >= _FULL:
        return ", ".join(name.split()[0] for name in names)
    return ", ".join("".join(word[0] for word in name.split()).upper() for name in names) if width >= _LEAST else ""
