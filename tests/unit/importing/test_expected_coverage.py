"""Every PagerDuty schedule whose coverage is known comes out with exactly that coverage."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from tests.unit.importing.exports import imported, pagerduty_users

from muster.importing.import_draft import ImportDraft
from muster.importing.timeline import Duty, Stretch, differences, together, topmost
from muster.kit.yamldoc import read_documents
from muster.oncall.calendars.calendar import Calendar, CalendarKind
from muster.oncall.calendars.content import read_calendar
from muster.oncall.calendars.ical.names import PersonNames
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import spans
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.schedule import Schedule

STEPS = {"hourly": timedelta(hours=1), "daily": timedelta(days=1), "weekly": timedelta(weeks=1)}
USERS = ("USER_ID_1", "USER_ID_2", "USER_ID_3")
KNOWN = ("no-restrictions", "time-zone", "daily-with-daily-restrictions", "weekly-with-weekly-restrictions")


def schedules_in(found: ImportDraft) -> list[Schedule]:
    """The schedules of an import, read back from its manifests."""
    documents = read_documents(found.manifests.get("schedules.yaml", "")).documents
    return [read_schedule(document.data) for document in documents if document.data["kind"] == "Schedule"]


def calendars_in(found: ImportDraft, now: datetime) -> dict[str, Calendar]:
    """What Muster reads in the calendars of an import that have their text with them."""
    people = [document.data for document in read_documents(found.manifests["people.yaml"]).documents]
    persons = [
        PersonNames(str(person["name"]), str(person.get("full_name", "")), str(person["email"])) for person in people
    ]
    return {
        document.data["name"]: read_calendar(
            document.data["name"], CalendarKind.SHIFTS, document.data["text"], persons, now
        ).calendar
        for document in read_documents(found.manifests.get("schedules.yaml", "")).documents
        if document.data["kind"] == "Calendar" and document.data.get("text")
    }


def expected(document: dict[str, Any], start: datetime, end: datetime) -> list[Stretch]:
    """The coverage that Grafana OnCall's own importer makes of the schedule: its shifts, the higher level above."""
    levels: dict[int, list[Duty]] = {}
    for shift in document["shifts"]:
        levels.setdefault(shift["level"], []).extend(_events(shift, end))
    return topmost([levels[level] for level in sorted(levels)], start, end)


def _events(shift: dict[str, Any], end: datetime) -> Iterator[Duty]:
    begins = datetime.fromisoformat(shift["start"]).replace(tzinfo=UTC)
    counts = max(begins, datetime.fromisoformat(shift["rotation_start"]).replace(tzinfo=UTC))
    step, length = STEPS[shift["frequency"]] * shift["interval"], timedelta(seconds=shift["duration"])
    number = 0
    while begins < end:
        users = shift["rolling_users"][number % len(shift["rolling_users"])]
        if begins + length > counts:
            yield max(begins, counts), begins + length, [user.lower() for user in users]
        begins, number = begins + step, number + 1


