"""YAML documents: plain values, exact places, every fault of form, and bounds."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kit.yamldoc import read_documents


def one(text: str) -> Any:
    read = read_documents(text)
    assert read.faults == ()
    return read.documents[0].data


def faults(text: str) -> list[str]:
    return [fault.sentence() for fault in read_documents(text, "f.yaml").faults]


def test_yaml_1_1_traps_stay_the_text_that_was_written() -> None:
    text = "on: off\nat: 09:00\nday: 2026-01-05\ncode: 007\nhex: 0x1f\nbig: 1_000\nyes: no\n"
    expected = {
        "on": "off",
        "at": "09:00",
        "day": "2026-01-05",
        "code": "007",
        "hex": "0x1f",
        "big": "1_000",
        "yes": "no",
    }
    assert one(text) == expected


def test_plain_values_are_those_of_json() -> None:
    data = one("a: 1\nb: -2.5\nc: 1e5\nd: true\ne: null\nf:\ng: '5'\nh: .inf\ni: 1e999\nj: !!str 5\n")
    assert data == {
        "a": 1, "b": -2.5, "c": 1e5, "d": True, "e": None, "f": None, "g": "5", "h": ".inf", "i": "1e999", "j": "5",
    }  # fmt: skip


def test_every_part_knows_its_line_and_column() -> None:
    read = read_documents("a:\n  - {b: 1, c: x}\n  - d\n--- \ne: f\n").documents
    assert read[0].mark(("a", 0, "c")) == (2, 15)
    assert read[0].mark(("a", 0, "c"), key=True) == (2, 12)
    assert read[0].mark(("a", 1)) == (3, 5)
    assert read[0].mark(("a", 0, "nope")) == (2, 5), "a missing part is found at the nearest part around it"
    assert read[0].mark(("a", "made-up-step", 1)) == (3, 5)
    assert read[1].mark(("e",)) == (5, 4)


def test_a_document_keeps_its_own_source_with_comments() -> None:
    read = read_documents("# first\na: 1 # one\n---\n# second\nb: 2\n...\n--- {c: 3}\n")
    assert [document.text for document in read.documents] == ["# first\na: 1 # one", "# second\nb: 2", " {c: 3}\n"]
    assert [read_documents(document.text).documents[0].data for document in read.documents] == [
        {"a": 1},
        {"b": 2},
        {"c": 3},
    ]


def test_an_alias_leads_to_where_the_value_is_written() -> None:
    document = read_documents("a: &x {b: [1, 2]}\nc: *x\n").documents[0]
    assert document.data == {"a": {"b": [1, 2]}, "c": {"b": [1, 2]}}
    assert document.mark(("c", "b", 1)) == (1, 15)


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (
            "a: 1\nb: {c: 1, c: 2}\na: 2",
            "f.yaml:2:11: b.c: `c` is written twice; it already stands on line 2. Keep one of them.",
        ),
        (
            "a: {b: 1\n",
            "f.yaml:1:4: This is not valid YAML: what begins here is never closed. Close the bracket, or put",
        ),
        (
            "a:\n\t- x\n",
            "f.yaml:2:1: This is not valid YAML: found character that cannot start any token. Indent with spaces",
        ),
        (
            "a: b: c\n",
            "f.yaml:1:5: This is not valid YAML: mapping values are not allowed in this context. Quote a text",
        ),
        ("a: 'x\n", "f.yaml:1:4: This is not valid YAML: what begins here is never closed. Close the quote."),
        ("a: b\nx: \x07", "f.yaml:2:4: The character '\\x07' cannot stand in YAML. Remove it."),
        ("x: \ud800", "f.yaml:1:4: The character '\\ud800' cannot stand in YAML. Remove it."),
        ("a: *y\n", "f.yaml:1:4: `*y` refers to nothing written before it. Mark that with `&y`."),
        ("a: &x [*x]", "f.yaml:1:8: `*x` refers to nothing written before it."),
        ("? [1]\n: 2", "f.yaml:1:3: A key must be plain text, not a list, a mapping or an alias. Quote it."),
        (
            "a: !!python/object:os.system x",
            "f.yaml:1:4: The tag `tag:yaml.org,2002:python/object:os.system` is not supported.",
        ),
        ("<<: {a: 1}", "f.yaml:1:1: Merge keys (`<<`) are not supported. Write the fields out."),
        ("[" * 33, "f.yaml:1:33: The document is nested more than 32 deep. Flatten it."),
        ("x" * 1_000_001, "f.yaml: The document has 1000001 characters; at most 1000000 are read. Split it"),
    ],
)
def test_what_is_wrong_with_the_form_is_said_in_place(text: str, sentence: str) -> None:
    assert faults(text)[0].startswith(sentence)


def test_all_faults_of_form_are_reported_at_once() -> None:
    assert len(faults("a: 1\na: 2\nb: *none\n<<: {}\nc: !!int 3\n")) == 4


def test_an_alias_bomb_is_defused_before_it_grows() -> None:
    levels = [
        f"{name}: &{name} [{', '.join([f'*{before}'] * 10)}]"
        for before, name in zip("abcdefgh", "bcdefghi", strict=True)
    ]
    assert faults("\n".join(["a: &a [x, x]", *levels]))[0].endswith(
        "The document holds more than 100000 values. Split it."
    )


def test_empty_documents_are_left_out() -> None:
    assert read_documents("# nothing\n---\n---\na: 1\n---\n").documents[0].data == {"a": 1}
    assert read_documents("").documents == ()


@given(st.text(alphabet="ab:-[]{}&*!|>'\"#%@`,?\n\t \u2028\r\x85é0~.", max_size=60))
def test_any_text_is_read_or_refused_but_never_raises(text: str) -> None:
    read = read_documents(text)
    for document in read.documents:
        assert document.mark(()) >= (1, 1)
    assert all(fault.rule and fault.line for fault in read.faults)
