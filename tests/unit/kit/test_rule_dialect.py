r"""What a rule means is what CEL and RE2 say: `size` counts code points, `\w` is ASCII, in rules as in silences."""

import pytest

from muster.alerts.matchers import parse
from muster.kit.ascii_pattern import ascii_pattern
from muster.kit.rules import Condition


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('size(title) == 1', True),
        ("title.size() == 1", True),
        ('title == "é" && size("€") == 1 && "😀".size() == 1', True),
        ("size(labels) == 1", True),
        ('size("size(title)") == 11', True),
        ('labels.exists(size, size == "a")', True),
        (r'title.matches("\\w")', False),
        (r'title.matches(r"\w")', False),
        (r"title.matches('^\\W$')", True),
        (r'"a1_".matches("^[\\w]+$")', True),
        (r'"a-b".matches("^[\\w-]+$")', True),
        (r'"٣".matches("\\d")', False),
        (r'"a\"\\d".matches("a\"\\\\d")', True),
        (r'"a b".matches("^a\\sb$")', True),
        (r'"x é".matches("\\bx\\b")', True),
        (r'"éx".matches("\\bx")', True),
    ],
)  # fmt: skip
def test_a_rule_means_what_the_specifications_say(text: str, expected: bool) -> None:
    assert Condition.compile(text).evaluate({"title": "é", "labels": {"a": "1"}}).matched is expected


@pytest.mark.parametrize(
    "pattern", [r"\w+", r"[\w.]+", r"(?:\w)+", r"x*\w+y*z*", r"(\w|x)+", r"\W", r"(?:\W)+", r"\d|\s+"]
)
@pytest.mark.parametrize("value", ["a", "é", "", "٣", "_", "a.b", " ", "ab"])
def test_a_pattern_means_the_same_in_silences_and_in_rules(pattern: str, value: str) -> None:
    silence = parse(f'x=~"{pattern}"').matches({"x": value})
    assert Condition.compile(f'x.matches(r"^(?:{pattern})$")').evaluate({"x": value}).matched is silence


def test_other_escapes_and_brackets_stay_as_they_are() -> None:
    for text in (r"a\.b", r"\pL", r"[]a\]]", r"[^]]", r"\\w", "a[bc]d", r"\x{41}", "[[:alpha:]]"):
        assert ascii_pattern(text).replace(r"[\]a", "[]a").replace(r"[^\]", "[^]") == text
    assert ascii_pattern(r"[\W\d]") == "[[^0-9A-Za-z_]0-9]"
