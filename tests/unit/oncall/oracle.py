"""An independent, slow and obvious answer to "who is on call?", minute by minute, on the standard library's zoneinfo.

It rests on one idea: a clock that never runs backwards. Such a clock shows the highest local time that the zone's clocks
have shown so far; whatever is due at a local time is due when this clock first reaches it. Each layer is a story that is told
from its start: at each hand-off and each midnight it says who holds from then on.
"""

from calendar import monthrange
from collections.abc import Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from muster.oncall.calendars.calendar import Calendar
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import Layer, Rotate, Schedule

MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)


class Answer(NamedTuple):
    """Who is on call, and who learns beside them."""

    people: tuple[str, ...]
    shadows: tuple[str, ...]


def minutes(
    schedule: Schedule,
    overrides: tuple[Override, ...],
    start: datetime,
    end: datetime,
    calendars: Mapping[str, Calendar] | None = None,
    step: timedelta = MINUTE,
) -> Iterator[tuple[datetime, Answer]]:
    """Each whole minute of `[start, end)`, or each `step`, and who is on call in it."""
    known = calendars or {}
    clocks = {layer.zone: _clock(layer.zone, start, end) for layer in schedule.layers}
    stories = [_story(layer, _days(layer, known), max(clocks[layer.zone])) for layer in schedule.layers]
    moment = start
    while moment < end:
        said = []
        for layer, story in zip(schedule.layers, stories, strict=True):
            local = clocks[layer.zone][(moment - start) // MINUTE]
            said.append(_says(layer, story, local, moment, known))
        yield moment, _answer(schedule, overrides, said, moment)
        moment += step


def _answer(
    schedule: Schedule, overrides: tuple[Override, ...], said: list[tuple[str, ...]], moment: datetime
) -> Answer:
    people: tuple[str, ...] = ()
    learning: set[str] = set()
    for layer, names in zip(schedule.layers, said, strict=True):
        if layer.shadow:
            learning |= set(names)
        elif names:
            people = names
    for override in overrides:
        if override.start <= moment < override.end:
            people = (override.person,) if override.person else ()
    return Answer(people, tuple(sorted(learning - set(people))))


def _says(
    layer: Layer,
    story: list[tuple[datetime, tuple[str, ...]]],
    local: datetime,
    moment: datetime,
    calendars: Mapping[str, Calendar],
) -> tuple[str, ...]:
    """Who a layer alone would have on call at an instant, at which its clock shows `local`."""
    if local < layer.start or (layer.end and local >= layer.end) or not _open(layer, local):
        return ()
    if layer.holidays:
        holiday, rule = local.date() in _days(layer, calendars), layer.holidays.rule
        if (holiday and rule in ("closed", "skipped")) or (not holiday and rule == "only"):
            return ()
    if layer.calendar:
        names = set()
        for entry in calendars[layer.calendar].shifts if layer.calendar in calendars else ():
            now = moment if entry.start.tzinfo else local
            if entry.start <= now < entry.end:
                names |= set(entry.people)
        return tuple(sorted(names))
    return [people for since, people in story if since <= local][-1]


def _days(layer: Layer, calendars: Mapping[str, Calendar]) -> Mapping[date, str]:
    calendar = calendars.get(layer.holidays.calendar) if layer.holidays else None
    return calendar.days if calendar else {}


def _story(layer: Layer, days: Mapping[date, str], last: datetime) -> list[tuple[datetime, tuple[str, ...]]]:
    """From when on who has the layer's turns, up to the local `last`, whatever its windows and holidays let show."""
    if layer.calendar:
        return []
    skips = layer.holidays is not None and layer.holidays.rule in ("uncounted", "skipped")
    due = set()
    for time in _hand_offs(layer, last):
        while skips and time.date() in days:
            time += DAY  # noqa: PLW2901 - a hand-off waits day by day
        due.add(time)
    counted = sorted(time for time in due if time > layer.start)
    begins = {layer.start, *counted[layer.every - 1 :: layer.every]}
    midnights = {datetime.combine(stay.last + DAY, datetime.min.time()) for stay in layer.stays if stay.last}
    story: list[tuple[datetime, tuple[str, ...]]] = []
    turn = holder = -1
    people: tuple[str, ...] = ()
    for time in sorted(begins | {midnight for midnight in midnights if midnight > layer.start}):
        if time in begins:
            following = _following(layer, turn, time.date(), free=True)
            turn = holder = turn if following is None else following
            people = () if following is None else _members(layer, following, time.date())
        elif people:
            people = tuple(each for each in people if not _left(layer, holder, each, time.date()))
            if not people:
                heir = _following(layer, holder - 1, time.date(), free=False)
                holder = holder if heir is None else heir
                people = () if heir is None else _members(layer, heir, time.date())
        story.append((time, people))
    return story


def _following(layer: Layer, place: int, day: date, *, free: bool) -> int | None:
    """The next place in the list of which somebody takes part, or at which nobody stands if `free`."""
    many = len(layer.turns)
    for after in [(place + step) % many for step in range(1, many + 1)]:
        if _members(layer, after, day) or (free and not layer.turns[after]):
            return after
    return None


def _members(layer: Layer, place: int, day: date) -> tuple[str, ...]:
    found = []
    for person in layer.turns[place]:
        joined = all(
            stay.first is None or stay.first <= day
            for stay in layer.stays
            if (stay.turn, stay.person) == (place, person)
        )
        if joined and not _left(layer, place, person, day):
            found.append(person)
    return tuple(found)


def _left(layer: Layer, place: int, person: str, day: date) -> bool:
    return any(
        stay.last is not None and stay.last < day for stay in layer.stays if (stay.turn, stay.person) == (place, person)
    )


def _open(layer: Layer, local: datetime) -> bool:
    if not layer.windows:
        return True
    for back in range(9):
        day = local.date() - timedelta(days=back)
        for window in layer.windows:
            opens = datetime.combine(day, window.start)
            shuts = datetime.combine(day + timedelta(days=window.days_later), window.end)
            if window.day == day.weekday() and opens <= local < shuts:
                return True
    return False


def _clock(zone: str, start: datetime, end: datetime) -> list[datetime]:
    """What the clock that never runs backwards shows at each minute of `[start, end)`."""
    info, moment = ZoneInfo(zone), start - timedelta(hours=26)
    highest, shown = datetime(1, 1, 1), []
    while moment < end:
        highest = max(highest, moment.astimezone(info).replace(tzinfo=None))
        if moment >= start:
            shown.append(highest)
        moment += MINUTE
    return shown


def _hand_offs(layer: Layer, last: datetime) -> list[datetime]:
    """Every local hand-off of the layer's unit after its start."""
    day, found = layer.start.date(), []
    while day <= last.date():
        if layer.rotate is Rotate.HOURLY:
            found += [datetime(day.year, day.month, day.day, hour, layer.hand_off.at.minute) for hour in range(24)]
        elif (
            layer.rotate is Rotate.DAILY
            or (layer.rotate is Rotate.WEEKLY and day.weekday() == layer.hand_off.day)
            or (
                layer.rotate is Rotate.MONTHLY
                and day.day == min(layer.hand_off.day or 1, monthrange(day.year, day.month)[1])
            )
        ):
            found.append(datetime.combine(day, layer.hand_off.at))
        day += timedelta(days=1)
    return [time for time in found if time > layer.start]
