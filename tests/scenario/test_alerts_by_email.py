"""Alerts by mail, over real SMTP and out of a mailbox: a problem pages, its recovery ends it, and nothing durable is lost."""

import asyncio
from collections.abc import AsyncIterator
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtplib import SMTP, SMTPRecipientsRefused, SMTPResponseException
from tests.conftest import MovableClock
from tests.doubles.imap import Mailbox
from tests.running import free_port
from tests.scenario.story import PLAN, Story, told

from muster.alerts.actions import integrations
from muster.alerts.port import Request
from muster.alerts.store import integrations as rows
from muster.base.access import SYSTEM
from muster.base.secrets import Secrets
from muster.channels.email.jobs.incoming import IncomingMail
from muster.channels.email.jobs.mail import look_into
from muster.kit.errors import Unavailable

NAGIOS = "{kind: Integration, name: nagios, format: auto, key: nagios-integration-key}"
PROBLEM = "** PROBLEM Service Alert: web1/HTTP is CRITICAL **"
RECOVERY = "** RECOVERY Service Alert: web1/HTTP is OK **"


def mail(subject: str, text: str = "HTTP on web1: connection timed out", **headers: str) -> EmailMessage:
    """A mail as a monitor sends it."""
    message = EmailMessage()
    message["From"], message["Subject"] = "Nagios <nagios@monitoring.example>", subject
    message["Auto-Submitted"] = "auto-generated"
    for name, value in headers.items():
        del message[name.replace("_", "-")]
        message[name.replace("_", "-")] = value
    message.set_content(text)
    return message


class Monitor:
    """A monitor that mails to Muster's listener."""

    def __init__(self, story: Story, port: int) -> None:
        self.story, self.port = story, port

    async def send(self, message: EmailMessage, to: str = "") -> None:
        """Hand a mail over, and let what follows happen."""
        async with SMTP(hostname="127.0.0.1", port=self.port, timeout=20, start_tls=False) as client:
            await client.sendmail("nagios@monitoring.example", [to or await address(self.story)], bytes(message))
        await self.story.settle()

    async def open(self) -> int:
        """How many alerts fire."""
        return await self.story.count("SELECT count(*) FROM alerts WHERE status = 'firing'")


async def address(story: Story) -> str:
    """The address of the integration."""
    addresses = story.muster.services.of(IncomingMail).alert_addresses
    assert addresses is not None
    async with story.muster.database.read() as conn:
        found = await rows.by_name(conn, "nagios")
        assert found is not None
        return addresses.of(found.id, await rows.digest_of(conn, found.id))


@pytest.fixture
async def monitor(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Monitor]:
    """A Muster that takes mail."""
    port = free_port()
    settings = {"mail_in": "alerts@muster.example", "mail_host": "127.0.0.1", "mail_port": port}
    async with told(connect, clock, bare=True, **settings) as story:
        await story.apply(*(story.person(name) for name in ("ana", "bo", "cy")), NAGIOS, PLAN)
        yield Monitor(story, port)


async def test_a_problem_pages_and_its_recovery_ends_it(monitor: Monitor) -> None:
    await monitor.send(mail(PROBLEM))
    assert [text.phone for text in monitor.story.texts] == ["ana"]
    assert "connection timed out" in monitor.story.texts[0].body
    await monitor.send(mail(PROBLEM.replace("web1", "web2")))
    assert await monitor.open() == 2
    await monitor.send(mail(RECOVERY))
    assert await monitor.open() == 1
    raw = await monitor.story.count("SELECT count(*) FROM signals WHERE path = '/email' AND outcome = 'accepted'")
    assert raw == 3


async def test_a_mail_filter_can_post_to_the_web_address(monitor: Monitor) -> None:
    muster, headers = monitor.story.muster, {"content-type": "message/rfc822"}
    for path in ("", "/email"):
        request = Request(path, "POST", headers, {}, bytes(mail(PROBLEM)), muster.work.clock.now())
        assert (await muster.intake.accept("nagios-integration-key", request)).status == 202
    await monitor.story.settle()
    assert [text.phone for text in monitor.story.texts] == ["ana"]


async def test_an_integration_that_asks_for_a_secret_refuses_mail_with_the_reason(monitor: Monitor) -> None:
    await monitor.story.apply("{kind: Integration, name: nagios, format: github, secret: agreed-upon-secret}")
    with pytest.raises(SMTPResponseException) as caught:
        await monitor.send(mail(PROBLEM))
    assert caught.value.code == 554
    assert "does not prove" in caught.value.message
    assert not monitor.story.texts


async def test_an_empty_mail_is_refused_for_good_with_the_reason(monitor: Monitor) -> None:
    to = await address(monitor.story)
    async with SMTP(hostname="127.0.0.1", port=monitor.port, timeout=20, start_tls=False) as client:
        with pytest.raises(SMTPResponseException) as caught:
            await client.sendmail("nagios@monitoring.example", [to], b"\r\n")
    assert caught.value.code == 554


