"""Text messages: the alphabet, the parts, and what is said in the few letters that there are."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.doubles.messages import INCIDENT, a_message

from muster.channels.telephony import gsm7
from muster.channels.telephony.numbers import international, read_number
from muster.channels.telephony.segments import count, split
from muster.channels.telephony.sms_text import compose_sms
from muster.channels.telephony.spoken import sentences
from muster.kit.errors import Fault
from muster.paging.channel import MessageKind

LINK = "https://muster.example/a/" + "Abcd_-" * 31
NARROW = st.text(st.sampled_from("abz @£$_Δ{}[]€~^|\\\n'Üß0123"), max_size=500)


def test_the_alphabet_has_the_documented_codes() -> None:
    # 3GPP TS 23.038, 6.2.1: the corners of the table, and the extension.
    assert gsm7.septets("@_ A\u00a1Z\u00bfz\u00e0") == bytes((0x00, 0x11, 0x20, 0x41, 0x40, 0x5A, 0x60, 0x7A, 0x7F))
    assert gsm7.septets("€{") == bytes((0x1B, 0x65, 0x1B, 0x28))
    assert gsm7.pack(gsm7.septets("hellohello")).hex().upper() == "E8329BFD4697D9EC37"


@given(NARROW)
def test_what_is_packed_is_unpacked(text: str) -> None:
    codes = gsm7.septets(text)
    assert gsm7.letters(gsm7.unpack(gsm7.pack(codes, 1), len(codes), 1)) == text


@given(st.text(max_size=300))
def test_a_text_is_spelled_in_the_alphabet_or_not_at_all(text: str) -> None:
    plain = gsm7.spelled(text)
    assert plain is None or gsm7.fits(plain)


def test_quotes_and_accents_are_made_plain_and_other_scripts_are_left_alone() -> None:
    assert gsm7.spelled("“Größe” – naïve… №") == '"Größe" - naive... No'
    assert gsm7.spelled("支付失败") is None


@given(st.one_of(NARROW, st.text(st.characters(codec="utf-16"), max_size=300)))
def test_parts_fit_and_make_the_text_again(text: str) -> None:
    parts = split(text, 7)
    wide = parts[0].wide
    longest = (140 if wide else 160) if len(parts) == 1 else (134 if wide else 153)
    assert all(len(part.codes) <= longest for part in parts)
    assert [part.header for part in parts] == (
        [b""] if len(parts) == 1 else [bytes((5, 0, 3, 7, len(parts), number)) for number in range(1, len(parts) + 1)]
    )
    # Each part is read by itself, so that no letter is cut in two.
    again = [part.codes.decode("utf-16-be") if wide else gsm7.letters(part.codes) for part in parts]
    assert "".join(again) == text
    assert count(text) == len(parts)


def test_the_limits_are_those_of_the_network() -> None:
    assert [count("a" * size) for size in (160, 161, 306, 307)] == [1, 2, 2, 3]
    assert [count("д" * size) for size in (70, 71, 134, 135)] == [1, 2, 2, 3]
    assert count("€" * 80) == 1
    assert count("€" * 81) == 2


def test_a_page_says_the_incident_first_and_how_to_answer_always() -> None:
    text = compose_sms(a_message(happening="x" * 900, acknowledge_url=LINK), 3, two_way=True)
    lines = text.splitlines()
    assert lines[0] == "CRITICAL INC-142: Checkout <errors> & more"
    assert lines[2:] == ["Acknowledge by 09:05 UTC.", "Reply ack, or esc to escalate.", LINK]
    assert count(text) == 3
    assert count(text + "x" * 20) == 4, "the room is used"


def test_without_a_way_back_no_reply_is_offered() -> None:
    assert "Reply" not in compose_sms(a_message(), 3, two_way=False)


def test_in_a_wide_alphabet_the_short_link_stands_where_a_reply_acknowledges() -> None:
    message = a_message(title="支付失败", happening="支付失败 12 %", acknowledge_url=LINK)
    text = compose_sms(message, 3, two_way=True)
    assert text.splitlines()[0] == "CRITICAL INC-142: 支付失败"
    assert text.splitlines()[-1] == INCIDENT
    assert count(text) <= 3
    assert compose_sms(message, 3, two_way=False).splitlines()[-1] == LINK


def test_a_code_is_in_the_text() -> None:
    notice = a_message(
        kind=MessageKind.NOTICE, incident_ref="", title="Prove this contact", happening="Your code is 123456."
    )
    assert "123456" in compose_sms(notice, 1, two_way=True)


@given(st.text(max_size=200), st.text(max_size=2000), st.integers(1, 4), st.booleans())
def test_any_page_becomes_a_text_that_is_short_enough(title: str, happening: str, segments: int, two_way: bool) -> None:
    message = a_message(title=title, happening=happening, acknowledge_url=LINK)
    text = compose_sms(message, segments, two_way=two_way)
    assert text.startswith("CRITICAL INC-142")
    # The link alone takes two parts; with a wide title it may need more than was granted.
    assert count(text) <= max(segments, 2 if gsm7.fits(text) else 6)


def test_a_call_speaks_digits_one_by_one_and_no_addresses() -> None:
    said = sentences(a_message(happening="See https://wiki.example/x now."))
    assert said[0] == "This is Muster. Critical incident INC 1 4 2."
    assert not any("http" in each for each in said)
    assert sentences(a_message(drill=True))[0] == "This is Muster. This is a drill. Critical incident INC 1 4 2."
    code = sentences(a_message(kind=MessageKind.NOTICE, title="Prove this contact", happening="Your code is 123456."))
    assert "1, 2, 3, 4, 5, 6" in " ".join(code)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("+49 151 1234-5678", "+4915112345678"),
        ("0049 (151) 12345678", "+4915112345678"),
        ("+1 415 867 5309", "+14158675309"),
    ],
)
def test_numbers_are_read_as_people_write_them(text: str, number: str) -> None:
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["0151 12345678", "+0151", "+49", "+49x", "", "+1234567890123456"])
def test_what_is_no_international_number_is_refused(text: str) -> None:
    assert isinstance(read_number(text), Fault)


def test_a_networks_number_gets_its_plus_and_a_short_code_does_not() -> None:
    assert international("4915112345678") == "+4915112345678"
    assert international("12345") == "12345"
    assert international("MyBank") == "MyBank"
