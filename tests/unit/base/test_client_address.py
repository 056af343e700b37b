"""The caller's address is what the last proxy that is trusted says, never what the caller says."""

import pytest

from muster.base.web.client_address import caller_of
from muster.kit.networks import networks

OURS = networks("127.0.0.0/8, ::1, 10.0.0.0/8", "x")


@pytest.mark.parametrize(
    ("peer", "headers", "caller"),
    [
        ("203.0.113.9", [], "203.0.113.9"),
        ("203.0.113.9", [("x-forwarded-for", "198.51.100.1")], "203.0.113.9"),
        ("127.0.0.1", [("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ("127.0.0.1", [("x-forwarded-for", "6.6.6.6, 198.51.100.1")], "198.51.100.1"),
        ("127.0.0.1", [("x-forwarded-for", "6.6.6.6, 198.51.100.1, 10.1.2.3")], "198.51.100.1"),
        ("127.0.0.1", [("x-forwarded-for", "6.6.6.6"), ("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ("127.0.0.1", [("x-forwarded-for", "10.1.1.1")], "10.1.1.1"),
        ("127.0.0.1", [("x-forwarded-for", "6.6.6.6, unknown")], "127.0.0.1"),
        ("127.0.0.1", [("x-forwarded-for", "198.51.100.1:4711")], "198.51.100.1"),
        ("::1", [("x-forwarded-for", "[2001:db8::7]:4711")], "2001:db8::7"),
        ("::ffff:127.0.0.1", [("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ("127.0.0.1", [("forwarded", 'for=6.6.6.6, for="[2001:db8::7]:80";proto=https')], "2001:db8::7"),
        ("127.0.0.1", [("forwarded", "for=6.6.6.6"), ("x-forwarded-for", "198.51.100.1")], "198.51.100.1"),
        ("127.0.0.1", [("forwarded", "for=_hidden")], "127.0.0.1"),
        ("", [("x-forwarded-for", "198.51.100.1")], ""),
    ],
)
def test_whose_address_counts(peer: str, headers: list[tuple[str, str]], caller: str) -> None:
    assert caller_of(peer, headers, OURS) == caller
