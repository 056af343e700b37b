"""Markdown that people wrote is shown safely."""

import pytest

from muster.base.web.prose import markdown


def test_emphasis_lists_code_and_tables_are_shown() -> None:
    html = markdown("**web** is `up`\n\n- one\n\n| a | b |\n|---|---|\n| 1 | 2 |")
    assert "<strong>web</strong>" in html
    assert "<code>up</code>" in html
    assert "<li>one</li>" in html
    assert "<td>1</td>" in html


def test_headings_start_below_those_of_the_page() -> None:
    assert markdown("# Top") == "<h3>Top</h3>\n"


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "[x](javascript:alert(1))",
        "![x](https://elsewhere.example/pixel.gif)",
        '<a href="x" onclick="y">z</a>',
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
    ],
)
def test_nothing_that_runs_or_calls_home_gets_through(text: str) -> None:
    html = markdown(text)
    assert "<script" not in html
    assert "<img" not in html
    assert '<a href="x"' not in html
    assert 'href="javascript' not in html
    assert 'href="data' not in html


def test_links_do_not_hand_over_the_page() -> None:
    assert 'rel="noopener noreferrer nofollow"' in markdown("[runbook](https://wiki.example/r)")
