"""People's regular expressions: both engines agree, and no pattern can hang the process."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.alerts.pattern import Pattern, compile_pattern

PIECES = st.sampled_from(["a", "b", ".", ".*", "a+", "b?", "[a-c]", "[^a]", "a{1,2}", "|", r"\.", "-", "(a|b)"])


@given(st.lists(PIECES, max_size=5).map("".join), st.text(alphabet="abc.-\n", max_size=12))
def test_the_fast_engine_and_the_linear_one_agree(text: str, value: str) -> None:
    pattern = compile_pattern(text)
    assert pattern.matches(value) is Pattern(text, None).matches(value)


@pytest.mark.parametrize("text", ["prod-.*", "a|b|c", "node-[0-9]{1,3}", r"10\.0\..+", "(api|web)-.*", "x[a-z0-9_-]+"])
def test_common_patterns_run_on_the_fast_engine(text: str) -> None:
    assert compile_pattern(text).fast is not None


@pytest.mark.parametrize("text", ["(a+)+b", "(a|a)*b", "(a*)*b", ".*.*.*.*x", "(a|a)(a|a)(a|a)b", "(.*a){12}", "(?i)a"])
def test_dangerous_patterns_run_on_the_linear_engine(text: str) -> None:
    pattern = compile_pattern(text)
    assert pattern.fast is None
    began = time.perf_counter()
    pattern.matches("a" * 4000)
    assert time.perf_counter() - began < 1


def test_the_worst_fast_pattern_on_the_longest_value_is_quick() -> None:
    began = time.perf_counter()
    assert not compile_pattern(".*a.*b").matches("a" * 4096)
    assert time.perf_counter() - began < 1


def test_a_dot_does_not_match_a_new_line() -> None:
    assert not compile_pattern("a.b").matches("a\nb")
    assert not compile_pattern("a").matches("a\n")


@given(st.text(max_size=60))
def test_any_text_is_a_pattern_or_refused_and_nothing_else(text: str) -> None:
    try:
        pattern = compile_pattern(text)
    except ValueError:
        return
    pattern.matches(text)


@given(st.text(max_size=60))
def test_an_escaped_text_matches_itself(text: str) -> None:
    escaped = "".join(f"\\{letter}" if letter in r".+*?()[]{}|^$\\" else letter for letter in text)
    assert compile_pattern(escaped).matches(text)
    assert re.fullmatch(escaped, text)


@pytest.mark.parametrize(
    "form", ["host-{:03}", r"host-{:03}\.shop\.example\.org", "host-{:03}.*", "(?:host-{:03})[a-z]*", ".*host-{:03}"]
)
@pytest.mark.parametrize("count", [60, 300])
def test_a_pattern_is_bounded_by_its_cost_and_not_by_its_length(form: str, count: int) -> None:
    pattern = compile_pattern("|".join(form.format(number) for number in range(count)))
    assert pattern.fast is not None
    assert not pattern.matches("nothing of it")


def test_a_pattern_that_is_long_and_costly_is_refused_with_the_reason() -> None:
    with pytest.raises(ValueError, match="costs too much"):
        compile_pattern("|".join(f"(a+)+{number}" for number in range(1000)))
