"""Background work of mail: the sentence that goes back to whoever answered, and looks into a mailbox."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any, Protocol, runtime_checkable
from uuid import UUID

import structlog

from muster.base.access import ANONYMOUS
from muster.base.aside import aside
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.base.work import Job, Leased, enqueue
from muster.base.work.runner import Handler
from muster.channels.email.actions.mailbox import MailboxAway, MailboxSettings, fetch
from muster.channels.email.actions.receive import ANSWER, meant, receive
from muster.channels.email.mail_kind import read_mail, recipients_in
from muster.channels.email.reply_address import ReplyAddresses
from muster.channels.email.reply_mail import compose_reply
from muster.inbound.email.actions.alerts import AlertMail
from muster.kit.errors import Unavailable
from muster.paging.channel import Receipt, SendOutcome

log = structlog.get_logger("muster.mail")
FETCH = "mail.fetch"
AFTER_TROUBLE = timedelta(minutes=1)


@runtime_checkable
class Posts(Protocol):
    """What sends a mail that is composed already."""

    async def post(self, raw: bytes, sender: str, recipient: str) -> Receipt:
        """Hand a mail over; never raises. `sender` is the envelope's."""
        ...


async def begin(unit: Unit, mailbox: MailboxSettings | None) -> None:
    """Look into the mailbox from now on, on one node at a time."""
    if mailbox is not None:
        await enqueue(unit, [Job(FETCH, "periodic")])


def handlers(
    posts: Posts,
    addresses: ReplyAddresses | None,
    mailbox: MailboxSettings | None,
    every: timedelta,
    alerts: AlertMail | None,
) -> dict[str, Handler]:
    """The job kinds of mail."""

    async def answer(leased: Leased) -> None:
        payload = leased.job.payload
        if addresses is not None:
            delivery_id = UUID(payload["delivery"])
            sender = addresses.of(delivery_id)
            raw = compose_reply(
                sender=sender,
                recipient=payload["to"],
                subject=payload["subject"],
                sentence=payload["sentence"],
                message_id=f"{leased.job.key}@{sender.rpartition('@')[2]}",
                in_reply_to=payload["in_reply_to"],
                references=payload["references"],
                now=leased.database.clock.now(),
            )
            # No return path: nobody is to be told that an answer to an answer could not be delivered.
            receipt = await posts.post(raw, "", payload["to"])
            if receipt.outcome is SendOutcome.RETRY:
                await leased.retry(receipt.retry_after or timedelta(seconds=10), receipt.reason)
                return
            if not receipt.outcome.sent:
                log.warning("mail.answer_lost", reason=receipt.reason)
        async with leased.finish():
            return

    async def look(leased: Leased) -> None:
        again = every
        if mailbox is not None and addresses is not None and alerts is not None:
            try:
                await look_into(mailbox, addresses, leased.database, alerts)
            except MailboxAway as error:
                log.warning("mailbox.away", reason=str(error))
                again = max(every, AFTER_TROUBLE)
            except Exception as error:
                # Looking must never end: a job that fails too often is given up.
                log.error("mailbox.failed", exc_info=error)
                again = max(every, AFTER_TROUBLE)
        async with leased.finish() as unit:
            if mailbox is not None:
                await enqueue(unit, [Job(FETCH, "periodic", run_at=unit.now + again)])

    return {ANSWER: answer, FETCH: look}


async def look_into(mailbox: MailboxSettings, addresses: ReplyAddresses, database: Database, alerts: AlertMail) -> int:
    """Do what the unseen mails of a mailbox say; each is marked as seen once that is written down.

    Raises:
        MailboxAway: with the reason.
    """
    loop = asyncio.get_running_loop()

    def take(raw: bytes) -> bool:
        work: Coroutine[Any, Any, bool] = _take(raw, addresses, database, alerts)
        return asyncio.run_coroutine_threadsafe(work, loop).result()

    return await asyncio.to_thread(fetch, mailbox, take)


async def _take(raw: bytes, addresses: ReplyAddresses, database: Database, alerts: AlertMail) -> bool:
    delivery_id = None
    try:
        mail = await aside(read_mail, raw)
        delivery_id = meant(addresses, mail.recipients)
        if delivery_id is not None:
            async with database.unit(ANONYMOUS) as unit:
                done = await receive(unit, mail, delivery_id)
            log.info("mail.taken", delivery=str(delivery_id), done=done)
        keys = await alerts.keys_for(mail.recipients or recipients_in(raw))
        refusals = [(await alerts.take(key, raw)).refusal for key in keys]
    except Unavailable:
        return False
    except Exception as error:
        # It stays unseen for a person to find; the others are not held up.
        log.error("mail.failed", delivery=str(delivery_id or ""), exc_info=error)
        return False
    if not keys and delivery_id is None:
        log.info("mail.ignored", reason="it is to no address that Muster made")
    for refusal in filter(None, refusals):
        log.warning("mail.refused", reason=refusal)
    return True
