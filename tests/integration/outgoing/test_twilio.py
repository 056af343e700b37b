"""Text messages and calls through Twilio, against a double that holds Muster to the documented requests."""

import re
from dataclasses import replace
from xml.etree import ElementTree

import pytest
from tests.doubles.messages import ACKNOWLEDGE, a_message
from tests.doubles.twilio import Twilio
from tests.settings import settings_of

from muster.base.http import Http
from muster.channels.telephony.build import build_vendors
from muster.channels.telephony.channels import SmsChannel, VoiceChannel
from muster.kit.errors import Invalid
from muster.paging.channel import MessageKind, SendOutcome

NUMBER = "+4915112345678"
PUBLIC = "https://muster.example"


def channels(http: Http, public: str = PUBLIC, **settings: str) -> tuple[SmsChannel, VoiceChannel]:
    """The channels that these settings make."""
    sms, voice = build_vendors(settings_of(public_url=public, **settings), http)
    return SmsChannel(sms), VoiceChannel(voice)


async def test_a_page_leaves_as_a_text_message(http: Http) -> None:
    async with Twilio() as twilio:
        sms, _ = channels(http, **twilio.settings)
        receipt = await sms.send(NUMBER, a_message())
        [taken] = twilio.taken
    assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, taken.sid)
    assert taken.form["To"] == NUMBER
    assert taken.form["From"] == "+15005550006"
    assert taken.form["StatusCallback"] == f"{PUBLIC}/callbacks/twilio/sms-status"
    assert taken.form["Body"].startswith("CRITICAL INC-142: Checkout <errors> & more\n12 % of payments")
    assert taken.form["Body"].endswith(ACKNOWLEDGE)


async def test_without_a_public_address_texts_and_calls_go_out_and_ask_for_nothing_back(http: Http) -> None:
    # Twilio refuses a message that it is to report to an address out of its reach (21609), and a call as well (21205).
    async with Twilio() as twilio:
        sms, voice = channels(http, public="", **twilio.settings)
        outcomes = [(await channel.send(NUMBER, a_message())).outcome for channel in (sms, voice)]
        text, call = twilio.taken
    assert outcomes == [SendOutcome.HANDED_OVER] * 2
    assert not {name for taken in (text, call) for name in taken.form if "Callback" in name}
    assert "http://127" not in call.form["Twiml"]
    assert "press" not in call.form["Twiml"].lower()
    assert text.form["Body"].endswith(ACKNOWLEDGE), "the link in the text answers still"
    for channel in (sms, voice):
        can = channel.capabilities
        assert (can.usable, can.two_way, can.receipts, can.receipt_within) == (True, False, False, None)


async def test_a_messaging_service_may_be_the_sender_of_texts_but_not_of_calls(http: Http) -> None:
    async with Twilio() as twilio:
        service = "MG" + "1" * 32
        sms, voice = channels(http, **{**twilio.settings, "twilio_from": service})
        await sms.send(NUMBER, a_message())
        assert twilio.taken[0].form["MessagingServiceSid"] == service
        refusal = await voice.send(NUMBER, a_message())
        assert refusal.outcome is SendOutcome.REFUSED
        assert "MUSTER_TWILIO_CALLER" in refusal.reason
        assert not voice.capabilities.usable


async def test_a_page_leaves_as_a_call(http: Http) -> None:
    async with Twilio() as twilio:
        _, voice = channels(http, **twilio.settings)
        receipt = await voice.send(NUMBER, a_message())
        [taken] = twilio.taken
    assert (receipt.outcome, receipt.provider_id) == (SendOutcome.HANDED_OVER, taken.sid)
    said = [say.text for say in ElementTree.fromstring(taken.form["Twiml"]).iter("Say")]
    assert said.count("This is Muster. Critical incident INC 1 4 2.") == 2
    gather = ElementTree.fromstring(taken.form["Twiml"]).find("Gather")
    assert gather is not None
    assert gather.attrib["action"] == f"{PUBLIC}/callbacks/twilio/voice?delivery={a_message().delivery_id}"
    assert taken.form["MachineDetection"] == "Enable"


async def test_a_call_asks_for_a_key_where_one_answers_something(http: Http) -> None:
    async with Twilio() as twilio:
        _, voice = channels(http, **twilio.settings)
        await voice.send(NUMBER, a_message(kind=MessageKind.TEST))
        await voice.send(NUMBER, a_message(kind=MessageKind.NOTICE))
        test, notice = (each.form["Twiml"] for each in twilio.taken)
        assert "Gather" in test, "the key proves that calls reach somebody"
        assert "Gather" not in notice


