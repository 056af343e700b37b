"""What an import makes of rotations agrees with their vendor's rules, counted apart; and "the same" is only said of both sides."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.importing.exports import imported, pagerduty_users
from tests.unit.importing.test_oncall_shifts import brought, shift

from muster.importing.comparison import CoverageComparison, NotCompared
from muster.importing.import_draft import ImportDraft

NOW = datetime(2026, 9, 1, tzinfo=UTC)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata"])
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
LONG_DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
STARTS = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(
    lambda moment: moment.replace(minute=0, second=0, microsecond=0)
)
HOURS = st.integers(0, 23)


def agrees(found: ImportDraft) -> None:
    """Every comparison counted both sides over thirteen months, and they are alike; nobody at all is not compared."""
    for check in found.checks:
        if isinstance(check, NotCompared):
            assert "nobody is on call" in check.reason, check.sentence()
            continue
        assert check.end - check.start >= timedelta(days=390)
        assert check.differences == (), [difference.sentence("the vendor") for difference in check.differences[:3]]
        assert check.vendor_hours == pytest.approx(check.muster_hours)


@st.composite
def opsgenie_rotations(draw: st.DrawFn) -> dict[str, Any]:
    """A rotation of three people or fewer, restricted or not."""
    kind = draw(st.sampled_from(["hourly", "daily", "weekly"]))
    made: dict[str, Any] = {
        "id": "r", "name": "r", "type": kind, "length": draw(st.integers(1, 5)) * (6 if kind == "hourly" else 1),
        "startDate": f"{draw(STARTS).isoformat()}Z",
        "participants": [{"type": "user", "id": f"u{n}"} for n in range(draw(st.integers(1, 3)))],
    }  # fmt: skip
    if draw(st.booleans()):
        made["endDate"] = f"{draw(STARTS).replace(year=2027).isoformat()}Z"
    shape = draw(st.sampled_from(["none", "daily", "weekly"]))
    ends = st.integers(0, 24)
    if shape == "daily":
        made["timeRestriction"] = {
            "type": "time-of-day",
            "restriction": {"startHour": draw(HOURS), "startMin": 30, "endHour": draw(HOURS), "endMin": 0},
        }
    elif shape == "weekly":
        part = {
            "startDay": draw(st.sampled_from(LONG_DAYS)), "endDay": draw(st.sampled_from(LONG_DAYS)),
            "startHour": draw(HOURS), "startMin": 0, "endHour": draw(ends), "endMin": 0,
        }  # fmt: skip
        made["timeRestriction"] = {"type": "weekday-and-time-of-day", "restrictions": [part]}
    return made


@settings(max_examples=40, deadline=None)
@given(opsgenie_rotations(), opsgenie_rotations(), ZONES)
def test_opsgenie_rotations_come_out_as_its_rules_say(one: dict[str, Any], other: dict[str, Any], zone: str) -> None:
    users = [{"id": f"u{n}", "username": f"u{n}@contoso.example", "role": {"name": "User"}} for n in range(3)]
    rotations = [one, {**other, "id": "r2", "name": "r2"}]
    schedule = {"id": "s", "name": "s", "timezone": zone, "enabled": True, "rotations": rotations}
    agrees(imported("opsgenie", {"export.json": {"users": users, "schedules": [schedule]}}, NOW))


@st.composite
def pagerduty_layers(draw: st.DrawFn) -> dict[str, Any]:
    """A layer of three people or fewer, restricted or not."""
    start = draw(STARTS)
    unit = draw(st.sampled_from([3600 * 8, 86400, 604800]))
    made: dict[str, Any] = {
        "id": "L", "name": "L", "start": f"{start.isoformat()}+00:00",
        "rotation_virtual_start": f"{(start - timedelta(hours=draw(st.integers(0, 400)))).isoformat()}+00:00",
        "rotation_turn_length_seconds": unit * draw(st.integers(1, 3)), "restrictions": [],
        "users": [{"user": {"id": f"U{n}", "type": "user_reference"}} for n in range(draw(st.integers(1, 3)))],
    }  # fmt: skip
    hours = {"start_time_of_day": f"{draw(HOURS):02}:30:00", "duration_seconds": draw(st.integers(1, 23)) * 3600}
    shape = draw(st.sampled_from(["none", "daily", "weekly"]))
    if shape == "daily":
        made["restrictions"] = [{"type": "daily_restriction", **hours}]
    elif shape == "weekly":
        days = draw(st.sets(st.integers(1, 7), min_size=1, max_size=3))
        made["restrictions"] = [
            {"type": "weekly_restriction", "start_day_of_week": day, **hours} for day in sorted(days)
        ]
    return made


@settings(max_examples=40, deadline=None)
@given(pagerduty_layers(), pagerduty_layers(), ZONES)
def test_pagerduty_layers_come_out_as_its_rules_say(one: dict[str, Any], other: dict[str, Any], zone: str) -> None:
    layers = [one, {**other, "id": "M", "name": "M"}]
    schedule = {"id": "P", "name": "p", "time_zone": zone, "schedule_layers": layers}
    users = pagerduty_users("U0", "U1", "U2")
    agrees(imported("pagerduty", {"schedule.json": {"schedule": schedule}, "users.json": users}, NOW))


@st.composite
def oncall_shifts(draw: st.DrawFn) -> dict[str, Any]:
    """A shift of any frequency, with and without chosen days, months, an end and a later count."""
    frequency = draw(st.sampled_from(["hourly", "daily", "weekly", "monthly"]))
    every = draw(st.integers(1, 3)) * (6 if frequency == "hourly" else 1)
    unit = {"hourly": 3600, "daily": 86400, "weekly": 604800, "monthly": 86400}[frequency]
    start = draw(STARTS)
    short = [3600 * hours for hours in (1, 5)] if frequency == "hourly" else [3600, 28800, 43200, 86400]
    made: dict[str, Any] = {
        "frequency": frequency, "interval": every, "start": start.isoformat(), "time_zone": draw(ZONES),
        "duration": draw(st.sampled_from([*short, unit * every])), "week_start": draw(st.sampled_from(["MO", "SU"])),
        "rolling_users": [[f"U{name}"] for name in "ABCD"[: draw(st.integers(1, 4))]],
        "start_rotation_from_user_index": draw(st.integers(0, 3)),
    }  # fmt: skip
    if frequency in ("daily", "weekly") and draw(st.booleans()):
        made["by_day"] = sorted(draw(st.sets(st.sampled_from(DAYS), min_size=1, max_size=4)))
    if frequency == "monthly":
        made["by_monthday"] = draw(st.sampled_from([None, [1], [1, 15], [31], [-1]]))
    if draw(st.booleans()):
        made["until"] = (start + timedelta(hours=draw(st.integers(48, 24 * 200)))).isoformat()
    if frequency != "hourly" and draw(st.booleans()):
        made["rotation_start"] = (start + timedelta(hours=draw(st.integers(1, 24 * 40)))).isoformat()
    return shift(**made)


@settings(max_examples=60, deadline=None)
@given(oncall_shifts())
def test_oncall_shifts_come_out_as_its_rules_say(drawn: dict[str, Any]) -> None:
    agrees(brought(drawn, now=NOW))


def test_a_side_that_cannot_be_counted_is_not_the_same() -> None:
    zone = "(GMT+09:00) Osaka, Sapporo, Tokyo"
    found = brought(shift(time_zone=zone))
    (check,) = found.checks
    assert isinstance(check, NotCompared)
    assert check.sentence() == (
        f"Not compared with Grafana OnCall's own rules, because `{zone}`, the time zone of s, is no IANA name."
    )
    written = found.report()["checks"][0]
    assert (written["compared"], written["agrees"]) == (False, False)


def test_a_comparison_names_its_span_and_both_sides() -> None:
    (check,) = brought(
        shift(duration=604800, start="2026-11-30T00:00:00"), now=datetime(2026, 11, 30, tzinfo=UTC)
    ).checks
    assert isinstance(check, CoverageComparison)
    assert (check.vendor_hours, check.muster_hours) == (395 * 24, 395 * 24)
    assert "From 2026-11-30 00:00 to 2027-12-30 00:00 UTC Muster says the same" in check.sentence()


def test_a_layer_that_muster_lacks_is_a_difference() -> None:
    """A misreading, or a loss, of the one side does not make the other agree with it."""
    odd = {
        "id": "L", "name": "L", "start": "2026-09-01T00:00:00+00:00", "rotation_turn_length_seconds": 5400,
        "users": [{"user": {"id": "U0"}}, {"user": {"id": "U1"}}],
    }  # fmt: skip
    week = {**odd, "id": "M", "name": "M", "rotation_turn_length_seconds": 604800}
    schedule = {"id": "P", "name": "p", "time_zone": "UTC", "schedule_layers": [odd, week]}
    found = imported("pagerduty", {"s.json": {"schedule": schedule}, "u.json": pagerduty_users("U0", "U1")}, NOW)
    assert found.checks[0].differences


def test_an_opsgenie_override_of_one_rotation_is_counted_for_that_one() -> None:
    users = [{"id": f"u{n}", "username": f"u{n}@contoso.example", "role": {"name": "User"}} for n in range(3)]
    rotations = [
        {
            "id": f"r{n}", "name": f"r{n}", "type": "weekly", "length": 1, "startDate": "2026-08-03T00:00:00Z",
            "participants": [{"type": "user", "id": f"u{n}"}],
        }
        for n in range(2)
    ]  # fmt: skip
    override = {
        "alias": "o", "user": {"type": "user", "id": "u2"}, "rotations": [{"id": "r0"}],
        "startDate": "2026-09-10T00:00:00Z", "endDate": "2026-09-11T00:00:00Z",
    }  # fmt: skip
    schedule = {
        "id": "s",
        "name": "s",
        "timezone": "UTC",
        "enabled": True,
        "rotations": rotations,
        "overrides": [override],
    }
    agrees(imported("opsgenie", {"export.json": {"users": users, "schedules": [schedule]}}, NOW))
