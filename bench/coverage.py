"""How long the coverage of a year of one schedule takes: joins, leaves, free turns, holidays, hours, shadows, overrides.

`python -m bench.coverage` prints the figures, in processor time so that a busy machine matters less; the budget is 10 ms.
"""

from datetime import UTC, date, datetime, time, timedelta
from statistics import median
from time import process_time

from muster.oncall.calendars.calendar import Calendar, CalendarKind
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import at, spans
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import (
    HandOff,
    HolidayRule,
    Holidays,
    Layer,
    Rotate,
    Schedule,
    Stay,
    Window,
)

BUDGET_MS = 10.0
ZONE = "Europe/Stockholm"
FIRST, LAST = datetime(2026, 1, 1, tzinfo=UTC), datetime(2027, 1, 1, tzinfo=UTC)


def roster() -> Roster:
    """A schedule with everything that teams do, begun three years before."""
    start = datetime.combine(date(2023, 1, 2), time(9))
    days = {
        date(year, month, day): "a holiday" for year in range(2021, 2032) for month in range(1, 13) for day in (1, 6)
    }
    calendars = {"se": Calendar("se", CalendarKind.HOLIDAYS, days, known_until=date(2031, 12, 31))}
    office = tuple(Window(day, time(9), 0, time(17)) for day in range(5))
    weekend = (Window(4, time(17), 3, time(9)),)
    stays = (Stay(1, "bo", date(2026, 3, 3)), Stay(2, "cy", None, date(2026, 8, 19)), Stay(3, "dee", date(2025, 5, 5)))
    turns = (("ana",), ("bo",), ("cy",), ("dee",), ())
    layers = (
        Layer("weekly", turns, Rotate.WEEKLY, 1, HandOff(time(9), 0), ZONE, start, stays=stays),
        Layer("office", turns[:4], Rotate.DAILY, 1, HandOff(time(9)), ZONE, start, None, office, stays,
              Holidays("se", HolidayRule.SKIPPED)),
        Layer("weekend", turns[:4], Rotate.WEEKLY, 1, HandOff(time(9), 2), ZONE, start, None, weekend),
        Layer("learners", (("eve",), ()), Rotate.WEEKLY, 2, HandOff(time(9), 0), ZONE, start, shadow=True),
    )  # fmt: skip
    overrides = [
        Override("dee", FIRST + timedelta(days=7 * week), FIRST + timedelta(days=7 * week + 1)) for week in range(50)
    ]
    return Roster.of(Schedule("platform", ZONE, layers), overrides, calendars)


def measure(times: int = 30) -> tuple[float, float, int]:
    """The median and the best processor time for the year in milliseconds, and how many spans it has."""
    one, taken, found = roster(), [], 0
    for _ in range(times):
        began = process_time()
        found = len(spans(one, FIRST, LAST))
        taken.append((process_time() - began) * 1000)
    return median(taken), min(taken), found


def main() -> None:
    """Print the figures."""
    middle, best, found = measure()
    one, began = roster(), process_time()
    for hour in range(500):
        at(one, FIRST + timedelta(hours=17 * hour))
    each = (process_time() - began) / 500 * 1000
    print(
        f"a year of one schedule, {found} spans: median {middle:.1f} ms, best {best:.1f} ms (budget {BUDGET_MS:.0f} ms)"
    )
    print(f"one instant: {each:.2f} ms")


if __name__ == "__main__":
    main()
