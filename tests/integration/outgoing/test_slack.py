"""Slack's incoming webhooks, against a receiver that holds senders to Block Kit's documented limits."""

from datetime import timedelta
from typing import Any

import pytest
from tests.doubles.http_sink import Fault, HttpSink, Received, Reply
from tests.doubles.messages import ACKNOWLEDGE, INCIDENT, a_message
from tests.doubles.slack import TOKEN, Slack, well_formed

from muster.base.http import Http
from muster.channels.slack.channel import SlackChannel
from muster.paging.channel import MessageKind, SendOutcome


def slack(request: Received) -> Reply:
    """An incoming webhook's reading of a message."""
    error = "no_text" if request.headers["content-type"] != "application/json" else well_formed(request.json)
    return Reply(400, error.encode()) if error else Reply(200, b"ok")


async def test_a_page_is_posted_with_buttons(http: Http) -> None:
    async with HttpSink(slack) as sink:
        receipt = await SlackChannel(http).send(f"{sink.url}/services/T0/B0/X", a_message())
        assert (receipt.outcome, receipt.reason) == (SendOutcome.HANDED_OVER, "Slack posted it.")
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
        assert receipt.outcome is SendOutcome.HANDED_OVER, sink.requests[0].json


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (Reply(404, b"no_service"), SendOutcome.REFUSED, "disabled or removed (no_service)"),
        (Reply(400, b"invalid_payload"), SendOutcome.REFUSED, "could not read the message"),
        (Reply(403, b"action_prohibited"), SendOutcome.REFUSED, "administrator"),
        (Reply(410, b"channel_is_archived"), SendOutcome.REFUSED, "archived"),
        (Reply(404, b"channel_not_found"), SendOutcome.REFUSED, "does not exist any more"),
        (Reply(404, b"<html>"), SendOutcome.REFUSED, "nothing is at this address"),
        (Reply(500, b"rollup_error"), SendOutcome.RETRY, "rollup_error"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (Fault.RESET, SendOutcome.RETRY, "no whole answer"),
    ],
)
async def test_every_fault_has_its_receipt(http: Http, answer: Any, outcome: SendOutcome, words: str) -> None:
    async with HttpSink(answer) as sink:
        receipt = await SlackChannel(http).send(f"{sink.url}/services/secret", a_message())
    assert receipt.outcome is outcome
    assert words in receipt.reason
    assert "services" not in receipt.reason


async def test_slacks_limit_of_one_a_second_is_kept(http: Http) -> None:
    async with HttpSink(Reply(429, b"rate_limited", {"Retry-After": "1"})) as sink:
        receipt = await SlackChannel(http).send(sink.url, a_message())
    assert (receipt.outcome, receipt.retry_after) == (SendOutcome.RETRY, timedelta(seconds=1))


def test_addresses_are_checked(http: Http) -> None:
    channel = SlackChannel(http)
    assert channel.check_address("https://hooks.slack.com/services/T0/B0/X") is None
    assert channel.check_address("https://hooks.slack-gov.com/services/T0/B0/X") is None
    assert channel.check_address("https://contoso.slack.com/archives/C0") is not None
    assert channel.check_address("#incidents") is not None


def app(http: Http, workspace: Slack, token: str = TOKEN) -> SlackChannel:
    """The channel of an app that listens."""
    return SlackChannel(http, token, answers=True, api=workspace.api)


async def test_an_app_writes_to_a_person_with_buttons_that_answer(http: Http) -> None:
    async with Slack() as workspace:
        receipt = await app(http, workspace).send("U024BE7LH", a_message())
        assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, "D024BE7LH:1772442000.000000")
        [post] = workspace.posts.values()
    assert post["channel"] == "U024BE7LH"
    buttons = post["blocks"][-1]["elements"]
    assert [(each["text"]["text"], each.get("value"), each.get("url")) for each in buttons] == [
        ("Acknowledge", str(a_message().delivery_id), None),
        ("Escalate", str(a_message().delivery_id), None),
        ("Open INC-142", None, INCIDENT),
        ("Runbook", None, "https://wiki.example/checkout"),
    ]


