"""Joins, leaves, free turns, holidays, shadows and imported shifts, in examples that a person can check on paper."""

from dataclasses import replace
from datetime import date, datetime, time, timedelta

from tests.unit.oncall.examples import STOCKHOLM, schedule, utc, weekly

from muster.oncall.calendars.calendar import Calendar, CalendarKind, CalendarShift
from muster.oncall.checks.coverage import check
from muster.oncall.checks.finding import FindingKind
from muster.oncall.coverage.explanation import explain
from muster.oncall.coverage.roster import Roster, Span
from muster.oncall.coverage.spans import at, layers_through, spans
from muster.oncall.schedules.schedule import HandOff, HolidayRule, Holidays, Layer, Rotate, Stay

EASTER = Calendar(
    "se",
    CalendarKind.HOLIDAYS,
    {date(2026, 4, 3): "Good Friday", date(2026, 4, 6): "Easter Monday"},
    (),
    date(2031, 1, 1),
)


def weeks(layer: Layer, first: datetime, count: int, calendar: Calendar = EASTER) -> list[str]:
    """Who is on call at noon on the Tuesdays from `first` on."""
    roster = Roster.of(schedule(layer), (), {calendar.name: calendar})
    return [" ".join(at(roster, first + timedelta(weeks=number)).people) or "-" for number in range(count)]


TUESDAY = utc(2026, 1, 6, 12)


def test_a_free_turn_has_nobody_and_takes_its_week() -> None:
    layer = weekly("ana", turns=(("ana",), (), ("bo",)))
    assert weeks(layer, TUESDAY, 5) == ["ana", "-", "bo", "ana", "-"]
    below = weekly("cy", name="below")
    roster = Roster.of(schedule(below, layer))
    assert at(roster, TUESDAY + timedelta(weeks=1)).people == ("cy",)
    assert (
        explain(roster, TUESDAY + timedelta(weeks=1))[0].sentence
        == "Layer weekly: nobody, a free turn (weekly turn 2)."
    )


def test_who_joins_takes_the_place_in_the_list_from_the_next_hand_off_and_moves_nobody_before() -> None:
    before = weekly("ana", "cy")
    after = weekly("ana", "bo", "cy", stays=(Stay(1, "bo", date(2026, 1, 21)),))
    assert weeks(before, TUESDAY, 6) == ["ana", "cy", "ana", "cy", "ana", "cy"]
    assert weeks(after, TUESDAY, 7) == ["ana", "cy", "ana", "bo", "cy", "ana", "bo"]


def test_who_leaves_in_the_middle_of_a_turn_passes_the_rest_on_and_nobody_s_next_turn_moves() -> None:
    layer = weekly("ana", "bo", "cy", stays=(Stay(1, "bo", None, date(2026, 1, 14)),))
    found = spans(Roster.of(schedule(layer)), utc(2026, 1, 12, 8), utc(2026, 2, 9, 8))
    assert [(span.start, span.people) for span in found] == [
        (utc(2026, 1, 12, 8), ("bo",)),
        (utc(2026, 1, 14, 23), ("cy",)),
        (utc(2026, 1, 19, 8), ("cy",)),
        (utc(2026, 1, 26, 8), ("ana",)),
        (utc(2026, 2, 2, 8), ("cy",)),
    ]
    assert found[1].coverage.reason.sentence() == "Layer weekly has this turn: in place of bo, who left."


def test_a_successor_in_the_same_place_takes_over_at_once() -> None:
    stays = (Stay(1, "bo", None, date(2026, 1, 14)), Stay(1, "dee", date(2026, 1, 15)))
    layer = weekly("ana", turns=(("ana",), ("bo", "dee")), stays=stays)
    found = spans(Roster.of(schedule(layer)), utc(2026, 1, 12, 8), utc(2026, 2, 2, 8))
    assert [span.people for span in found] == [("bo",), ("dee",), ("ana",), ("dee",)]


