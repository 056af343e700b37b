"""What a trial of the importers found wrong: restrictions to midnight, zones by their offset, addresses that cannot be."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from tests.unit.importing.exports import imported
from tests.unit.importing.test_expected_coverage import muster_says

from muster.channels.email.form import read_address
from muster.importing.current_state import CurrentState
from muster.importing.report import ImportNote
from muster.importing.zones import zone_of
from muster.kit.errors import Fault

MONDAY = datetime(2026, 11, 30, tzinfo=UTC)
WEEK = timedelta(weeks=1)


def part(start: str, end: str) -> dict[str, Any]:
    """A restriction such as `monday 18:00` to `monday 24:00`, or of every day: `9:00` to `24:00`."""
    made: dict[str, Any] = {}
    for which, said in (("start", start), ("end", end)):
        *day, clock = said.split()
        hour, minute = (int(piece) for piece in clock.split(":"))
        made |= {f"{which}Hour": hour, f"{which}Min": minute, **({f"{which}Day": day[0]} if day else {})}
    return made


def hours_of(start: str, end: str) -> list[tuple[int, int]]:
    """When Opsgenie's schedule with this restriction has somebody, in hours of the week from Monday 00:00."""
    kind = "weekday-and-time-of-day" if " " in start else "time-of-day"
    rotation = {
        "id": "r",
        "name": "r",
        "startDate": "2026-11-02T00:00:00Z",
        "type": "weekly",
        "length": 1,
        "participants": [{"type": "user", "id": "u1"}],
        "timeRestriction": {"type": kind, "restrictions": [part(start, end)]},
    }
    users = [{"id": "u1", "username": "ana@contoso.example", "fullName": "Ana", "role": {"name": "User"}}]
    schedule = {"id": "s", "name": "s", "timezone": "UTC", "enabled": True, "rotations": [rotation]}
    found = imported("opsgenie", {"export.json": {"users": users, "schedules": [schedule]}}, MONDAY)
    hour = timedelta(hours=1)
    covered = [one for one in muster_says(found, MONDAY, MONDAY + WEEK) if one[2]]
    return [((begins - MONDAY) // hour, (ends - MONDAY) // hour) for begins, ends, _ in covered]


@pytest.mark.parametrize(
    ("start", "end", "hours"),
    [
        ("monday 0:00", "friday 24:00", [(0, 120)]),
        ("monday 18:00", "monday 24:00", [(18, 24)]),
        ("friday 24:00", "monday 0:00", [(120, 168)]),
        ("sunday 18:00", "sunday 24:00", [(162, 168)]),
        ("sunday 24:00", "monday 8:00", [(0, 8)]),
        ("friday 18:00", "monday 8:00", [(0, 8), (114, 168)]),
        ("monday 0:00", "sunday 24:00", [(0, 168)]),
        ("monday 9:00", "monday 9:00", [(0, 168)]),
        ("monday 9:00", "monday 8:00", [(0, 8), (9, 168)]),
        ("9:00", "24:00", [(day * 24 + 9, day * 24 + 24) for day in range(7)]),
        ("24:00", "8:00", [(day * 24, day * 24 + 8) for day in range(7)]),
        ("0:00", "24:00", [(0, 168)]),
        ("22:00", "6:00", [(0, 6), *((day * 24 + 22, day * 24 + 30) for day in range(6)), (166, 168)]),
    ],
)
def test_opsgenie_restrictions_end_where_opsgenie_ends_them(start: str, end: str, hours: list[tuple[int, int]]) -> None:
    assert hours_of(start, end) == hours


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("GMT+1", "Etc/GMT-1"),
        ("UTC+2", "Etc/GMT-2"),
        ("GMT-8", "Etc/GMT+8"),
        ("+05:30", "Asia/Kolkata"),
        ("GMT-09:30", "Pacific/Marquesas"),
        ("UTC+0", "UTC"),
        ("Etc/GMT+9", "Etc/GMT+9"),
        ("US/Pacific-New", "America/Los_Angeles"),
        ("Eire", "Eire"),
        ("(GMT+09:00) Osaka, Sapporo, Tokyo", "Asia/Tokyo"),
        ("(GMT+00:00) Dublin", "Europe/Dublin"),
        ("(GMT-05:00) Eastern Time (US & Canada)", "America/New_York"),
    ],
)
def test_a_zone_is_the_one_that_is_meant(written: str, zone: str) -> None:
    note = ImportNote("", "")
    assert zone_of(written, note) == zone
    assert not note.losses


@pytest.mark.parametrize("written", ["GMT+25", "GMT-03:30", "(GMT+01:00) Atlantis", "Nowhere/Land", "GMT+1:99"])
def test_a_zone_that_nobody_can_tell_is_a_loss(written: str) -> None:
    note = ImportNote("", "")
    assert zone_of(written, note) == "UTC"
    assert note.losses


def test_an_address_that_cannot_be_is_told_and_everything_else_comes_over() -> None:
    addresses = {"u1": "ana@contoso.example", "u2": "x" * 70 + "@contoso.example", "u3": "a..b@contoso.example"}
    users = [
        {"id": id, "username": address, "fullName": id, "role": {"name": "User"}} for id, address in addresses.items()
    ]

    def check(kind: str, address: str) -> Fault | None:
        read = read_address(address)
        return read if isinstance(read, Fault) else None

    found = imported("opsgenie", {"export.json": {"users": users}}, MONDAY, CurrentState(check=check))
    people = found.manifests["people.yaml"]
    assert all(f"email: {address}" in people for address in addresses.values())
    assert [address for address in addresses.values() if f"address: {address}" in people] == ["ana@contoso.example"]
    assert (
        sum("is not an e-mail address" in loss for note in found.export.report.ordered() for loss in note.losses) == 2
    )
