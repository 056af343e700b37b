"""Bars, days and prose: what people see of a schedule, also on days of 23 and 25 hours."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oncall.examples import OFFICE_HOURS, STOCKHOLM, schedule, utc, weekly
from tests.unit.oncall.strategies import zones

from muster.kit.localtime import midnight
from muster.oncall.coverage.roster import Roster, Version
from muster.oncall.picture.agenda import agenda
from muster.oncall.picture.lanes import (
    TINTS,
    Canvas,
    Viewer,
    final_lane,
    initials,
    layer_lanes,
    override_lane,
    shadow_lane,
    ticks,
    tints_of,
)
from muster.oncall.picture.period import PeriodUnit, monday, read_period
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.prose import layer_sentences
from muster.oncall.schedules.schedule import HandOff, Rotate, Window

FORWARD, BACK = date(2026, 3, 29), date(2026, 10, 25)
VIEWER = Viewer(STOCKHOLM, "bo", {"ana": "Ana Silva", "bo": "Bo Lind"})


def canvas(first: date, days: int, roster: Roster) -> Canvas:
    start, end = midnight(first, STOCKHOLM), midnight(first + timedelta(days=days), STOCKHOLM)
    return Canvas(start, end, VIEWER, tints_of([roster]), lambda start, end: f"{start:%d}-{end:%d}")


def test_bars_are_as_wide_as_their_hours_also_in_the_week_that_loses_one() -> None:
    roster = Roster.of(schedule(weekly("ana", "bo")))
    lane = final_lane(roster, canvas(date(2026, 3, 23), 7, roster))
    assert [(bar.at, bar.width, bar.faces[0].initials, bar.kind) for bar in lane.bars] == [
        (0.0, 5.389, "AS", "bar"),
        (5.389, 94.611, "BL", "mine"),
    ]
    assert lane.bars[1].title == "Bo Lind from Mon 2026-03-23 09:00 to Mon 2026-03-30 09:00"
    assert lane.bars[1].url == "23-30"
    axis = ticks(date(2026, 3, 23), 7, STOCKHOLM, utc(2026, 3, 27))
    assert [(tick.day, tick.number) for tick in axis if tick.today] == [("Fri", "27")]
    assert [tick.weekend for tick in axis] == [False] * 5 + [True] * 2
    assert axis[6].width < axis[5].width


@pytest.mark.parametrize(("day", "hours"), [(FORWARD, 23), (BACK, 25)])
def test_a_day_of_another_length_is_filled_from_edge_to_edge(day: date, hours: int) -> None:
    roster = Roster.of(schedule(weekly("ana", "bo", rotate=Rotate.DAILY, hand_off=HandOff(time(12)))))
    shown = canvas(day, 1, roster)
    assert shown.end - shown.start == timedelta(hours=hours)
    bars = final_lane(roster, shown).bars
    assert [round(bar.width * hours / 100, 1) for bar in bars] == [hours - 12, 12.0]
    assert round(sum(bar.width for bar in bars), 2) == 100
    days = agenda(final_lane(roster, shown), shown, utc(2026, 1, 1))
    assert [entry.hours for entry in days[0].entries] == ["until 12:00", "from 12:00"]


def test_a_bar_knows_its_whole_shift_where_the_picture_cuts_it() -> None:
    roster = Roster.of(schedule(weekly("ana", "bo", "cy")))
    bar = final_lane(roster, canvas(date(2026, 3, 18), 1, roster)).bars[0]
    assert (bar.at, bar.width) == (0.0, 100.0)
    assert (bar.start, bar.end) == (utc(2026, 3, 16, 8), utc(2026, 3, 23, 8))
    assert bar.until == "Mon 09:00"


def test_who_is_always_on_call_has_a_bar_that_ends_with_the_picture() -> None:
    roster = Roster.of(schedule(weekly("ana")))
    shown = canvas(date(2026, 3, 18), 7, roster)
    bar = final_lane(roster, shown).bars[0]
    assert (bar.start, bar.end, bar.until) == (shown.start, shown.end, "")
    assert bar.title == "Ana Silva all the time that is shown"


def test_gaps_and_overrides_say_so_and_the_time_before_a_schedule_stays_empty() -> None:
    office = schedule(weekly("ana", windows=OFFICE_HOURS))
    nobody = Override(None, utc(2026, 3, 27, 9), utc(2026, 3, 27, 11), "1", "ana", "a fire drill")
    hidden = Override("bo", utc(2026, 3, 26, 9), utc(2026, 3, 26, 9), "2")
    roster = Roster((Version(utc(2026, 3, 22, 23), None), Version(utc(2026, 3, 24), office)), (nobody, hidden))
    shown = canvas(date(2026, 3, 23), 7, roster)
    lane = final_lane(roster, shown)
    assert lane.bars[0].at > 10
    assert {bar.kind for bar in lane.bars} == {"bar", "gap"}
    assert "Nobody by an override from Fri 2026-03-27 10:00 to Fri 2026-03-27 12:00" in [bar.title for bar in lane.bars]
    assert [each.label for each in layer_lanes(roster, shown)] == ["weekly"]
    overrides = override_lane(roster, shown)
    assert overrides is not None
    assert [(bar.kind, bar.title) for bar in overrides.bars] == [
        ("gap", "Override by Ana Silva: a fire drill, nobody from Fri 2026-03-27 10:00 to Fri 2026-03-27 12:00")
    ]
    assert override_lane(Roster.of(office), shown) is None


def test_shadows_have_their_own_lane_and_fill_no_gap() -> None:
    learning = weekly("cy", name="learning", shadow=True)
    roster = Roster.of(schedule(weekly("ana", windows=OFFICE_HOURS), learning))
    shown = canvas(date(2026, 3, 23), 1, roster)
    assert [bar.kind for bar in final_lane(roster, shown).bars] == ["gap", "bar", "gap"]
    lane = shadow_lane(roster, shown)
    assert lane is not None
    assert {face.name for bar in lane.bars for face in bar.faces} == {"cy"}
    assert shadow_lane(Roster.of(schedule(weekly("ana"))), shown) is None


def test_whole_days_of_one_shift_are_one_line_of_the_agenda_and_today_stands_alone() -> None:
    roster = Roster.of(schedule(weekly("ana", "bo")))
    shown = canvas(date(2026, 3, 23), 7, roster)
    days = agenda(final_lane(roster, shown), shown, utc(2026, 3, 26, 12))
    assert [(day.label, day.today, [entry.hours for entry in day.entries]) for day in days] == [
        ("Mon 23", False, ["until 09:00", "from 09:00"]),
        ("Tue 24 to Wed 25", False, ["all day"]),
        ("Thu 26", True, ["all day"]),
        ("Fri 27 to Sun 29", False, ["all day"]),
    ]
    assert [entry.runs for day in days for entry in day.entries] == [False, True, True, True, True]


def test_days_before_a_schedule_are_one_empty_line() -> None:
    roster = Roster((Version(midnight(date(2026, 3, 26), STOCKHOLM), schedule(weekly("ana"))),))
    shown = canvas(date(2026, 3, 23), 5, roster)
    days = agenda(final_lane(roster, shown), shown, utc(2026, 1, 1))
    assert [(day.label, len(day.entries)) for day in days] == [("Mon 23 to Wed 25", 0), ("Thu 26 to Fri 27", 1)]


def test_people_who_follow_each_other_have_different_tints() -> None:
    people = tuple(f"p{number}" for number in range(TINTS + 2))
    tints = tints_of([Roster.of(schedule(weekly(*people)), [Override("zoe", utc(2026, 1, 1), utc(2026, 1, 2))])])
    assert all(tints[first] != tints[second] for first, second in pairwise(people))
    assert "zoe" in tints


@pytest.mark.parametrize(
    ("name", "short"), [("Ana Silva", "AS"), ("ana", "A"), ("Ana-Lena von Berg", "AB"), ("?", "?")]
)
def test_initials(name: str, short: str) -> None:
    assert initials(name) == short


@given(zones, st.sampled_from(list(PeriodUnit)), st.dates(date(1992, 1, 1), date(2190, 1, 1)))
def test_every_stretch_holds_its_day_and_its_days_fill_it(zone: str, breadth: PeriodUnit, day: date) -> None:
    stretch = read_period(breadth, day.isoformat(), utc(2026, 3, 29, 12), zone)
    assert stretch.first <= day <= stretch.last
    axis = ticks(stretch.first, stretch.days, zone, utc(2026, 3, 29, 12))
    assert abs(sum(tick.width for tick in axis) - 100) < 0.2
    if breadth is PeriodUnit.MONTH:
        assert stretch.first.weekday() == 0
        assert stretch.days % 7 == 0
    before = read_period(breadth, stretch.previous.isoformat(), utc(2026, 3, 29, 12), zone)
    after = read_period(breadth, stretch.following.isoformat(), utc(2026, 3, 29, 12), zone)
    assert before.first < stretch.first < after.first
    assert before.last >= stretch.first - timedelta(days=1)
    assert after.first <= stretch.last + timedelta(days=1)


def test_what_cannot_be_read_means_a_week_from_today() -> None:
    now = utc(2026, 3, 29, 23)
    for view, day in (("", ""), ("year", "soon"), ("week", "0001-01-01")):
        assert read_period(view, day, now, STOCKHOLM).first == date(2026, 3, 30)
    assert read_period("month", "2026-03-11", now, STOCKHOLM).label == "March 2026"
    assert read_period("", "2026-12-28", now, STOCKHOLM).label == "28 December 2026 to 3 January 2027"
    assert read_period("fortnight", "2026-11-02", now, STOCKHOLM).label == "2 to 15 November 2026"


@given(zones)
def test_every_zone_has_a_monday(zone: str) -> None:
    assert monday(utc(2026, 3, 29, 12), zone).weekday() == 0


def test_layers_are_told_in_sentences() -> None:
    assert layer_sentences(weekly("ana")) == ["ana, always.", "From 2026-01-05 09:00."]
    night = weekly(
        "ana", "bo", every=2, end=datetime(2026, 6, 1), windows=(*OFFICE_HOURS, Window(4, time(17), 3, time(9)))
    )
    assert layer_sentences(night, VIEWER.name) == [
        "Ana Silva, then Bo Lind; a turn lasts 2 weeks, hand-off Mon 09:00.",
        "From 2026-01-05 09:00 to 2026-06-01 00:00.",
        "Only Mon to Fri 09:00 to 17:00; Fri 17:00 to Mon 09:00.",
    ]
    monthly = weekly("ana", "bo", rotate=Rotate.MONTHLY, hand_off=HandOff(time(9), 1))
    assert layer_sentences(monthly)[0] == "ana, then bo; a turn lasts one month, hand-off on day 1 at 09:00."