def test_when_everybody_has_left_nobody_is_on_call() -> None:
    layer = weekly("ana", stays=(Stay(0, "ana", None, date(2026, 1, 14)),))
    roster = Roster.of(schedule(layer))
    assert at(roster, utc(2026, 1, 14, 22)).people == ("ana",)
    assert at(roster, utc(2026, 1, 14, 23)).people == ()
    assert explain(roster, utc(2026, 2, 1))[0].sentence == "Layer weekly: nobody takes part (weekly turn 4)."


def on_holidays(rule: HolidayRule, **changes: object) -> Layer:
    return replace(weekly("ana", "bo", "cy"), holidays=Holidays("se", rule), **changes)


def people(layer: Layer, start: datetime, end: datetime) -> list[tuple[datetime, str]]:
    found = spans(Roster.of(schedule(layer), (), {"se": EASTER}), start, end)
    return [(span.start, " ".join(span.people) or "-") for span in found]


def test_a_layer_is_closed_on_holidays_from_midnight_to_midnight() -> None:
    assert people(on_holidays(HolidayRule.CLOSED), utc(2026, 4, 2), utc(2026, 4, 5)) == [
        (utc(2026, 4, 2), "ana"),
        (utc(2026, 4, 2, 22), "-"),
        (utc(2026, 4, 3, 22), "ana"),
    ]


def test_a_layer_for_holidays_only_has_somebody_on_no_other_day() -> None:
    assert people(on_holidays(HolidayRule.ONLY), utc(2026, 4, 5), utc(2026, 4, 8)) == [
        (utc(2026, 4, 5), "-"),
        (utc(2026, 4, 5, 22), "ana"),
        (utc(2026, 4, 6, 7), "bo"),
        (utc(2026, 4, 6, 22), "-"),
    ]


def test_a_weekly_hand_off_on_a_holiday_waits_for_the_next_day() -> None:
    assert people(on_holidays(HolidayRule.UNCOUNTED), utc(2026, 4, 5), utc(2026, 4, 14)) == [
        (utc(2026, 4, 5), "ana"),
        (utc(2026, 4, 7, 7), "bo"),
        (utc(2026, 4, 13, 7), "cy"),
    ]


def test_a_daily_rotation_that_skips_holidays_does_not_count_them() -> None:
    layer = on_holidays(
        HolidayRule.SKIPPED, rotate=Rotate.DAILY, hand_off=HandOff(time(0)), start=datetime(2026, 4, 1), zone=STOCKHOLM
    )
    assert [who for _, who in people(layer, utc(2026, 4, 1, 22), utc(2026, 4, 7, 22))] == [
        "bo",
        "-",
        "cy",
        "ana",
        "-",
        "bo",
    ]


def test_an_explanation_names_the_holiday() -> None:
    roster = Roster.of(schedule(on_holidays(HolidayRule.CLOSED)), (), {"se": EASTER})
    assert explain(roster, utc(2026, 4, 3, 9))[0].sentence == "Layer weekly: closed, Good Friday (se)."


def test_shadows_learn_beside_and_never_cover() -> None:
    learner = weekly("dee", "bo", name="learners", shadow=True)
    roster = Roster.of(schedule(weekly("ana", "bo"), learner))
    assert (at(roster, TUESDAY).people, at(roster, TUESDAY).shadows) == (("ana",), ("dee",))
    assert at(roster, TUESDAY + timedelta(weeks=1)).shadows == (), "who is on call does not shadow themselves"
    alone = Roster.of(schedule(learner))
    assert at(alone, TUESDAY).people == ()
    (gap,) = check(alone, TUESDAY, TUESDAY + timedelta(days=20), active=("dee", "bo"))
    assert gap.kind is FindingKind.NOBODY, "a shadow is no coverage"
    assert explain(roster, TUESDAY)[-1].sentence == "Shadow layer learners: dee (weekly turn 1)."


