"""Coverage as lanes of bars: spans of a time placed on a track, in the viewer's zone (R72).

Bars know their whole shift, also where the picture cuts it off; people are told apart by initials and neutral tints, never by
colour, which is for what is urgent.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from muster.kit.localtime import midnight, to_local
from muster.oncall.coverage.roster import Cause, Roster, Span
from muster.oncall.coverage.spans import layers_through, spans
from muster.oncall.schedules.notation import write_local
from muster.oncall.schedules.schedule import WEEKDAYS

AROUND = timedelta(days=21)
"""How far beyond the shown time a shift's true beginning and end are looked for."""
TINTS = 6


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

    def moment(self, instant: datetime) -> str:
        """An instant on the viewer's clock, for people: `Mon 23 Nov, 09:00`."""
        local = to_local(instant, self.zone)
        return f"{WEEKDAYS[local.weekday()]} {local.day} {local:%b}, {local:%H:%M}"

    def clock(self, instant: datetime) -> str:
        """An instant inside a picture whose days stand above it: `Mon 09:00`."""
        local = to_local(instant, self.zone)
        return f"{WEEKDAYS[local.weekday()]} {local:%H:%M}"


@dataclass(frozen=True, slots=True)
class Face:
    """A person on a bar; `tint` is a number below TINTS that tells them from their neighbours."""

    name: str
    full_name: str
    initials: str
    tint: int


@dataclass(frozen=True, slots=True)
class Bar:
    """One shift on a track: `at` and `width` are percent of what is shown, `start` and `end` those of the whole shift.

    `kind` is bar, mine or gap; `title` says all of it in a sentence, `until` when it ends, `url` leads to the shift.
    """

    start: datetime
    end: datetime
    at: float
    width: float
    faces: tuple[Face, ...]
    kind: str
    title: str
    until: str
    override: bool = False
    url: str = ""


@dataclass(frozen=True, slots=True)
class Lane:
    """One track with its label; `kind` is final (the one that counts), override, shadow or layer."""

    label: str
    kind: str
    bars: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class Tick:
    """A day's place on the axis; `day` and `number` are its words."""

    at: float
    width: float
    day: str
    number: str
    today: bool
    weekend: bool


Link = Callable[[datetime, datetime], str]


@dataclass(frozen=True, slots=True)
class Canvas:
    """What all lanes of a picture share: the shown time, who looks, people's tints and where a bar leads."""

    start: datetime
    end: datetime
    viewer: Viewer
    tints: Mapping[str, int]
    link: Link | None = None

    def place(self, start: datetime, end: datetime) -> tuple[float, float]:
        """Where a time stands and how wide it is, in percent, cut to what is shown."""
        whole = self.end - self.start
        begins, ends = max(start, self.start), min(end, self.end)
        return round((begins - self.start) / whole * 100, 3), round((ends - begins) / whole * 100, 3)

    def faces(self, people: Iterable[str]) -> tuple[Face, ...]:
        """People as bars show them."""
        return faces_of(people, self.viewer, self.tints)


def faces_of(people: Iterable[str], viewer: Viewer, tints: Mapping[str, int]) -> tuple[Face, ...]:
    """People with their initials and tints."""
    named = ((person, viewer.name(person)) for person in people)
    return tuple(Face(person, name, initials(name), tints.get(person, 0)) for person, name in named)


def tints_of(rosters: Iterable[Roster]) -> dict[str, int]:
    """A tint for everybody, so that those who follow each other in a schedule differ."""
    tints: dict[str, int] = {}
    for roster in rosters:
        people = roster.current.people if roster.current else ()
        for person in (*people, *(override.person for override in roster.overrides if override.person)):
            tints.setdefault(person, len(tints) % TINTS)
    return tints


def ticks(first: date, days: int, zone: str, now: datetime) -> tuple[Tick, ...]:
    """The days of a track; on nights when clocks jump a day is shorter or longer."""
    edges = [midnight(first + timedelta(days=number), zone) for number in range(days + 1)]
    today = to_local(now, zone).date()
    whole = edges[-1] - edges[0]
    ticks = []
    for number in range(days):
        day = first + timedelta(days=number)
        at = round((edges[number] - edges[0]) / whole * 100, 3)
        width = round((edges[number + 1] - edges[number]) / whole * 100, 3)
        month = f" {day:%b}" if day.day == 1 or (number == 0 and days < 8) else ""
        ticks.append(Tick(at, width, WEEKDAYS[day.weekday()], f"{day.day}{month}", day == today, day.weekday() > 4))
    return tuple(ticks)


