"""Shifts, stints and what a change did, read off the coverage; and calendars that say the same."""

from datetime import timedelta

from hypothesis import given, settings
from icalendar import Calendar
from tests.unit.oncall.examples import OFFICE_HOURS, schedule, utc, weekly
from tests.unit.oncall.strategies import Night, nights

from muster.kit.ids import new_id
from muster.kit.interval import union
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import spans
from muster.oncall.schedules.override import Override
from muster.oncall.shifts.feed import Feed, FeedKind, Revision, uid_of, window, write_feed
from muster.oncall.shifts.notices import Moment, NoticeChoices, is_due, notices_of
from muster.oncall.shifts.shift import shift_changes, shifts_of, stints_of

START, END = utc(2026, 3, 2), utc(2026, 4, 20)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)


@settings(max_examples=100)
@given(nights())
def test_shifts_are_the_coverage_of_each_person_and_never_touch(night: Night) -> None:
    start, end = night.start - 20 * DAY, night.end + 20 * DAY
    found = shifts_of("s", night.roster, start, end)
    covered = spans(night.roster, start, end)
    everybody = {name for span in covered for name in span.people}
    for person in everybody:
        mine = [(each.start, each.end) for each in found if each.person == person]
        assert mine == union((span.start, span.end) for span in covered if person in span.people)
    assert {each.person for each in found} == everybody


@settings(max_examples=50)
@given(nights())
def test_a_feed_holds_exactly_the_shifts(night: Night) -> None:
    shifts = shifts_of("s", night.roster, night.start - 20 * DAY, night.end + 20 * DAY)
    body = write_feed(feed_of("s"), shifts, {}, {"s": Revision(3, night.start)}, "https://muster.example")
    events = Calendar.from_ical(body).walk("VEVENT")
    assert sorted((each.start, each.end) for each in events) == sorted((each.start, each.end) for each in shifts)
    assert {str(each["UID"]) for each in events} == {uid_of(each) for each in shifts}
    assert all(len(line) <= 75 for line in body.split(b"\r\n"))


def feed_of(name: str) -> Feed:
    return Feed(new_id(START), FeedKind.SCHEDULE, name, "ana", "mfd_1234", START)


def test_shifts_keep_their_wall_time_through_a_change_of_the_clocks() -> None:
    shifts = shifts_of("s", Roster.of(schedule(weekly("ana", "bo"))), utc(2026, 3, 16), utc(2026, 4, 7))
    assert [each.start for each in shifts][1:3] == [utc(2026, 3, 16, 8), utc(2026, 3, 23, 8)]
    assert shifts[2].end == utc(2026, 3, 30, 7)


def test_a_feed_spans_ninety_days_back_and_a_year_ahead_and_moves_by_months_only() -> None:
    now = utc(2026, 11, 22, 10)
    start, end = window(now)
    assert start <= now - 90 * DAY
    assert end >= now + 365 * DAY
    assert window(now + 5 * DAY) == (start, end)


def test_working_hours_of_a_week_are_one_stint() -> None:
    roster = Roster.of(schedule(weekly("ana", "bo", windows=OFFICE_HOURS)))
    stints = stints_of(shifts_of("s", roster, utc(2026, 3, 2), utc(2026, 3, 16)))
    assert [(stint.shifts[0].person, len(stint.shifts)) for stint in stints] == [("ana", 5), ("bo", 5)]
    assert (stints[0].start, stints[0].end) == (utc(2026, 3, 2, 8), utc(2026, 3, 6, 16))


def test_notices_are_due_at_their_moments_and_not_long_after() -> None:
    (stint,) = stints_of(shifts_of("s", Roster.of(schedule(weekly("ana"))), utc(2026, 3, 2), utc(2026, 3, 9)))
    before, start, end = notices_of(stint, NoticeChoices())
    assert (before.moment, start.moment, end.moment) == (Moment.BEFORE, Moment.START, Moment.END)
    assert before.at == stint.start - DAY
    for due in (before, start, end):
        assert not is_due(due, due.at - HOUR)
        assert is_due(due, due.at)
        assert is_due(due, due.at + HOUR)
        assert not is_due(due, due.at + 2 * HOUR)
    assert notices_of(stint, NoticeChoices(None, at_start=False, at_end=False)) == []
    (soon,) = notices_of(stint, NoticeChoices(HOUR, at_start=False, at_end=False))
    assert not is_due(soon, stint.start)


def test_a_change_tells_who_won_and_who_lost_which_times() -> None:
    before = Roster.of(schedule(weekly("ana", "bo")))
    made = Override("cy", utc(2026, 3, 8, 8), utc(2026, 3, 10, 8), "1")
    after = Roster(before.versions, (made,))
    found = {each.person: each for each in shift_changes("s", before, after, START, END)}
    edge = utc(2026, 3, 9, 8)
    assert set(found) == {"ana", "bo", "cy"}
    # The week of 2 March is ana's: turns are counted from 5 January.
    assert (found["ana"].won, found["ana"].lost) == ((), ((made.start, edge),))
    assert found["bo"].lost == ((edge, made.end),)
    assert found["cy"].won == ((made.start, made.end),)
    assert shift_changes("s", before, before, START, END) == []
