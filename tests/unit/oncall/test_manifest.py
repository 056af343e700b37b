"""The manifest form of a schedule: the shape that always applies, round trips, and refusals with field, rule and fix."""

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.unit.oncall.strategies import Night, nights

from muster.kit.errors import Broken, Invalid
from muster.kit.weekhours import read_weekdays
from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.manifest import differences, write_schedule
from muster.oncall.schedules.notation import read_instant
from muster.oncall.schedules.prose import layer_sentences
from muster.oncall.schedules.schedule import HandOff, HolidayRule, Holidays, Layer, Rotate, Schedule, Stay, Window


def document(**layer: Any) -> dict[str, Any]:
    fields = {"name": "weekly", "people": ["ana"], "rotate": "weekly", "hand_off": "Mon 09:00", "start": "2026-01-05"}
    merged = {key: value for key, value in {**fields, **layer}.items() if value is not ...}
    return {"kind": "Schedule", "name": "platform-primary", "time_zone": "Europe/Stockholm", "layers": [merged]}


def refusals(written: object) -> list[tuple[str, str]]:
    with pytest.raises(Invalid) as refused:
        read_schedule(written)
    return [(fault.field, f"{fault.rule} {fault.fix}") for fault in refused.value.faults]


def test_the_smallest_schedule_applies() -> None:
    weekly = Layer(
        "weekly", (("ana",),), Rotate.WEEKLY, 1, HandOff(time(9), 0), "Europe/Stockholm", datetime(2026, 1, 5, 9)
    )
    assert read_schedule(document()) == Schedule("platform-primary", "Europe/Stockholm", (weekly,))
    assert read_schedule(document(start=date(2026, 1, 5))) == read_schedule(document())


@settings(max_examples=50)
@given(nights())
def test_what_is_written_reads_back_the_same(night: Night) -> None:
    schedule = night.schedule
    again = read_schedule(write_schedule(schedule))
    assert write_schedule(again) == write_schedule(schedule)
    assert [replace(layer, windows=()) for layer in again.layers] == [
        replace(layer, windows=()) for layer in schedule.layers
    ]


@settings(max_examples=50)
@given(nights(), nights())
def test_a_difference_is_told_exactly_where_there_is_one(night: Night, other: Night) -> None:
    before, after = read_schedule(write_schedule(night.schedule)), read_schedule(write_schedule(other.schedule))
    assert differences(before, before) == []
    assert bool(differences(before, after)) == (write_schedule(before) != write_schedule(after))
    assert all(layer_sentences(layer) for layer in after.layers)


def test_free_turns_joins_leaves_holidays_shadows_and_imports_read_as_they_are_written() -> None:
    people = ["ana", "off", ["bo", {"person": "cy", "from": "2026-02-02"}], {"person": "dee", "until": "2026-06-30"}]
    holidays = {"calendar": "se-holidays", "rule": "skipped"}
    written = document(people=people, holidays=holidays, shadow=True)
    (layer,) = read_schedule(written).layers
    assert layer.turns == (("ana",), (), ("bo", "cy"), ("dee",))
    assert layer.stays == (Stay(2, "cy", date(2026, 2, 2), None), Stay(3, "dee", None, date(2026, 6, 30)))
    assert (layer.holidays, layer.shadow) == (Holidays("se-holidays", HolidayRule.SKIPPED), True)
    assert write_schedule(read_schedule(written))["layers"] == written["layers"]
    imported = {**written, "layers": [{"name": "team", "calendar": "team-shifts"}]}
    assert read_schedule(imported).calendars == ("team-shifts",)
    assert write_schedule(read_schedule(imported))["layers"] == imported["layers"]
    assert refusals({**imported, "layers": [{"name": "team", "calendar": "x", "people": ["ana"]}]}) == [
        (
            "layers.0.people",
            "A layer either takes its shifts from a calendar or rotates: people has no meaning here. "
            "Leave out people, or leave out calendar.",
        )
    ]


def test_hours_are_written_by_days_or_by_week() -> None:
    hours = [{"days": "Mon-Fri", "from": "22:00", "to": "06:00"}, {"from": "Fri 17:00", "to": "Mon 09:00"}]
    (layer,) = read_schedule(document(restrictions=hours)).layers
    assert layer.windows[0] == Window(0, time(22), 1, time(6))
    assert layer.windows[5] == Window(4, time(17), 3, time(9))
    written = write_schedule(read_schedule(document(restrictions=hours)))["layers"][0]["restrictions"]
    assert written == [{"days": ["Mon", "Tue", "Wed", "Thu", "Fri"], "from": "22:00", "to": "06:00"}, hours[1]]


def test_a_day_may_end_at_24() -> None:
    (layer,) = read_schedule(document(restrictions=[{"days": ["Sat"], "from": "00:00", "to": "24:00"}])).layers
    assert layer.windows == (Window(5, time(0), 1, time(0)),)


