"""Answers by mail, over real SMTP out and in, and out of a mailbox: what is done, what is said back, what is ignored."""

import json
from collections.abc import AsyncIterator, Awaitable, Callable
from email.message import EmailMessage
from typing import Any

import pytest
from aiosmtplib import SMTP, SMTPRecipientsRefused, SMTPResponseException
from tests.conftest import MovableClock
from tests.doubles.imap import Mailbox
from tests.doubles.smtp import Mail, SmtpSink
from tests.running import free_port
from tests.scenario.story import INTEGRATION, PLAN, Story, told

from muster.channels.email.jobs.incoming import IncomingMail
from muster.channels.email.jobs.mail import look_into
from muster.kit.errors import Unavailable

ANA = "ana@contoso.example"


class MailServer(SmtpSink):
    """The organisation's mail server: mail to Muster's own domain it brings there, as Muster's watch of its ways expects."""

    bring: Callable[[str, bytes], Awaitable[None]] | None = None

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """aiosmtpd's hook for a whole mail."""
        if self.bring is not None and envelope.rcpt_tos[0].endswith("@muster.example"):
            await self.bring(envelope.rcpt_tos[0], envelope.content)
            return self.data_reply
        return await super().handle_DATA(server, session, envelope)


async def hand_over(port: int, to: str, message: bytes, sender: str) -> None:
    """Hand a mail to Muster's listener."""
    async with SMTP(hostname="127.0.0.1", port=port, timeout=20, start_tls=False) as client:
        await client.sendmail(sender, [to], message)


class Post:
    """Ana's mail program, and the world's."""

    def __init__(self, story: Story, smtp: SmtpSink, port: int) -> None:
        self.story, self.smtp, self.port = story, smtp, port

    async def page(self) -> Mail:
        """The page that Muster sent."""
        return (await self.smtp.wait(1))[0]

    async def send(self, to: str, message: EmailMessage | bytes, sender: str = ANA) -> None:
        """Hand a mail to Muster's listener, and let what follows happen."""
        await hand_over(self.port, to, bytes(message), sender)
        await self.story.settle()

    async def answer(self, text: str, *, sender: str = ANA, **headers: str) -> None:
        """Reply to the page, above its quoted text."""
        page = await self.page()
        reply = reply_to(page, text, sender)
        for name, value in headers.items():
            reply[name.replace("_", "-")] = value
        await self.send(address_of(page), reply, sender)


def reply_to(page: Mail, text: str, sender: str = ANA) -> EmailMessage:
    """A reply as a mail program makes it."""
    reply = EmailMessage()
    reply["From"], reply["To"] = f"Ana <{sender}>", page.message["Reply-To"]
    reply["Subject"] = f"Re: {page.message['Subject']}"
    reply["Message-ID"], reply["In-Reply-To"] = "<answer-1@contoso.example>", page.message["Message-ID"]
    reply["References"] = f"{page.message['References']} {page.message['Message-ID']}"
    quoted = "\n".join(f"> {line}" for line in page.text.splitlines())
    reply.set_content(f"{text}\n\nOn Mon, 2 Mar 2026 at 10:00, Muster wrote:\n{quoted}\n")
    return reply


def address_of(page: Mail) -> str:
    """Where an answer goes."""
    return str(page.message["Reply-To"].addresses[0].addr_spec)


async def holder(story: Story) -> str:
    """Who acknowledged the incident."""
    async with story.muster.database.read() as conn:
        return str(await conn.fetchval("SELECT name FROM persons JOIN incidents ON acknowledged_by = persons.id") or "")


def by_mail(story: Story) -> tuple[str, ...]:
    """Ana by mail and then by her phone."""
    contacts = [{"kind": "email", "address": ANA, "verified": True}]
    phone = {"kind": "webhook", "address": f"{story.phones.url}/ana", "verified": True}
    data = {"kind": "Person", "name": "ana", "email": ANA, "permission": "manager", "contacts": [*contacts, phone]}
    return json.dumps(data), story.person("bo"), story.person("cy"), INTEGRATION, PLAN


