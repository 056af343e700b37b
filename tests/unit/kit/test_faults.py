"""Validation errors as people read them: the rule, the fix, the place; a misspelt name is guessed."""

from datetime import timedelta
from typing import Literal

import pytest
from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, field_validator

from muster.kit.faults import Broken, faults_of
from muster.kit.nearest import did_you_mean, nearest
from muster.kit.yamldoc import read_documents


class Part(BaseModel):
    model_config = ConfigDict(extra="forbid")

    colour: Literal["red", "green"]
    size: int = Field(1, ge=1, le=9)
    wait: timedelta | None = Field(None, le=timedelta(hours=1))
    names: list[str] = Field(default=["x"], min_length=1)
    label: str = Field("", max_length=3)

    @field_validator("label")
    @classmethod
    def _no_bang(cls, value: str) -> str:
        if value == "!":
            raise Broken("A label is not a bang.", "Write words.")
        if value == "?":
            raise ValueError("a label is not a question")
        return value


class Whole(BaseModel):
    model_config = ConfigDict(extra="forbid")

    parts: dict[str, Part] = {}
    others: list[Part] = []


def sentences(text: str) -> list[str]:
    document = read_documents(text, "f.yaml").documents[0]
    with pytest.raises(ValidationError) as refused:
        Whole.model_validate(document.data)
    return [fault.sentence() for fault in faults_of(refused.value, Whole, document)]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("part: {}", "f.yaml:1:1: part: `part` is not a known field here. Did you mean `parts`?"),
        ("parts: 5", "f.yaml:1:8: parts: `5` stands where a mapping belongs. Write `key: value` lines."),
        ("others: {a: 1}", "f.yaml:1:9: others: A mapping stands where a list belongs. Write it as [one, two], or one"),
        ("parts:\n  a: {size: 2}", "f.yaml:2:6: parts.a.colour: `colour` is missing. Add `colour`."),
        (
            "parts:\n  a: {color: red}",
            "f.yaml:2:7: parts.a.color: `color` is not a known field here. Did you mean `colour`?",
        ),
        (
            "others:\n  - {colour: rd}",
            "f.yaml:2:14: others.0.colour: `rd` is not one of the choices. Did you mean `red`?",
        ),
        (
            "others: [{colour: red, size: x}]",
            "f.yaml:1:30: others.0.size: `x` stands where a whole number belongs. Write",
        ),
        (
            "others: [{colour: red, size: 10}]",
            "f.yaml:1:30: others.0.size: `10` is more than is allowed here. Write at most 9.",
        ),
        (
            "others: [{colour: red, size: 0}]",
            "f.yaml:1:30: others.0.size: `0` is less than is allowed here. Write at least 1.",
        ),
        (
            "others: [{colour: red, names: []}]",
            "f.yaml:1:31: others.0.names: There are too few items here. Write at least 1.",
        ),
        (
            "others: [{colour: red, names: [1]}]",
            "f.yaml:1:32: others.0.names.0: `1` stands where a text belongs. Quote it.",
        ),
        (
            "others: [{colour: red, label: long}]",
            "f.yaml:1:31: others.0.label: `long` is too long. Write at most 3 characters.",
        ),
        ("others: [{colour: red, label: '!'}]", "f.yaml:1:31: others.0.label: A label is not a bang. Write words."),
        ("others: [{colour: red, label: '?'}]", "f.yaml:1:31: others.0.label: A label is not a question."),
        (
            "others: [{colour: red, label: }]",
            "f.yaml:1:31: others.0.label: Nothing stands where a text belongs. Quote it.",
        ),
    ],
)
def test_an_error_is_told_with_its_rule_its_fix_and_its_place(text: str, sentence: str) -> None:
    (told,) = sentences(text)
    assert told.startswith(sentence)


def test_without_a_document_the_field_is_named() -> None:
    adapter = TypeAdapter(list[int])
    with pytest.raises(ValidationError) as refused:
        adapter.validate_python(["x"])
    assert [fault.sentence() for fault in faults_of(refused.value, adapter, under=("numbers",))] == [
        "numbers.0: `x` stands where a whole number belongs. Write digits only."
    ]


def test_the_nearest_name_is_offered_and_otherwise_what_is_known() -> None:
    assert nearest("acknowlege-within", ["wait", "acknowledge_within"]) == "acknowledge_within"
    assert did_you_mean("qqq", ["b", "a"]) == "Known: `b`, `a`."
    assert did_you_mean("qqq", map(str, range(20)), most=2) == "Known: `0`, `1` …."
    assert did_you_mean("qqq", []) == ""
