"""Filters of lists: what the database is asked never leaves out an alert that the matchers accept."""

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from muster.alerts.listing import AlertFilter, narrowing, one_of, read_filters
from muster.alerts.matchers import Matcher
from muster.kit.errors import Invalid

ALPHABET = "ab.1-\n"


def test_equal_labels_are_left_to_the_index() -> None:
    chosen = AlertFilter(matchers=read_filters(['a="b",c!="d"', 'e=~"f.*"', 'g=""']))
    assert chosen.equal == {"a": "b"}
    assert [each.text() for each in chosen.rest] == ['c!="d"', 'e=~"f.*"', 'g=""']


def test_contradictions_are_not_lost() -> None:
    chosen = AlertFilter(matchers=read_filters(['a="b"', 'a="c"']))
    assert chosen.equal == {"a": "c"}
    assert [each.text() for each in chosen.rest] == ['a="b"']


def test_every_filter_that_cannot_be_read_is_named() -> None:
    with pytest.raises(Invalid) as refused:
        read_filters(["foo", 'a="b"', "x=~("])
    assert [fault.field for fault in refused.value.faults] == ["filter.0", "filter.2"]


def test_a_choice_that_is_none_offers_the_near_one() -> None:
    with pytest.raises(Invalid) as refused:
        one_of("status", "fireing", ("active", "firing"))
    assert refused.value.faults[0].fix == "Did you mean `firing`?"


def sql(operator: str, bound: str, value: str) -> bool:
    """PostgreSQL's reading: its dot and its negated classes take a line break unless (?p) says otherwise."""
    if operator in ("=", "<>"):
        return (value == bound) is (operator == "=")
    strict = bound.startswith("(?p)")
    pattern = bound.removeprefix("(?p)").removeprefix("^").removesuffix("$")
    if strict:
        pattern = re.sub(r"\[\^", r"[^\n", pattern)
    found = re.fullmatch(pattern, value, 0 if strict else re.DOTALL) is not None
    return found is (operator == "~")


@given(
    st.text("ab.1*+?[]^-|", max_size=8),
    st.booleans(),
    st.booleans(),
    st.lists(st.text(ALPHABET, max_size=6), min_size=1, max_size=5),
)
def test_the_database_keeps_whatever_a_matcher_accepts(text: str, regex: bool, equal: bool, values: list[str]) -> None:
    try:
        matcher = Matcher("a", text, regex, equal)
    except ValueError:
        assume(False)
    bound = narrowing(matcher)
    if bound is None:
        return
    for value in values:
        if matcher.matches({"a": value}):
            assert sql(*bound, value)
