"""How instants and spans read to people; `static/js/clocks.js` writes the same words, so that a page ages without a reload."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

SOON, LATE = 1 / 3, 1 / 10
SOON_SECONDS, LATE_SECONDS = 15 * 60, 2 * 60


def zone_of(name: str) -> ZoneInfo:
    """The zone of that IANA name, or UTC for a name that this installation does not know."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def span_text(value: timedelta) -> str:
    """A length of time in at most two units: `45s`, `12m`, `1h 42m`, `3d 4h`; days only from a fortnight on."""
    seconds = max(0, int(value.total_seconds()))
    minutes, hours, days = seconds // 60, seconds // 3600, seconds // 86400
    if seconds < 60:
        return f"{seconds}s"
    if hours == 0:
        return f"{minutes}m"
    if days == 0:
        return _two(hours, "h", minutes % 60, "m")
    return f"{days}d" if days >= 14 else _two(days, "d", hours % 24, "h")


def ago_text(at: datetime, now: datetime) -> str:
    """How long ago, as lists show it; an instant in the near future (another clock) reads `just now`."""
    passed = now - at
    return "just now" if passed < timedelta(minutes=1) else f"{span_text(passed)} ago"


def until_text(at: datetime, now: datetime) -> str:
    """How long until then: `in 1h 42m`, or `now`."""
    left = at - now
    if left <= timedelta(0):
        return "now"
    return "in under 1m" if left < timedelta(minutes=1) else f"in {span_text(left)}"


def countdown_text(due: datetime, now: datetime) -> str:
    """What a running clock shows: `12:43 left` within the last hour, `3h 12m left` before, `4:12 over` after."""
    left = int((due - now).total_seconds())
    size, word = abs(left), "left" if left >= 0 else "over"
    if size < 3600:
        return f"{size // 60}:{size % 60:02d} {word}"
    return f"{span_text(timedelta(seconds=size))} {word}"


def absolute_text(at: datetime, zone: str) -> str:
    """The instant in full, with its offset and zone: `2026-11-22 03:07:12 +01:00 Europe/Berlin`."""
    local = at.astimezone(zone_of(zone))
    offset = local.strftime("%z")
    return f"{local:%Y-%m-%d %H:%M:%S} {offset[:3]}:{offset[3:]} {zone_of(zone).key}"


def local_text(at: datetime, zone: str, now: datetime | None = None) -> str:
    """The instant on the viewer's clock: `03:07` today, `22 Nov 03:07` this year, `22 Nov 2025 03:07` otherwise."""
    local = at.astimezone(zone_of(zone))
    today = now.astimezone(zone_of(zone)) if now else None
    if today and local.date() == today.date():
        return f"{local:%H:%M}"
    year = "" if today and local.year == today.year else f" {local.year}"
    return f"{local.day} {local:%b}{year} {local:%H:%M}"


def machine_text(at: datetime) -> str:
    """The instant for a `datetime` attribute: ISO 8601 in UTC."""
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Countdown:
    """One look at a clock. `level` is calm, soon or late; `left` the fraction still to go, 0 when it has run out."""

    text: str
    level: str
    left: float


def countdown(due: datetime, now: datetime, started: datetime | None = None) -> Countdown:
    """Judge a clock. With its start known the last third is `soon` and the last tenth `late`; else by minutes left."""
    remaining = (due - now).total_seconds()
    if started is not None and due > started:
        left = max(0.0, min(1.0, remaining / (due - started).total_seconds()))
        level = "late" if left <= LATE else "soon" if left <= SOON else "calm"
    else:
        left = max(0.0, min(1.0, remaining / 3600))
        level = "late" if remaining <= LATE_SECONDS else "soon" if remaining <= SOON_SECONDS else "calm"
    return Countdown(countdown_text(due, now), level, round(left, 3))


def _two(big: int, big_unit: str, small: int, small_unit: str) -> str:
    return f"{big}{big_unit} {small}{small_unit}" if small else f"{big}{big_unit}"