@pytest.mark.parametrize(
    ("trouble", "outcome", "words"),
    [
        ("429", SendOutcome.RETRY, "too much"),
        ("500", SendOutcome.RETRY, "problem of its own"),
        ("hang", SendOutcome.RETRY, "said nothing"),
        ("reset", SendOutcome.RETRY, "no whole answer"),
        ("garbage", SendOutcome.RETRY, "not Twilio's"),
    ],
)
@pytest.mark.parametrize("kind", ["sms", "voice"])
async def test_every_trouble_has_its_receipt(
    http: Http, kind: str, trouble: str, outcome: SendOutcome, words: str
) -> None:
    async with Twilio() as twilio:
        sms, voice = channels(http, **twilio.settings)
        twilio.next(trouble)
        receipt = await (sms if kind == "sms" else voice).send(NUMBER, a_message())
        assert receipt.outcome is outcome, receipt
        assert words in receipt.reason
        if trouble == "429":
            assert receipt.retry_after is not None
            assert receipt.retry_after.total_seconds() == 7


async def test_wrong_numbers_and_wrong_credentials_are_refused_in_words(http: Http) -> None:
    async with Twilio(wrong={NUMBER: 21614}) as twilio:
        sms, _ = channels(http, **twilio.settings)
        receipt = await sms.send(NUMBER, a_message())
        assert (receipt.outcome, receipt.reason) == (
            SendOutcome.REFUSED,
            "Twilio refused it (21614): the number is no mobile number.",
        )
        wrong, _ = channels(http, **{**twilio.settings, "twilio_token": "stolen"})
        receipt = await wrong.send(NUMBER, a_message())
        assert receipt.outcome is SendOutcome.REFUSED
        assert "MUSTER_TWILIO_TOKEN" in receipt.reason
        assert "stolen" not in receipt.reason


async def test_what_is_missing_is_said_by_its_name(http: Http) -> None:
    sms, voice = channels(http, sms_vendors="twilio", voice_vendors="twilio")
    for channel in (sms, voice):
        receipt = await channel.send(NUMBER, a_message())
        assert receipt.outcome is SendOutcome.REFUSED
        assert {"MUSTER_TWILIO_ACCOUNT", "MUSTER_TWILIO_TOKEN"} <= set(re.findall(r"MUSTER_\w+", receipt.reason))
        assert not channel.capabilities.usable


async def test_vendors_stand_side_by_side_in_order_of_preference(http: Http) -> None:
    async with Twilio() as first, Twilio() as second:
        gateways = f'{{"other": {{"url": "{second.sink.url}/x?to={{to}}&text={{text}}", "method": "GET"}}}}'
        sms, _ = channels(http, **first.settings, gateways=gateways, sms_vendors="other, twilio")
        assert sms.capabilities.routes == ("other", "twilio")
        # One of the two gives no receipts, so none is waited for.
        assert sms.capabilities.receipt_within is None
        await sms.send(NUMBER, a_message())
        await second.sink.wait(1)
        await sms.send(NUMBER, replace(a_message(), route="twilio"))
        assert len(first.taken) == 1
        refusal = await sms.send(NUMBER, replace(a_message(), route="gone"))
        assert refusal.outcome is SendOutcome.REFUSED


def test_settings_that_cannot_be_used_are_told_all_at_once(http: Http) -> None:
    with pytest.raises(Invalid) as caught:
        build_vendors(
            settings_of(
                sms_vendors="twilio,nobody", smpp="x", modem="usb", gateways='{"A b": {"url": 1}}', sms_from="?"
            ),
            http,
        )
    fields = [fault.field for fault in caught.value.faults]
    assert fields == ["MUSTER_SMS_FROM", "MUSTER_SMPP", "MUSTER_MODEM", "MUSTER_GATEWAYS A b", "MUSTER_SMS_VENDORS"]


async def test_one_spelling_of_a_number_only(http: Http) -> None:
    sms, voice = channels(http)
    for channel in (sms, voice):
        assert channel.check_address(NUMBER) is None
        fault = channel.check_address("+49 151 12345678")
        assert fault is not None
        assert NUMBER in fault.fix
        assert channel.check_address("0151 12345678") is not None
