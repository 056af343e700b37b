"""Times of a schedule as people write them: `09:00`, `Mon 09:00`, `Mon-Fri`, `2026-01-05` (R72)."""

import re
from datetime import UTC, date, datetime, time, timedelta

from muster.kit.localtime import to_local
from muster.oncall.schedules.schedule import WEEKDAYS, HandOff, Rotate

_DAY_NAMES = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_CLOCK = re.compile(r"([01]?\d|2[0-4]):([0-5]\d)")
_YEARS = range(1990, 2201)


class Misread(ValueError):
    """Something written cannot be read; `rule` says what must hold and `fix` what to write."""

    def __init__(self, rule: str, fix: str) -> None:
        super().__init__(f"{rule} {fix}")
        self.rule, self.fix = rule, fix


def shown(value: object) -> str:
    """What was written, as a refusal quotes it."""
    return f"`{value!s:.60}`"


def read_clock(value: object, *, may_be_24: bool = False) -> time:
    """A local time of day such as `09:00`; `24:00` is midnight where `may_be_24`.

    Raises:
        Misread: for anything else, also for the number that YAML makes of 17:00 without quotes.
    """
    if isinstance(value, time) and value.tzinfo is None:
        return value
    if isinstance(value, int) and not isinstance(value, bool) and 60 <= value < 1440:
        clock = f"{value // 60:02}:{value % 60:02}"
        raise Misread("YAML reads a time without quotes as a number.", f'Write "{clock}" in quotes.')
    found = _CLOCK.fullmatch(value) if isinstance(value, str) else None
    if not found or (found[1] == "24" and not (may_be_24 and found[2] == "00")):
        raise Misread(
            f"{shown(value)} is not a time of day.", 'Write hours and minutes from 00:00 to 23:59, such as "09:00".'
        )
    return time(int(found[1]) % 24, int(found[2]))


def read_weekday(value: object) -> int:
    """A weekday from 0 (Monday), by its English name or its first three letters.

    Raises:
        Misread: for anything else.
    """
    word = value.strip().lower() if isinstance(value, str) else ""
    for number, name in enumerate(_DAY_NAMES):
        if word in (name, name[:3]):
            return number
    raise Misread(f"{shown(value)} is not a weekday.", f"Write one of {', '.join(WEEKDAYS)}.")


def read_days(value: object) -> tuple[int, ...]:
    """Weekdays from a list (`[Mon, Wed]`) or a text of names and ranges (`Mon-Fri`, `Sat, Sun`), sorted, once each.

    Raises:
        Misread: for an unknown day or none at all.
    """
    parts = value.split(",") if isinstance(value, str) else value
    if not isinstance(parts, list) or not parts:
        raise Misread(
            f"{shown(value)} names no weekdays.", "Write a list such as [Mon, Wed] or a range such as Mon-Fri."
        )
    days: set[int] = set()
    for part in parts:
        first, dash, last = part.partition("-") if isinstance(part, str) else (part, "", "")
        begin = read_weekday(first)
        length = (read_weekday(last) - begin) % 7 if dash else 0
        days.update((begin + step) % 7 for step in range(length + 1))
    return tuple(sorted(days))


def split_day(value: object) -> tuple[str, str]:
    """`Mon 09:00` as its day and its clock; the clock is empty where there is no day.

    Raises:
        Misread: for the number that YAML makes of a time without quotes.
    """
    if isinstance(value, int):
        read_clock(value)
    day, _, clock = value.strip().partition(" ") if isinstance(value, str) else ("", "", "")
    return day, clock.strip()


