"""Who is on call, in examples that a person can check on paper."""

from datetime import datetime, time, timedelta
from time import process_time

from tests.unit.oncall.examples import OFFICE_HOURS, schedule, utc, weekly

from muster.oncall.coverage.explanation import explain
from muster.oncall.coverage.roster import Cause, Roster, Span, Version
from muster.oncall.coverage.rotation import turns
from muster.oncall.coverage.spans import ahead, at, spans
from muster.oncall.schedules.override import Override
from muster.oncall.schedules.schedule import HandOff, Rotate, Window


def people(found: tuple[Span, ...]) -> list[tuple[str, ...]]:
    return [span.people for span in found]


def test_a_weekly_rotation_hands_off_at_the_same_wall_time_in_winter_and_summer() -> None:
    roster = Roster.of(schedule(weekly("ana", "bo")))
    found = spans(roster, utc(2026, 3, 23, 8), utc(2026, 4, 13, 7))
    assert people(found) == [("bo",), ("ana",), ("bo",)]
    assert [span.start for span in found] == [utc(2026, 3, 23, 8), utc(2026, 3, 30, 7), utc(2026, 4, 6, 7)]


def test_before_its_start_and_after_its_end_a_layer_has_nobody() -> None:
    layer = weekly("ana", end=datetime(2026, 1, 12, 9))
    found = spans(Roster.of(schedule(layer)), utc(2026, 1, 1), utc(2026, 1, 31))
    assert people(found) == [(), ("ana",), ()]
    assert (found[0].end, found[2].start) == (utc(2026, 1, 5, 8), utc(2026, 1, 12, 8))
    assert found[0].coverage.reason.sentence() == "No layer and no override covers this time."


def test_a_start_between_hand_offs_makes_a_short_first_turn() -> None:
    layer = weekly("ana", "bo", start=datetime(2026, 1, 8, 12))
    first, second, *_ = turns(layer, utc(2026, 1, 1), utc(2026, 2, 1))
    assert (first.start, first.end, first.people) == (utc(2026, 1, 8, 11), utc(2026, 1, 12, 8), ("ana",))
    assert second.people == ("bo",)


def test_a_later_layer_stands_above_an_earlier_one() -> None:
    office = weekly("cy", name="office", windows=OFFICE_HOURS)
    found = spans(Roster.of(schedule(weekly("ana"), office)), utc(2026, 1, 5, 8), utc(2026, 1, 6, 8))
    assert people(found) == [("cy",), ("ana",)]
    assert [span.coverage.reason.name for span in found] == ["office", "weekly"]


def test_a_weekend_window_runs_over_midnight_and_monday() -> None:
    weekend = weekly("cy", name="weekend", windows=(Window(4, time(17), 3, time(9)),))
    found = spans(Roster.of(schedule(weekend)), utc(2026, 1, 7), utc(2026, 1, 14))
    assert people(found) == [(), ("cy",), ()]
    assert (found[1].start, found[1].end) == (utc(2026, 1, 9, 16), utc(2026, 1, 12, 8))


def test_monthly_turns_hand_off_on_the_last_day_of_a_short_month() -> None:
    layer = weekly("ana", "bo", rotate=Rotate.MONTHLY, hand_off=HandOff(time(9), 31), start=datetime(2026, 1, 31, 9))
    starts = [turn.start for turn in turns(layer, utc(2026, 1, 1), utc(2026, 5, 15))]
    assert starts == [utc(2026, 1, 31, 8), utc(2026, 2, 28, 8), utc(2026, 3, 31, 7), utc(2026, 4, 30, 7)]


def test_several_people_are_on_call_together() -> None:
    pair = weekly("ana", turns=(("ana", "bo"), ("cy", "dee")))
    assert at(Roster.of(schedule(pair)), utc(2026, 1, 13)).people == ("cy", "dee")


def test_twelve_hour_turns_keep_their_wall_times_when_clocks_change() -> None:
    layer = weekly(
        "day", "night", rotate=Rotate.HOURLY, every=12, hand_off=HandOff(time(8)), start=datetime(2026, 1, 5, 8)
    )
    night = next(turn for turn in turns(layer, utc(2026, 3, 28, 20), utc(2026, 4, 1)) if turn.people == ("night",))
    assert (night.start, night.end) == (utc(2026, 3, 28, 20), utc(2026, 3, 29, 6))


def test_a_hand_off_in_the_skipped_hour_moves_to_the_first_instant_after_it() -> None:
    layer = weekly("ana", "bo", rotate=Rotate.DAILY, hand_off=HandOff(time(2, 30)), start=datetime(2026, 3, 28, 2, 30))
    assert [turn.start for turn in turns(layer, utc(2026, 3, 28), utc(2026, 3, 31))] == [
        utc(2026, 3, 28, 1, 30), utc(2026, 3, 29, 1), utc(2026, 3, 30, 0, 30),
    ]  # fmt: skip


