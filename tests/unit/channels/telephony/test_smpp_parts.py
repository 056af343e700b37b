"""SMPP's receipts, settings and statuses."""

import contextlib
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.channels.telephony.smpp import pdu
from muster.channels.telephony.smpp.pdu import Delivered, NotSmpp
from muster.channels.telephony.smpp.settings import SmppSettings, read_smpp
from muster.channels.telephony.smpp.status import explain, read_receipt
from muster.channels.telephony.smpp.vendor import words
from muster.kit.errors import Fault
from muster.paging.channel import SendOutcome


def receipt(text: str, **options: bytes) -> Delivered:
    """A receipt with these words and options."""
    tags = {"id": pdu.RECEIPTED_ID, "state": pdu.MESSAGE_STATE}
    return Delivered("49151", "1", 0x04, 0, text.encode(), {tags[name]: value for name, value in options.items()})


def test_the_documented_receipt_is_read() -> None:
    text = "id:0123456789 sub:001 dlvrd:001 submit date:0805121230 done date:0805121231 stat:DELIVRD err:000 text:Virtual sender"
    found = read_receipt(receipt(text))
    assert found is not None
    report, also = found
    assert (report.provider_id, report.outcome) == ("smpp:0123456789", SendOutcome.DELIVERED)
    assert "smpp:75bcd15" in also


def test_options_count_more_than_the_text() -> None:
    found = read_receipt(receipt("whatever the vendor likes", id=b"4F00D\0", state=b"\x05"))
    assert found is not None
    assert (found[0].provider_id, found[0].outcome) == ("smpp:4F00D", SendOutcome.REFUSED)
    assert found[1][0] == "smpp:323597"


@pytest.mark.parametrize(
    "text", ["id:1 stat:ENROUTE", "id:1 stat:ACCEPTD err:000", "stat:DELIVRD", "", "id:1 stat:UNKNOWN"]
)
def test_what_is_not_final_tells_nothing(text: str) -> None:
    assert read_receipt(receipt(text)) is None


def test_a_failure_names_the_networks_error() -> None:
    found = read_receipt(receipt("id:7 stat:UNDELIV err:075"))
    assert found is not None
    assert found[0].reason == "It was not delivered: it cannot be delivered to this number (network error 075)."


@pytest.mark.parametrize(
    ("status", "outcome"),
    [(0x58, SendOutcome.RETRY), (0x14, SendOutcome.RETRY), (0x0B, SendOutcome.REFUSED), (0x400, SendOutcome.REFUSED)],
)
def test_statuses_are_explained(status: int, outcome: SendOutcome) -> None:
    told = explain("smsc.example", status)
    assert told.outcome is outcome
    assert f"0x{status:02x}" in told.reason


def test_an_address_is_read() -> None:
    settings = read_smpp("smpps://user%40x:p%2Fw@smsc.example?window=3&alphabet=latin1", "+491")
    assert settings == SmppSettings("smsc.example", 3550, "user@x", "p/w", True, "", 3, "latin1", "+491")
    assert "p/w" not in repr(settings)


@pytest.mark.parametrize(
    "text",
    [
        "smsc.example",
        "http://u@x",
        "smpp://x",
        "smpp://u@x?window=0",
        "smpp://u@x?alphabet=x",
        "smpp://u@x?y=1",
        "smpp://u@x:x",
    ],
)
def test_a_bad_address_is_told(text: str) -> None:
    assert isinstance(read_smpp(text, ""), Fault)


def test_numbers_short_codes_and_names_have_their_types() -> None:
    def types(source: str) -> bytes:
        return pdu.submit(source, "+49151", b"x", coding=0, header=False, receipt=True, validity="")[1:3]

    assert types("+4915112345678") == b"\x01\x01"
    assert types("12345") == b"\x03\x00"
    assert types("MUSTER") == b"\x05\x00"


@given(st.binary(max_size=200))
def test_a_garbled_unit_is_refused_in_words(noise: bytes) -> None:
    with contextlib.suppress(NotSmpp):
        pdu.read_delivered(noise)


def test_a_unit_too_long_is_refused() -> None:
    with pytest.raises(NotSmpp):
        pdu.length_of(struct.pack(">I", 2**31))


def test_words_come_in_any_alphabet() -> None:
    assert words(Delivered("1", "2", 0, 0, bytes((0x61, 0x63, 0x6B, 0x00)))) == "ack@"
    assert words(Delivered("1", "2", 0, 8, "да".encode("utf-16-be"))) == "да"
    assert words(Delivered("1", "2", 0, 3, b"Gr\xfc\xdfe")) == "Grüße"
    assert words(Delivered("1", "2", 0x40, 0, bytes((5, 0, 3, 1, 2, 1)) + b"ack")) == "ack"
