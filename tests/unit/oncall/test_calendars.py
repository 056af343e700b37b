"""Calendars: what iCalendar files say, occurrence by occurrence, and whom their shifts mean."""

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oncall.examples import utc

from muster.kit.errors import Invalid
from muster.oncall.calendars.calendar import Calendar, CalendarKind
from muster.oncall.calendars.content import read_calendar, renewed
from muster.oncall.calendars.ical.event import Event, Zone
from muster.oncall.calendars.ical.file import read_events, text_of
from muster.oncall.calendars.ical.names import PersonNames
from muster.oncall.calendars.ical.occurrences import occurrences

PERSONS = (
    PersonNames("ana", "Ana Silva", "ana@contoso.example"),
    PersonNames("bo", "Bo Lind", "bo@contoso.example"),
    PersonNames("ana-maria", "Ana Maria Silva", "am@contoso.example"),
)


def vcalendar(*lines: str) -> str:
    return "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:test", *lines, "END:VCALENDAR", ""])


def vevent(*lines: str) -> str:
    return vcalendar("BEGIN:VEVENT", "UID:1", *lines, "END:VEVENT")


def starts(text: str, start: datetime, end: datetime) -> list[datetime]:
    return [each.start for each in occurrences(read_events(text).events, start, end)[0]]


def sample(samples: Path, name: str) -> str:
    return (samples / "icalendar" / name).read_text(encoding="utf-8")


def test_a_weekly_event_keeps_its_wall_time_when_clocks_change() -> None:
    text = vevent("DTSTART;TZID=Europe/Berlin:20260323T090000", "DURATION:P1D", "RRULE:FREQ=WEEKLY;COUNT=2")
    assert starts(text, utc(2026, 1, 1), utc(2027, 1, 1)) == [utc(2026, 3, 23, 8), utc(2026, 3, 30, 7)]


def test_a_time_that_the_night_skips_is_at_the_first_instant_after_it() -> None:
    text = vevent("DTSTART;TZID=Europe/Berlin:20260328T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3")
    assert starts(text, utc(2026, 1, 1), utc(2027, 1, 1)) == [
        utc(2026, 3, 28, 1, 30),
        utc(2026, 3, 29, 1),
        utc(2026, 3, 30, 0, 30),
    ]


def test_windows_names_of_zones_are_understood_and_unknown_ones_are_told() -> None:
    windows = vevent("DTSTART;TZID=W. Europe Standard Time:20260105T090000", "DURATION:PT1H")
    assert starts(windows, utc(2026, 1, 1), utc(2027, 1, 1)) == [utc(2026, 1, 5, 8)]
    unknown = read_events(vevent("DTSTART;TZID=Nowhere/Land:20260105T090000", "DURATION:PT1H", "SUMMARY:Ana"))
    assert unknown.events[0].zone.floating
    assert unknown.notes == ("“Ana”: its zone Nowhere/Land is unknown, so it is read on the clocks of the schedule.",)


def test_until_in_utc_is_compared_on_the_event_s_own_clock() -> None:
    text = vevent(
        "DTSTART;TZID=America/New_York:20260105T200000", "DURATION:PT1H", "RRULE:FREQ=DAILY;UNTIL=20260107T010000Z"
    )
    assert len(starts(text, utc(2026, 1, 1), utc(2027, 1, 1))) == 2


def test_exceptions_further_dates_and_moved_occurrences_are_followed() -> None:
    text = vcalendar(
        "BEGIN:VEVENT", "UID:1", "DTSTART:20260105T090000Z", "DTEND:20260105T100000Z", "RRULE:FREQ=DAILY;COUNT=5",
        "EXDATE:20260106T090000Z", "RDATE:20260201T090000Z", "END:VEVENT",
        "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20260107T090000Z", "DTSTART:20260107T120000Z",
        "DTEND:20260107T130000Z", "END:VEVENT",
        "BEGIN:VEVENT", "UID:1", "RECURRENCE-ID:20260108T090000Z", "DTSTART:20260108T090000Z", "STATUS:CANCELLED",
        "END:VEVENT",
    )  # fmt: skip
    assert starts(text, utc(2026, 1, 1), utc(2027, 1, 1)) == [
        utc(2026, 1, 5, 9), utc(2026, 1, 7, 12), utc(2026, 1, 9, 9), utc(2026, 2, 1, 9),
    ]  # fmt: skip


