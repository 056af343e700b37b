"""Signed webhooks, checked with the reference library of the Standard Webhooks specification."""

import json
from datetime import UTC, datetime, timedelta

import pytest
from standardwebhooks.webhooks import Webhook, WebhookVerificationError
from tests.doubles.http_sink import Fault, HttpSink, Received, Reply
from tests.doubles.messages import ACKNOWLEDGE, INCIDENT, a_message

from muster.base.http import Http
from muster.channels.webhook.channel import WebhookChannel, new_secret
from muster.paging.channel import MessageKind, SendOutcome


class Now:
    """The real time: the reference library compares with it."""

    def now(self) -> datetime:
        """The present."""
        return datetime.now(UTC)


def verified(request: Received, secret: str) -> dict[str, object]:
    """The body of a request whose signature holds."""
    return dict(Webhook(secret).verify(request.body, dict(request.headers)))


async def test_the_body_is_signed_and_says_everything(http: Http) -> None:
    secret = new_secret()
    async with HttpSink(Reply(204, b"")) as sink:
        receipt = await WebhookChannel(http, Now()).send(f"{sink.url}/hook?a=b", a_message(), secret)
        assert receipt.outcome is SendOutcome.HANDED_OVER
        [request] = sink.requests
    assert (request.method, request.path) == ("POST", "/hook?a=b")
    assert request.headers["content-type"] == "application/json"
    assert request.headers["webhook-id"] == "delivery-7-1"
    assert verified(request, secret) == {
        "type": "incident.page",
        "timestamp": "2026-03-02T09:00:00Z",
        "data": {
            "delivery_id": "00000000-0000-0000-0000-000000000007",
            "incident": "INC-142",
            "severity": "critical",
            "title": "Checkout <errors> & more",
            "subject": "CRITICAL INC-142: Checkout <errors> & more",
            "body": a_message().body,
            "url": INCIDENT,
            "acknowledge_url": ACKNOWLEDGE,
            "links": [{"label": "Runbook", "url": "https://wiki.example/checkout"}],
            "context": {"workload": "checkout", "alerts": 3},
        },
    }
    with pytest.raises(WebhookVerificationError):
        verified(request, new_secret())


async def test_the_installations_secret_serves_contacts_without_one(http: Http) -> None:
    shared, own = new_secret(), new_secret()
    channel = WebhookChannel(http, Now(), shared)
    async with HttpSink() as sink:
        await channel.send(sink.url, a_message())
        await channel.send(sink.url, a_message(), own)
        await channel.send(sink.url, a_message(), f"{own} {shared}")
        verified(sink.requests[0], shared)
        verified(sink.requests[1], own)
        verified(sink.requests[2], own)
        verified(sink.requests[2], shared)


async def test_a_repeat_keeps_its_id_and_gets_a_new_time(http: Http) -> None:
    clock = MovedClock()
    channel = WebhookChannel(http, clock, new_secret())
    async with HttpSink() as sink:
        sink.next(Reply(503, b"", {"Retry-After": "3"}))
        receipt = await channel.send(sink.url, a_message())
        assert (receipt.outcome, receipt.retry_after) == (SendOutcome.RETRY, timedelta(seconds=3))
        clock.instant += timedelta(seconds=3)
        assert (await channel.send(sink.url, a_message())).outcome is SendOutcome.HANDED_OVER
        first, second = sink.requests
    assert first.headers["webhook-id"] == second.headers["webhook-id"]
    assert int(second.headers["webhook-timestamp"]) - int(first.headers["webhook-timestamp"]) == 3
    assert first.body == second.body


class MovedClock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.instant = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)

    def now(self) -> datetime:
        """The present."""
        return self.instant


async def test_without_a_usable_secret_nothing_leaves(http: Http) -> None:
    channel = WebhookChannel(http, Now())
    async with HttpSink() as sink:
        for secret in ("", "whsec_c2hvcnQ=", "hunter2", "whsec_!!", f"{new_secret()} whsec_x"):
            receipt = await channel.send(sink.url, a_message(), secret)
            assert receipt.outcome is SendOutcome.REFUSED
            assert "signing secret" in receipt.reason
            assert (channel.check_secret(secret) is None) is (secret == "")
        assert sink.requests == []


@pytest.mark.parametrize(
    ("kind", "type_"),
    [
        (MessageKind.PAGE, "incident.page"),
        (MessageKind.NOTICE, "incident.notice"),
        (MessageKind.RESOLVED, "incident.resolved"),
        (MessageKind.TEST, "channel.test"),
    ],
)
async def test_each_kind_has_its_type(http: Http, kind: MessageKind, type_: str) -> None:
    async with HttpSink() as sink:
        await WebhookChannel(http, Now(), new_secret()).send(sink.url, a_message(kind=kind))
        assert json.loads(sink.requests[0].body)["type"] == type_


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (Reply(429, b"slow down", {"Retry-After": "30"}), SendOutcome.RETRY, "slow down"),
        (Reply(500, b"oops"), SendOutcome.RETRY, "oops"),
        (Reply(404, b"no such hook"), SendOutcome.REFUSED, "nothing is at this address"),
        (Reply(410, b""), SendOutcome.REFUSED, "gone for good"),
        (Reply(302, b"", {"Location": "http://169.254.169.254/"}), SendOutcome.REFUSED, "redirects"),
        (Reply(200, b"x" * 2_000_000), SendOutcome.HANDED_OVER, "took it"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (Fault.RESET, SendOutcome.RETRY, "no whole answer"),
        (Fault.CLOSE, SendOutcome.RETRY, "no whole answer"),
        (b"220 not http\r\n", SendOutcome.RETRY, "not HTTP"),
    ],
)
async def test_every_fault_has_its_receipt(
    http: Http, answer: Reply | Fault | bytes, outcome: SendOutcome, words: str
) -> None:
    async with HttpSink(answer) as sink:
        receipt = await WebhookChannel(http, Now(), new_secret()).send(sink.url, a_message())
    assert receipt.outcome is outcome
    assert words in receipt.reason


async def test_a_name_that_resolves_to_this_machine_is_refused() -> None:
    http = Http()
    channel = WebhookChannel(http, Now(), new_secret())
    async with HttpSink() as sink:
        receipt = await channel.send(f"http://localhost:{sink.port}/", a_message())
        assert receipt.outcome is SendOutcome.REFUSED
        assert "MUSTER_ALLOW_PRIVATE_TARGETS" in receipt.reason
        assert sink.connections == 0
    unknown = await channel.send("https://no-such-host.invalid/", a_message())
    assert unknown.outcome is SendOutcome.RETRY
    assert "not found" in unknown.reason
    await http.close()


async def test_an_address_that_is_none_is_refused_without_raising(http: Http) -> None:
    channel = WebhookChannel(http, Now(), new_secret())
    for address in ("", "ftp://example.com", "https://exa mple.com", "javascript:alert(1)"):
        assert channel.check_address(address) is not None
        assert (await channel.send(address, a_message())).outcome is SendOutcome.REFUSED
    assert channel.check_address("https://example.com/hook") is None
