"""Apprise, for real, against a receiver on this machine."""

import asyncio
import sys

import pytest
from tests.doubles.http_sink import Fault, HttpSink, Reply
from tests.doubles.messages import ACKNOWLEDGE, a_message

from muster.integrations.outbound.apprise import AppriseChannel
from muster.paging.channel import Outcome

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
        assert (receipt.outcome, receipt.reason) == (Outcome.HANDED_OVER, "JSON took it.")
        body = sink.requests[0].json
        await channel.close()
    assert body["title"] == "CRITICAL INC-142: Checkout <errors> & more"
    assert body["type"] == "failure"
    assert f"Acknowledge: {ACKNOWLEDGE}" in body["message"]


async def test_a_failure_is_told_and_not_retried_inside() -> None:
    async with HttpSink(Reply(500, b"")) as sink:
        channel = AppriseChannel(allow_private=True)
        receipt = await channel.send(address(sink, "retry=5&wait=0.1"), a_message())
        assert receipt.outcome is Outcome.RETRY
        assert "500" in receipt.reason
        assert len(sink.requests) == 1
        await channel.close()


async def test_a_hanging_service_is_given_up() -> None:
    async with HttpSink(Fault.HANG) as sink:
        channel = AppriseChannel(allow_private=True, patience=0.5)
        async with asyncio.timeout(3):
            receipt = await channel.send(address(sink, "rto=1"), a_message())
        assert receipt.outcome is Outcome.RETRY
        await asyncio.sleep(1)
        await channel.close()


async def test_a_host_that_the_address_chooses_needs_the_setting() -> None:
    async with HttpSink() as sink:
        channel = AppriseChannel()
        for schema in ("json", "mailto", "gotify", "ntfy", "matrix"):
            receipt = await channel.send(f"{schema}://user:token@127.0.0.1:{sink.port}/x", a_message())
            assert receipt.outcome is Outcome.REFUSED, schema
        assert sink.connections == 0
        await channel.close()


async def test_what_acts_on_this_machine_is_refused() -> None:
    channel = AppriseChannel(allow_private=True)
    for wrong in ("syslog://", "syslog://_", "dbus://x", "fcm://p/d?keyfile=/etc/passwd", "no url", "json://a b"):
        assert channel.check_address(wrong) is not None
        assert (await channel.send(wrong, a_message())).outcome is Outcome.REFUSED
    assert channel.check_address("discord://webhook-id/webhook-token") is None
    unknown = await channel.send("nosuchservice://x", a_message())
    assert (unknown.outcome, "does not know" in unknown.reason) == (Outcome.REFUSED, True)
    await channel.close()


async def test_a_missing_extra_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "apprise", None)
    channel = AppriseChannel()
    receipt = await channel.send("discord://webhook-id/webhook-token", a_message())
    assert receipt.outcome is Outcome.REFUSED
    assert "muster-incidents[apprise]" in receipt.reason
    await channel.close()
