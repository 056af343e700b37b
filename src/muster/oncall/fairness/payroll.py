"""The on-call report for pay: every shift of a period with its hours, nights, weekend and holiday hours (R34)."""

import csv
import io
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from muster.kit.localtime import to_local
from muster.oncall.fairness.load import hours
from muster.oncall.fairness.measure import Measure, measure
from muster.oncall.shifts.shift import Shift

COLUMNS = (
    "person", "full_name", "schedule", "start", "end", "time_zone", "hours", "nights", "night_hours", "weekend_hours",
    "holiday_hours",
)  # fmt: skip
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


@dataclass(frozen=True, slots=True)
class PayLine:
    """One shift, cut to the period; times are read on the clock of `zone`, the person's."""

    person: str
    full_name: str
    schedule: str
    start: datetime
    end: datetime
    zone: str
    measure: Measure


def pay_lines(
    shifts: Iterable[Shift],
    start: datetime,
    end: datetime,
    zones: Mapping[str, tuple[str, str]],
    holidays: Mapping[str, Collection[date]],
) -> list[PayLine]:
    """A line for each shift inside `[start, end)` by person and start; `zones` gives full name and zone by person."""
    lines = []
    for shift in shifts:
        begins, ends = max(shift.start, start), min(shift.end, end)
        if begins >= ends:
            continue
        full_name, zone = zones.get(shift.person, (shift.person, "UTC"))
        taken = measure([(begins, ends)], zone, holidays.get(shift.schedule, ()))
        lines.append(PayLine(shift.person, full_name, shift.schedule, begins, ends, zone, taken))
    return sorted(lines, key=lambda line: (line.person, line.start, line.schedule))


def write_csv(lines: Iterable[PayLine]) -> str:
    """The report as CSV (RFC 4180). Nothing in it is taken for a formula by a spreadsheet."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(COLUMNS)
    for line in lines:
        cells = [line.person, line.full_name, line.schedule, local(line.start, line.zone), local(line.end, line.zone)]
        writer.writerow([*map(harmless, [*cells, line.zone]), *figures(line.measure).values()])
    return text.getvalue()


def figures(taken: Measure) -> dict[str, Any]:
    """What a measure comes to, by the names of the report, in its order."""
    return {
        "hours": hours(taken.length),
        "nights": taken.nights,
        "night_hours": hours(taken.night),
        "weekend_hours": hours(taken.weekend),
        "holiday_hours": hours(taken.holiday),
    }


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula: one that would begin like one gets an apostrophe before it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_DANGEROUS) else cell


def local(instant: datetime, zone: str) -> str:
    """An instant on the clock of a zone with its offset, so that the hour that exists twice can be told."""
    clock = to_local(instant, zone)
    offset = clock - instant.replace(tzinfo=None)
    sign, minutes = ("-", -offset) if offset < timedelta(0) else ("+", offset)
    whole = int(minutes.total_seconds()) // 60
    return f"{clock:%Y-%m-%dT%H:%M}{sign}{whole // 60:02}:{whole % 60:02}"
