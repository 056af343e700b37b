"""Slack's incoming webhooks, against a receiver that holds senders to Block Kit's documented limits."""

from datetime import timedelta
from typing import Any

import pytest
from tests.doubles.http_sink import Fault, HttpSink, Received, Reply
from tests.doubles.messages import ACKNOWLEDGE, INCIDENT, a_message

from muster.base.http import Http
from muster.integrations.outbound.slack import SlackChannel
from muster.paging.channel import MessageKind, Outcome


def slack(request: Received) -> Reply:
    """Slack's reading of a message."""
    body: dict[str, Any] = request.json
    if request.headers["content-type"] != "application/json" or not body.get("text"):
        return Reply(400, b"no_text")
    limits = {"header": 150, "section": 3000}
    for block in body["blocks"]:
        if block["type"] in limits:
            text = block["text"]
            plain = {"header": "plain_text", "section": "mrkdwn"}[block["type"]]
            if text["type"] != plain or not 1 <= len(text["text"]) <= limits[block["type"]]:
                return Reply(400, b"invalid_blocks")
            if plain == "mrkdwn" and ("<" in text["text"] or ">" in text["text"]):
                return Reply(400, b"invalid_blocks")
        elif block["type"] == "actions":
            for element in block["elements"]:
                label = element["text"]
                fits = 1 <= len(label["text"]) <= 75 and label["type"] == "plain_text" and len(element["url"]) <= 3000
                if element["type"] != "button" or not fits or not 1 <= len(block["elements"]) <= 25:
                    return Reply(400, b"invalid_blocks")
        else:
            return Reply(400, b"invalid_blocks")
    return Reply(200, b"ok")


async def test_a_page_is_posted_with_buttons(http: Http) -> None:
    async with HttpSink(slack) as sink:
        receipt = await SlackChannel(http).send(f"{sink.url}/services/T0/B0/X", a_message())
        assert (receipt.outcome, receipt.reason) == (Outcome.HANDED_OVER, "Slack posted it.")
        [request] = sink.requests
    assert request.path == "/services/T0/B0/X"
    assert request.json["text"] == "CRITICAL INC-142: Checkout &lt;errors&gt; &amp; more"
    assert request.json["unfurl_links"] is False
    header, section, actions = request.json["blocks"]
    assert header["text"]["text"] == "CRITICAL INC-142: Checkout <errors> & more"
    assert "12 % of payments fail &lt;b&gt;now&lt;/b&gt;." in section["text"]["text"]
    assert [(button["text"]["text"], button["url"], button.get("style")) for button in actions["elements"]] == [
        ("Acknowledge", ACKNOWLEDGE, "primary"),
        ("Open INC-142", INCIDENT, None),
        ("Runbook", "https://wiki.example/checkout", None),
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"happening": "&" * 1200, "why": "<" * 1200, "next_steps": (">" * 1200,)},
        {
            "title": "",
            "happening": "",
            "why": "",
            "url": "",
            "acknowledge_url": None,
            "guides": (),
            "acknowledge_by": None,
        },
        {"kind": MessageKind.RESOLVED},
        {"title": "x" * 500, "url": "https://muster.example/" + "y" * 4000},
    ],
)
async def test_every_message_is_well_formed(http: Http, changes: dict[str, Any]) -> None:
    async with HttpSink(slack) as sink:
        receipt = await SlackChannel(http).send(sink.url, a_message(**changes))
        assert receipt.outcome is Outcome.HANDED_OVER, sink.requests[0].json


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (Reply(404, b"no_service"), Outcome.REFUSED, "disabled or removed (no_service)"),
        (Reply(400, b"invalid_payload"), Outcome.REFUSED, "could not read the message"),
        (Reply(403, b"action_prohibited"), Outcome.REFUSED, "administrator"),
        (Reply(410, b"channel_is_archived"), Outcome.REFUSED, "archived"),
        (Reply(404, b"channel_not_found"), Outcome.REFUSED, "does not exist any more"),
        (Reply(404, b"<html>"), Outcome.REFUSED, "nothing is at this address"),
        (Reply(500, b"rollup_error"), Outcome.RETRY, "rollup_error"),
        (Fault.HANG, Outcome.RETRY, "said nothing"),
        (Fault.RESET, Outcome.RETRY, "no whole answer"),
    ],
)
async def test_every_fault_has_its_receipt(http: Http, answer: Any, outcome: Outcome, words: str) -> None:
    async with HttpSink(answer) as sink:
        receipt = await SlackChannel(http).send(f"{sink.url}/services/secret", a_message())
    assert receipt.outcome is outcome
    assert words in receipt.reason
    assert "services" not in receipt.reason


async def test_slacks_limit_of_one_a_second_is_kept(http: Http) -> None:
    async with HttpSink(Reply(429, b"rate_limited", {"Retry-After": "1"})) as sink:
        receipt = await SlackChannel(http).send(sink.url, a_message())
    assert (receipt.outcome, receipt.retry_after) == (Outcome.RETRY, timedelta(seconds=1))


def test_addresses_are_checked(http: Http) -> None:
    channel = SlackChannel(http)
    assert channel.check_address("https://hooks.slack.com/services/T0/B0/X") is None
    assert channel.check_address("https://hooks.slack-gov.com/services/T0/B0/X") is None
    assert channel.check_address("https://contoso.slack.com/archives/C0") is not None
    assert channel.check_address("#incidents") is not None