@pytest.fixture
async def post(connect: dict[str, Any], clock: MovableClock) -> AsyncIterator[Post]:
    """A Muster that sends and takes mail."""
    async with MailServer() as smtp:
        port = free_port()
        smtp.bring = lambda to, raw: hand_over(port, to, raw, "muster@muster.example")
        settings = {
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp.port,
            "smtp_security": "none",
            "smtp_from": "Muster <muster@muster.example>",
            "mail_in": "page@muster.example",
            "mail_host": "127.0.0.1",
            "mail_port": port,
        }
        async with told(connect, clock, bare=True, **settings) as story:
            await story.apply(*by_mail(story))
            await story.fires("DiskFull")
            yield Post(story, smtp, port)


async def test_ack_by_mail_acknowledges_and_is_answered_in_the_thread(post: Post) -> None:
    page = await post.page()
    assert "ack takes it" in page.text
    assert page.sender == address_of(page)
    await post.answer("Ack")
    assert await holder(post.story) == "ana"
    said = (await post.smtp.wait(2))[1]
    assert said.recipients == [ANA]
    assert said.sender == "<>"
    assert "INC-1" in str(said.message.get_content())
    assert said.message["Auto-Submitted"] == "auto-replied"
    assert said.message["In-Reply-To"] == "<answer-1@contoso.example>"
    assert str(page.message["Message-ID"]) in str(said.message["References"])
    assert str(said.message["Subject"]).startswith("Re: CRITICAL INC-1")


async def test_escalate_by_mail_passes_the_page_on(post: Post) -> None:
    await post.answer("escalate please")
    assert [each.phone for each in post.story.texts] == ["bo"]


async def test_a_mail_that_comes_twice_is_done_once(post: Post) -> None:
    await post.answer("escalate")
    await post.answer("escalate")
    assert [each.phone for each in post.story.texts] == ["bo"]
    assert len(post.smtp.messages) == 2


async def test_nonsense_is_answered_with_what_can_be_said(post: Post) -> None:
    await post.answer("What is this about?")
    assert await holder(post.story) == ""
    assert "did not understand" in str((await post.smtp.wait(2))[1].message.get_content())


@pytest.mark.parametrize(
    "headers", [{"Auto_Submitted": "auto-replied"}, {"Precedence": "bulk"}, {"X_Autoreply": "yes"}], ids=str
)
async def test_an_automatic_reply_does_nothing_and_gets_no_answer(post: Post, headers: dict[str, str]) -> None:
    await post.answer("ack", **headers)
    assert await holder(post.story) == ""
    assert len(post.smtp.messages) == 1


async def test_a_mail_without_a_sender_is_nobodys_answer(post: Post) -> None:
    page = await post.page()
    await post.send(address_of(page), reply_to(page, "ack"), "")
    assert await holder(post.story) == ""
    assert len(post.smtp.messages) == 1


async def test_somebody_elses_mail_does_nothing_even_with_the_address(post: Post) -> None:
    await post.answer("ack", sender="mallory@elsewhere.example")
    assert await holder(post.story) == ""
    assert len(post.smtp.messages) == 1


async def test_mail_to_other_addresses_is_refused_at_the_door(post: Post) -> None:
    page = await post.page()
    for address in ("page@muster.example", "root@muster.example", "page+" + "a" * 42 + "@muster.example", ANA):
        with pytest.raises(SMTPRecipientsRefused):
            await post.send(address, reply_to(page, "ack"))
    assert await holder(post.story) == ""


async def test_a_mail_too_large_is_refused(post: Post) -> None:
    with pytest.raises(SMTPResponseException) as caught:
        await post.answer("ack " + "x" * (6 * 1024 * 1024))
    assert caught.value.code == 552


