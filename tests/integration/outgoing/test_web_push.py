"""Web push, against a push service that checks the RFCs and a browser that decrypts by itself."""

import base64
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from tests.doubles.http_sink import Fault, HttpSink, Reply
from tests.doubles.messages import INCIDENT, a_message
from tests.doubles.push import Browser, PushService, b64, unb64

from muster.base.http import Http
from muster.base.secrets import load_secrets
from muster.channels.callback_links import CallbackLinks, CallbackSubject
from muster.channels.web_push.channel import WebPushChannel
from muster.channels.web_push.crypto import LARGEST, Subscription, Vapid, encrypt, read_subscription
from muster.paging.channel import MessageKind, SendOutcome


class Now:
    """A fixed time."""

    def now(self) -> datetime:
        """The present."""
        return datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


class Kept:
    """The browsers of a Muster, in memory."""

    def __init__(self) -> None:
        self.pair = Vapid.generate()
        self.lost: list[tuple[str, str]] = []

    async def keys(self) -> Vapid:
        """The key pair."""
        return self.pair

    async def gone(self, address: str, reason: str) -> None:
        """Remember who is gone."""
        self.lost.append((address, reason))


@pytest.fixture
def kept() -> Kept:
    """Nobody is gone yet."""
    return Kept()


@pytest.fixture
def links(tmp_path: Path) -> CallbackLinks:
    """Signed addresses."""
    return CallbackLinks("https://muster.example", load_secrets(tmp_path), Now())


@pytest.fixture
def channel(http: Http, kept: Kept, links: CallbackLinks) -> WebPushChannel:
    """The channel."""
    return WebPushChannel(http, Now(), links, kept, "mailto:ops@contoso.example")


def test_our_cipher_text_opens_with_the_worked_example_of_the_rfc() -> None:
    """RFC 8291, section 5: the example's message opens in our double, so the double reads as browsers do."""
    scalar = int.from_bytes(unb64("q1dXpw3UpT5VOmu_cf_v6ih07Aems3njxI-JWgLcM94"), "big")
    browser = Browser(ec.derive_private_key(scalar, ec.SECP256R1()), unb64("BTBZMqHH6r4Tts7J_aSIgg"))
    message = (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6TlzAC8wEqKK6PBru3jl7A_y"
        "l95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )
    assert browser.decrypt(unb64(message)) == b"When I grow up, I want to be a watermelon"
    assert browser.decrypt(encrypt(b"ours", Subscription(browser.public, browser.auth))) == b"ours"


async def test_a_page_is_pushed_so_that_only_the_browser_can_read_it(
    channel: WebPushChannel, links: CallbackLinks
) -> None:
    async with PushService() as service:
        address, secret = service.browser()
        receipt = await channel.send(address, a_message(), secret)
        assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, str(a_message().delivery_id)), (
            receipt
        )
        [push], [headers], [request] = service.pushes, service.headers, service.requests
    assert push["title"] == "CRITICAL INC-142: Checkout <errors> & more"
    assert push["body"] == a_message().body
    assert (push["url"], push["tag"], push["severity"]) == (INCIDENT, "delivery-7-1", "critical")
    assert (headers["urgency"], headers["ttl"], len(headers["topic"])) == ("high", "3600", 22)
    assert b"Checkout" not in request.body
    for name, place, verb in (
        ("acknowledge", "answer", "acknowledge"),
        ("escalate", "answer", "escalate"),
        ("receipt", "web_push", ""),
    ):
        token = push[name].removeprefix(f"https://muster.example/callbacks/{place}/")
        assert links.read(place, token) == CallbackSubject(a_message().delivery_id, verb)


async def test_only_urgent_pages_wake_a_sleeping_phone(channel: WebPushChannel) -> None:
    async with PushService() as service:
        address, secret = service.browser()
        for changes in ({"severity": "low"}, {"kind": MessageKind.RESOLVED}, {"kind": MessageKind.TEST}):
            assert (await channel.send(address, a_message(**changes), secret)).outcome is SendOutcome.HANDED_OVER
    assert [each["urgency"] for each in service.headers] == ["normal", "low", "high"]
    offered = [[verb for verb in ("acknowledge", "escalate") if each.get(verb)] for each in service.pushes]
    assert offered == [["acknowledge", "escalate"], [], ["acknowledge"]]


@pytest.mark.parametrize("text", ["é" * 4000, '"\\' * 3000, "\U0001f525" * 2000, ""])
async def test_every_length_of_body_fits(channel: WebPushChannel, text: str) -> None:
    async with PushService() as service:
        address, secret = service.browser()
        message = a_message(happening=text, why=text, next_steps=(text,), title=text)
        assert (await channel.send(address, message, secret)).outcome is SendOutcome.HANDED_OVER
        assert len(service.requests[0].body) <= 4096
        assert service.pushes[0]["url"] == INCIDENT


@pytest.mark.parametrize("status", [404, 410])
async def test_a_browser_that_is_gone_is_refused_and_told(channel: WebPushChannel, kept: Kept, status: int) -> None:
    async with PushService() as service:
        address, secret = service.browser()
        service.gone["phone"] = status
        receipt = await channel.send(address, a_message(), secret)
    assert (receipt.outcome, receipt.provider_id) == (SendOutcome.REFUSED, "")
    assert f"127.0.0.1: {status}" in receipt.reason
    assert kept.lost == [(address, receipt.reason)]


@pytest.mark.parametrize(
    ("answer", "outcome", "words"),
    [
        (Reply(429, b"", {"Retry-After": "7"}), SendOutcome.RETRY, "too much (429)"),
        (Reply(403, b"VAPID public key mismatch"), SendOutcome.REFUSED, "VAPID public key mismatch"),
        (Reply(401, b""), SendOutcome.REFUSED, "does not accept this Muster's key"),
        (Reply(413, b"too big"), SendOutcome.REFUSED, "too large"),
        (Reply(503, b""), SendOutcome.RETRY, "problem of its own"),
        (Fault.HANG, SendOutcome.RETRY, "said nothing"),
        (Fault.RESET, SendOutcome.RETRY, "no whole answer"),
        (b"garbage\r\n\r\n", SendOutcome.RETRY, "not HTTP"),
    ],
)
async def test_every_fault_has_its_receipt(
    channel: WebPushChannel, kept: Kept, answer: Any, outcome: SendOutcome, words: str
) -> None:
    async with HttpSink(answer) as sink:
        receipt = await channel.send(f"{sink.url}/p/secret-capability", a_message(), Browser().secret)
    assert receipt.outcome is outcome
    assert words in receipt.reason
    assert "capability" not in receipt.reason
    assert kept.lost == []


async def test_a_subscription_without_keys_is_refused(channel: WebPushChannel) -> None:
    point = b64(b"\x04" + b"\x01" * 64)
    for secret in ("", "x", f"{point}.{b64(b'0' * 16)}", f"{b64(Browser().public)}.{b64(b'0' * 15)}", "é.é"):
        assert read_subscription(secret) is None
        assert (await channel.send("https://push.example/p", a_message(), secret)).outcome is SendOutcome.REFUSED
    assert channel.check_secret(Browser().secret) is None
    assert channel.check_secret("x") is not None


def test_the_key_pair_survives_its_keeping() -> None:
    pair = Vapid.generate()
    assert Vapid.load(pair.pem).public == pair.public
    assert len(base64.urlsafe_b64decode(pair.public + "=")) == 65
    with pytest.raises(ValueError, match="not 3994"):
        encrypt(b"x" * (LARGEST + 1), Subscription(Browser().public, b"0" * 16))
