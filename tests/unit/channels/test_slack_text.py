"""Every sign of a stranger's text is shown by Slack, and none means anything."""

import re

import pytest

from muster.channels.slack.text import literal

NOTHING = "\u200b"


@pytest.mark.parametrize(
    "text",
    [
        "*.shop.example and *.api.example",
        "~are~ ~down~",
        "_now_",
        "`rm -rf`",
        "```code```",
        "> quoted",
        "_all_ is *well*:",
        ":fire:",
        "2*3*4 _",
    ],
)
def test_no_mark_of_a_strangers_text_is_one_for_slack(text: str) -> None:
    shown = literal(text)
    assert shown.replace(NOTHING, "").replace("&gt;", ">") == text
    assert not re.search(r"(?<!\u200b)[*_~`](?=\S)(?<!\w.)", shown)
    assert not re.search(r":[a-z]+:", shown)
    assert not shown.startswith("&gt;")


def test_names_with_underscores_and_commands_stay_whole() -> None:
    assert (
        literal("disk_usage_percent of db_1 <!channel> & @here")
        == "disk_usage_percent of db_1 &lt;!channel&gt; &amp; @here"
    )
