"""Text messages through a modem, against one that speaks AT commands at the other end of a pseudo-terminal."""

import asyncio
from collections.abc import Sequence

import pytest
from tests.doubles.messages import a_message
from tests.doubles.modem import Modem

from muster.channels.telephony.channels import SmsChannel
from muster.channels.telephony.modem.vendor import ModemSms, read_device
from muster.channels.telephony.port import DeliveryReport, PhoneReply, Text
from muster.kit.errors import Fault
from muster.paging.channel import SendOutcome

NUMBER = "+4915112345678"
ACK = "00040B915121551532F400006230209000000003E1F11A"
"""`ack` from +15125551234, as the network delivers it."""


class Ear:
    """Keeps what it hears."""

    def __init__(self) -> None:
        self.reports: list[DeliveryReport] = []
        self.replies: list[PhoneReply] = []
        self.heard = asyncio.Event()

    async def reported(self, channel: str, report: DeliveryReport, *, also: Sequence[str] = ()) -> None:
        """A receipt."""
        self.reports.append(report)
        self.heard.set()

    async def replied(self, channel: str, vendor: str, reply: PhoneReply) -> None:
        """An answer."""
        self.replies.append(reply)
        self.heard.set()


async def test_a_page_is_sent_in_parts_with_a_report_wanted() -> None:
    async with Modem() as modem:
        vendor = ModemSms(modem.device)
        receipt = await SmsChannel([vendor]).send(NUMBER, a_message(happening="x" * 300))
        sent = modem.sent
        await vendor.close()
    assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, "modem:delivery-7-1")
    assert len(sent) == 3
    assert all(int(unit[2:4], 16) & 0x20 for _, unit in sent)
    assert "AT+CMGF=0" in modem.commands


@pytest.mark.parametrize(("status", "outcome"), [(0x00, SendOutcome.DELIVERED), (0x46, SendOutcome.REFUSED)])
async def test_the_networks_report_is_the_receipt(status: int, outcome: SendOutcome) -> None:
    async with Modem() as modem:
        vendor, ear = ModemSms(modem.device), Ear()
        await vendor.listen(ear)
        given = await vendor.send(Text(NUMBER, "x", "k1"))
        modem.reports(modem.sent[0][0], 0x30)
        modem.reports(modem.sent[0][0], status)
        await asyncio.wait_for(ear.heard.wait(), 5)
        await vendor.close()
    [report] = ear.reports
    assert (report.provider_id, report.outcome) == (given.provider_id, outcome)


async def test_a_reply_is_heard_and_taken_off_the_card() -> None:
    async with Modem() as modem:
        modem.receives(ACK)
        vendor, ear = ModemSms(modem.device), Ear()
        await vendor.listen(ear)
        await asyncio.wait_for(ear.heard.wait(), 5)
        ear.heard.clear()
        modem.receives(ACK)
        await asyncio.wait_for(ear.heard.wait(), 5)
        async with asyncio.timeout(5):
            await modem.emptied.wait()
        await vendor.close()
    assert ear.replies == [PhoneReply("+15125551234", "ack")] * 2


@pytest.mark.parametrize(
    ("error", "outcome", "words"),
    [
        ("+CMS ERROR: 28", SendOutcome.REFUSED, "number is unknown"),
        ("+CMS ERROR: 38", SendOutcome.RETRY, "+CMS ERROR: 38"),
        ("ERROR", SendOutcome.RETRY, "ERROR"),
    ],
)
async def test_errors_have_their_receipts(error: str, outcome: SendOutcome, words: str) -> None:
    async with Modem() as modem:
        modem.errors.append(error)
        vendor = ModemSms(modem.device)
        receipt = await vendor.send(Text(NUMBER, "x", "k"))
        assert receipt.outcome is outcome
        assert words in receipt.reason
        assert (await vendor.send(Text(NUMBER, "x", "k"))).outcome is SendOutcome.HANDED_OVER
        await vendor.close()


async def test_a_pin_is_entered_and_a_wrong_one_is_told() -> None:
    async with Modem(pin="1234") as modem:
        vendor = ModemSms(modem.device, pin="1234")
        assert (await vendor.send(Text(NUMBER, "x", "k"))).outcome is SendOutcome.HANDED_OVER
        await vendor.close()
    async with Modem(pin="1234") as modem:
        vendor = ModemSms(modem.device, pin="9999")
        receipt = await vendor.send(Text(NUMBER, "x", "k"))
        assert (receipt.outcome, "not ready" in receipt.reason) == (SendOutcome.RETRY, True)
        await vendor.close()


async def test_a_modem_that_is_unplugged_is_opened_again_when_it_is_back(tmp_path: object) -> None:
    async with Modem() as modem:
        vendor = ModemSms(modem.device, rest=0.05)
        assert (await vendor.send(Text(NUMBER, "x", "k"))).outcome is SendOutcome.HANDED_OVER
        modem.unplug()
        await asyncio.sleep(0.05)
        receipt = await vendor.send(Text(NUMBER, "x", "k"))
        assert receipt.outcome is SendOutcome.RETRY
    async with Modem() as again:
        vendor._device = again.device
        assert (await vendor.send(Text(NUMBER, "x", "k"))).outcome is SendOutcome.HANDED_OVER
        await vendor.close()


async def test_no_modem_is_told_with_its_name() -> None:
    receipt = await ModemSms("/dev/no-such-modem").send(Text(NUMBER, "x", "k"))
    assert receipt.outcome is SendOutcome.RETRY
    assert "/dev/no-such-modem" in receipt.reason


def test_a_device_is_read_with_its_speed() -> None:
    assert read_device("/dev/ttyUSB0") == ("/dev/ttyUSB0", 115200)
    assert read_device("/dev/ttyS0@9600") == ("/dev/ttyS0", 9600)
    assert isinstance(read_device("COM1"), Fault)
