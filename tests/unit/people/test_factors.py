"""Codes of authenticator apps, challenges of passkeys, the site they belong to, and who must have a factor."""

from datetime import UTC, datetime, timedelta

import pyotp
import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.access import Level
from muster.people import challenge
from muster.people.factor import Requirement, requirement_faults
from muster.people.site import site_of
from muster.people.totp import matching_step

NOW = datetime(2026, 3, 2, 9, 0, 15, tzinfo=UTC)
SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"


@given(st.integers(-5, 5), st.integers(0, 3))
def test_a_code_counts_a_step_around_now_and_once(step: int, later: int) -> None:
    code = pyotp.TOTP(SECRET).at(NOW + timedelta(seconds=30 * step))
    found = matching_step(SECRET, f" {code[:3]} {code[3:]} ", NOW, 0)
    assert (found is not None) == (abs(step) <= 1)
    if found is not None:
        assert matching_step(SECRET, code, NOW, found + later) is None


@given(st.text(max_size=12))
def test_any_text_is_judged_as_a_code(text: str) -> None:
    matching_step(SECRET, text, NOW, 0)


@given(
    st.binary(min_size=32, max_size=32), st.binary(min_size=16, max_size=16), st.integers(0, 55), st.binary(max_size=80)
)
def test_a_challenge_is_ours_for_its_purpose_and_time(key: bytes, nonce: bytes, flipped: int, other: bytes) -> None:
    made = challenge.make(key, "sign-in", nonce, NOW)
    assert challenge.is_ours(key, "sign-in", made, NOW)
    assert not challenge.is_ours(key, "register:1", made, NOW)
    assert not challenge.is_ours(key, "sign-in", made, NOW + challenge.LIFE)
    assert not challenge.is_ours(bytes(32), "sign-in", made, NOW) or key == bytes(32)
    assert not challenge.is_ours(key, "sign-in", other, NOW) or other == made
    changed = bytes(byte ^ 1 if place == flipped else byte for place, byte in enumerate(made))
    assert not challenge.is_ours(key, "sign-in", changed, NOW)


@pytest.mark.parametrize(
    ("address", "id", "origin", "works"),
    [
        ("https://muster.example", "muster.example", "https://muster.example", True),
        ("https://Muster.example:8443/", "muster.example", "https://muster.example:8443", True),
        ("http://localhost:8600", "localhost", "http://localhost:8600", True),
        ("http://127.0.0.1:8600", "localhost", "http://localhost:8600", True),
        ("http://[::1]:8600", "localhost", "http://localhost:8600", True),
        ("http://muster.example", "muster.example", "http://muster.example", False),
        ("https://192.0.2.1", "192.0.2.1", "https://192.0.2.1", False),
    ],
)
def test_passkeys_belong_to_the_public_address(address: str, id: str, origin: str, works: bool) -> None:
    site = site_of(address)
    assert (site.id, site.origin, not site.obstacle) == (id, origin, works)


def test_who_must_have_a_factor_has_days_of_grace() -> None:
    asked = Requirement("managers", 7, NOW)
    assert asked.due(Level.RESPONDER, NOW) is None
    assert asked.due(Level.MANAGER, NOW - timedelta(days=90)) == NOW + timedelta(days=7)
    assert asked.due(Level.ADMINISTRATOR, NOW + timedelta(days=3)) == NOW + timedelta(days=10)
    assert Requirement().due(Level.ADMINISTRATOR, NOW) is None
    assert len(requirement_faults("somebody", 91)) == 2