def test_a_hand_off_in_the_repeated_hour_takes_the_earlier() -> None:
    layer = weekly("ana", "bo", rotate=Rotate.DAILY, hand_off=HandOff(time(2, 30)), start=datetime(2026, 10, 24, 2, 30))
    assert [turn.start for turn in turns(layer, utc(2026, 10, 24), utc(2026, 10, 26))] == [
        utc(2026, 10, 24, 0, 30), utc(2026, 10, 25, 0, 30),
    ]  # fmt: skip


def test_the_day_that_samoa_skipped_has_no_turn() -> None:
    layer = weekly(
        "ana", "bo", "cy", rotate=Rotate.DAILY, hand_off=HandOff(time(0)), zone="Pacific/Apia",
        start=datetime(2011, 12, 29),
    )  # fmt: skip
    found = list(turns(layer, utc(2011, 12, 29, 10), utc(2012, 1, 1)))
    assert [(turn.number, turn.people) for turn in found[:2]] == [(0, ("ana",)), (2, ("cy",))]
    assert found[1].start == utc(2011, 12, 30, 10)


def test_an_override_for_nobody_is_a_gap_with_its_reason() -> None:
    closed = Override(None, utc(2026, 1, 6), utc(2026, 1, 7), "o1", "bo", "the office is closed")
    coverage = at(Roster.of(schedule(weekly("ana")), [closed]), utc(2026, 1, 6, 12))
    assert coverage.people == ()
    assert coverage.reason.cause is Cause.OVERRIDE
    assert coverage.reason.sentence() == "An override by bo says so: the office is closed"


def test_a_deleted_schedule_answers_for_its_past_only() -> None:
    roster = Roster((Version(utc(2026, 1, 1), schedule(weekly("ana"))), Version(utc(2026, 2, 1), None)))
    assert at(roster, utc(2026, 1, 20)).people == ("ana",)
    assert at(roster, utc(2026, 2, 1)).reason.cause is Cause.NO_SCHEDULE
    assert at(roster, utc(2025, 12, 1)).reason.sentence() == "The schedule did not exist at this time."
    assert roster.current is None
    assert at(Roster(()), utc(2026, 1, 1)).reason.cause is Cause.NO_SCHEDULE


def test_ahead_says_how_long_a_coverage_lasts() -> None:
    roster = Roster.of(schedule(weekly("ana", "bo")))
    assert ahead(roster, utc(2026, 1, 6)).end == utc(2026, 1, 12, 8)
    alone = Roster.of(schedule(weekly("ana")))
    assert ahead(alone, utc(2026, 1, 6)).end == utc(2026, 1, 6) + timedelta(days=400)


def test_an_explanation_names_every_source_from_the_top() -> None:
    office = weekly("cy", name="office", windows=OFFICE_HOURS)
    late = weekly("dee", name="late", start=datetime(2027, 1, 4, 9))
    over = Override("bo", utc(2026, 1, 6), utc(2026, 1, 8), "o1", "ana", "a wedding")
    roster = Roster.of(schedule(weekly("ana"), office, late), [over])
    steps = explain(roster, utc(2026, 1, 6, 22))
    assert [step.sentence for step in steps] == [
        "Override by ana (a wedding): bo until Thu 2026-01-08 01:00.",
        "Layer late: starts on Mon 2027-01-04 09:00.",
        "Layer office: outside of its hours.",
        "Layer weekly: ana (weekly turn 1).",
    ]
    assert [step.decides for step in steps] == [True, False, False, False]
    assert [step.decides for step in explain(roster, utc(2026, 1, 9, 22))] == [False, False, True]


def test_a_year_of_one_schedule_takes_ten_milliseconds() -> None:
    office = weekly("ana", "bo", name="office", rotate=Rotate.DAILY, hand_off=HandOff(time(9)), windows=OFFICE_HOURS)
    weekend = weekly("cy", "dee", name="weekend", windows=(Window(4, time(17), 3, time(9)),))
    first = utc(2026, 2, 1)
    overrides = [Override("dee", first + timedelta(days=3 * n), first + timedelta(days=3 * n + 1)) for n in range(100)]
    roster = Roster.of(schedule(weekly("ana", "bo", "cy"), office, weekend), overrides)

    def measured() -> float:
        began = process_time()
        assert len(spans(roster, utc(2026, 1, 1), utc(2027, 1, 1))) > 500
        return process_time() - began

    assert min(measured() for _ in range(20)) < 0.010
