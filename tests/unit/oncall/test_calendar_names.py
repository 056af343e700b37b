"""Whom an event of a calendar means: those invited, those named in its title, its organizer if asked for."""

import pytest
from tests.unit.oncall.examples import utc
from tests.unit.oncall.test_calendars import PERSONS, vevent

from muster.oncall.calendars.calendar import CalendarKind
from muster.oncall.calendars.content import read_calendar
from muster.oncall.calendars.ical.file import read_events
from muster.oncall.calendars.ical.names import Directory, PersonNames


@pytest.mark.parametrize(
    ("lines", "people"),
    [
        (["ATTENDEE:mailto:ANA@contoso.example", "SUMMARY:Bo Lind"], ("ana",)),
        (["ATTENDEE;PARTSTAT=DECLINED:mailto:ana@contoso.example", "SUMMARY:Bo Lind is on call"], ("bo",)),
        (["ATTENDEE:mailto:room@contoso.example", "SUMMARY:ana + BO"], ("ana", "bo")),
        (["SUMMARY:On call: Ana Maria Silva (primary)"], ("ana-maria",)),
        (["SUMMARY:bo@contoso.example - Platform"], ("bo",)),
        (["SUMMARY:Bonnie", "ORGANIZER:mailto:boss@contoso.example"], ()),
        (["SUMMARY:Duty", "ATTENDEE:mailto:ANA@contoso.example", "ATTENDEE:mailto:bo@contoso.example"], ("ana", "bo")),
    ],
)
def test_a_shift_means_those_invited_else_those_named(lines: list[str], people: tuple[str, ...]) -> None:
    (event,) = read_events(vevent("DTSTART:20260105T090000Z", *lines)).events
    assert Directory(PERSONS).people(event) == people


@pytest.mark.parametrize(
    ("title", "people"),
    [
        ("Ana's on-call day", ("ana",)),
        ("Ana’s on-call day", ("ana",)),
        ("Bo Lind`s week", ("bo",)),
        ("oncall-ana", ("ana",)),
        ("on-call_bo_2", ("bo",)),
        ("primary_bo", ("bo",)),
        ("Ana Silva+Bo Lind", ("ana", "bo")),
        ("ana+bo", ("ana", "bo")),
        ("Ana/Bo", ("ana", "bo")),
        ("[L1] Ana Silva's week", ("ana",)),
        ("On-call: Bo@platform", ("bo",)),
        ("Silva\\, Ana Maria", ("ana-maria",)),
        ("ana-maria", ("ana-maria",)),
        ("Ana Maria Silva", ("ana-maria",)),
        ("Ana Silva-Bo Lind", ("ana", "bo")),
        ("bo.lind", ("bo",)),
        ("bo_lind (until 5pm)", ("bo",)),
        ("A\u200bna", ("ana",)),
        ("Ana\u2011Maria", ("ana-maria",)),
        ("Maria Silva\\, Ana", ("ana-maria",)),
        ("Jean-Ana Silva", ()),
        ("bo.lindqvist", ()),
        ("Jean-Bo Picard", ()),
        ("ana@elsewhere.example", ()),
        ("Bolinda", ()),
        ("O'Ana", ()),
    ],
)
def test_a_name_is_found_in_a_title_through_what_joins_it_to_roles_and_not_in_another_name(
    title: str, people: tuple[str, ...]
) -> None:
    (event,) = read_events(vevent("DTSTART:20260105T090000Z", f"SUMMARY:{title}")).events
    assert Directory(PERSONS).people(event) == people


@pytest.mark.parametrize("title", ["Duty", "On call: Anna (typo)", "Nobody is on call - office closed"])
def test_an_organizer_is_on_call_only_where_that_was_asked_for(title: str) -> None:
    text = vevent(
        "DTSTART:20260105T090000Z", "DTEND:20260105T170000Z", f"SUMMARY:{title}",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:ana@contoso.example", "ORGANIZER;CN=Bo:mailto:bo@contoso.example",
    )  # fmt: skip
    now = utc(2026, 1, 1)
    strict = read_calendar("s", CalendarKind.SHIFTS, text, PERSONS, now)
    assert [shift.people for shift in strict.calendar.shifts] == [()]
    assert strict.notes == (f"“{title}” names nobody whom Muster knows, so nobody is on call by it.",)
    asked = read_calendar("s", CalendarKind.SHIFTS, text, PERSONS, now, organizers=True)
    assert [shift.people for shift in asked.calendar.shifts] == [("bo",)]
    assert asked.notes == ()


def test_a_name_of_two_people_means_neither() -> None:
    twins = Directory([PersonNames("ana", "Ana"), PersonNames("ana-b", "Ana")])
    (event,) = read_events(vevent("DTSTART:20260105T090000Z", "SUMMARY:Ana")).events
    assert twins.people(event) == ()
