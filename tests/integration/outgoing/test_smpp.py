"""Text messages over SMPP, against a message centre that refuses, hangs, forgets, and reports."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest
from tests.doubles.messages import a_message
from tests.doubles.smpp import MessageCentre

from muster.channels.telephony import gsm7
from muster.channels.telephony.channels import SmsChannel
from muster.channels.telephony.port import DeliveryReport, PhoneReply, Text
from muster.channels.telephony.smpp.settings import SmppSettings, read_smpp
from muster.channels.telephony.smpp.vendor import SmppSms
from muster.paging.channel import SendOutcome

NUMBER = "+4915112345678"


class Ear:
    """Keeps what it hears; fails first if told so."""

    def __init__(self, *, failures: int = 0) -> None:
        self.reports: list[tuple[DeliveryReport, Sequence[str]]] = []
        self.replies: list[PhoneReply] = []
        self.failures = failures

    async def reported(self, channel: str, report: DeliveryReport, *, also: Sequence[str] = ()) -> None:
        """A receipt."""
        if self.failures:
            self.failures -= 1
            raise OSError("the database is away")
        self.reports.append((report, also))

    async def replied(self, channel: str, vendor: str, reply: PhoneReply) -> None:
        """An answer."""
        assert (channel, vendor) == ("sms", "smpp")
        self.replies.append(reply)


def vendor(centre: MessageCentre, **changes: Any) -> SmppSms:
    """A client of the double, impatient."""
    read = read_smpp(centre.url, "MUSTER")
    assert isinstance(read, SmppSettings)
    return SmppSms(replace(read, **{"patience": 0.5, "rest": 0.05, "enquire_every": 0.1, **changes}))


async def test_a_page_is_submitted_with_a_receipt_wanted() -> None:
    async with MessageCentre() as centre:
        smpp = vendor(centre)
        receipt = await SmsChannel([smpp]).send(NUMBER, a_message())
        first, taken = centre.taken
        await smpp.close()
    assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, f"smpp:{taken.id}")
    assert (taken.source, taken.to, taken.receipt, taken.coding) == ("MUSTER", NUMBER[1:], 1, 0)
    assert gsm7.letters(first.message + taken.message).startswith("CRITICAL INC-142")


async def test_a_long_text_goes_in_parts_that_belong_together() -> None:
    async with MessageCentre() as centre:
        smpp = vendor(centre)
        text = "д" * 150
        receipt = await smpp.send(Text(NUMBER, text, "k"))
        await smpp.close()
    assert [part.header.hex() for part in centre.taken] == ["050003010301", "050003010302", "050003010303"]
    assert all(part.esm_class & 0x40 and part.coding == 8 for part in centre.taken)
    assert b"".join(part.message for part in centre.taken).decode("utf-16-be") == text
    assert [part.receipt for part in centre.taken] == [0, 0, 1]
    assert receipt.provider_id == f"smpp:{centre.taken[2].id}"


async def test_a_storm_keeps_to_the_window_over_one_connection() -> None:
    async with MessageCentre() as centre:
        centre.slow = 0.01
        smpp = vendor(centre, window=5, patience=5.0)
        receipts = await asyncio.gather(*(smpp.send(Text(NUMBER, f"{n}", f"k{n}")) for n in range(60)))
        await smpp.close()
    assert {receipt.outcome for receipt in receipts} == {SendOutcome.HANDED_OVER}
    assert len({receipt.provider_id for receipt in receipts}) == 60
    assert centre.most_at_once == 5
    assert centre.binds == 1


@pytest.mark.parametrize(
    ("status", "outcome", "words"),
    [
        (0x58, SendOutcome.RETRY, "too much"),
        (0x14, SendOutcome.RETRY, "queue is full"),
        (0x0B, SendOutcome.REFUSED, "number is wrong"),
    ],
)
async def test_a_refused_text_has_its_reason(status: int, outcome: SendOutcome, words: str) -> None:
    async with MessageCentre(statuses=[status]) as centre:
        smpp = vendor(centre)
        receipt = await smpp.send(Text(NUMBER, "x", "k"))
        assert receipt.outcome is outcome
        assert words in receipt.reason
        assert (await smpp.send(Text(NUMBER, "x", "k"))).outcome is SendOutcome.HANDED_OVER
        await smpp.close()


async def test_a_wrong_password_is_refused_in_words() -> None:
    async with MessageCentre(bind_status=0x0E) as centre:
        smpp = vendor(centre)
        receipt = await smpp.send(Text(NUMBER, "x", "k"))
        await smpp.close()
    assert receipt.outcome is SendOutcome.REFUSED
    assert "the password is wrong" in receipt.reason


async def test_silence_and_absence_are_tried_again() -> None:
    async with MessageCentre(hang=True) as centre:
        smpp = vendor(centre)
        receipt = await smpp.send(Text(NUMBER, "x", "k"))
        assert (receipt.outcome, "did not answer" in receipt.reason) == (SendOutcome.RETRY, True)
        # The next one is not sent into the same silence, but over a new connection.
        centre.hang = False
        assert (await smpp.send(Text(NUMBER, "x", "k"))).outcome is SendOutcome.HANDED_OVER
        assert centre.binds == 2
        await smpp.close()
    receipt = await smpp.send(Text(NUMBER, "x", "k"))
    assert (receipt.outcome, "No connection" in receipt.reason) == (SendOutcome.RETRY, True)


async def test_the_connection_is_kept_alive_and_made_again_when_it_is_lost() -> None:
    async with MessageCentre() as centre:
        smpp = vendor(centre)
        await smpp.listen(Ear())
        await centre.bound(1)
        await asyncio.sleep(0.35)
        assert centre.enquiries >= 2
        centre.drop()
        await centre.bound(2)
        assert (await smpp.send(Text(NUMBER, "x", "k"))).outcome is SendOutcome.HANDED_OVER
        await smpp.close()


@pytest.mark.parametrize("hexadecimal", [False, True])
async def test_receipts_are_heard_under_the_id_that_was_given(hexadecimal: bool) -> None:
    async with MessageCentre(hexadecimal=hexadecimal) as centre:
        smpp, ear = vendor(centre), Ear()
        await smpp.listen(ear)
        given = await smpp.send(Text(NUMBER, "x", "k"))
        await centre.receipt(centre.taken[0], "DELIVRD")
        await centre.receipt(centre.taken[0], "UNDELIV", err="101", options=False)
        await smpp.close()
    (delivered, also), (failed, _) = ear.reports
    assert given.provider_id in (delivered.provider_id, *also)
    assert delivered.outcome is SendOutcome.DELIVERED
    assert failed.outcome is SendOutcome.REFUSED
    assert "101" in failed.reason


async def test_what_could_not_be_written_down_is_not_acknowledged() -> None:
    async with MessageCentre() as centre:
        smpp, ear = vendor(centre), Ear(failures=1)
        await smpp.listen(ear)
        await smpp.send(Text(NUMBER, "x", "k"))
        assert await centre.receipt(centre.taken[0], "DELIVRD") == 0x08
        assert await centre.receipt(centre.taken[0], "DELIVRD") == 0
        await smpp.close()
    assert len(ear.reports) == 1


async def test_replies_are_heard() -> None:
    async with MessageCentre() as centre:
        smpp, ear = vendor(centre), Ear()
        await smpp.listen(ear)
        await centre.bound()
        assert await centre.text(NUMBER, "ack") == 0
        assert await centre.text(NUMBER, "да", coding=8) == 0
        await smpp.close()
    assert ear.replies == [PhoneReply(NUMBER, "ack"), PhoneReply(NUMBER, "да")]
