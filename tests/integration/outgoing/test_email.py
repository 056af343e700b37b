"""E-mail against a real SMTP server that takes, refuses, delays, asks for a password, or says nothing."""

import asyncio
from typing import Any

import pytest
from aiosmtplib import SMTP
from tests.doubles.certificates import Authority
from tests.doubles.messages import ACKNOWLEDGE, a_message
from tests.doubles.smtp import SmtpSink

from muster.channels.email.channel import EmailChannel
from muster.channels.email.smtp import Security, SmtpSettings
from muster.paging.channel import Receipt, SendOutcome


def settings(port: int, **changes: Any) -> SmtpSettings:
    """Settings for the double, without encryption."""
    values: dict[str, Any] = {"security": Security.NONE, "timeout": 2.0, "sender": "Muster <muster@ops.example>"}
    return SmtpSettings("127.0.0.1", port, **{**values, **changes})


async def send(channel: EmailChannel, address: str = "amara@example.com", **changes: Any) -> Receipt:
    """Send an ordinary message."""
    return await channel.send(address, a_message(**changes))


async def test_a_mail_arrives_whole() -> None:
    async with SmtpSink() as smtp:
        channel = EmailChannel(settings(smtp.port))
        receipt = await send(channel, happening="Größe: 12 %.")
        assert receipt.outcome is SendOutcome.HANDED_OVER
        assert receipt.provider_id == "4F00D"
        assert "queued as 4F00D" in receipt.reason
        [mail] = await smtp.wait(1)
        await channel.close()
    assert (mail.sender, mail.recipients) == ("muster@ops.example", ["amara@example.com"])
    assert mail.message["Message-ID"] == "<delivery-7-1@ops.example>"
    assert f"Acknowledge: {ACKNOWLEDGE}" in mail.text
    assert "Größe: 12 %." in mail.text
    assert "Größe: 12 %." in mail.html


async def test_connections_are_reused_and_a_storm_uses_few() -> None:
    async with SmtpSink() as smtp:
        channel = EmailChannel(settings(smtp.port, connections=3, timeout=5.0))
        receipts = await asyncio.gather(*(send(channel, idempotency_key=f"k{number}") for number in range(60)))
        assert {receipt.outcome for receipt in receipts} == {SendOutcome.HANDED_OVER}
        assert len({mail.message["Message-ID"] for mail in smtp.messages}) == 60
        assert smtp.sessions == 3
        await channel.close()


async def test_a_connection_that_the_server_ended_is_replaced() -> None:
    async with SmtpSink() as smtp:
        channel = EmailChannel(settings(smtp.port))
        await send(channel)
        smtp.drop_connections()
        assert (await send(channel)).outcome is SendOutcome.HANDED_OVER
        assert smtp.sessions == 2
        await channel.close()


async def test_idle_connections_are_given_up() -> None:
    async with SmtpSink() as smtp:
        channel = EmailChannel(settings(smtp.port, keep=0.05))
        await send(channel)
        await asyncio.sleep(0.2)
        await send(channel)
        assert smtp.sessions == 2
        await channel.close()


async def test_a_wrong_address_is_refused_with_the_servers_words() -> None:
    async with SmtpSink(refuse={"nobody@example.com": "550 5.1.1 No such user here"}) as smtp:
        channel = EmailChannel(settings(smtp.port))
        receipt = await send(channel, "nobody@example.com")
        assert receipt.outcome is SendOutcome.REFUSED
        assert receipt.reason == "127.0.0.1 refused it: 550 5.1.1 No such user here."
        assert (await send(channel)).outcome is SendOutcome.HANDED_OVER
        await channel.close()


async def test_greylisting_is_tried_again() -> None:
    async with SmtpSink(greylist=True) as smtp:
        channel = EmailChannel(settings(smtp.port))
        receipt = await send(channel)
        assert receipt.outcome is SendOutcome.RETRY
        assert "451 4.7.1 Greylisted" in receipt.reason
        assert (await send(channel)).outcome is SendOutcome.HANDED_OVER
        await channel.close()


