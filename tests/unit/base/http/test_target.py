"""URLs are read strictly: one reading for the check and for the connection."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from muster.base.http import ParsedUrl, read_url
from muster.kit.errors import Fault


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://Example.COM/hook", ParsedUrl("https", "example.com", 443, "/hook")),
        ("http://example.com", ParsedUrl("http", "example.com", 80, "/")),
        ("http://example.com.:8080/?a=b#c", ParsedUrl("http", "example.com", 8080, "/?a=b")),
        ("https://[2606:4700::1111]:8443/x", ParsedUrl("https", "2606:4700::1111", 8443, "/x")),
        (
            "https://bücher.example/käse?größe=1",
            ParsedUrl("https", "xn--bcher-kva.example", 443, "/k%C3%A4se?gr%C3%B6%C3%9Fe=1"),
        ),
        ("https://example.com/a%20b", ParsedUrl("https", "example.com", 443, "/a%20b")),
    ],
)
def test_a_url_is_read(url: str, expected: ParsedUrl) -> None:
    assert read_url(url) == expected


@pytest.mark.parametrize(
    ("url", "rule"),
    [
        ("", "Only http and https"),
        ("ftp://example.com/x", "Only http and https"),
        ("file:///etc/passwd", "Only http and https"),
        ("https://", "no valid host"),
        ("https:///path", "no valid host"),
        ("https://exa mple.com", "spaces"),
        ("https://example.com/\r\nX: y", "spaces"),
        ("https://user:secret@example.com/", "user name"),
        ("https://example.com:99999/", "not a URL"),
        ("https://example.com:0/", "Port 0"),
        ("https://[::1/", "not a URL"),
        ("https://exa%6dple.com/", "no valid host"),
        ("https://example.com\\@evil.example/", "user name"),
        ("https://example.com\\evil.example/", "no valid host"),
        ("https://" + "a" * 3000, "at most"),
    ],
)
def test_what_is_no_url_is_refused_with_the_rule(url: str, rule: str) -> None:
    fault = read_url(url)
    assert isinstance(fault, Fault)
    assert rule in fault.rule
    assert fault.fix


def test_the_host_header_names_the_port_only_when_it_is_unusual() -> None:
    cases = {"https://a.example/": "a.example", "http://a.example:443/": "a.example:443", "http://[::1]:80/": "[::1]"}
    for url, authority in cases.items():
        target = read_url(url)
        assert isinstance(target, ParsedUrl)
        assert target.authority == authority


@given(st.text())
def test_no_text_makes_it_raise(text: str) -> None:
    for url in (text, f"https://{text}", f"https://example.com/{text}"):
        target = read_url(url)
        if isinstance(target, ParsedUrl):
            assert target.path.isascii()
            assert not set(target.path) & set(" \r\n\t")
            assert not set(target.host) & set(" \r\n\t/")