def test_a_time_without_offset_is_local_and_one_with_offset_is_converted() -> None:
    assert read_schedule(document(start="2026-01-05T10:00")).layers[0].start == datetime(2026, 1, 5, 10)
    assert read_schedule(document(start="2026-01-05T10:00:00Z")).layers[0].start == datetime(2026, 1, 5, 11)


def test_all_faults_are_told_at_once() -> None:
    found = dict(refusals(document(people=[], rotate="fortnightly", strat=1, start=..., every=0)))
    assert set(found) == {"layers.0.people", "layers.0.rotate", "layers.0.strat", "layers.0.start", "layers.0.every"}
    assert found["layers.0.strat"] == "`strat` is not a known field here. Did you mean `start`?"
    assert found["layers.0.people"].endswith("Name at least one person, such as people: [ana, bo].")


@pytest.mark.parametrize(
    ("changes", "field", "said"),
    [
        ({"hand_off": 540}, "hand_off", 'Write "09:00" in quotes'),
        ({"hand_off": "09:00"}, "hand_off", 'such as "Mon 09:00"'),
        ({"hand_off": "Moon 09:00"}, "hand_off", "`Moon` is not a weekday"),
        ({"hand_off": "Mon 25:00"}, "hand_off", "from 00:00 to 23:59"),
        ({"rotate": "monthly", "hand_off": "32 09:00"}, "hand_off", "31 means the last day"),
        ({"rotate": "daily", "hand_off": "Mon 09:00"}, "hand_off", "is not a time of day"),
        ({"start": "tomorrow"}, "start", "is not a date or time"),
        ({"start": "0001-01-01"}, "start", "from 1990 to 2200"),
        ({"end": "2025-01-05"}, "end", "ends before it starts"),
        ({"people": "ana"}, "people", "not a list"),
        ({"people": [["bo", "bo"]]}, "people.0", "names somebody twice"),
        ({"people": [7]}, "people.0", "names nobody"),
        ({"people": ["off"]}, "people", "nobody ever takes one"),
        ({"people": [["ana", "off"]]}, "people.0.1", "Write off alone"),
        ({"people": [{"person": "bo", "from": "soon"}]}, "people.0.from", "is not a day"),
        ({"people": [{"person": "bo", "frm": "2026-01-05"}]}, "people.0.frm", "Did you mean `from`?"),
        (
            {"people": [{"from": "2026-01-05"}]},
            "people.0.person",
            "`person` is missing. Add `person`, such as `person: ana`.",
        ),
        ({"people": [{"person": "bo", "from": "2026-02-01", "until": "2026-01-01"}]}, "people.0.until", "before they"),
        ({"holidays": {"calendar": "se"}}, "holidays.rule", "`rule` is missing. Add `rule`, such as `rule: closed`."),
        ({"holidays": {"calendar": "se", "rule": "off"}}, "holidays.rule", "Write one of closed, only"),
        ({"shadow": "yes"}, "shadow", "true or false belongs"),
        ({"every": True}, "every", "whole number from 1 to 1000"),
        ({"time_zone": "Stockholm"}, "time_zone", "Did you mean `Europe/Stockholm`?"),
        ({"restrictions": [{"from": "09:00", "to": "17:00"}]}, "restrictions.0.from", "has no weekday"),
        (
            {"restrictions": [{"days": "Mon", "from": "09:00"}]},
            "restrictions.0.to",
            "`to` is missing. Add `to`, such as",
        ),
        ({"restrictions": [{"days": [], "from": "09:00", "to": "10:00"}]}, "restrictions.0.days", "names no weekdays"),
    ],
)
def test_each_bad_field_has_its_sentence(changes: dict[str, Any], field: str, said: str) -> None:
    found = dict(refusals(document(**changes)))
    assert said in found[f"layers.0.{field}"]


def test_a_schedule_without_zone_layers_or_form_is_refused() -> None:
    assert dict(refusals({"name": "a", "layers": []})).keys() == {"time_zone", "layers"}
    assert refusals([1])[0][1].startswith("A schedule is a mapping")
    twice = document()
    twice["layers"] *= 2
    assert refusals(twice) == [("layers.1.name", "Two layers are named weekly. Give each its own name.")]


@given(st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(
    st.sampled_from(("name", "time_zone", "layers", "people", "rotate", "hand_off", "start", "end", "restrictions")), inner)
))  # fmt: skip
def test_anything_else_is_refused_with_faults_never_with_a_crash(written: object) -> None:
    assert refusals(written)


def test_instants_of_the_api_must_say_their_offset() -> None:
    assert read_instant("2026-01-05T09:00:00+01:00") == datetime(2026, 1, 5, 8, tzinfo=UTC)
    assert read_instant(datetime(2026, 1, 5, tzinfo=UTC)).utcoffset() == timedelta(0)
    for bad in ("2026-01-05T09:00:00", "now", "9999-01-01T00:00:00Z"):
        with pytest.raises(Broken):
            read_instant(bad)


def test_days_are_read_as_lists_and_ranges() -> None:
    assert read_weekdays("Sat-Mon, wednesday") == {0, 2, 5, 6}
    assert read_weekdays(["Tue"]) == {1}
