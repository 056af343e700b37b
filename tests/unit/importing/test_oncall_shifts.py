"""Grafana OnCall's shifts come out as OnCall counts them: starts beside the chosen days, `until`, months, hours with gaps."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.importing.exports import imported
from tests.unit.importing.test_expected_coverage import muster_says, schedules_in

from muster.importing.comparison import CoverageComparison
from muster.importing.import_draft import ImportDraft

NOW = datetime(2026, 11, 30, tzinfo=UTC)
USERS = [{"id": f"U{name}", "email": f"{name.lower()}@hold.example", "username": name} for name in "ABCD"]


def shift(**more: Any) -> dict[str, Any]:
    """A shift of eight hours at 09:00 UTC, A and B in turn, counted from its start."""
    usual: dict[str, Any] = {
        "id": "S", "name": "s", "type": "rolling_users", "time_zone": "UTC", "level": 1, "start": "2026-12-09T09:00:00",
        "duration": 28800, "frequency": "weekly", "interval": 1, "week_start": "MO", "by_day": None, "by_month": None,
        "by_monthday": None, "until": None, "rolling_users": [["UA"], ["UB"]], "start_rotation_from_user_index": 0,
    }  # fmt: skip
    return {"rotation_start": more.get("start", usual["start"]), **usual, **more}


def brought(*shifts: dict[str, Any], now: datetime = NOW) -> ImportDraft:
    """The import of a schedule of these shifts."""
    schedule = {
        "id": "W",
        "name": "web",
        "type": "web",
        "time_zone": "UTC",
        "shifts": [shift["id"] for shift in shifts],
    }
    documents = {"users": USERS, "schedules": [schedule], "on_call_shifts": list(shifts)}
    return imported("grafana-oncall", {f"{name}.json": {"results": data} for name, data in documents.items()}, now)


def events_of(found: ImportDraft, days: int, start: datetime = NOW) -> list[str]:
    """When who is on call, such as `12-14 09 a` or, longer than a day, `12-14 09 to 12-21 09 a`."""
    shown = []
    for begins, ends, people in muster_says(found, start, start + timedelta(days=days)):
        if people:
            until = f" to {ends:%m-%d %H}" if ends - begins > timedelta(days=1) else ""
            shown.append(f"{begins:%m-%d %H}{until} {' '.join(sorted(people))}")
    return shown


@pytest.mark.parametrize(
    ("more", "wanted"),
    [
        # A start beside the chosen days moves to the first of them in the order of the shift's week.
        ({"by_day": ["MO", "TH"]}, ["12-14 09 a", "12-17 09 a", "12-21 09 b", "12-24 09 b", "12-28 09 a"]),
        ({"by_day": ["MO", "TH"], "frequency": "daily"},
         ["12-14 09 a", "12-17 09 b", "12-21 09 a", "12-24 09 b", "12-28 09 a"]),
        ({"by_day": ["MO", "TH"], "week_start": "TH"},
         ["12-10 09 a", "12-14 09 a", "12-17 09 b", "12-21 09 b", "12-24 09 a", "12-28 09 a"]),
        ({"by_day": ["MO", "TH"], "interval": 2}, ["12-14 09 a", "12-17 09 a", "12-28 09 b"]),
        # Daily on chosen days with an interval: each group has that many of the days in a row.
        ({"by_day": ["MO", "WE", "FR"], "frequency": "daily", "interval": 2},
         ["12-09 09 a", "12-11 09 a", "12-14 09 b", "12-16 09 b", "12-18 09 a",
          "12-21 09 a", "12-23 09 b", "12-25 09 b", "12-28 09 a"]),
        ({"by_day": ["MO"], "start_rotation_from_user_index": 1}, ["12-14 09 b", "12-21 09 a", "12-28 09 b"]),
        # The start itself is an event, whether or not the rule meets it.
        ({"frequency": "monthly", "by_monthday": [10, 20]}, ["12-09 09 a", "12-10 09 a", "12-20 09 a"]),
        ({"frequency": "monthly", "by_month": [12], "by_monthday": [-1], "type": "recurrent_event", "users": ["UC"],
          "rolling_users": None}, ["12-09 09 c"]),
        ({"frequency": "hourly", "interval": 12, "duration": 3600, "until": "2026-12-10T20:00:00"},
         ["12-09 09 a", "12-09 21 b", "12-10 09 a"]),
    ],
)  # fmt: skip
def test_events_are_on_the_days_on_which_on_call_has_them(more: dict[str, Any], wanted: list[str]) -> None:
    found = brought(shift(**more))
    assert events_of(found, 30) == wanted
    assert [check.differences for check in found.checks] == [()]
    assert all(isinstance(check, CoverageComparison) for check in found.checks)


def test_until_ends_the_beginnings_and_no_turn_that_runs() -> None:
    two_weeks = shift(start="2026-12-07T09:00:00", duration=1209600, interval=2, until="2027-01-06T00:00:00")
    found = brought(two_weeks)
    assert events_of(found, 90) == ["12-07 09 to 12-21 09 a", "12-21 09 to 01-04 09 b", "01-04 09 to 01-18 09 a"]
    assert [check.differences for check in found.checks] == [()]
    assert {note.kind: note.losses for note in found.export.report.notes}["schedule"] == []


def test_until_at_a_hand_off_stays_a_layer() -> None:
    weeks = shift(start="2026-12-07T09:00:00", duration=604800, until="2027-01-04T08:59:00")
    found = brought(weeks)
    assert events_of(found, 90)[-1] == "12-28 09 to 01-04 09 b"
    assert [check.differences for check in found.checks] == [()]


def test_a_rotation_that_counts_later_keeps_its_groups_in_step() -> None:
    weeks = shift(start="2026-11-30T09:00:00", duration=604800, rotation_start="2026-12-16T12:00:00", interval=1)
    found = brought(weeks)
    assert events_of(found, 30) == ["12-16 12 to 12-21 09 a", "12-21 09 to 12-28 09 b", "12-28 09 to 12-30 00 a"]
    assert [check.differences for check in found.checks] == [()]


def test_shifts_that_are_turns_stay_layers_that_people_can_change() -> None:
    found = brought(shift(duration=604800, start="2026-12-07T09:00:00"))
    assert [layer.calendar for schedule in schedules_in(found) for layer in schedule.layers] == [None]


def test_a_calendar_of_shifts_keeps_wall_clocks_levels_and_company() -> None:
    berlin = {"time_zone": "Europe/Berlin", "frequency": "monthly", "start": "2026-12-01T09:00:00"}
    later = {**berlin, "start": "2026-12-15T09:00:00"}
    low = shift(**berlin, id="L", name="low", by_monthday=[1, 15], rolling_users=[["UA", "UB"]], level=0)
    high = shift(**later, id="H", name="high", by_monthday=[15], rolling_users=[["UC"]])
    beside = shift(**later, id="B", name="beside", by_monthday=[15], rolling_users=[["UD"]])
    found = brought(low, high, beside)
    summer = datetime(2027, 6, 30, tzinfo=UTC)
    assert events_of(found, 2) == ["12-01 08 a b"]
    assert events_of(found, 16, summer) == ["07-01 07 a b", "07-15 07 c d"]
    assert [check.differences for check in found.checks] == [()]
    assert len(schedules_in(found)) == 2


def test_importing_the_same_export_later_makes_the_same_calendars() -> None:
    odd = shift(frequency="monthly", by_monthday=[10])
    first, later = brought(odd), brought(odd, now=NOW + timedelta(days=5))
    assert first.manifests["schedules.yaml"] == later.manifests["schedules.yaml"]


def test_users_who_are_not_in_the_export_are_told_and_the_others_stay() -> None:
    found = brought(shift(frequency="monthly", by_monthday=[10], rolling_users=[["UA"], ["UGONE"]]))
    losses = next(note for note in found.export.report.notes if note.kind == "schedule").losses
    assert "UGONE" in losses[0]
    assert events_of(found, 60) == ["12-09 09 a", "12-10 09 a"]
