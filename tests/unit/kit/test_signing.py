"""Signed links: what was signed comes back, anything else does not."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.kit.signing import LONGEST_TOKEN, NONCE_BYTES, Rejection, Signed, sign, verify

KEY = b"k" * 32
NOW = datetime(2026, 11, 22, 3, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=4)
NONCE = b"n" * NONCE_BYTES

subjects = st.text(max_size=80)
purposes = st.text(max_size=30)
nonces = st.binary(min_size=NONCE_BYTES, max_size=NONCE_BYTES)


@given(subjects, purposes, nonces)
def test_what_was_signed_comes_back(subject: str, purpose: str, nonce: bytes) -> None:
    token = sign(KEY, purpose, subject, LATER, nonce)
    assert verify(KEY, purpose, token, NOW) == Signed(subject, LATER, nonce)
    assert set(token) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_")


@given(subjects, st.data())
def test_any_changed_character_is_noticed(subject: str, data: st.DataObject) -> None:
    token = sign(KEY, "acknowledge", subject, LATER, NONCE)
    at = data.draw(st.integers(0, len(token) - 1))
    other = data.draw(st.characters().filter(lambda c: c != token[at]))
    assert isinstance(verify(KEY, "acknowledge", token[:at] + other + token[at + 1 :], NOW), Rejection)


@given(st.text(max_size=200))
def test_no_text_makes_it_raise(text: str) -> None:
    assert isinstance(verify(KEY, "acknowledge", text, NOW), Rejection)


@given(subjects, st.integers(1, 40))
def test_a_cut_or_longer_token_is_noticed(subject: str, by: int) -> None:
    token = sign(KEY, "acknowledge", subject, LATER, NONCE)
    for wrong in (token[:-by], token + "A" * by, token + "=" * by, " " + token):
        assert isinstance(verify(KEY, "acknowledge", wrong, NOW), Rejection)


@given(purposes, purposes)
def test_a_token_is_for_one_purpose(one: str, other: str) -> None:
    token = sign(KEY, one, "page:1", LATER, NONCE)
    assert isinstance(verify(KEY, other, token, NOW), Signed) is (one == other)


@given(st.integers(0, 10**6))
def test_a_token_ends_with_its_expiry(seconds: int) -> None:
    token = sign(KEY, "acknowledge", "page:1", NOW, NONCE)
    assert verify(KEY, "acknowledge", token, NOW + timedelta(seconds=seconds)) is Rejection.EXPIRED
    assert isinstance(verify(KEY, "acknowledge", token, NOW - timedelta(seconds=seconds + 1)), Signed)


def test_another_key_does_not_pass() -> None:
    assert verify(b"x" * 32, "a", sign(KEY, "a", "s", LATER, NONCE), NOW) is Rejection.FORGED


def test_what_cannot_be_signed_is_refused() -> None:
    for arguments in (
        (b"short", "a", "s", LATER, NONCE),
        (KEY, "a", "s", LATER, b""),
        (KEY, "a", "s", LATER.replace(tzinfo=None), NONCE),
        (KEY, "a", "s" * LONGEST_TOKEN, LATER, NONCE),
        (KEY, "a", "s", datetime(1960, 1, 1, tzinfo=UTC), NONCE),
    ):
        with pytest.raises(ValueError, match=r"\."):
            sign(*arguments)