async def test_a_returned_mail_is_a_failed_delivery_and_the_phone_rings(post: Post) -> None:
    page = await post.page()
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="b"'
    told = "Final-Recipient: rfc822; ana@x\r\nAction: failed\r\nStatus: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 No such user"
    part = f"--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mail.example\r\n\r\n{told}\r\n\r\n--b--\r\n"
    bounce = f"From: MAILER-DAEMON@mail.example\r\nSubject: Undelivered\r\n{kind}\r\n\r\n{part}".encode()
    assert not post.story.texts
    await post.send(page.sender, bounce, "")
    assert [each.phone for each in post.story.texts] == ["ana"]
    (failed,) = await post.story.told_of("MessageFailed")
    assert failed["reason"] == "The mail came back (5.1.1): 550 5.1.1 No such user."


async def test_while_the_database_is_away_the_mail_comes_again(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    listener = post.story.muster.services.of(IncomingMail).listener
    assert listener is not None
    database = listener._database

    def away(*_: Any, **__: Any) -> Any:
        raise Unavailable("The database is away.")

    monkeypatch.setattr(database, "unit", away)
    with pytest.raises(SMTPResponseException) as caught:
        await post.answer("ack")
    monkeypatch.undo()
    assert caught.value.code == 451
    await post.answer("ack")
    assert await holder(post.story) == "ana"


async def test_answers_come_out_of_a_mailbox_once(connect: dict[str, Any], clock: MovableClock) -> None:
    async with MailServer() as smtp, Mailbox() as mailbox:
        settings = {
            **mailbox.settings,
            "smtp_host": "127.0.0.1",
            "smtp_port": smtp.port,
            "smtp_security": "none",
            "mail_in": "page@muster.example",
        }
        async with told(connect, clock, bare=True, **settings) as story:

            async def bring(to: str, raw: bytes) -> None:
                mailbox.put(raw)
                mail = story.muster.services.of(IncomingMail)
                assert mail.mailbox is not None
                assert mail.addresses is not None
                assert mail.alerts is not None
                await look_into(mail.mailbox, mail.addresses, story.muster.database, mail.alerts)

            smtp.bring = bring
            await story.apply(*by_mail(story))
            await story.fires("DiskFull")
            page = (await smtp.wait(1))[0]
            mailbox.put(b"From: spam@x.example\r\nTo: page@muster.example\r\nSubject: Buy\r\n\r\nack\r\n")
            mailbox.put(bytes(reply_to(page, "ack")))
            await story.wait(seconds=20, periodic=("mail.fetch",))
            assert await holder(story) == "ana"
            assert mailbox.seen == set(mailbox.mails)
            assert len(smtp.messages) == 2
            await story.wait(seconds=60, periodic=("mail.fetch",))
            assert len(smtp.messages) == 2


STAMPED = {"Feedback-ID": "::1.eu-west-1.abc=:AmazonSES", "X-SES-Outgoing": "2026.03.02-1.2.3.4"}


async def test_doubtful_answers_are_asked_back_and_stop_nothing(post: Post) -> None:
    page = await post.page()
    doubtful = (
        "Taken ill today, please call Bo",
        "Ack! can't look, escalate",
        "ack 36",
        "ack\ncannot get to a computer",
    )
    for number, text in enumerate(doubtful):
        reply = reply_to(page, text)
        reply.replace_header("Message-ID", f"<doubt-{number}@contoso.example>")
        await post.send(address_of(page), reply)
    answers = (await post.smtp.wait(1 + len(doubtful)))[1:]
    assert all("the page goes on" in str(answer.message.get_content()) for answer in answers)
    assert await holder(post.story) == ""
    await post.story.wait(minutes=5)
    assert [text.phone for text in post.story.texts] == ["bo"]


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        ("ack, eta 36 min", {}),
        ("CAUTION: This email originated from outside of the organization.\n\nack", STAMPED),
        ("\ufeffack", {}),
        ("Hi,\n\nack\n\nAna", {}),
    ],
    ids=["time", "banner and stamp", "byte order mark", "greeting"],
)
async def test_an_answer_is_read_through_what_mail_systems_and_manners_put_around_it(
    post: Post, body: str, headers: dict[str, str]
) -> None:
    await post.answer(body, **headers)
    assert await holder(post.story) == "ana"