def test_a_change_of_this_and_all_future_occurrences_moves_them(samples: Path) -> None:
    text = sample(samples, "recurring-ical-events/issue_75_range_parameter.ics")
    found = {
        (each.start, each.end - each.start): each.event.title
        for each in occurrences(read_events(text).events, utc(2024, 9, 1), utc(2024, 9, 24))[0]
    }
    assert found[utc(2024, 9, 11, 12), timedelta(hours=2)] == "ORIGINAL EVENT"
    assert found[utc(2024, 9, 13, 9), timedelta(hours=7)] == "MODIFIED EVENT"
    assert found[utc(2024, 9, 15, 17), timedelta(hours=2)] == "MODIFIED EVENT"
    assert found[utc(2024, 9, 17, 9), timedelta(hours=7)] == "MODIFIED EVENT"
    assert found[utc(2024, 9, 22, 14, 22), timedelta(hours=1, minutes=51)] == "EDITED EVENT"
    assert utc(2024, 9, 13, 12) not in {start for start, _ in found}


@pytest.mark.parametrize(
    ("name", "first", "last", "days"),
    [
        ("issue_148_exdate_and_rdate_updated", date(2024, 7, 1), date(2024, 8, 2), [(7, 1), (7, 15), (7, 30)]),
        ("issue_163_deleted_modification", date(2024, 7, 1), date(2024, 9, 15), [(7, 29), (9, 9)]),
        ("recurrence_sequence_number", date(2020, 9, 1), date(2020, 9, 30), [(9, 8), (9, 15), (9, 22), (9, 29)]),
        (
            "issue_28_rrule_with_UTC_endinginZ",
            date(2020, 9, 1),
            date(2020, 10, 1),
            [(9, 4), (9, 10), (9, 17), (9, 24)],
        ),
    ],
)
def test_real_files_happen_when_they_should(
    samples: Path, name: str, first: date, last: date, days: list[tuple[int, int]]
) -> None:
    text = sample(samples, f"recurring-ical-events/{name}.ics")
    start, end = (datetime(day.year, day.month, day.day, tzinfo=UTC) for day in (first, last))
    found = {(each.month, each.day) for each in starts(text, start, end)}
    assert found == set(days)


def test_every_real_file_is_read_and_what_is_left_out_is_told(samples: Path) -> None:
    files = sorted((samples / "icalendar").rglob("*.ics"))
    assert len(files) > 40
    texts = [(file, file.read_text(encoding="utf-8")) for file in files]
    for file, text in texts:
        if "BEGIN:VCALENDAR" not in text:
            continue
        read = read_events(text)
        found, notes = occurrences(read.events, utc(1990, 1, 1), utc(2040, 1, 1))
        assert found or notes or read.notes or not read.events, file.name
        assert all(each.start <= each.end for each in found), file.name


def test_broken_events_are_left_out_and_told(samples: Path) -> None:
    for name, said in (
        ("icalendar/broken_ical.ics", "is left out: it has no readable DTSTART."),
        ("icalendar/issue_1081_invalid_rrule_freq.ics", "is left out: its recurrence rule cannot be read."),
        ("recurring-ical-events/end_before_start_event.ics", "it ends before it starts."),
    ):
        assert any(said in note for note in read_events(sample(samples, name)).notes), name


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("<html>Sign in</html>", "has no BEGIN:VCALENDAR"),
        ("BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:VEVENT\r\n", "is broken"),
        ("BEGIN:VCALENDAR\r\n" + "X" * 5_000_001, "larger than 5 MB"),
    ],
)
def test_what_is_no_calendar_is_refused(text: str, said: str) -> None:
    with pytest.raises(Invalid) as refused:
        read_events(text)
    assert said in refused.value.faults[0].rule


def test_rules_that_would_never_end_are_not_counted() -> None:
    text = vevent("DTSTART:20260105T090000Z", "DURATION:PT1M", "RRULE:FREQ=SECONDLY", "SUMMARY:a bomb")
    found, notes = occurrences(read_events(text).events, utc(2026, 1, 1), utc(2027, 1, 1))
    assert (found, len(notes)) == ((), 1)


