"""Times, texts and JSON of strangers."""

import contextlib
import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.inbound.json_body import MAX_DEPTH, load_json
from muster.inbound.places import is_address, link, next_step, unique
from muster.inbound.record import Findings
from muster.inbound.severity import azure_severity, severity_of
from muster.inbound.text import bounded_key, clean, compact, plain
from muster.inbound.times import parse_time
from muster.kit.errors import Malformed
from muster.kit.link import Link

NINE = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "written",
    [
        "2026-03-02T09:00:00Z",
        "2026-03-02T09:00:00.0000000Z",
        "2026-03-02T09:00:00.000000000Z",
        "2026-03-02T10:00:00+01:00",
        "2026-03-02T09:00:00.000+0000",
        "2026-03-02 09:00:00",
        "3/2/2026 9:00:00 AM",
        "Mon, 02 Mar 2026 09:00:00 GMT",
        "1772442000",
        1772442000,
        1772442000.0,
        1772442000000,
        1772442000000000000,
    ],
)
def test_a_time_is_read_in_every_usual_notation(written: object) -> None:
    assert parse_time(written) == NINE


@pytest.mark.parametrize("unset", [None, "", "0001-01-01T00:00:00Z", "0001-01-01T00:00:00", 0, "0"])
def test_a_time_may_be_unset_in_several_ways(unset: object) -> None:
    assert parse_time(unset) is None


@pytest.mark.parametrize(
    "odd",
    [
        True,
        [],
        {},
        "tomorrow",
        "2026-13-01",
        float("nan"),
        float("inf"),
        1e300,
        "9999-01-01",
        "1" * 99,
        "13/13/2026 1:00:00 PM",
    ],
)
def test_what_is_no_time_is_told(odd: object) -> None:
    with pytest.raises(ValueError):  # noqa: PT011
        parse_time(odd)


def test_noon_and_midnight_of_american_times() -> None:
    assert parse_time("3/2/2026 12:00:00 AM") == NINE.replace(hour=0)
    assert parse_time("3/2/2026 12:00:00 PM") == NINE.replace(hour=12)


@given(st.text(max_size=70) | st.floats() | st.integers())
def test_any_value_is_a_time_none_or_refused(value: object) -> None:
    try:
        moment = parse_time(value)
    except ValueError:
        return
    assert moment is None or moment.utcoffset() is not None


@given(st.text(st.characters(), max_size=50))
def test_a_cleaned_text_fits_postgresql(text: str) -> None:
    cleaned = clean(text)
    assert "\x00" not in cleaned
    cleaned.encode()
    assert clean(cleaned) == cleaned


def test_a_surrogate_pair_becomes_its_character() -> None:
    assert clean("\ud83d\ude00") == "😀"
    assert clean("\ude00\ud83d") == "\ufffd\ufffd"


def test_markup_becomes_readable() -> None:
    assert plain("<p>We <b>know</b> &amp; work.</p><br/>Soon.") == "We know & work.\n\nSoon."
    assert plain("a < b") == "a < b"
    plain("<" * 200_000)


def test_numbers_read_as_people_write_them() -> None:
    assert [compact(value) for value in (3.0, 0.5, True, None, [1], {"a": None})] == [
        "3",
        "0.5",
        "true",
        "",
        "[1]",
        '{"a":null}',
    ]


def test_a_long_key_stays_distinct() -> None:
    one, two = bounded_key("x" * 600 + "1", 512), bounded_key("x" * 600 + "2", 512)
    assert len(one) == 512
    assert one != two
    assert bounded_key("short", 512) == "short"


@pytest.mark.parametrize(
    ("address", "usable"),
    [
        ("https://example.org/a?b=c#d", True),
        ("HTTP://EXAMPLE.ORG", True),
        ("https://portal.azure.com#@tenant/blade", True),
        ("ftp://example.org", False),
        ("javascript:alert(1)", False),
        ("//example.org", False),
        ("https://", False),
        ("https://[broken", False),
        ('https://example.org/"onclick', False),
        ("https://example.org/a b", False),
        ("https://example.org/" + "a" * 9000, False),
    ],
)
def test_only_absolute_http_addresses_become_links(address: str, usable: bool) -> None:
    assert is_address(address) is usable
    findings = Findings()
    assert bool(link("x", address, findings, "f")) is usable
    assert bool(findings.warnings) is not usable


def test_the_next_step_is_an_instruction_before_it_is_a_runbook() -> None:
    runbook = (Link("Runbook", "https://example.org"),)
    assert next_step({"Next Steps": "Restart it"}, runbook) == "Restart it"
    assert next_step({"runbook": "https://example.org"}, runbook) == "Follow the runbook: https://example.org"
    assert next_step({"action": "created"}) == ""


def test_repeated_links_are_shown_once_and_not_too_many() -> None:
    links = tuple(Link(str(number), f"https://example.org/{number % 30}") for number in range(60))
    assert len(unique(links)) == 16


@pytest.mark.parametrize(("word", "hint"), [("P1", "critical"), ("SEV-2", "high"), ("Warning", "medium"), ("?", "")])
def test_severity_words_of_all_houses(word: str, hint: str) -> None:
    assert severity_of(word) == hint


def test_azure_counts_severities_its_own_way() -> None:
    assert [azure_severity(word) for word in ("Sev1", "1", "Error", "")] == ["high", "high", "high", ""]


def test_depth_and_number_of_values_are_bounded() -> None:
    deep = b'{"a":' * MAX_DEPTH + b"1" + b"}" * MAX_DEPTH
    load_json(deep)
    with pytest.raises(Malformed, match="deeper than 32"):
        load_json(b'{"a":' * 33 + b"1" + b"}" * 33)
    with pytest.raises(Malformed, match="more than 250000 values"):
        load_json(json.dumps([0] * 250_001).encode())


def test_what_other_languages_call_json_is_tolerated() -> None:
    assert load_json(b'\xef\xbb\xbf{"a": NaN, "b": -Infinity}') == {"a": "NaN", "b": "-Infinity"}
    assert load_json(b"[1e999]") == [float("inf")]
    assert load_json(b"[" + b"9" * 5000 + b"]") == ["9" * 5000]


@given(st.binary(max_size=60))
def test_any_bytes_are_json_or_malformed(body: bytes) -> None:
    with contextlib.suppress(Malformed):
        load_json(body)
