"""Coverage partitions time, through every change of the clocks, and agrees with an oracle that shares none of its code."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.oncall.oracle import MINUTE, minutes
from tests.unit.oncall.strategies import (
    HOLIDAYS,
    ODD_ZONES,
    ZONES,
    Night,
    calendars,
    layers,
    nights,
    transition_after,
    zones,
)

from muster.kit.localtime import to_instant, to_local
from muster.oncall.calendars.calendar import Calendar, CalendarKind
from muster.oncall.coverage.roster import Cause, Roster, Span, Version
from muster.oncall.coverage.rotation import turns
from muster.oncall.coverage.spans import at, spans
from muster.oncall.schedules.schedule import HandOff, HolidayRule, Holidays, Layer, Rotate, Schedule, Stay, Window

DAY = timedelta(days=1)


def assert_tiles(found: tuple[Span, ...], start: datetime, end: datetime) -> None:
    assert found[0].start == start
    assert found[-1].end == end
    assert all(span.start < span.end for span in found)
    for before, after in pairwise(found):
        assert before.end == after.start
        assert before.coverage != after.coverage, "neighbours of one coverage are one span"


def assert_agrees_with_oracle(night: Night, step: timedelta = MINUTE) -> None:
    schedule, overrides, start, end, calendars = night
    found = iter(spans(night.roster, start, end))
    span = next(found)
    for moment, answer in minutes(schedule, overrides, start, end, calendars, step):
        while span.end <= moment:
            span = next(found)
        assert (span.people, span.shadows) == answer, f"at {moment}: {span}"


@given(nights())
def test_spans_tile_any_interval_exactly(night: Night) -> None:
    assert_tiles(spans(night.roster, night.start, night.end), night.start, night.end)


@settings(max_examples=60, deadline=None)
@given(nights())
def test_every_minute_agrees_with_the_brute_force_oracle(night: Night) -> None:
    assert_agrees_with_oracle(night)


@given(nights(), st.floats(0, 1, exclude_max=True))
def test_at_agrees_with_the_partition(night: Night, fraction: float) -> None:
    _, _, start, end, _ = night
    roster = night.roster
    instant = min(start + (end - start) * fraction, end - timedelta(microseconds=1))
    (span,) = (span for span in spans(roster, start, end) if span.start <= instant < span.end)
    assert at(roster, instant) == span.coverage
    assert at(roster, span.start) == span.coverage


@given(nights(), st.floats(0, 1))
def test_cutting_an_interval_changes_nothing(night: Night, fraction: float) -> None:
    _, _, start, end, _ = night
    roster = night.roster
    middle = start + (end - start) * fraction
    whole = spans(roster, start, end)
    halves = [*spans(roster, start, middle), *spans(roster, middle, end)]
    if start < middle < end and halves and any(span.start == middle for span in halves):
        left = next(span for span in halves if span.end == middle)
        right = next(span for span in halves if span.start == middle)
        if left.coverage == right.coverage:
            halves[halves.index(left) : halves.index(right) + 1] = [Span(left.start, right.end, left.coverage)]
    assert tuple(halves) == whole


@given(nights())
def test_the_newest_override_always_wins(night: Night) -> None:
    _, overrides, start, end, _ = night
    roster = night.roster
    for span in spans(roster, start, end):
        standing = [override for override in overrides if override.start <= span.start < override.end]
        if standing:
            assert span.people == ((standing[-1].person,) if standing[-1].person else ())
            assert (span.coverage.reason.cause, span.coverage.reason.name) == (Cause.OVERRIDE, standing[-1].id)
        else:
            assert span.coverage.reason.cause is not Cause.OVERRIDE


@given(nights(), nights(), st.floats(0, 1))
def test_an_edit_never_changes_who_was_on_call_before_it(night: Night, edit: Night, fraction: float) -> None:
    schedule, _, start, end, calendars = night
    edited = start + (end - start) * fraction
    before = Roster.of(schedule, (), calendars)
    after = Roster((*before.versions, Version(edited, edit.schedule, edit.calendars)))
    assert_tiles(spans(after, start, end), start, end)
    assert spans(after, start, edited) == spans(before, start, edited)
    assert spans(after, edited, end) == spans(Roster.of(edit.schedule, (), edit.calendars), edited, end)


@given(zones, st.integers(0, 12_000), st.times().map(lambda at: at.replace(second=0, microsecond=0, tzinfo=None)))
def test_adjacent_days_hand_off_at_one_wall_time(zone: str, days: int, clock: time) -> None:
    first = datetime(1995, 1, 1) + timedelta(days=days)
    layer = Layer("daily", (("ana",), ("bo",)), Rotate.DAILY, 1, HandOff(clock), zone, datetime.combine(first, clock))
    begin = to_instant(layer.start, zone)
    for turn in turns(layer, begin, begin + timedelta(days=300)):
        local = to_local(turn.start, zone)
        if local.time() != clock:
            assert to_local(turn.start - MINUTE, zone) < local - MINUTE, "only a jump of the clocks moves a hand-off"
    assert all(turn.end > turn.start for turn in turns(layer, begin, begin + timedelta(days=300)))


@pytest.mark.parametrize("zone", ODD_ZONES)
def test_each_odd_zone_agrees_with_the_oracle_on_its_nights(zone: str) -> None:
    moment = datetime(2011, 6, 1, tzinfo=UTC)
    for _ in range(3):
        moment = transition_after(zone, moment)
        check_night(zone, moment, timedelta(hours=14))
        moment += timedelta(hours=1)


def test_every_zone_of_the_tz_database_agrees_on_its_changes_of_ten_years() -> None:
    seen = set()
    for zone in ZONES:
        moment = datetime(2021, 1, 1, tzinfo=UTC)
        while (change := transition_after(zone, moment)) != moment and change.year < 2031:
            # Zones whose clocks do the same on the same night need one look.
            behaviour = (change, to_local(change - MINUTE, zone), to_local(change, zone))
            if behaviour not in seen:
                seen.add(behaviour)
                check_night(zone, change, timedelta(minutes=75))
            moment = change + timedelta(hours=1)
    assert len(seen) > 200


@settings(max_examples=40, deadline=None)
@given(st.data(), zones)
def test_half_a_year_of_joins_leaves_and_holidays_agrees_with_the_oracle(data: st.DataObject, zone: str) -> None:
    middle = datetime(2026, 4, 1, tzinfo=UTC) + timedelta(days=data.draw(st.integers(0, 3000)))
    layer = replace(data.draw(layers(zone, middle, "long")), windows=())
    night = Night(Schedule("s", zone, (layer,)), (), middle - timedelta(days=30), middle + timedelta(days=10))
    night = night._replace(calendars=data.draw(calendars(middle)))
    assert_agrees_with_oracle(night, timedelta(minutes=47))


def check_night(zone: str, middle: datetime, around: timedelta) -> None:
    local = to_local(middle, zone).replace(minute=0, second=0, microsecond=0)
    start, day = local - timedelta(days=9), local.date()
    everybody = (("ana",), ("bo",), (), ("cy",))
    wide = tuple(Window(day, time(22), 1, time(2, 30)) for day in range(7))
    stays = (Stay(0, "ana", None, day - DAY), Stay(1, "bo", day))
    days = Calendar(HOLIDAYS, CalendarKind.HOLIDAYS, {day: "today", day - 3 * DAY: "before"})
    closed, skipped = Holidays(HOLIDAYS, HolidayRule.CLOSED), Holidays(HOLIDAYS, HolidayRule.SKIPPED)
    made = (
        Layer("hours", everybody, Rotate.HOURLY, 1, HandOff(time(0, 0)), zone, start, stays=stays),
        Layer("counted", everybody, Rotate.DAILY, 1, HandOff(time(2, 30)), zone, start, holidays=skipped),
        Layer("nights", everybody, Rotate.DAILY, 1, HandOff(time(2, 15)), zone, start, None, wide, stays, closed),
        Layer("learners", everybody, Rotate.HOURLY, 2, HandOff(time(0, 30)), zone, start, shadow=True),
    )
    middle = middle.replace(second=0, microsecond=0)
    schedule = Schedule("s", zone, made)
    assert_agrees_with_oracle(Night(schedule, (), middle - around, middle + around, {HOLIDAYS: days}))