SHIFTS = Calendar(
    "team",
    CalendarKind.SHIFTS,
    shifts=(
        CalendarShift(utc(2026, 1, 5, 8), utc(2026, 1, 7, 8), ("ana",), "Primary: Ana"),
        CalendarShift(utc(2026, 1, 6, 8), utc(2026, 1, 7, 8), ("bo",), "Also Bo"),
        CalendarShift(utc(2026, 1, 7, 8), utc(2026, 1, 8, 8), (), "Zed"),
        CalendarShift(datetime(2026, 1, 9), datetime(2026, 1, 10), ("cy",), "Cy, all day"),
    ),
)
IMPORTED = Layer("team", (), Rotate.DAILY, 1, HandOff(time(0)), STOCKHOLM, datetime(1990, 1, 1), calendar="team")


def test_an_imported_layer_follows_its_calendar_with_all_whose_shifts_overlap() -> None:
    roster = Roster.of(schedule(IMPORTED), (), {"team": SHIFTS})
    found: tuple[Span, ...] = spans(roster, utc(2026, 1, 5), utc(2026, 1, 11))
    assert [(span.start, span.people) for span in found] == [
        (utc(2026, 1, 5), ()),
        (utc(2026, 1, 5, 8), ("ana",)),
        (utc(2026, 1, 6, 8), ("ana", "bo")),
        (utc(2026, 1, 7, 8), ()),
        (utc(2026, 1, 8, 23), ("cy",)),
        (utc(2026, 1, 9, 23), ()),
    ]
    assert found[1].coverage.reason.sentence() == "Layer team has this turn: “Primary: Ana”."


def test_a_shift_that_names_nobody_is_found_and_explained() -> None:
    roster = Roster.of(schedule(IMPORTED), (), {"team": SHIFTS})
    found = check(roster, utc(2026, 1, 5), utc(2026, 1, 11), active=("ana", "bo", "cy"))
    assert [each.sentence for each in found if each.kind is FindingKind.UNMATCHED_SHIFT] == [
        "The shift “Zed” of team names nobody whom Muster knows, from Wed 2026-01-07 09:00 to Thu 2026-01-08 09:00 "
        "(Europe/Stockholm)."
    ]
    assert explain(roster, utc(2026, 1, 7, 9))[0].sentence == ("Layer team: nobody whom Muster knows (“Zed” in team).")
    assert explain(roster, utc(2026, 1, 8, 9))[0].sentence == "Layer team: no shift in team."


def test_trouble_with_calendars_and_stays_is_found() -> None:
    stale = replace(EASTER, trouble="The calendar se could not be refreshed.", known_until=date(2026, 1, 8))
    late = on_holidays(HolidayRule.CLOSED, end=datetime(2026, 6, 1), stays=(Stay(0, "ana", date(2026, 6, 2)),))
    early = replace(late, name="early", stays=(Stay(1, "bo", None, date(2026, 1, 1)),))
    week = utc(2026, 1, 12), utc(2026, 1, 19)
    found = check(Roster.of(schedule(late, early), (), {"se": stale}), *week, active=("ana", "bo", "cy"))
    told = {each.kind: each.sentence for each in found}
    assert told[FindingKind.STALE_CALENDAR] == "The calendar se could not be refreshed."
    assert told[FindingKind.SHORT_CALENDAR] == "The calendar se is known until 2026-01-08 only."
    assert [each.sentence for each in found if each.kind is FindingKind.IDLE_PERSON] == [
        "ana joins layer weekly on 2026-06-02, when it has ended.",
        "bo leaves layer early after 2026-01-01, before it starts.",
    ]
    missing = check(Roster.of(schedule(late)), *week, active=("ana", "bo", "cy"))
    assert any(each.kind is FindingKind.MISSING_CALENDAR for each in missing)


def test_layers_are_seen_through_every_version() -> None:
    roster = Roster.of(schedule(weekly("ana", name="below"), weekly("bo", name="above", shadow=True)))
    found = layers_through(roster, utc(2026, 1, 6), utc(2026, 1, 7))
    assert [(name, pieces[0][2].people) for name, pieces in found.items()] == [("below", ("ana",)), ("above", ("bo",))]
