"""Messages of modems, against well-known examples of TS 23.040 and against themselves."""

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.channels.telephony import gsm7
from muster.channels.telephony.modem.pdu import Arrived, NotAPdu, Status, decode, encode
from muster.channels.telephony.segments import split

HELLOHELLO = "07917283010010F5040BC87238880900F10000993092516195800AE8329BFD4697D9EC37"
"""The example that everybody prints: `hellohello` from 27838890001 through +27381000015."""


def test_the_well_known_message_is_read() -> None:
    assert decode(HELLOHELLO) == Arrived("27838890001", "hellohello")


def test_a_message_is_written_as_modems_take_it() -> None:
    unit, length = encode("+46708251358", split("hellohello", 1)[0])
    # SUBMIT with status report and relative validity, to +46708251358, one hour, 10 letters.
    assert unit == "0031000B916407281553F800000B0AE8329BFD4697D9EC37"
    assert length == len(unit) // 2 - 1


def test_a_wide_message_is_written_in_utf_16() -> None:
    unit, _ = encode("+46708251358", split("д", 1)[0])
    assert unit.endswith("00080B020434")


def as_delivered(unit: str) -> str:
    """A submitted unit as the network hands it to the other side."""
    raw = bytes.fromhex(unit)
    first = (raw[1] & 0x40) | 0x04
    size = 2 + (raw[3] + 1) // 2
    address, rest = raw[3 : 3 + size], raw[3 + size :]
    return (b"\0" + bytes((first,)) + address + rest[:2] + bytes(7) + rest[3:]).hex()


@given(
    st.one_of(
        st.text(st.sampled_from("az@£_Δ{€ß\n"), max_size=400), st.text(st.characters(codec="utf-16"), max_size=200)
    )
)
def test_what_is_sent_is_what_arrives(text: str) -> None:
    parts = split(text, 9)
    arrived = [decode(as_delivered(encode("+4915112345678", part)[0])) for part in parts]
    assert all(isinstance(each, Arrived) and each.sender == "+4915112345678" for each in arrived)
    assert "".join(each.text for each in arrived if isinstance(each, Arrived)) == text
    expected = [None] if len(parts) == 1 else [(9, len(parts), number) for number in range(1, len(parts) + 1)]
    assert [each.part for each in arrived if isinstance(each, Arrived)] == expected


@pytest.mark.parametrize(
    ("code", "final", "delivered"), [(0x00, True, True), (0x30, False, False), (0x45, True, False), (0x63, True, False)]
)
def test_a_status_report_is_read(code: int, final: bool, delivered: bool) -> None:
    status = decode(f"0006110B915121551532F46230209000000062302090100000{code:02X}")
    assert status == Status(0x11, code)
    assert isinstance(status, Status)
    assert (status.final, status.delivered) == (final, delivered)


@given(st.binary(max_size=60))
def test_noise_is_refused_in_words(noise: bytes) -> None:
    with contextlib.suppress(NotAPdu):
        decode(noise.hex())


def test_a_sender_with_a_name_is_read() -> None:
    name = gsm7.pack(gsm7.septets("MyBank"))
    address = bytes((len(name) * 2, 0xD0)) + name
    raw = b"\0\x04" + address + b"\0\0" + bytes(7) + b"\x02" + gsm7.pack(gsm7.septets("ok"))
    assert decode(raw.hex()) == Arrived("MyBank", "ok")