async def test_an_automatic_reply_does_not_page_and_is_kept(monitor: Monitor) -> None:
    await monitor.send(mail("Out of office", Auto_Submitted="auto-replied"))
    assert not monitor.story.texts
    assert await monitor.story.count("SELECT count(*) FROM signals WHERE faults::text LIKE '%automatic reply%'") == 1


async def test_prose_about_a_recovery_and_mail_in_bulk_page(monitor: Monitor) -> None:
    await monitor.send(mail("Recovery of db1 failed", Precedence="bulk"))
    await monitor.send(mail("NOT RECOVERED: db1"))
    assert await monitor.open() == 2


async def test_forged_addresses_and_those_of_an_earlier_key_are_refused_at_the_door(monitor: Monitor) -> None:
    right = await address(monitor.story)
    local, _, domain = right.partition("@")
    forged = local[:-1] + ("a" if local[-1] != "a" else "b")
    for wrong in (f"{forged}@{domain}", f"{local}@elsewhere.example", "alerts@muster.example"):
        with pytest.raises(SMTPRecipientsRefused):
            await monitor.send(mail(PROBLEM), wrong)
    async with monitor.story.muster.database.unit(SYSTEM) as unit:
        await integrations.rotate(unit, "nagios", monitor.story.muster.services.of(Secrets))
    with pytest.raises(SMTPRecipientsRefused):
        await monitor.send(mail(PROBLEM), right)
    assert not monitor.story.texts
    await monitor.send(mail(PROBLEM))
    assert [text.phone for text in monitor.story.texts] == ["ana"]


async def test_while_the_database_is_away_mail_is_spooled_and_pages_afterwards(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    to = await address(monitor.story)
    await monitor.send(mail("Away", Auto_Submitted="auto-replied"), to)

    def away(*_: Any, **__: Any) -> Any:
        raise Unavailable("The database is away.")

    muster = monitor.story.muster
    for database in (muster.work, muster.intake._database):
        monkeypatch.setattr(database, "unit", away)
        monkeypatch.setattr(database, "read", away)
    async with SMTP(hostname="127.0.0.1", port=monitor.port, timeout=20, start_tls=False) as client:
        await client.sendmail("nagios@monitoring.example", [to], bytes(mail(PROBLEM)))
    assert not muster.intake.caught_up
    monkeypatch.undo()
    async with asyncio.timeout(20):
        while not muster.intake.caught_up:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await monitor.story.settle()
    assert [text.phone for text in monitor.story.texts] == ["ana"]


async def test_what_can_be_neither_stored_nor_spooled_is_to_come_again(
    monitor: Monitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(*_: Any, **__: Any) -> Any:
        raise Unavailable("The disk is full.")

    with monkeypatch.context() as patched:
        patched.setattr(monitor.story.muster.intake, "accept", full)
        with pytest.raises(SMTPResponseException) as caught:
            await monitor.send(mail(PROBLEM))
    assert caught.value.code == 451
    await monitor.send(mail(PROBLEM))
    assert [text.phone for text in monitor.story.texts] == ["ana"]


async def test_alerts_come_out_of_a_mailbox_and_stay_unseen_until_they_are_durable(
    connect: dict[str, Any], clock: MovableClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with Mailbox() as mailbox:
        settings = {**mailbox.settings, "mail_in": "alerts@muster.example"}
        async with told(connect, clock, bare=True, **settings) as story:
            await story.apply(*(story.person(name) for name in ("ana", "bo", "cy")), NAGIOS, PLAN)
            incoming = story.muster.services.of(IncomingMail)
            assert incoming.mailbox is not None
            assert incoming.addresses is not None
            assert incoming.alerts is not None
            mailbox.put(bytes(mail(PROBLEM, To=await address(story))))

            async def full(*_: Any, **__: Any) -> Any:
                raise Unavailable("The disk is full.")

            with monkeypatch.context() as patched:
                patched.setattr(story.muster.intake, "accept", full)
                await look_into(incoming.mailbox, incoming.addresses, story.muster.database, incoming.alerts)
            assert not mailbox.seen
            await look_into(incoming.mailbox, incoming.addresses, story.muster.database, incoming.alerts)
            assert mailbox.seen == set(mailbox.mails)
            await story.settle()
            assert [text.phone for text in story.texts] == ["ana"]
            head = f"From: nagios@monitoring.example\r\nTo: {await address(story)}\r\nSubject: many parts\r\n\r\n"
            mailbox.put(head.encode() + b"\n--part" * 600)
            await look_into(incoming.mailbox, incoming.addresses, story.muster.database, incoming.alerts)
            assert await story.count("SELECT count(*) FROM alerts WHERE title = 'many parts'") == 1
