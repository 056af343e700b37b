"""Times of a schedule as people write them: `09:00`, `Mon 09:00`, `Mon-Fri`, `2026-01-05` (R72)."""

from datetime import UTC, date, datetime, time

from muster.kit.errors import Broken
from muster.kit.localtime import to_local
from muster.kit.weekhours import read_time, read_weekday
from muster.oncall.schedules.schedule import WEEKDAYS, HandOff, Rotate

_YEARS = range(1990, 2201)
OFF = "off"
"""How a free turn is written."""


def quoted(value: object) -> str:
    """What was written, as a refusal quotes it."""
    return f"`{value!s:.60}`"


def read_clock(value: object, *, end_of_day: bool = False) -> time:
    """A local time of day such as `09:00` or `9:00`; `24:00` is midnight where `end_of_day` may stand.

    Raises:
        Broken: for anything else, also for the number that YAML makes of 17:00 without quotes.
    """
    padded = f"0{value}" if isinstance(value, str) and value[1:2] == ":" else value
    return read_time(padded, end_of_day=end_of_day)


def split_day(value: object) -> tuple[str, str]:
    """`Mon 09:00` as its day and its clock; the clock is empty where there is no day.

    Raises:
        Broken: for the number that YAML makes of a time without quotes.
    """
    if isinstance(value, int):
        read_clock(value)
    day, _, clock = value.strip().partition(" ") if isinstance(value, str) else ("", "", "")
    return day, clock.strip()


def read_hand_off(value: object, rotate: Rotate) -> HandOff:
    """A hand-off as its rotation needs it: `Mon 09:00` weekly, `1 09:00` monthly, `09:00` daily and hourly.

    Raises:
        Broken: with an example that fits the rotation.
    """
    if rotate in (Rotate.DAILY, Rotate.HOURLY):
        return HandOff(read_clock(value))
    first, rest = split_day(value)
    if rotate is Rotate.WEEKLY:
        if not rest:
            raise Broken(
                f"{quoted(value)} is not a weekly hand-off.", 'Write a weekday and a time, such as "Mon 09:00".'
            )
        return HandOff(read_clock(rest), read_weekday(first))
    if not rest or not first.isascii() or not first.isdigit() or not 1 <= int(first) <= 31:
        rule = f"{quoted(value)} is not a monthly hand-off."
        raise Broken(rule, 'Write a day of the month and a time, such as "1 09:00"; 31 means the last day.')
    return HandOff(read_clock(rest), int(first))


def read_moment(value: object, hand_off: HandOff, zone: str) -> datetime:
    """A start or end as a naive time local to `zone`. A date alone means the hand-off's time on that day.

    A time without an offset is local to the zone; one with an offset is converted to it.

    Raises:
        Broken: for what is neither, or a year outside of 1990 to 2200.
    """
    moment: date | None = value if isinstance(value, date) else None
    if isinstance(value, str):
        try:
            moment = date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value)
        except ValueError:
            moment = None
    if moment is None or moment.year not in _YEARS:
        example = "Write a date such as 2026-01-05 or a local time such as 2026-01-05T09:00, from 1990 to 2200."
        raise Broken(f"{quoted(value)} is not a date or time that a schedule can use.", example)
    if not isinstance(moment, datetime):
        return datetime.combine(moment, hand_off.at)
    return moment if moment.tzinfo is None else to_local(moment, zone)


def read_day(value: object) -> date:
    """A day such as `2026-01-05`.

    Raises:
        Broken: for anything else, or a year outside of 1990 to 2200.
    """
    day = value if isinstance(value, date) and not isinstance(value, datetime) else None
    if isinstance(value, str) and len(value) == 10:
        try:
            day = date.fromisoformat(value)
        except ValueError:
            day = None
    if day is None or day.year not in _YEARS:
        raise Broken(f"{quoted(value)} is not a day.", "Write it as 2026-01-05, from 1990 to 2200.")
    return day


def read_instant(value: object) -> datetime:
    """An instant of the API or CLI: ISO 8601 with its offset, as an aware UTC datetime.

    Raises:
        Broken: for a time without an offset: one would have to guess whose clock it is from.
    """
    try:
        instant = value if isinstance(value, datetime) else datetime.fromisoformat(str(value))
    except ValueError:
        instant = None
    example = "Write ISO 8601 with the offset, such as 2026-01-05T09:00:00+01:00 or 2026-01-05T08:00:00Z."
    if instant is None:
        raise Broken(f"{quoted(value)} is not a time.", example)
    if instant.tzinfo is None:
        raise Broken(f"{quoted(value)} does not say in which zone it is.", example)
    if instant.year not in _YEARS:
        raise Broken(f"{quoted(value)} is outside of the years 1990 to 2200.", example)
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


def write_span(start: datetime, end: datetime, zone: str) -> str:
    """A time on the clocks of `zone`, as a sentence says it."""
    return f"from {write_local(start, zone)} to {write_local(end, zone)} ({zone})"


def write_local(instant: datetime, zone: str) -> str:
    """An instant as the clocks of `zone` show it, with weekday and without the zone: `Mon 2026-01-05 09:00`."""
    local = to_local(instant, zone)
    return f"{WEEKDAYS[local.weekday()]} {local:%Y-%m-%d %H:%M}"