def read_hand_off(value: object, rotate: Rotate) -> HandOff:
    """A hand-off as its rotation needs it: `Mon 09:00` weekly, `1 09:00` monthly, `09:00` daily and hourly.

    Raises:
        Misread: with an example that fits the rotation.
    """
    if rotate in (Rotate.DAILY, Rotate.HOURLY):
        return HandOff(read_clock(value))
    first, rest = split_day(value)
    if rotate is Rotate.WEEKLY:
        if not rest:
            raise Misread(
                f"{shown(value)} is not a weekly hand-off.", 'Write a weekday and a time, such as "Mon 09:00".'
            )
        return HandOff(read_clock(rest), read_weekday(first))
    if not rest or not first.isascii() or not first.isdigit() or not 1 <= int(first) <= 31:
        rule = f"{shown(value)} is not a monthly hand-off."
        raise Misread(rule, 'Write a day of the month and a time, such as "1 09:00"; 31 means the last day.')
    return HandOff(read_clock(rest), int(first))


def read_moment(value: object, hand_off: HandOff, zone: str) -> datetime:
    """A start or end as a naive time local to `zone`. A date alone means the hand-off's time on that day.

    A time without an offset is local to the zone; one with an offset is converted to it.

    Raises:
        Misread: for what is neither, or a year outside of 1990 to 2200.
    """
    moment: date | None = value if isinstance(value, date) else None
    if isinstance(value, str):
        try:
            moment = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            moment = None
    if moment is None or moment.year not in _YEARS:
        example = "Write a date such as 2026-01-05 or a local time such as 2026-01-05T09:00, from 1990 to 2200."
        raise Misread(f"{shown(value)} is not a date or time that a schedule can use.", example)
    if not isinstance(moment, datetime):
        return datetime.combine(moment, hand_off.at)
    return moment if moment.tzinfo is None else to_local(moment, zone)


def read_day(value: object) -> date:
    """A day such as `2026-01-05`.

    Raises:
        Misread: for anything else, or a year outside of 1990 to 2200.
    """
    day = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if isinstance(value, str) and len(value) == 10:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if day is None or day.year not in _YEARS:
        raise Misread(f"{shown(value)} is not a day.", "Write it as 2026-01-05, from 1990 to 2200.")
    return day


def read_instant(value: object) -> datetime:
    """An instant of the API or CLI: ISO 8601 with its offset, as an aware UTC datetime.

    Raises:
        Misread: for a time without an offset: one would have to guess whose clock it is from.
    """
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        instant = None
    example = "Write ISO 8601 with the offset, such as 2026-01-05T09:00:00+01:00 or 2026-01-05T08:00:00Z."
    if instant is None:
        raise Misread(f"{shown(value)} is not a time.", example)
    if instant.tzinfo is None:
        raise Misread(f"{shown(value)} does not say in which zone it is.", example)
    if instant.year not in _YEARS:
        raise Misread(f"{shown(value)} is outside of the years 1990 to 2200.", example)
    return instant.astimezone(UTC)


def write_clock(value: time) -> str:
    """The time of day as `read_clock` takes it."""
    return f"{value:%H:%M}"


def write_hand_off(hand_off: HandOff, rotate: Rotate) -> str:
    """The hand-off as `read_hand_off` takes it."""
    day = {Rotate.WEEKLY: WEEKDAYS[(hand_off.day or 0) % 7], Rotate.MONTHLY: str(hand_off.day)}.get(rotate, "")
    return f"{day} {write_clock(hand_off.at)}".strip()


def write_moment(moment: datetime, hand_off: HandOff) -> str:
    """A local start or end as `read_moment` takes it: the date alone where the time is the hand-off's."""
    return moment.date().isoformat() if moment.time() == hand_off.at else moment.isoformat()


def write_days(days: tuple[int, ...]) -> list[str]:
    """Weekdays as `read_days` takes them."""
    return [WEEKDAYS[day] for day in days]


def days_from(first: int, last: int) -> int:
    """How many days after weekday `first` the next `last` comes, 0 for the same."""
    return (last - first) % timedelta(weeks=1).days


def write_local(instant: datetime, zone: str) -> str:
    """An instant as the clocks of `zone` show it, with weekday and without the zone: `Mon 2026-01-05 09:00`."""
    local = to_local(instant, zone)
    return f"{WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}"
