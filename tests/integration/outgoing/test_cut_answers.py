"""A provider that says 2xx has the message, even if the rest of its answer breaks off: it is not sent again, on any channel."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from tests.doubles.http_sink import Fault, HttpSink
from tests.doubles.messages import a_message
from tests.settings import settings_of

from muster.base.http import Http
from muster.channels.mattermost.channel import MattermostChannel
from muster.channels.ntfy.channel import NtfyChannel
from muster.channels.slack.channel import SlackChannel
from muster.channels.teams.channel import TeamsChannel
from muster.channels.telegram.channel import TelegramChannel
from muster.channels.telephony.build import build_vendors
from muster.channels.telephony.channels import SmsChannel, VoiceChannel
from muster.channels.webhook.channel import WebhookChannel, encode_secret
from muster.paging.channel import Channel, SendOutcome

NUMBER = "+4915112345678"
CUT = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 1000\r\n\r\n{"
CHUNKED = b'HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{"id"'


class Now:
    """A clock that stands."""

    def now(self) -> datetime:
        """A Monday morning."""
        return datetime(2026, 3, 2, 9, tzinfo=UTC)


def ways(http: Http, url: str) -> dict[str, tuple[Channel, str]]:
    """Every channel that speaks HTTP, with an address at the server."""
    own = {"url": f"{url}/send", "json": {"to": "{to}", "text": "{text}"}, "id": "id", "accepted_if": ["status", ["0"]]}
    twilio = {"twilio_account": "AC" + "a" * 32, "twilio_token": "t", "twilio_from": "+15005550006", "twilio_url": url}
    settings: dict[str, Any] = {**twilio, "gateways": json.dumps({"own": own})}
    sms, voice = build_vendors(settings_of(public_url="https://muster.example", **settings), http)
    by_name = {vendor.name: vendor for vendor in sms}
    return {
        "webhook": (WebhookChannel(http, Now(), encode_secret(b"k" * 32)), f"{url}/hook"),
        "ntfy": (NtfyChannel(http, server=url), f"{url}/topic"),
        "teams": (TeamsChannel(http), f"{url}/workflows/x?sig=s"),
        "slack webhook": (SlackChannel(http), f"{url}/services/T/B/x"),
        "slack": (SlackChannel(http, "xoxb-1", api=url), "C0123456789"),
        "mattermost webhook": (MattermostChannel(http, None, url), f"{url}/hooks/abcdefghijklmnopqrstuvwxyz"),  # type: ignore[arg-type]
        "telegram": (TelegramChannel(http, "1:abc", api=url), "42"),
        "twilio sms": (SmsChannel([by_name["twilio"]]), NUMBER),
        "twilio voice": (VoiceChannel([vendor for vendor in voice if vendor.name == "twilio"]), NUMBER),
        "gateway": (SmsChannel([by_name["own"]]), NUMBER),
    }


@pytest.mark.parametrize("answer", [CUT, CHUNKED], ids=["sized", "chunked"])
async def test_what_was_taken_is_not_sent_again_where_the_answer_breaks_off(http: Http, answer: bytes) -> None:
    async with HttpSink(answer) as sink:
        outcomes = {}
        for name, (channel, address) in ways(http, sink.url).items():
            receipt = await channel.send(address, a_message())
            outcomes[name] = (receipt.outcome, receipt.reason)
    assert {name for name, (outcome, _) in outcomes.items() if outcome is not SendOutcome.HANDED_OVER} == set(), (
        outcomes
    )


async def test_a_refusal_that_breaks_off_is_a_refusal_still(http: Http) -> None:
    async with HttpSink(b'HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n{"ok": false, "error": "chan') as sink:
        receipt = await SlackChannel(http, "xoxb-1", api=sink.url).send("C0123456789", a_message())
    assert receipt.outcome is SendOutcome.REFUSED


async def test_silence_is_told_apart_from_other_troubles(http: Http) -> None:
    for fault, unanswered in ((Fault.HANG, True), (Fault.RESET, False)):
        async with HttpSink(fault) as sink:
            for name, (channel, address) in ways(http, sink.url).items():
                receipt = await channel.send(address, a_message())
                assert (receipt.outcome, receipt.unanswered) == (SendOutcome.RETRY, unanswered), (name, receipt)