@given(st.integers(0, 800), st.integers(1, 400), st.integers(1, 6), st.none() | st.integers(1, 90))
def test_daily_rules_agree_with_counting_by_hand(begin: int, length: int, interval: int, count: int | None) -> None:
    first = datetime(2025, 1, 1, 9) + timedelta(days=begin)
    rule = f"FREQ=DAILY;INTERVAL={interval}" + (f";COUNT={count}" if count else "")
    event = Event("1", first, timedelta(hours=1), Zone("UTC"), all_day=False, rules=((rule, None),))
    start = utc(2026, 1, 1)
    end = start + timedelta(days=length)
    found, _ = occurrences([event], start, end)
    by_hand = [first + timedelta(days=interval * number) for number in range(count or 2000)]
    assert [each.start.replace(tzinfo=None) for each in found] == [
        each for each in by_hand if start.replace(tzinfo=None) <= each < end.replace(tzinfo=None)
    ]


def test_a_shift_without_an_end_is_told() -> None:
    read = read_calendar(
        "s", CalendarKind.SHIFTS, vevent("DTSTART:20261203T080000Z", "SUMMARY:ana"), PERSONS, utc(2026, 12, 1)
    )
    assert read.calendar.shifts == ()
    assert read.notes == ("“ana” has no end, so nobody is on call by it: give it one.",)


def test_what_a_rule_excepts_does_not_happen() -> None:
    text = vevent(
        "DTSTART:20261212T080000Z", "DURATION:PT8H", "RRULE:FREQ=DAILY;COUNT=3", "EXRULE:FREQ=DAILY;INTERVAL=2"
    )
    assert starts(text, utc(2026, 1, 1), utc(2027, 1, 1)) == [utc(2026, 12, 13, 8)]


@pytest.mark.parametrize("newline", [b"\r\n", b"\n"])
@pytest.mark.parametrize("fold", [b" ", b"\t"])
def test_lines_are_unfolded_before_letters_are_read(newline: bytes, fold: bytes) -> None:
    file = vevent("DTSTART;VALUE=DATE:20261201", "SUMMARY:Zoë Müller").encode().replace(b"\r\n", newline)
    for at in range(file.index(b"SUMMARY") + 1, file.index(b"ller") + 4):
        (event,) = read_events(text_of(file[:at] + newline + fold + file[at:])).events
        assert event.title == "Zoë Müller"


def test_holidays_are_the_days_that_events_touch_and_shifts_keep_their_hours() -> None:
    text = vcalendar(
        "BEGIN:VEVENT", "UID:1", "DTSTART;VALUE=DATE:20200606", "RRULE:FREQ=YEARLY", "SUMMARY:National day", "END:VEVENT",
        "BEGIN:VEVENT", "UID:2", "DTSTART;VALUE=DATE:20261224", "DTEND;VALUE=DATE:20261227", "SUMMARY:Christmas",
        "END:VEVENT",
        "BEGIN:VEVENT", "UID:3", "DTSTART;TZID=Europe/Berlin:20261231T180000", "DTEND;TZID=Europe/Berlin:20270101T000000",
        "SUMMARY:Bo Lind", "END:VEVENT",
    )  # fmt: skip
    now = utc(2026, 11, 22)
    days = read_calendar("h", CalendarKind.HOLIDAYS, text, (), now).calendar.days
    assert [day for day in days if day.year == 2026] == [
        date(2026, 6, 6), date(2026, 12, 24), date(2026, 12, 25), date(2026, 12, 26), date(2026, 12, 31),
    ]  # fmt: skip
    assert days[date(2031, 6, 6)] == "National day"
    shifts = read_calendar("s", CalendarKind.SHIFTS, text, PERSONS, now).calendar.shifts
    assert [(each.title, each.people) for each in shifts] == [
        ("Christmas", ()), ("Bo Lind", ("bo",)), ("National day", ()),
    ]  # fmt: skip
    assert shifts[0].start == datetime(2026, 12, 24), "whole days float: they begin when the schedule's clocks say so"


