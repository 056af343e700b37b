"""What Muster finds wrong with a schedule, in its own words."""

from datetime import datetime

from tests.unit.oncall.examples import OFFICE_HOURS, schedule, utc, weekly

from muster.oncall.checks.coverage import check
from muster.oncall.checks.finding import FindingKind
from muster.oncall.coverage.roster import Roster
from muster.oncall.schedules.override import Override

WEEK = (utc(2026, 1, 12), utc(2026, 1, 19))


def test_a_covered_schedule_with_known_people_has_no_findings() -> None:
    assert check(Roster.of(schedule(weekly("ana", "bo"))), *WEEK, active=("ana", "bo")) == ()


def test_gaps_are_named_with_their_times_in_the_schedule_s_zone_and_summed_up_when_many() -> None:
    office = Roster.of(schedule(weekly("ana", windows=OFFICE_HOURS)))
    found = check(office, *WEEK, active=("ana",))
    assert found[1].sentence == (
        "Nobody is on call from Mon 2026-01-12 17:00 to Tue 2026-01-13 09:00 (Europe/Stockholm)."
    )
    assert [finding.kind for finding in found] == [FindingKind.GAP] * 6
    assert found[5].sentence == "1 more gap follows until Mon 2026-01-19 01:00."


def test_a_schedule_that_resolves_to_nobody_says_so_once() -> None:
    (found,) = check(Roster.of(schedule(weekly("ana", start=datetime(2027, 1, 4, 9)))), *WEEK, active=("ana",))
    assert found.kind is FindingKind.NOBODY


def test_people_who_left_or_are_unknown_are_named_with_their_next_turn() -> None:
    found = check(Roster.of(schedule(weekly("ana", "bo", "cy"))), *WEEK, active=(), inactive=("bo",))
    assert [(finding.kind, finding.sentence) for finding in found] == [
        (
            FindingKind.UNKNOWN_PERSON,
            "ana, whom Muster does not know, is on call from Mon 2026-01-12 01:00 to Mon 2026-01-12 09:00 "
            "(Europe/Stockholm).",
        ),
        (
            FindingKind.INACTIVE_PERSON,
            "bo, who has left, is on call from Mon 2026-01-12 09:00 to Mon 2026-01-19 01:00 (Europe/Stockholm).",
        ),
        (FindingKind.UNKNOWN_PERSON, "cy, whom Muster does not know, stands in platform-primary."),
    ]


def test_overlapping_overrides_and_layers_that_never_decide_are_found() -> None:
    one = Override("ana", utc(2026, 1, 13), utc(2026, 1, 15))
    two = Override("bo", utc(2026, 1, 14), utc(2026, 1, 16))
    roster = Roster.of(schedule(weekly("ana", name="below"), weekly("bo", name="above")), [one, two])
    overlap, hidden = check(roster, *WEEK, active=("ana", "bo"))
    assert (overlap.kind, overlap.start, overlap.end) == (
        FindingKind.OVERLAPPING_OVERRIDES, utc(2026, 1, 14), utc(2026, 1, 15)
    )  # fmt: skip
    assert hidden.sentence == "Layer below never decides: a layer after it or an override always covers its hours."
