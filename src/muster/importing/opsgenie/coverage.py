"""Who is on call by Opsgenie's rules, counted from its rotations as they are exported: all of them hold together."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from muster.importing.fields import inside, instant, mappings, number, text
from muster.importing.timeline import Duty
from muster.importing.vendor_coverage import NotComputable, VendorCoverage, turns_between, without
from muster.kit.interval import Interval, union, within
from muster.kit.localtime import is_zone, to_instant, to_local

_UNITS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_DAY, _WEEK = timedelta(days=1), timedelta(weeks=1)


def vendor_rules(
    zone: str,
    rotations: Sequence[Mapping[str, Any]],
    overrides: Sequence[Mapping[str, Any]],
    start: datetime,
    end: datetime,
) -> VendorCoverage:
    """Who is on call from `start` to `end`; `zone` is the schedule's.

    Raises:
        Unreckoned: a rotation cannot be counted.
    """
    if not is_zone(zone):
        raise NotComputable(f"its time zone, `{zone:.60}`, is no IANA name")
    held: dict[str, list[Duty]] = {}
    for place, data in enumerate(rotations, 1):
        if data.get("enabled") is not False:
            name = text(data, "id") or text(data, "name") or f"Rotation {place}"
            held.setdefault(name, []).extend(_rotation(data, zone, start, end))
    for place, data in enumerate(overrides):
        since, until = instant(data, "startDate"), instant(data, "endDate")
        if since is None or until is None or until <= since or until <= start or since >= end:
            continue
        named = {text(rotation, "id") or text(rotation, "name") for rotation in mappings(data, "rotations")}
        for name in list(held):
            if not named or name.split("\n")[0] in named:
                held[name] = without(held[name], since, until)
        user = _user(inside(data, "user"))
        if text(data, "user", "type").lower() in ("team", "escalation"):
            raise NotComputable("an override puts a team or an escalation on call")
        if user:
            own = f"{next(iter(named))}\noverride {place}" if len(named) == 1 else f"\noverride {place}"
            held[own] = [(since, until, [user])]
    return VendorCoverage([[turn for turns in held.values() for turn in turns]])


def _user(data: Any) -> str:
    return "" if text(data, "type").lower() == "none" else text(data, "id") or text(data, "username")


def _rotation(data: Mapping[str, Any], zone: str, start: datetime, end: datetime) -> Iterator[Duty]:
    name = text(data, "name") or text(data, "id")
    first, unit = instant(data, "startDate"), _UNITS.get(text(data, "type").lower())
    length = number(data, "length") or 1
    if first is None or unit is None or length < 1:
        raise NotComputable(f"the start or the type of {name} cannot be read")
    members = mappings(data, "participants")
    if any(text(member, "type").lower() in ("team", "escalation") for member in members):
        raise NotComputable(f"a team or an escalation takes turns in {name}, and who that is changes")
    users = [_user(member) for member in members]
    until = instant(data, "endDate")
    opened = _opened(data.get("timeRestriction"), name, zone, start, end)
    for number_, begins, ends in turns_between(to_local(first, zone), unit * length, zone, start, end):
        opens, shuts = max(begins, first), min(ends, until) if until else ends
        user = users[number_ % len(users)] if users else ""
        if opens < shuts and user:
            pieces = [(opens, shuts, user)]
            for since, to, _ in pieces if opened is None else within(pieces, opened):
                yield since, to, [user]


def _opened(value: Any, name: str, zone: str, start: datetime, end: datetime) -> list[Interval] | None:
    """When the restrictions of a rotation let it hold; None for always."""
    if not isinstance(value, dict):
        return None
    single = value.get("restriction")
    parts = [*mappings(value, "restrictions"), *([single] if isinstance(single, dict) else [])]
    weekly = text(value, "type") == "weekday-and-time-of-day"
    if not parts:
        return None
    found: list[Interval] = []
    for part in parts:
        opens, shuts = (_after_start(part, which, name, weekly=weekly) for which in ("start", "end"))
        period = _WEEK if weekly else _DAY
        while shuts <= opens:
            shuts += period
        if (shuts - opens) % period == timedelta():
            return None
        day = datetime.combine(to_local(start, zone).date(), time()) - 2 * _WEEK
        day -= _DAY * day.weekday()
        while day < to_local(end, zone) + _WEEK:
            found.append((to_instant(day + opens, zone), to_instant(day + shuts, zone)))
            day += period
    return union(found)


def _after_start(part: Mapping[str, Any], which: str, name: str, *, weekly: bool) -> timedelta:
    """How long after Monday's, or the day's, midnight."""
    hour, minute = number(part, f"{which}Hour"), number(part, f"{which}Min") or 0
    day = text(part, f"{which}Day").lower()[:3]
    if hour is None or not 0 <= hour * 60 + minute <= 1440 or (weekly and day not in _DAYS):
        raise NotComputable(f"a time restriction of {name} cannot be read")
    return timedelta(days=_DAYS.index(day) if weekly else 0, hours=hour, minutes=minute)