def test_a_refresh_keeps_past_holidays_and_says_when_nothing_changed() -> None:
    now = utc(2026, 11, 22)
    reach = date(2031, 1, 1)
    old = Calendar("h", CalendarKind.HOLIDAYS, {date(2026, 6, 6): "June", date(2026, 12, 25): "December"}, (), reach)
    forgetful = Calendar("h", CalendarKind.HOLIDAYS, {date(2026, 12, 25): "December"}, (), reach)
    assert renewed(old, forgetful, now) is None
    moved = Calendar("h", CalendarKind.HOLIDAYS, {date(2026, 12, 26): "December"}, (), reach)
    changed = renewed(old, moved, now)
    assert changed is not None
    assert list(changed.days) == [date(2026, 6, 6), date(2026, 12, 26)]
    late = utc(2030, 1, 1)
    assert renewed(old, forgetful, late) is not None, "it no longer reaches far enough"


@pytest.mark.parametrize(
    ("master", "mark", "to"),
    [
        ("DTSTART;TZID=Europe/Berlin:20260105T090000", "RECURRENCE-ID:20260106T080000Z", "DTSTART:20260120T100000Z"),
        (
            "DTSTART:20260105T080000Z",
            "RECURRENCE-ID;TZID=Europe/Berlin:20260106T090000",
            "DTSTART;TZID=America/New_York:20260120T050000",
        ),
        ("DTSTART;VALUE=DATE:20260105", "RECURRENCE-ID:20260105T230000Z", "DTSTART:20260120T100000Z"),
    ],
)
def test_an_occurrence_moved_on_other_clocks_happens_once(master: str, mark: str, to: str) -> None:
    text = vcalendar(
        "BEGIN:VEVENT", "UID:1", master, "RRULE:FREQ=DAILY;COUNT=2", "END:VEVENT",
        "BEGIN:VEVENT", "UID:1", mark, to, "DURATION:PT1H", "END:VEVENT",
    )  # fmt: skip
    days = [start.day for start in starts(text, utc(2026, 1, 1), utc(2027, 1, 1))]
    assert days == [5, 20]


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ("FREQ=DAILY;INTERVAL=0", "its interval is not at least 1"),
        ("FREQ=DAILY;BYSETPOS=2", "BYSETPOS"),
        ("FREQ=HOURLY;BYSETPOS=2", "BYSETPOS"),
        ("FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "its rule is met on no day"),
    ],
)
def test_a_rule_that_would_be_counted_for_ever_is_told(rule: str, said: str) -> None:
    found = read_events(vevent("DTSTART:20260105T090000Z", "DURATION:PT1H", f"RRULE:{rule}", "SUMMARY:Ana"))
    _, notes = occurrences(found.events, utc(2026, 1, 1), utc(2027, 1, 1))
    assert [said in note for note in notes] == [True]


def test_few_rules_that_are_never_met_are_looked_at() -> None:
    events = [
        line
        for number in range(200)
        for line in ("BEGIN:VEVENT", f"UID:{number}", "DTSTART:20260105T090000Z", "DURATION:PT1H",
                     "RRULE:FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", f"SUMMARY:Ana {number}", "END:VEVENT")
    ]  # fmt: skip
    found, notes = occurrences(read_events(vcalendar(*events)).events, utc(2026, 1, 1), utc(2027, 1, 1))
    assert (len(found), len(notes)) == (3, 200)
    assert "too many others" in notes[-1]


@pytest.mark.parametrize("start", ["DTSTART;TZID=Europe/Berlin:20260105T090000", "DTSTART;VALUE=DATE:20260105"])
@pytest.mark.parametrize("until", ["99991231T235959Z", "99991231", "99991231T235959"])
def test_until_the_end_of_all_calendars_is_no_end(start: str, until: str) -> None:
    text = vevent(start, f"RRULE:FREQ=DAILY;UNTIL={until}")
    assert len(starts(text, utc(2026, 1, 5), utc(2026, 2, 5))) >= 31


def test_thousands_of_rules_are_refused_before_their_occurrences_fill_the_memory() -> None:
    events = "".join(
        f"BEGIN:VEVENT\nUID:{number}\nDTSTART;VALUE=DATE:20200101\nRRULE:FREQ=DAILY\nSUMMARY:off\nEND:VEVENT\n"
        for number in range(200)
    )
    text = f"BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:x\n{events}END:VCALENDAR\n".replace("\n", "\r\n")
    with pytest.raises(Invalid) as refused:
        read_calendar("x", CalendarKind.HOLIDAYS, text, [], datetime(2026, 3, 2, tzinfo=UTC))
    assert "more than 200,000 occurrences" in refused.value.faults[0].rule
