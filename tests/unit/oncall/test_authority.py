"""Who may put whom on call: oneself and one's own time are free, other people's time is not (pain: anyone edits rotas)."""

from datetime import timedelta

import pytest
from tests.unit.oncall.examples import schedule, utc, weekly

from muster.oncall.coverage.roster import Roster
from muster.oncall.schedules.override import Override
from muster.oncall.shifts.authority import override_refusal, removal_refusal

ROSTER = Roster.of(schedule(weekly("ana", "bo")))
ANAS = utc(2026, 1, 5, 8), utc(2026, 1, 12, 8)
BOS = utc(2026, 1, 12, 8), utc(2026, 1, 19, 8)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("me", "person", "time", "may"),
    [
        ("ana", "ana", BOS, True),
        ("cy", "cy", ANAS, True),
        ("ana", "bo", ANAS, True),
        ("ana", "bo", (ANAS[0], BOS[0] + HOUR), False),
        ("ana", "cy", BOS, False),
        ("cy", "bo", ANAS, False),
        ("ana", None, ANAS, False),
        ("", "ana", ANAS, False),
        ("", "", ANAS, False),
    ],
)
def test_responders_dispose_of_themselves_and_of_their_own_time(me: str, person: str | None, time, may: bool) -> None:  # type: ignore[no-untyped-def]
    said = override_refusal(me, person, ROSTER, *time)
    assert (said == "") == may, said
    assert may or "manager" in said


def test_a_shared_time_is_not_all_one_s_own() -> None:
    together = Roster.of(schedule(weekly("x", turns=(("ana", "bo"),))))
    assert "not all yours" in override_refusal("ana", "cy", together, *ANAS)


@pytest.mark.parametrize(("me", "may"), [("bo", True), ("cy", True), ("ana", True), ("dee", False), ("", False)])
def test_an_override_is_ended_by_its_maker_by_whom_it_binds_or_by_whoever_gets_the_time_back(
    me: str, may: bool
) -> None:
    made = Override("cy", ANAS[0], ANAS[0] + HOUR, "1", "bo")
    roster = Roster(ROSTER.versions, (made,))
    assert (removal_refusal(me, made, roster, ANAS[0]) == "") == may


def test_who_gets_only_a_part_of_the_time_back_does_not_end_it_alone() -> None:
    made = Override("cy", ANAS[1] - HOUR, ANAS[1] + HOUR, "1", "dee")
    roster = Roster(ROSTER.versions, (made,))
    assert "Only dee, who made it, cy, who is on call by it" in removal_refusal("ana", made, roster, ANAS[0])
    assert removal_refusal("bo", made, roster, ANAS[1]) == ""
