"""Who is on call by PagerDuty's rules, counted from its layers as they are exported: the first of them is the highest."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from muster.importing.fields import clock, instant, mappings, number, seconds, text
from muster.importing.timeline import Duty
from muster.importing.vendor_coverage import NotComputable, VendorCoverage, turns_between
from muster.kit.interval import Interval, union, within
from muster.kit.localtime import is_zone, to_instant, to_local

_DAY = timedelta(days=1)


def vendor_rules(
    schedule: Mapping[str, Any], more_overrides: Sequence[Mapping[str, Any]], start: datetime, end: datetime
) -> VendorCoverage:
    """Who is on call from `start` to `end`.

    Raises:
        Unreckoned: a layer cannot be counted.
    """
    zone = text(schedule, "time_zone") or "UTC"
    if "schedule_layers" not in schedule:
        raise NotComputable("the export does not hold its layers")
    if not is_zone(zone):
        raise NotComputable(f"its time zone, `{zone:.60}`, is no IANA name")
    layers = mappings(schedule, "schedule_layers")
    if zone != "UTC" and any(text(layer, "start").upper().endswith("Z") for layer in layers):
        raise NotComputable(f"the export gives its times in UTC, and not as the clocks of {zone} show them")
    levels = [list(_layer(layer, zone, start, end)) for layer in reversed(layers)]
    above = [
        *mappings(schedule, "overrides"),
        *mappings(schedule, "overrides_subschedule", "rendered_schedule_entries"),
    ]
    for override in (*above, *more_overrides):
        since, until, user = instant(override, "start"), instant(override, "end"), _user(override)
        if since and until and since < until and user and until > start and since < end:
            levels.append([(since, until, [user])])
    return VendorCoverage(levels)


def _user(data: Mapping[str, Any]) -> str:
    return text(data, "user", "id") or text(data, "id")


def _layer(data: Mapping[str, Any], zone: str, start: datetime, end: datetime) -> Iterator[Duty]:
    name = text(data, "name") or text(data, "id")
    first, length = instant(data, "start"), seconds(data, "rotation_turn_length_seconds")
    users = [_user(user) for user in mappings(data, "users")]
    if first is None or length is None:
        raise NotComputable(f"the start of {name}, or the length of its turns, cannot be read")
    counted_from = instant(data, "rotation_virtual_start") or first
    begins_at, ends_at = max(first, counted_from), instant(data, "end")
    opened = _opened(data, name, zone, start, end)
    for turn, begins, ends in turns_between(to_local(counted_from, zone), length, zone, start, end):
        opens, shuts = max(begins, begins_at), min(ends, ends_at) if ends_at else ends
        user = users[turn % len(users)] if users else ""
        if opens < shuts and user:
            pieces = [(opens, shuts, user)]
            for since, to, _ in pieces if opened is None else within(pieces, opened):
                yield since, to, [user]


def _opened(data: Mapping[str, Any], name: str, zone: str, start: datetime, end: datetime) -> list[Interval] | None:
    """When the restrictions of a layer let it hold; None for always."""
    restrictions = mappings(data, "restrictions")
    if not restrictions:
        return None
    found: list[Interval] = []
    for part in restrictions:
        opens, length = clock(part, "start_time_of_day"), seconds(part, "duration_seconds")
        weekly = text(part, "type") == "weekly_restriction"
        weekday = number(part, "start_day_of_week")
        if opens is None or length is None or (weekly and weekday not in range(1, 8)):
            raise NotComputable(f"a restriction of {name} cannot be read")
        day = datetime.combine(to_local(start, zone).date(), time()) - 15 * _DAY
        while day < to_local(end, zone) + _DAY:
            if not weekly or day.isoweekday() == weekday:
                moment = datetime.combine(day, opens)
                found.append((to_instant(moment, zone), to_instant(moment + length, zone)))
            day += _DAY
    return union(found)