def of(folder: Path, name: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schedule as PagerDuty gives it, and what is expected of it."""
    given = json.loads((folder / f"{name}.pd-schedule.json").read_text())
    return given, json.loads((folder / f"{name}.expected.json").read_text())


def muster_says(found: ImportDraft, start: datetime, end: datetime) -> list[Stretch]:
    """Who is on call by all schedules of an import."""
    calendars = calendars_in(found, start)
    rosters = [Roster.of(one, (), calendars) for one in schedules_in(found)]
    held = [(span.start, span.end, span.people) for one in rosters for span in spans(one, start, end)]
    return together(held, start, end)


@pytest.mark.parametrize("name", KNOWN)
@pytest.mark.parametrize("imported_on", [datetime(2023, 2, 1, tzinfo=UTC), datetime(2023, 3, 5, 7, 30, tzinfo=UTC)])
def test_a_schedule_has_exactly_the_expected_coverage(samples: Path, name: str, imported_on: datetime) -> None:
    folder = samples / "pagerduty" / "schedules-with-expected"
    given, wanted = of(folder, name)
    found = imported("pagerduty", {"schedule.json": given, "users.json": pagerduty_users(*USERS)}, imported_on)
    # Before its import a schedule says nothing in Muster; from then on every hour of a year has to agree.
    start, end = imported_on, imported_on + timedelta(days=400)
    assert differences(expected(wanted, start, end), muster_says(found, start, end)) == []


@pytest.mark.parametrize("name", KNOWN)
def test_somebody_is_on_call_at_all_in_what_is_expected(samples: Path, name: str) -> None:
    _, wanted = of(samples / "pagerduty" / "schedules-with-expected", name)
    start = datetime(2023, 3, 1, tzinfo=UTC)
    assert len({people for _, _, people in expected(wanted, start, start + timedelta(days=30))}) > 1


@pytest.mark.parametrize("name", KNOWN)
def test_each_layer_alone_has_exactly_the_expected_coverage(samples: Path, name: str) -> None:
    """So that no layer is right only because another hides it."""
    given, wanted = of(samples / "pagerduty" / "schedules-with-expected", name)
    start = datetime(2023, 3, 5, 7, 30, tzinfo=UTC)
    for number, layer in enumerate(reversed(given["schedule_layers"]), 1):
        alone = {**given, "schedule_layers": [layer]}
        found = imported("pagerduty", {"schedule.json": alone, "users.json": pagerduty_users(*USERS)}, start)
        shifts = {"shifts": [shift for shift in wanted["shifts"] if shift["level"] == number]}
        end = start + timedelta(days=120)
        assert differences(expected(shifts, start, end), muster_says(found, start, end)) == [], layer["name"]


def test_what_another_importer_refuses_comes_out_as_its_rules_say(samples: Path) -> None:
    """`errors` holds eleven layers that Grafana OnCall's importer cannot say; Muster's layers can say them all."""
    given = json.loads((samples / "pagerduty/schedules-with-expected/errors.pd-schedule.json").read_text())
    now = datetime(2023, 2, 25, tzinfo=UTC)
    found = imported("pagerduty", {"schedule.json": given, "users.json": pagerduty_users(*USERS)}, now)
    assert [len(one.layers) for one in schedules_in(found)] == [11]
    end = now + timedelta(days=200)
    levels = [list(_by_the_rules(layer, now, end)) for layer in reversed(given["schedule_layers"])]
    assert differences(topmost(levels, now, end), muster_says(found, now, end)) == []


def _by_the_rules(layer: dict[str, Any], start: datetime, end: datetime) -> Iterator[Duty]:
    """A layer in UTC, half hour by half hour: whose turn it is, and whether a restriction lets it show."""
    anchor = datetime.fromisoformat(layer["rotation_virtual_start"])
    begins = max(datetime.fromisoformat(layer["start"]), anchor)
    at, step = start, timedelta(minutes=30)
    while at < end:
        turn = (at - anchor) // timedelta(seconds=layer["rotation_turn_length_seconds"])
        user = layer["users"][turn % len(layer["users"])]["user"]["id"].lower()
        if at >= begins and any(_open(each, at) for each in layer["restrictions"]):
            yield at, at + step, [user]
        at += step


def _open(restriction: dict[str, Any], at: datetime) -> bool:
    hour, minute, _ = (int(part) for part in restriction["start_time_of_day"].split(":"))
    weekly = restriction["type"] == "weekly_restriction"
    midnight = at.replace(hour=0, minute=0)
    monday = midnight - timedelta(days=at.weekday())
    first = monday + timedelta(days=restriction["start_day_of_week"] - 1) if weekly else midnight
    period = timedelta(weeks=1) if weekly else timedelta(days=1)
    opens = first + timedelta(hours=hour, minutes=minute)
    passed = (at - opens) % period
    return passed < timedelta(seconds=restriction["duration_seconds"])


def test_overrides_are_on_call_as_they_were(samples: Path) -> None:
    given = json.loads((samples / "pagerduty/schedules-with-expected/overrides.pd-schedule.json").read_text())
    now = datetime(2023, 2, 20, tzinfo=UTC)
    found = imported("pagerduty", {"schedule.json": given, "users.json": pagerduty_users(*USERS)}, now)
    start, end = datetime(2023, 3, 2, 11, tzinfo=UTC), datetime(2023, 3, 2, 12, tzinfo=UTC)
    assert muster_says(found, now, now + timedelta(days=30)) == [
        (now, start, frozenset()),
        (start, end, frozenset({"user_id_1"})),
        (end, now + timedelta(days=30), frozenset()),
    ]


def test_an_override_of_somebody_who_was_deactivated_is_left_out_and_named(samples: Path) -> None:
    folder = samples / "pagerduty/schedules-with-expected"
    given = json.loads((folder / "override-deactivated-user.pd-schedule.json").read_text())
    now = datetime(2023, 2, 20, tzinfo=UTC)
    found = imported("pagerduty", {"schedule.json": given, "users.json": pagerduty_users(*USERS)}, now)
    note = next(note for note in found.export.report.notes if note.kind == "schedule")
    assert note.to == []
    assert "USER_ID_4" in " ".join(note.losses)