@pytest.mark.parametrize(
    ("reply", "outcome"),
    [("554 5.7.1 Rejected as spam", SendOutcome.REFUSED), ("452 4.2.2 Mailbox full", SendOutcome.RETRY)],
)
async def test_a_refused_content_says_why(reply: str, outcome: SendOutcome) -> None:
    async with SmtpSink(data_reply=reply) as smtp:
        channel = EmailChannel(settings(smtp.port))
        receipt = await send(channel)
        assert receipt.outcome is outcome
        assert reply[4:] in receipt.reason
        await channel.close()


@pytest.mark.parametrize("step", ["greeting", "recipient", "data"])
async def test_a_server_that_falls_silent_is_not_waited_for(step: str) -> None:
    async with SmtpSink(hang=step) as smtp:
        channel = EmailChannel(settings(smtp.port, timeout=0.3))
        async with asyncio.timeout(2):
            receipt = await send(channel)
        assert (receipt.outcome, receipt.reason) == (SendOutcome.RETRY, "127.0.0.1 did not answer in time.")
        await channel.close()


async def test_a_password_is_used_and_a_wrong_one_is_told(authority: Authority) -> None:
    login = {"security": Security.STARTTLS, "tls": authority.client, "username": "muster"}
    async with SmtpSink(tls=authority.server, login=("muster", "right")) as smtp:
        good = EmailChannel(settings(smtp.port, password="right", **login))
        assert (await send(good)).outcome is SendOutcome.HANDED_OVER
        bad = EmailChannel(settings(smtp.port, password="wrong", **login))
        receipt = await send(bad)
        assert receipt.outcome is SendOutcome.REFUSED
        assert "user name and password" in receipt.reason
        assert "wrong" not in receipt.reason
        await good.close()


async def test_a_certificate_that_cannot_be_trusted_sends_nothing(authority: Authority) -> None:
    async with SmtpSink(tls=authority.server) as smtp:
        stranger = {"tls": authority.stranger}
        receipt = await send(EmailChannel(settings(smtp.port, security=Security.STARTTLS, **stranger)))
        assert receipt.outcome is SendOutcome.RETRY
        assert "could not be secured" in receipt.reason
        assert smtp.messages == []


async def test_a_server_without_starttls_sends_nothing() -> None:
    async with SmtpSink() as smtp:
        receipt = await send(EmailChannel(settings(smtp.port, security=Security.STARTTLS)))
        assert receipt.outcome is SendOutcome.REFUSED
        assert "STARTTLS" in receipt.reason
        assert smtp.messages == []


async def test_nobody_listening_is_told() -> None:
    async with SmtpSink() as smtp:
        port = smtp.port
    receipt = await send(EmailChannel(settings(port)))
    assert receipt.outcome is SendOutcome.RETRY
    assert "No connection to the mail server 127.0.0.1" in receipt.reason


async def test_without_settings_or_with_a_bad_address_nothing_is_tried() -> None:
    receipt = await send(EmailChannel(None))
    assert receipt.outcome is SendOutcome.REFUSED
    assert "MUSTER_SMTP_HOST" in receipt.reason
    async with SmtpSink() as smtp:
        channel = EmailChannel(settings(smtp.port))
        for address in ("", "amara", "amara@example.com\r\nRCPT TO:<all@example.com>"):
            assert channel.check_address(address) is not None
            assert (await send(channel, address)).outcome is SendOutcome.REFUSED
        assert smtp.sessions == 0


async def test_the_password_is_not_shown() -> None:
    assert "hunter2" not in repr(SmtpSettings("mail.example", password="hunter2"))


async def test_other_programs_can_use_the_double_too() -> None:
    async with SmtpSink() as smtp, SMTP(hostname="127.0.0.1", port=smtp.port, start_tls=False) as client:
        await client.sendmail("a@example.com", ["b@example.com"], b"Subject: hello\r\n\r\nworld\r\n")
        assert (await smtp.wait(1))[0].message["Subject"] == "hello"
