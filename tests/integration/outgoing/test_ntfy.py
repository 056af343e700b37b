"""ntfy, against a server that holds publishers to the documented JSON form."""

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from tests.doubles.http_sink import Fault, HttpSink, Received, Reply
from tests.doubles.messages import ACKNOWLEDGE, INCIDENT, a_message

from muster.base.http import Http
from muster.base.secrets import load_secrets
from muster.channels.callback_links import CallbackLinks, CallbackSubject
from muster.channels.ntfy.channel import NtfyChannel
from muster.paging.channel import MessageKind, SendOutcome


class Now:
    """A fixed time."""

    def now(self) -> datetime:
        """The present."""
        return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


STRINGS = {"topic", "title", "message", "click", "attach", "filename", "icon", "delay", "email"}


def server(request: Received) -> Reply:
    """ntfy's reading of a publish (docs.ntfy.sh/publish, server/errors.go)."""

    def error(code: int, status: int, text: str) -> Reply:
        return Reply(status, json.dumps({"code": code, "http": status, "error": text}).encode())

    if request.headers.get("authorization") == "Bearer tk_wrong":
        return error(40101, 401, "unauthorized")
    body: dict[str, Any] = request.json
    if (request.method, request.path) != ("POST", "/") or not re.fullmatch(r"[-_A-Za-z0-9]{1,64}", body["topic"]):
        return error(40009, 400, "invalid request: topic invalid")
    for name, value in body.items():
        well = {
            "priority": value in (1, 2, 3, 4, 5),
            "tags": isinstance(value, list),
            "actions": isinstance(value, list),
        }
        if not well.get(name, name in STRINGS and isinstance(value, str)):
            return error(40017, 400, f"invalid request: {name}")
    for action in body.get("actions", []):
        needed = {"view": {"action", "label", "url"}, "http": {"action", "label", "url", "method", "clear"}}
        if len(body["actions"]) > 3 or not set(action) <= needed[action["action"]] or not action["label"]:
            return error(40018, 400, "invalid request: actions invalid")
    if len(body["message"].encode()) > 4096:
        return error(40012, 400, "invalid message: too long")
    return Reply(200, json.dumps({"id": "sPs71M8A2T", "time": 1772442000, "event": "message", **body}).encode())


async def test_a_page_is_published_with_buttons(http: Http) -> None:
    async with HttpSink(server) as sink:
        receipt = await NtfyChannel(http).send(f"{sink.url}/on-call_1", a_message(), "tk_mine")
        assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, "sPs71M8A2T")
        [request] = sink.requests
    assert request.headers["authorization"] == "Bearer tk_mine"
    assert request.json == {
        "topic": "on-call_1",
        "title": "CRITICAL INC-142: Checkout <errors> & more",
        "message": a_message().body,
        "priority": 5,
        "tags": ["rotating_light"],
        "click": INCIDENT,
        "actions": [
            {"action": "http", "label": "Acknowledge", "url": ACKNOWLEDGE, "method": "POST", "clear": True},
            {"action": "view", "label": "Open INC-142", "url": INCIDENT},
            {"action": "view", "label": "Runbook", "url": "https://wiki.example/checkout"},
        ],
    }


async def test_a_page_can_be_escalated_from_the_phone(http: Http, tmp_path: Path) -> None:
    links = CallbackLinks("https://muster.example", load_secrets(tmp_path), Now())
    async with HttpSink(server) as sink:
        await NtfyChannel(http, links=links).send(f"{sink.url}/t", a_message())
        actions = sink.requests[0].json["actions"]
    assert [(each["label"], each["action"]) for each in actions] == [
        ("Acknowledge", "http"),
        ("Escalate", "http"),
        ("Open INC-142", "view"),
    ]
    token = actions[1]["url"].removeprefix("https://muster.example/callbacks/answer/")
    assert links.read("answer", token) == CallbackSubject(a_message().delivery_id, "escalate")


