"""What Slack and Telegram send is read, or passed over; nothing that they could send makes reading fail."""

from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.channels.chat import Pressed, Wrote
from muster.channels.slack.payload import read_slack_action, read_slack_event
from muster.channels.telegram.payload import read_telegram

ID = UUID(int=7)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(
                [
                    "type",
                    "actions",
                    "user",
                    "id",
                    "value",
                    "action_id",
                    "event",
                    "text",
                    "channel",
                    "channel_type",
                    "from",
                    "message",
                    "chat",
                    "callback_query",
                    "data",
                    "update_id",
                    "response_url",
                ]
            ),
            inner,
            max_size=6,
        )
    ),
    max_leaves=30,
)


@given(JSON)
def test_no_form_makes_reading_fail(value: Any) -> None:
    for read in (read_slack_action, read_slack_event, read_telegram):
        assert isinstance(read(value), Pressed | Wrote | None)


def action(**changes: Any) -> dict[str, Any]:
    """A pressed button of ours."""
    pressed = {"action_id": "escalate", "value": str(ID), **changes}
    return {"type": "block_actions", "user": {"id": "U1"}, "actions": [pressed], "response_url": "https://r"}


def test_a_button_of_ours_is_read_and_a_link_is_passed_over() -> None:
    assert read_slack_action(action()) == Pressed(ID, "escalate", "U1", "https://r")
    assert read_slack_action(action(action_id="open_0")) is None
    assert read_slack_action(action(value="INC-1")) is None
    assert read_slack_action({**action(), "type": "view_submission"}) is None


@pytest.mark.parametrize("changes", [{"bot_id": "B1"}, {"subtype": "message_changed"}, {"channel_type": "channel"}])
def test_what_no_person_wrote_to_the_app_is_passed_over(changes: dict[str, Any]) -> None:
    event = {"type": "message", "channel_type": "im", "user": "U1", "channel": "D1", "text": "ack"}
    assert read_slack_event({"event": event}) == Wrote("ack", "U1", "D1")
    assert read_slack_event({"event": {**event, **changes}}) is None


@pytest.mark.parametrize(
    ("text", "start"),
    [("ack INC-1", None), ("/start", ""), ("/start abc", "abc"), ("/start@muster_bot abc", "abc"), ("/started", None)],
)
def test_a_message_to_the_bot_may_carry_a_code(text: str, start: str | None) -> None:
    message = {"chat": {"id": 42, "type": "private"}, "text": text}
    assert read_telegram({"message": message}) == Wrote(text, "42", "42", start)
    assert read_telegram({"message": {**message, "chat": {"id": -1, "type": "group"}}}) is None


def test_a_button_of_the_bot_is_read() -> None:
    query = {"id": "9", "from": {"id": 42}, "data": f"ack:{ID}"}
    assert read_telegram({"callback_query": query}) == Pressed(ID, "acknowledge", "42", "callback:9")
    assert read_telegram({"callback_query": {**query, "data": "ack:nothing"}}) is None
    assert read_telegram({"callback_query": {**query, "from": {}}}) is None
