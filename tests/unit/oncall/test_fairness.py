"""Shares, interruptions, disturbed sleep and what counts as unfair; and a report for pay that no spreadsheet runs."""

import csv
import io
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oncall.examples import utc

from muster.oncall.fairness.load import Interruption, disturbed, loads, unfair
from muster.oncall.fairness.payroll import COLUMNS, harmless, local, pay_lines, write_csv
from muster.oncall.shifts.shift import Shift

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = utc(2026, 5, 4, 9)


def shift(person: str, day: int, days: int, schedule: str = "primary") -> Shift:
    return Shift(START + day * DAY, START + (day + days) * DAY, schedule, person)


def test_shares_are_multiples_of_the_mean_and_idle_people_count() -> None:
    found = loads([shift("ana", 0, 9), shift("bo", 9, 3)], {"ana": "UTC", "bo": "UTC", "cy": "UTC"}, {})
    assert [load.person for load in found] == ["ana", "bo", "cy"]
    assert [round(load.shares["hours"], 3) for load in found] == [2.25, 0.75, 0.0]
    assert [(each.person, each.kind) for each in unfair(found)] == [("ana", "hours"), ("ana", "nights")]
    assert unfair(found)[0].sentence == "ana carries 75% of the hours on call; an even share is 33%."


def test_small_numbers_and_lone_people_are_never_unfair() -> None:
    two = {"ana": "UTC", "bo": "UTC"}
    assert unfair(loads([shift("ana", 0, 1)], two, {})) == []
    assert unfair(loads([shift("ana", 0, 90)], {"ana": "UTC"}, {})) == []
    assert loads([], {}, {}) == []


def test_somebody_on_call_by_two_schedules_is_on_call_once() -> None:
    (found,) = loads([shift("ana", 0, 7), shift("ana", 3, 7, "payments")], {"ana": "UTC"}, {})
    assert found.measure.length == 10 * DAY


def test_holidays_are_those_of_the_schedule() -> None:
    free = {"payments": {date(2026, 5, 6)}}
    (found,) = loads([shift("ana", 0, 7), shift("ana", 10, 7, "payments")], {"ana": "UTC"}, free)
    assert found.measure.holidays == 1


@pytest.mark.parametrize(
    ("zone", "pages", "hours"),
    [
        ("UTC", [utc(2026, 5, 4, 22, 59)], 0.0),
        ("UTC", [utc(2026, 5, 4, 23)], 1.0),
        ("UTC", [utc(2026, 5, 5, 6, 59)], 1.0),
        ("UTC", [utc(2026, 5, 5, 7)], 0.0),
        ("UTC", [utc(2026, 5, 5, 3), utc(2026, 5, 5, 3, 30)], 1.5),
        ("Asia/Tokyo", [utc(2026, 5, 4, 18)], 1.0),
        ("Asia/Tokyo", [utc(2026, 5, 5, 3)], 0.0),
    ],
)
def test_a_page_at_night_costs_the_hour_after_it(zone: str, pages: list[datetime], hours: float) -> None:
    assert disturbed(pages, zone) == hours * HOUR
    (found,) = loads([], {"ana": zone}, {}, [Interruption("ana", at) for at in pages])
    assert (found.interruptions, found.sleep) == (len(pages), hours * HOUR)


def test_the_report_holds_each_shift_cut_to_the_period_on_the_person_s_clock() -> None:
    zones = {"ana": ("Ana Silva", "Europe/Lisbon"), "bo": ("Bo", "America/New_York")}
    shifts = [shift("bo", 7, 7), shift("ana", 0, 7), shift("ana", 40, 7)]
    lines = pay_lines(shifts, START + DAY, START + 10 * DAY, zones, {})
    rows = list(csv.DictReader(io.StringIO(write_csv(lines))))
    assert tuple(rows[0]) == COLUMNS
    assert [(row["person"], row["start"], row["end"], row["hours"]) for row in rows] == [
        ("ana", "2026-05-05T10:00+01:00", "2026-05-11T10:00+01:00", "144.0"),
        ("bo", "2026-05-11T05:00-04:00", "2026-05-14T05:00-04:00", "72.0"),
    ]
    assert [line.measure.nights for line in lines] == [6, 3]


def test_the_hour_that_exists_twice_can_be_told() -> None:
    twice = [local(utc(2026, 10, 25, hour, 30), "Europe/Berlin") for hour in (0, 1)]
    assert twice == ["2026-10-25T02:30+02:00", "2026-10-25T02:30+01:00"]
    assert local(utc(2026, 5, 5, 0), "Asia/Kolkata") == "2026-05-05T05:30+05:30"


@given(st.text(min_size=1, max_size=20))
def test_no_cell_begins_like_a_formula(text: str) -> None:
    assert not harmless(text).lstrip(" ").startswith(("=", "+", "-", "@", "\t", "\r", "\n"))
    assert harmless(text) in (text, f"'{text}")


def test_a_name_that_is_a_formula_is_disarmed() -> None:
    lines = pay_lines([shift("ana", 0, 1)], START, START + DAY, {"ana": ('=HYPERLINK("x")', "UTC")}, {})
    (row,) = csv.DictReader(io.StringIO(write_csv(lines)))
    assert row["full_name"] == '\'=HYPERLINK("x")'