async def test_without_a_signing_secret_buttons_are_links(http: Http) -> None:
    async with Slack() as workspace:
        await SlackChannel(http, TOKEN, api=workspace.api).send("C024BE7LH", a_message())
        [post] = workspace.posts.values()
    assert post["blocks"][-1]["elements"][0]["url"] == ACKNOWLEDGE


async def test_a_message_is_changed_and_a_sentence_said(http: Http) -> None:
    async with Slack() as workspace:
        channel = app(http, workspace)
        sent = await channel.send("U024BE7LH", a_message())
        calm = a_message(kind=MessageKind.NOTICE, happening="Acknowledged by Ana at 03:07 UTC.")
        assert (await channel.renew("U024BE7LH", sent.provider_id, calm)).outcome is SendOutcome.HANDED_OVER
        assert "Acknowledged by Ana" in str(workspace.posts["D024BE7LH", "1772442000.000000"])
        assert (await channel.renew("U024BE7LH", "D0:0.1", calm)).outcome is SendOutcome.REFUSED
        assert (
            await channel.say(f"{workspace.api}/response/T0/1/x", "You <have> it.")
        ).outcome is SendOutcome.HANDED_OVER
        assert workspace.whispers == [
            {"text": "You &lt;have&gt; it.", "response_type": "ephemeral", "replace_original": False}
        ]
        assert (await channel.say("https://evil.example/x", "no")).outcome is SendOutcome.REFUSED


async def test_auth_test_tells_whether_the_token_counts(http: Http) -> None:
    async with Slack() as workspace:
        good, bad = await app(http, workspace).check(), await app(http, workspace, "xoxb-other").check()
    assert good
    assert good.reason == "Contoso muster"
    assert bad
    assert "set MUSTER_SLACK_TOKEN" in bad.reason
    assert await SlackChannel(http).check() is None


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        ("channel_not_found", SendOutcome.REFUSED, "no such person or channel"),
        ("user_disabled", SendOutcome.REFUSED, "has left the workspace"),
        ("not_in_channel", SendOutcome.REFUSED, "invite it there"),
        ("is_archived", SendOutcome.REFUSED, "archived"),
        ("token_revoked", SendOutcome.REFUSED, "install the app again"),
        ("something_new", SendOutcome.REFUSED, "something_new"),
        ("internal_error", SendOutcome.RETRY, "problem of its own"),
        ("ratelimited", SendOutcome.RETRY, "too much"),
    ],
)
async def test_every_error_of_the_api_is_explained(http: Http, error: str, outcome: SendOutcome, words: str) -> None:
    async with Slack() as workspace:
        workspace.errors["U024BE7LH"] = error
        receipt = await app(http, workspace).send("U024BE7LH", a_message())
    assert (receipt.outcome, words in receipt.reason) == (outcome, True), receipt


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (Reply(429, b'{"ok":false,"error":"ratelimited"}', {"Retry-After": "30"}), SendOutcome.RETRY, "429"),
        (Reply(200, b"<html>a proxy"), SendOutcome.RETRY, "not as Slack does"),
        (Reply(200, b'["ok"]'), SendOutcome.RETRY, "not as Slack does"),
        (Reply(502, b"bad gateway"), SendOutcome.RETRY, "problem of its own"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (Fault.RESET, SendOutcome.RETRY, "no whole answer"),
        (b"\0\0garbage\r\n\r\n", SendOutcome.RETRY, "not HTTP"),
    ],
)
async def test_every_fault_of_the_api_has_its_receipt(
    http: Http, answer: Any, outcome: SendOutcome, words: str
) -> None:
    async with HttpSink(answer) as sink:
        receipt = await SlackChannel(http, TOKEN, api=f"{sink.url}/api").send("U024BE7LH", a_message())
    assert (receipt.outcome, words in receipt.reason) == (outcome, True), receipt
    assert TOKEN not in receipt.reason
    if isinstance(answer, Reply) and answer.status == 429:
        assert receipt.retry_after == timedelta(seconds=30)


def test_a_member_id_needs_the_app(http: Http) -> None:
    assert SlackChannel(http, TOKEN).check_address("U024BE7LH") is None
    fault = SlackChannel(http).check_address("U024BE7LH")
    assert fault
    assert "MUSTER_SLACK_TOKEN" in fault.rule
