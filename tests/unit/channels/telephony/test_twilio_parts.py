"""Twilio's signature, TwiML and error codes."""

from xml.etree import ElementTree

import pytest
from tests.doubles.twilio import sign

from muster.channels.telephony.twilio import twiml
from muster.channels.telephony.twilio.errors import explain, failure
from muster.channels.telephony.twilio.signature import genuine, signature
from muster.paging.channel import SendOutcome

# The example of Twilio's own documentation and libraries.
URL = "https://mycompany.com/myapp.php?foo=1&bar=2"
FORM = {
    "CallSid": "CA1234567890ABCDE",
    "Caller": "+14158675309",
    "Digits": "1234",
    "From": "+14158675309",
    "To": "+18005551212",
}
SIGNATURE = "RSOYDt4T1cUTdK1PDd93/VVr8B8="


def test_the_documented_example_is_signed_as_documented() -> None:
    assert signature("12345", URL, FORM) == SIGNATURE == sign("12345", URL, FORM)
    assert genuine("12345", URL, FORM, SIGNATURE)


@pytest.mark.parametrize(
    ("token", "url", "form", "given"),
    [
        ("12346", URL, FORM, SIGNATURE),
        ("", URL, FORM, SIGNATURE),
        ("12345", URL.replace("https", "http"), FORM, SIGNATURE),
        ("12345", URL, {**FORM, "Digits": "2"}, SIGNATURE),
        ("12345", URL, FORM, ""),
        ("12345", URL, FORM, "é"),
    ],
)
def test_anything_else_is_not_genuine(token: str, url: str, form: dict[str, str], given: str) -> None:
    assert not genuine(token, url, form, given)


def test_the_usual_port_may_be_written_or_not() -> None:
    ported = URL.replace("mycompany.com", "mycompany.com:443")
    assert genuine("12345", URL, FORM, sign("12345", ported, FORM))
    assert genuine("12345", ported, FORM, SIGNATURE)


def test_a_call_says_all_twice_and_asks_for_a_key_meanwhile() -> None:
    text = twiml.call(["One <two> & three."], "https://muster.example/x?a=1&b=2", "en-GB", asks=True)
    root = ElementTree.fromstring(text)
    gathers = root.findall("Gather")
    assert len(gathers) == 2
    for gather in gathers:
        assert gather.attrib["action"] == "https://muster.example/x?a=1&b=2"
        assert (gather.attrib["numDigits"], gather.attrib["input"]) == ("1", "dtmf")
        assert [say.text for say in gather.findall("Say")] == [
            "One <two> & three.",
            "Press 1 to acknowledge. Press 2 to escalate.",
        ]
    assert all(say.attrib["language"] == "en-GB" for say in root.iter("Say"))


def test_a_call_that_would_be_too_long_loses_its_end() -> None:
    text = twiml.call(["First.", *("x" * 500 for _ in range(20))], "https://muster.example/x", "en-US", asks=True)
    assert len(text) <= twiml.LONGEST
    assert "First." in text
    ElementTree.fromstring(text)


def test_a_notice_asks_for_no_key() -> None:
    assert ElementTree.fromstring(twiml.call(["Hello."], "https://x", "en-US", asks=False)).find("Gather") is None


@pytest.mark.parametrize(
    ("status", "code", "outcome", "words"),
    [
        (400, 21211, SendOutcome.REFUSED, "the number is wrong"),
        (400, 21614, SendOutcome.REFUSED, "no mobile number"),
        (400, 21610, SendOutcome.REFUSED, "opted out"),
        (400, 99999, SendOutcome.REFUSED, "what Twilio says"),
        (401, 20003, SendOutcome.REFUSED, "MUSTER_TWILIO_TOKEN"),
        (401, 0, SendOutcome.REFUSED, "MUSTER_TWILIO_TOKEN"),
        (429, 20429, SendOutcome.RETRY, "too much"),
        (400, 21611, SendOutcome.RETRY, "problem of its own"),
        (503, 20503, SendOutcome.RETRY, "problem of its own"),
    ],
)
def test_every_code_has_its_sentence(status: int, code: int, outcome: SendOutcome, words: str) -> None:
    body = {"code": code, "message": "what Twilio says"} if code else {}
    receipt = explain("api.twilio.com", status, body, "", None)
    assert receipt.outcome is outcome
    assert words in receipt.reason


def test_a_later_failure_has_its_sentence_too() -> None:
    assert failure("30003", "undelivered") == "It was not delivered (30003): the phone is off or out of reach."
    assert failure("", "failed") == "It was not delivered: Twilio calls it failed."
