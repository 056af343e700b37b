"""Bars and prose: what people see of a schedule."""

from datetime import date, datetime, time

from hypothesis import given
from tests.unit.oncall.examples import OFFICE_HOURS, STOCKHOLM, schedule, utc, weekly
from tests.unit.oncall.strategies import zones

from muster.oncall.coverage import Roster, Version
from muster.oncall.picture import Viewer, final_row, layer_rows, midnight, monday, ticks
from muster.oncall.prose import layer_sentences
from muster.oncall.schedule import HandOff, Override, Rotate, Window

WEEK = (midnight(date(2026, 3, 23), STOCKHOLM), midnight(date(2026, 3, 30), STOCKHOLM))
VIEWER = Viewer(STOCKHOLM, "bo", {"ana": "Ana Silva", "bo": "Bo Lind"})


def test_bars_are_as_wide_as_their_hours_also_in_the_week_that_loses_one() -> None:
    row = final_row(Roster.of(schedule(weekly("ana", "bo"))), *WEEK, VIEWER)
    assert [(part.at, part.width, part.text, part.kind) for part in row.segments] == [
        (0.0, 5.389, "AS", "bar"),
        (5.389, 94.611, "Bo Lind", "mine"),
    ]
    assert row.segments[1].title == "Bo Lind from Mon 2026-03-23 09:00 to Mon 2026-03-30 00:00"
    axis = ticks(date(2026, 3, 23), 7, STOCKHOLM, utc(2026, 3, 27))
    assert [tick.label for tick in axis if tick.today] == ["Fri 27"]
    assert axis[6].width < axis[5].width


def test_gaps_and_overrides_say_so_and_the_time_before_a_schedule_stays_empty() -> None:
    office = schedule(weekly("ana", windows=OFFICE_HOURS))
    roster = Roster((Version(WEEK[0], None), Version(utc(2026, 3, 24), office)), (
        Override(None, utc(2026, 3, 28), utc(2026, 3, 29)),
    ))  # fmt: skip
    row = final_row(roster, *WEEK, VIEWER)
    assert row.segments[0].at > 10
    assert {part.kind for part in row.segments} == {"bar", "gap"}
    titles = [part.title for part in row.segments]
    assert "Nobody by an override from Sat 2026-03-28 01:00 to Sun 2026-03-29 01:00" in titles
    assert [each.label for each in layer_rows(office, *WEEK, VIEWER)] == ["weekly"]


@given(zones)
def test_every_zone_has_a_monday_and_seven_days(zone: str) -> None:
    first = monday(utc(2026, 3, 29, 12), zone)
    assert first.weekday() == 0
    axis = ticks(first, 7, zone, utc(2026, 3, 29, 12))
    assert abs(sum(tick.width for tick in axis) - 100) < 0.1
    assert sum(tick.today for tick in axis) == 1


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
