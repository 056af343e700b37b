"""The reference of schedules is true: its examples are read and cover what they promise, its fields are all there are."""

import re
from pathlib import Path
from typing import Any

import pytest
from tests.unit.oncall.examples import utc

from muster.kit.yamldoc import read_documents
from muster.oncall.calendars.draft import read_calendar_draft
from muster.oncall.coverage.roster import Roster
from muster.oncall.coverage.spans import spans
from muster.oncall.schedules.draft import LayerDraft, ScheduleDraft, read_schedule
from muster.oncall.schedules.schedule import HolidayRule, Schedule

TEXT = (Path(__file__).parents[3] / "docs" / "reference" / "schedules.md").read_text(encoding="utf-8")
EXAMPLES: list[Any] = [read_documents(each).documents[0].data for each in re.findall(r"```yaml\n(.*?)```", TEXT, re.S)]
SCHEDULES = {each["name"]: each for each in EXAMPLES if each.get("kind", "Schedule") == "Schedule"}


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["name"])
def test_each_example_is_a_schedule_or_a_calendar(example: Any) -> None:
    if example.get("kind") == "Calendar":
        assert read_calendar_draft(example).name
    else:
        assert read_schedule(example).layers


@pytest.mark.parametrize("name", ["weekdays-and-weekends", "follow-the-sun", "twelve-hours"])
def test_patterns_leave_no_gap_for_a_year(name: str) -> None:
    year = spans(Roster.of(read_schedule(SCHEDULES[name])), utc(2026, 2, 1), utc(2027, 2, 1))
    assert not [span for span in year if span.is_gap]


def test_whoever_has_the_weekdays_does_not_have_the_weekend() -> None:
    year = spans(Roster.of(read_schedule(SCHEDULES["weekdays-and-weekends"])), utc(2026, 2, 2, 9), utc(2027, 2, 1))
    assert all(first.people != second.people for first, second in zip(year[::2], year[1::2], strict=False))


def test_the_sun_is_followed_in_each_office_s_own_hours() -> None:
    schedule: Schedule = read_schedule(SCHEDULES["follow-the-sun"])
    for month in (1, 7, 11):
        day = spans(Roster.of(schedule), utc(2026, month, 14), utc(2026, month, 15))
        assert {span.coverage.reason.name for span in day} >= {"lisbon", "seattle", "sydney"}


def test_each_field_and_rule_is_told() -> None:
    told = set(re.findall(r"^\| `(\w+)` \|", TEXT, re.M))
    assert told == {*ScheduleDraft.model_fields, *LayerDraft.model_fields, "rule"} - {"kind"}
    assert set(HolidayRule) <= set(re.findall(r"^\| (\w+) \|", TEXT, re.M))
