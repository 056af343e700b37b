"""The form of a schedule's definition: the same document in, the same document out, and what its buttons do."""

from copy import deepcopy
from typing import Any

import pytest
from hypothesis import given
from tests.unit.oncall.strategies import Night, nights

from muster.oncall.schedules.draft import read_schedule
from muster.oncall.schedules.form import as_form, carry_out, read_form
from muster.oncall.schedules.manifest import write_schedule

DOCUMENT: dict[str, Any] = {
    "name": "primary",
    "time_zone": "Europe/Stockholm",
    "layers": [
        {
            "name": "weekly",
            "people": ["ana", ["bo", {"person": "cy", "from": "2026-02-02"}], "off"],
            "rotate": "weekly",
            "hand_off": "Mon 09:00",
            "start": "2026-01-05",
            "restrictions": [{"days": ["Mon", "Tue"], "from": "09:00", "to": "17:00"}],
            "holidays": {"calendar": "sweden", "rule": "skipped"},
        },
        {"name": "imported", "calendar": "rota", "shadow": True},
    ],
}


def sent(document: dict[str, Any], **changes: str) -> dict[str, list[str]]:
    """What a browser sends of the form that is drawn for a document."""
    form = as_form(document)
    fields: dict[str, list[str]] = {name: [getattr(form, name)] for name in ("name", "time_zone", "description")}
    for number, layer in enumerate(form.layers):
        at = f"layers.{number}"
        for name in ("name", "rotate", "every", "weekday", "month_day", "at", "start", "end"):
            fields[f"{at}.{name}"] = [getattr(layer, name)]
        if layer.shadow:
            fields[f"{at}.shadow"] = ["yes"]
        for turn, members in enumerate(layer.turns):
            for place, member in enumerate(members):
                fields[f"{at}.turns.{turn}.{place}"] = [member.person]
        for number_, window in enumerate(layer.windows):
            here = f"{at}.windows.{number_}"
            fields |= {f"{here}.days": [*window.days], f"{here}.from": [window.opens], f"{here}.to": [window.shuts]}
    return fields | {name: [value] for name, value in changes.items()}


def people(document: dict[str, Any]) -> Any:
    return document["layers"][0]["people"]


def test_what_is_not_touched_comes_back_as_it_was_also_what_the_form_has_no_field_for() -> None:
    assert read_form(sent(DOCUMENT), DOCUMENT) == DOCUMENT


@given(nights())
def test_every_schedule_survives_its_form(night: Night) -> None:
    document = write_schedule(night.schedule)
    before = deepcopy(document)
    assert read_schedule(read_form(sent(document), document)) == night.schedule
    assert document == before


def test_fields_change_what_they_stand_for() -> None:
    changes = {
        "layers.0.every": "2",
        "layers.0.rotate": "monthly",
        "layers.0.month_day": "15",
        "layers.0.end": "2026-12-31",
        "layers.0.turns.1.1": "dee",
        "layers.0.turns.2.0": "eve",
        "layers.0.windows.0.days": "Sat",
    }
    layer = read_form(sent(DOCUMENT, **changes), DOCUMENT)["layers"][0]
    assert (layer["every"], layer["hand_off"], layer["end"]) == (2, "15 09:00", "2026-12-31")
    assert layer["people"] == ["ana", ["bo", "dee"], "eve"]
    assert layer["restrictions"] == [{"days": ["Sat"], "from": "09:00", "to": "17:00"}]


def test_nobody_chosen_takes_a_place_away_and_nonsense_is_left_for_the_checks() -> None:
    changes = {"layers.0.turns.1.0": "", "layers.0.every": "often", "time_zone": ""}
    document = read_form(sent(DOCUMENT, **changes), DOCUMENT)
    assert people(document)[1] == {"person": "cy", "from": "2026-02-02"}
    assert document["layers"][0]["every"] == "often"
    assert "time_zone" not in document


@pytest.mark.parametrize(
    ("verb", "after"),
    [
        ("turn.up.0.1", [["bo", "cy"], "ana", "off"]),
        ("turn.down.0.1", ["ana", "off", ["bo", "cy"]]),
        ("turn.up.0.0", ["ana", ["bo", "cy"], "off"]),
        ("turn.remove.0.1", ["ana", "off"]),
        ("turn.add.0", ["ana", ["bo", "cy"], "off", ""]),
        ("turn.with.0.0", [["ana", ""], ["bo", "cy"], "off"]),
    ],
)
def test_buttons_move_add_and_remove_turns(verb: str, after: list[Any]) -> None:
    document = deepcopy(DOCUMENT)
    document["layers"][0]["people"][1] = ["bo", "cy"]
    assert carry_out(verb, document)
    assert people(document) == after


def test_buttons_move_add_and_remove_layers_and_hours() -> None:
    document = deepcopy(DOCUMENT)
    assert carry_out("layer.higher.0", document)
    assert [layer["name"] for layer in document["layers"]] == ["imported", "weekly"]
    assert carry_out("layer.lower.1", document)
    assert carry_out("layer.add", document)
    assert document["layers"][-1]["name"] == "layer-1"
    assert carry_out("layer.remove.2", document)
    assert carry_out("window.add.0", document)
    assert len(document["layers"][0]["restrictions"]) == 2
    assert carry_out("window.remove.0.0", document)
    assert carry_out("window.remove.0.0", document)
    assert "restrictions" not in document["layers"][0]


@pytest.mark.parametrize(
    "verb", ["save", "layer", "turn.up", "turn.up.9.0", "turn.up.0.9", "layer.remove.-1", "window.fly.0.0", "x.y.0"]
)
def test_what_is_no_button_of_the_form_changes_nothing(verb: str) -> None:
    document = deepcopy(DOCUMENT)
    assert not carry_out(verb, document)
    assert document == DOCUMENT


@pytest.mark.parametrize(
    "document", [{}, {"layers": "none"}, {"layers": [1, {}]}, {"layers": [{"people": 3, "restrictions": 4}]}]
)
def test_a_form_is_drawn_of_whatever_was_written(document: dict[str, Any]) -> None:
    assert as_form(document).name == ""
    read_form(sent(document), document)
