"""What an override would do, told before it is made."""

from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tests.unit.oncall.examples import OFFICE_HOURS, STOCKHOLM, schedule, utc, weekly

from muster.oncall.coverage.override_effects import (
    CoverageChange,
    Reachability,
    coverage_changes,
    remarks,
    with_override,
)
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import at
from muster.oncall.picture.lanes import Viewer
from muster.oncall.schedules.override import Override

VIEWER = Viewer(STOCKHOLM, "", {"ana": "Ana Silva", "bo": "Bo Lind"})
MONDAY, TUESDAY = utc(2026, 3, 23, 8), utc(2026, 3, 24, 8)
PRIMARY = Roster.of(schedule(weekly("ana", "bo")))
OFFICE = Roster.of(schedule(weekly("ana", windows=OFFICE_HOURS)))


def said(
    roster: Roster, override: Override, reach: Reachability = Reachability(), **others: Roster
) -> list[tuple[str, str]]:
    return [(str(each.weight), each.sentence) for each in remarks(roster, override, VIEWER, others, reach)]


def test_it_says_who_instead_of_whom() -> None:
    after = with_override(PRIMARY, Override("ana", utc(2026, 3, 23, 6), TUESDAY))
    assert coverage_changes(PRIMARY, after, utc(2026, 3, 23, 6), TUESDAY) == (
        CoverageChange(MONDAY, TUESDAY, ("bo",), ("ana",)),
    )


def test_it_says_that_nothing_changes() -> None:
    assert said(PRIMARY, Override("bo", MONDAY, TUESDAY)) == [
        ("know", "Bo Lind is on call then anyway: this changes nothing.")
    ]


def test_it_says_which_gaps_close_and_open() -> None:
    assert said(OFFICE, Override("bo", utc(2026, 3, 23, 15), utc(2026, 3, 23, 18))) == [
        ("good", "This closes the gap from Mon 2026-03-23 17:00 to Mon 2026-03-23 19:00.")
    ]
    assert said(PRIMARY, Override(None, MONDAY, TUESDAY)) == [
        ("bad", "Nobody would be on call from Mon 2026-03-23 09:00 to Tue 2026-03-24 09:00.")
    ]


def test_it_says_who_has_left_or_cannot_be_reached() -> None:
    override = Override("ana", MONDAY, TUESDAY)
    assert ("bad", "Ana Silva has left and cannot be paged.") in said(PRIMARY, override, Reachability(active=False))
    assert said(PRIMARY, override, Reachability(proven=False)) == [
        ("bad", "Ana Silva has no proven contact: a page might not reach them.")
    ]
    assert said(PRIMARY, override) == []


def test_it_says_what_it_hides_and_where_else_they_are_on_call() -> None:
    standing = with_override(PRIMARY, Override("ana", MONDAY, TUESDAY, "1"))
    assert said(standing, Override("cy", MONDAY, TUESDAY)) == [
        ("know", "It stands above the override for Ana Silva there.")
    ]
    assert said(PRIMARY, Override("ana", MONDAY, utc(2026, 3, 23, 14)), office=OFFICE) == [
        ("know", "Ana Silva is on call by office as well from Mon 2026-03-23 09:00 to Mon 2026-03-23 15:00.")
    ]


hours = st.integers(0, 24 * 14)


@given(hours, hours, st.sampled_from(["ana", "bo", "cy", None]), hours)
def test_outside_of_its_effects_nothing_changes(first: int, second: int, person: str | None, hour: int) -> None:
    start, end = sorted((first, second))
    after = with_override(OFFICE, Override(person, _hour(start), _hour(end)))
    found = coverage_changes(OFFICE, after, _hour(0), _hour(24 * 14 + 1))
    inside = [each for each in found if each.start <= _hour(hour) < each.end]
    was, now = at(OFFICE, _hour(hour)).people, at(after, _hour(hour)).people
    assert [(each.before, each.after) for each in inside] == ([(was, now)] if was != now else [])
    assert all(each.before != each.after and each.start < each.end for each in found)


def _hour(number: int) -> datetime:
    return utc(2026, 3, 20) + timedelta(hours=number)