@pytest.mark.parametrize(
    ("kept", "words"),
    [
        (Reply(200, b'{"id":"sPs71M8A2T","event":"message"}\n'), "can be read back"),
        (Reply(200, b""), "a phone that is away now will miss it"),
        (Reply(403, b"{}"), "may not read"),
        (Fault.RESET, "Reading it back failed"),
    ],
)
async def test_a_test_page_says_whether_it_can_be_read_back(http: Http, kept: Any, words: str) -> None:
    def both(request: Received) -> Any:
        return kept if request.method == "GET" else server(request)

    async with HttpSink(both) as sink:
        receipt = await NtfyChannel(http).send(f"{sink.url}/t", a_message(kind=MessageKind.TEST), "tk_mine")
        asked = sink.requests[1]
    assert receipt.outcome is SendOutcome.HANDED_OVER
    assert words in receipt.reason
    assert asked.path == "/t/json?poll=1&since=10m&id=sPs71M8A2T"
    assert asked.headers["authorization"] == "Bearer tk_mine"


@pytest.mark.parametrize(
    ("changes", "priority"),
    [
        ({"severity": "critical"}, 5),
        ({"severity": "high"}, 4),
        ({"severity": "medium"}, 3),
        ({"severity": "low"}, 2),
        ({"severity": "a level of the plan's own"}, 4),
        ({"kind": MessageKind.RESOLVED}, 3),
        ({"happening": "é" * 3000, "why": "é" * 3000, "next_steps": ("ü" * 2000,)}, 5),
        ({"url": "", "acknowledge_url": None, "guides": ()}, 5),
    ],
)
async def test_every_message_is_well_formed(http: Http, changes: dict[str, Any], priority: int) -> None:
    async with HttpSink(server) as sink:
        receipt = await NtfyChannel(http).send(f"{sink.url}/t", a_message(**changes))
        assert receipt.outcome is SendOutcome.HANDED_OVER, receipt
        assert sink.requests[0].json["priority"] == priority
        assert "authorization" not in sink.requests[0].headers


async def test_the_installations_token_goes_to_its_server_only(http: Http) -> None:
    async with HttpSink(server) as home, HttpSink(server) as stranger:
        channel = NtfyChannel(http, "tk_home", home.url)
        await channel.send(f"{home.url}/t", a_message())
        await channel.send(f"{stranger.url}/t", a_message())
        assert home.requests[0].headers["authorization"] == "Bearer tk_home"
        assert "authorization" not in stranger.requests[0].headers


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (server, SendOutcome.REFUSED, "check the token"),
        (Reply(403, b'{"code":40301,"http":403,"error":"forbidden"}'), SendOutcome.REFUSED, "check the token"),
        (Reply(429, b'{"code":42901,"http":429,"error":"limit reached"}'), SendOutcome.RETRY, "limit reached"),
        (
            Reply(400, b'{"code":40009,"http":400,"error":"invalid request: topic invalid"}'),
            SendOutcome.REFUSED,
            "topic invalid",
        ),
        (Reply(404, b"404 page not found"), SendOutcome.REFUSED, "nothing is at this address"),
        (Reply(200, b"<html>a wifi login page"), SendOutcome.RETRY, "not as ntfy does"),
        (Reply(200, b"[" * 50_000), SendOutcome.RETRY, "not as ntfy does"),
        (Reply(500, b""), SendOutcome.RETRY, "problem of its own"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (Fault.RESET, SendOutcome.RETRY, "no whole answer"),
    ],
)
async def test_every_fault_has_its_receipt(http: Http, answer: Any, outcome: SendOutcome, words: str) -> None:
    async with HttpSink(answer) as sink:
        receipt = await NtfyChannel(http).send(f"{sink.url}/t", a_message(), "tk_wrong")
    assert receipt.outcome is outcome
    assert words in receipt.reason


async def test_addresses_and_tokens_are_checked(http: Http) -> None:
    channel = NtfyChannel(http)
    assert channel.check_address("https://ntfy.sh/my-topic_1") is None
    assert channel.check_secret("tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2") is None
    assert channel.check_secret("two words") is not None
    for address in (
        "https://ntfy.sh",
        "https://ntfy.sh/a/b",
        "https://ntfy.sh/käse",
        "ntfy.sh/topic",
        "https://ntfy.sh/t?x=1",
    ):
        assert channel.check_address(address) is not None
        assert (await channel.send(address, a_message())).outcome is SendOutcome.REFUSED
    assert (await channel.send("https://ntfy.sh/t", a_message(), "a\r\nb")).outcome is SendOutcome.REFUSED
