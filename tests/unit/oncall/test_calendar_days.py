"""Whole days of calendars, as Exchange and others write their ends, exceptions and moves."""

from datetime import date, datetime, timedelta

import pytest
from tests.unit.oncall.examples import utc
from tests.unit.oncall.test_calendars import PERSONS, vcalendar, vevent

from muster.oncall.calendars.calendar import CalendarKind
from muster.oncall.calendars.content import read_calendar
from muster.oncall.calendars.ical.file import read_events
from muster.oncall.calendars.ical.occurrences import occurrences

EXCHANGE = (
    "BEGIN:VTIMEZONE", "TZID:W. Europe Standard Time",
    "BEGIN:STANDARD", "DTSTART:16010101T030000", "TZOFFSETFROM:+0200", "TZOFFSETTO:+0100",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=10", "END:STANDARD",
    "BEGIN:DAYLIGHT", "DTSTART:16010101T020000", "TZOFFSETFROM:+0100", "TZOFFSETTO:+0200",
    "RRULE:FREQ=YEARLY;INTERVAL=1;BYDAY=-1SU;BYMONTH=3", "END:DAYLIGHT", "END:VTIMEZONE",
)  # fmt: skip


def december(zone: tuple[str, ...], *lines: str) -> list[int]:
    """The days of December 2026 on which a whole-day series that begins on the 1st happens."""
    first = ("BEGIN:VEVENT", "UID:1", "SUMMARY:ana", "DTSTART;VALUE=DATE:20261201", "DTEND;VALUE=DATE:20261202")
    moved = lines.index("BEGIN:VEVENT") if "BEGIN:VEVENT" in lines else len(lines)
    text = vcalendar(*zone, *first, *lines[:moved], "END:VEVENT", *lines[moved:])
    found, _ = occurrences(read_events(text).events, utc(2026, 11, 1), utc(2027, 2, 1))
    assert all(one.end - one.start == timedelta(days=1) for one in found)
    return [one.start.day for one in found]


@pytest.mark.parametrize(
    ("zone", "until", "last"),
    [
        (EXCHANGE, "20261204T230000Z", 5),
        (EXCHANGE, "20261205T225959Z", 5),
        (EXCHANGE, "20261205T000000Z", 5),
        (EXCHANGE, "20261205T235959Z", 5),
        (EXCHANGE, "20261205", 5),
        (("X-WR-TIMEZONE:America/New_York",), "20261205T050000Z", 5),
        (("X-WR-TIMEZONE:America/New_York",), "20261206T045959Z", 5),
        (("X-WR-TIMEZONE:Pacific/Kiritimati",), "20261204T100000Z", 5),
        ((), "20261204T230000Z", 5),
        ((), "20261205T050000Z", 5),
        ((), "20261205T235959Z", 5),
        ((), "20261205T000000Z", 5),
    ],
)  # fmt: skip
def test_a_whole_day_series_has_its_last_day_however_its_end_is_written(
    zone: tuple[str, ...], until: str, last: int
) -> None:
    assert december(zone, f"RRULE:FREQ=DAILY;UNTIL={until}") == list(range(1, last + 1))


@pytest.mark.parametrize(
    "exception",
    [
        "EXDATE;TZID=W. Europe Standard Time:20261208T000000",
        "EXDATE;VALUE=DATE:20261208",
        "EXDATE:20261207T230000Z",
        "EXDATE:20261208T000000",
    ],
)
def test_a_removed_whole_day_is_gone_however_it_is_written(exception: str) -> None:
    assert december(EXCHANGE, "RRULE:FREQ=WEEKLY;COUNT=4;BYDAY=TU", exception) == [1, 15, 22]


@pytest.mark.parametrize(
    "which", ["RECURRENCE-ID;TZID=W. Europe Standard Time:20261208T000000", "RECURRENCE-ID:20261207T230000Z"]
)
def test_a_moved_whole_day_happens_once(which: str) -> None:
    moved = ("BEGIN:VEVENT", "UID:1", which, "DTSTART;VALUE=DATE:20261210", "DTEND;VALUE=DATE:20261211", "END:VEVENT")
    assert december(EXCHANGE, "RRULE:FREQ=WEEKLY;COUNT=3;BYDAY=TU", *moved) == [1, 10, 15]


@pytest.mark.parametrize(
    "also",
    ["RDATE;TZID=W. Europe Standard Time:20261205T000000", "RDATE:20261204T230000Z", "RDATE;VALUE=DATE:20261205"],
)
def test_a_further_whole_day_is_its_day(also: str) -> None:
    assert december(EXCHANGE, also) == [1, 5]


@pytest.mark.parametrize("end", ["DTEND;VALUE=DATE:20261204", "DURATION:PT12H", "DURATION:P1D", "X-NOTHING:1"])
def test_a_whole_day_lasts_a_whole_day(end: str) -> None:
    now = utc(2026, 12, 1)
    text = vevent("DTSTART;VALUE=DATE:20261204", end, "SUMMARY:ana")
    (shift,) = read_calendar("s", CalendarKind.SHIFTS, text, PERSONS, now).calendar.shifts
    assert (shift.start, shift.end) == (datetime(2026, 12, 4), datetime(2026, 12, 5))
    assert list(read_calendar("h", CalendarKind.HOLIDAYS, text, (), now).calendar.days) == [date(2026, 12, 4)]
