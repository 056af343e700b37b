"""Apprise, for real, against a receiver on this machine."""

import asyncio
import sys

import pytest
from tests.architecture.house import ROOT
from tests.doubles.http_sink import Fault, HttpSink, Reply
from tests.doubles.messages import ACKNOWLEDGE, a_message

from muster.channels.apprise.address import CHOSEN, VENDORS
from muster.channels.apprise.channel import AppriseChannel
from muster.paging.channel import SendOutcome

apprise = pytest.importorskip("apprise", reason="the extra `apprise` is not installed")

# Apprise imports modules that Python has deprecated.
pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")


def address(sink: HttpSink, options: str = "retry=0") -> str:
    """An Apprise URL that posts JSON to the sink."""
    return f"json://127.0.0.1:{sink.port}/?{options}"


async def test_a_message_goes_through_apprise() -> None:
    async with HttpSink() as sink:
        channel = AppriseChannel(allow_private=True)
        receipt = await channel.send(address(sink), a_message())
        assert (receipt.outcome, receipt.reason) == (SendOutcome.HANDED_OVER, "JSON took it.")
        body = sink.requests[0].json
        await channel.close()
    assert body["title"] == "CRITICAL INC-142: Checkout <errors> & more"
    assert body["type"] == "failure"
    assert f"Acknowledge: {ACKNOWLEDGE}" in body["message"]


async def test_a_failure_is_told_and_not_retried_inside() -> None:
    async with HttpSink(Reply(500, b"")) as sink:
        channel = AppriseChannel(allow_private=True)
        receipt = await channel.send(address(sink, "retry=5&wait=0.1"), a_message())
        assert receipt.outcome is SendOutcome.RETRY
        assert "500" in receipt.reason
        assert len(sink.requests) == 1
        await channel.close()


async def test_a_hanging_service_is_given_up() -> None:
    async with HttpSink(Fault.HANG) as sink:
        channel = AppriseChannel(allow_private=True, patience=0.5)
        async with asyncio.timeout(3):
            receipt = await channel.send(address(sink, "rto=1"), a_message())
        assert receipt.outcome is SendOutcome.RETRY
        await asyncio.sleep(1)
        await channel.close()


async def test_a_host_that_the_address_chooses_needs_the_setting() -> None:
    async with HttpSink() as sink:
        channel = AppriseChannel()
        for schema in ("json", "mailto", "gotify", "ntfy", "matrix"):
            receipt = await channel.send(f"{schema}://user:token@127.0.0.1:{sink.port}/x", a_message())
            assert receipt.outcome is SendOutcome.REFUSED, schema
        assert sink.connections == 0
        await channel.close()


async def test_what_acts_on_this_machine_is_refused() -> None:
    channel = AppriseChannel(allow_private=True)
    for wrong in ("syslog://", "syslog://_", "dbus://x", "fcm://p/d?keyfile=/etc/passwd", "no url", "json://a b"):
        assert channel.check_address(wrong) is not None
        assert (await channel.send(wrong, a_message())).outcome is SendOutcome.REFUSED
    assert channel.check_address("discord://webhook-id/webhook-token") is None
    unknown = await channel.send("nosuchservice://x", a_message())
    assert (unknown.outcome, "does not know" in unknown.reason) == (SendOutcome.REFUSED, True)
    await channel.close()


SPELLINGS = (
    "keyfile", "%6beyfile", "%6Beyfile", "KEYFILE", "KeyFile", "+keyfile", "-keyfile", ":keyfile", "key%66ile", "keyfile%20",
    "%20keyfile", "template", "%74emplate", "config", "attach", "%61ttach", "image_url", "avatar_url", "redirect", "e2ee", "cache",
    "relay", "blossom", "smtp", "subfile", "store", "verify",
)  # fmt: skip


@pytest.mark.parametrize("name", SPELLINGS)
@pytest.mark.parametrize("join", ["?", "?;", "?to=x&", "?to=x;", "?&&", "?mode=oauth2&", "?&amp;", "?x?"])
async def test_no_spelling_of_an_option_makes_apprise_read_a_file_or_call_a_host(name: str, join: str) -> None:
    async with HttpSink() as sink:
        channel = AppriseChannel()
        aim = f"http%3A%2F%2F127.0.0.1%3A{sink.port}%2Fkey"
        for start in (
            "fcm://project@APIKEY/device/",
            "discord://id/token/",
            "slack://T1JJ3T3L2/A1BRTD4JD/TIiajkdnlazkcOXrIdevi7FQ/",
        ):
            address = f"{start}{join}{name}={aim}"
            assert channel.check_address(address) is not None
            assert (await channel.send(address, a_message())).outcome is SendOutcome.REFUSED
        assert sink.connections == 0
        await channel.close()


@pytest.mark.parametrize(
    "address",
    [
        "file:///etc/passwd", "vapid://a@b.example/x", "fcm://project@APIKEY/device", "nostr://x", "syslog://", "http://127.0.0.1/",
        "https://discord.com/api/webhooks/1/2", "mailto://a:b@example.org", "apprise://127.0.0.1/x", "workflow://127.0.0.1/x",
        "DISCORD://id/token?TEMPLATE=/etc/passwd", "discord://id/%0d%0atoken", "sns://a/b/c", "zulip://bot@127.0.0.1/x",
    ],
)  # fmt: skip
def test_a_service_that_is_not_listed_is_refused(address: str) -> None:
    fault = AppriseChannel(allow_private=True).check_address(address)
    assert fault is not None
    assert fault.fix


async def test_a_host_that_no_setting_opens_is_not_called() -> None:
    channel = AppriseChannel(allow_private=True)
    for host in ("169.254.169.254", "0.0.0.0", "[fd00:ec2::254]", "168.63.129.16"):
        receipt = await channel.send(f"json://{host}/latest/meta-data", a_message())
        assert receipt.outcome is SendOutcome.REFUSED, host
    await channel.close()


async def test_a_redirect_is_not_followed() -> None:
    async with HttpSink() as inner, HttpSink(Reply(302, b"", {"location": f"http://127.0.0.1:{inner.port}/"})) as outer:
        channel = AppriseChannel(allow_private=True)
        receipt = await channel.send(address(outer), a_message())
        assert receipt.outcome is not SendOutcome.HANDED_OVER
        assert inner.connections == 0
        await channel.close()


def test_every_listed_service_is_one_of_apprise_and_reaches_its_vendor() -> None:
    from apprise.manager_plugins import NotificationManager

    known = NotificationManager()
    known.load_modules()
    for schema in VENDORS:
        assert not any("{host}" in template for template in known[schema].templates), schema
    for schema in CHOSEN:
        assert any("{host}" in template for template in known[schema].templates), schema


async def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    channel = AppriseChannel()
    receipt = await channel.send("discord://webhook-id/webhook-token", a_message())
    assert receipt.outcome is SendOutcome.REFUSED
    assert "muster-incidents[apprise]" in receipt.reason
    await channel.close()


def test_the_base_installation_is_without_apprise() -> None:
    locked = {name: (ROOT / "requirements" / f"{name}.txt").read_text() for name in ("run", "apprise", "dev")}
    assert "\napprise==" not in f"\n{locked['run']}"
    assert all("\napprise==" in f"\n{locked[name]}" for name in ("apprise", "dev"))