def final_lane(roster: Roster, canvas: Canvas, label: str = "On call") -> Lane:
    """Who is on call in the end, gaps included; where there was no schedule the track stays empty."""
    whole = spans(roster, canvas.start - AROUND, canvas.end + AROUND)
    shown = [span for span in whole if span.coverage.reason.cause is not Cause.NO_SCHEDULE]
    return Lane(label, "final", _bars(shown, canvas))


def override_lane(roster: Roster, canvas: Canvas) -> Lane | None:
    """The overrides (swaps and covers are such) that the picture shows, also where a later one hides them."""
    bars: list[Bar] = []
    for override in roster.overrides:
        if override.start < canvas.end and override.end > canvas.start and override.start < override.end:
            people = () if override.person is None else (override.person,)
            at, width = canvas.place(override.start, override.end)
            note = f": {override.note}" if override.note else ""
            by = f" by {canvas.viewer.name(override.by)}" if override.by else ""
            title = f"Override{by}{note}, {canvas.viewer.names(people)} {canvas.viewer.from_to(override.start, override.end)}"
            until, faces = canvas.viewer.clock(override.end), canvas.faces(people)
            bars.append(
                Bar(override.start, override.end, at, width, faces, "bar" if people else "gap", title, until, True)
            )
    return Lane("Overrides", "override", tuple(bars)) if bars else None


def shadow_lane(roster: Roster, canvas: Canvas) -> Lane | None:
    """Who learns beside those on call, where anybody does; shadows are nobody's coverage."""
    whole = spans(roster, canvas.start - AROUND, canvas.end + AROUND)
    learning = [replace(span, coverage=replace(span.coverage, people=span.coverage.shadows)) for span in whole]
    bars = _bars([span for span in learning if span.people], replace(canvas, link=None))
    return Lane("Shadow", "shadow", bars) if bars else None


def layer_lanes(roster: Roster, canvas: Canvas) -> tuple[Lane, ...]:
    """What each layer alone would say, the highest first, by the version in force at each moment."""
    layers = layers_through(roster, canvas.start - AROUND, canvas.end + AROUND)
    bare = replace(canvas, link=None)
    return tuple(
        Lane(name, "layer", _bars([Span(*piece) for piece in pieces], bare))
        for name, pieces in reversed(layers.items())
    )


def initials(name: str) -> str:
    """Two letters for a name, such as `AS` for Ana Silva."""
    words = [word for word in name.replace("-", " ").split() if word[0].isalnum()]
    return "".join(word[0] for word in (words[:1] + words[-1:] if len(words) > 1 else words)).upper() or "?"


def _bars(shown: Sequence[Span], canvas: Canvas) -> tuple[Bar, ...]:
    return tuple(_bar(span, canvas) for span in shown if span.start < canvas.end and span.end > canvas.start)


def _bar(span: Span, canvas: Canvas) -> Bar:
    viewer = canvas.viewer
    at, width = canvas.place(span.start, span.end)
    start = span.start if span.start > canvas.start - AROUND else canvas.start
    end = span.end if span.end < canvas.end + AROUND else canvas.end
    who = viewer.names(span.people)
    override = span.coverage.reason.cause is Cause.OVERRIDE
    sentence = f"{who[:1].upper()}{who[1:]}{' by an override' if override else ''} {_when(span, canvas)}"
    kind = "gap" if span.is_gap else "mine" if viewer.me in span.people else "bar"
    url = canvas.link(start, end) if canvas.link else ""
    until = viewer.clock(end) if end == span.end else ""
    return Bar(start, end, at, width, canvas.faces(span.people), kind, sentence, until, override, url)


def _when(span: Span, canvas: Canvas) -> str:
    begins, ends = span.start > canvas.start - AROUND, span.end < canvas.end + AROUND
    if begins and ends:
        return canvas.viewer.from_to(span.start, span.end)
    if ends:
        return f"until {write_local(span.end, canvas.viewer.zone)}"
    return f"from {write_local(span.start, canvas.viewer.zone)}" if begins else "all the time that is shown"
