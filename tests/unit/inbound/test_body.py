"""Bodies as senders wrap them: packed, in another character set, in parts, in XML; and what is refused, with the reason."""

import gzip
import json
import zlib
from datetime import UTC, datetime
from uuid import UUID

import pytest
from tests.unit.inbound.asking import NOW

from muster.alerts.integration import Integration
from muster.alerts.port import Parsed, Request
from muster.inbound.body import MOST
from muster.inbound.formats import InboundFormats
from muster.kit.errors import Malformed

ANY = Integration(UUID(int=1), "any", "", "auto", {}, True, datetime(2026, 1, 1, tzinfo=UTC), None)
DOCUMENT = {"id": "1", "title": "Größe überschritten", "severity": "high"}
JSON = json.dumps(DOCUMENT, ensure_ascii=False)
BOUNDED = "multipart/form-data; boundary=cut"


def read(body: bytes, kind: str = "application/json", **headers: str) -> Parsed:
    """What the intake makes of a body."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return InboundFormats().parse(ANY, Request("/", "POST", {"content-type": kind, **named}, {}, body, NOW))


def part(name: str, text: str, kind: str = "") -> str:
    """One part of a form."""
    typed = f"\r\nContent-Type: {kind}" if kind else ""
    return f'--cut\r\nContent-Disposition: form-data; name="{name}"{typed}\r\n\r\n{text}\r\n'


@pytest.mark.parametrize(
    ("body", "kind", "headers"),
    [
        (gzip.compress(JSON.encode(), mtime=0), "application/json", {"content_encoding": "gzip"}),
        (gzip.compress(JSON.encode(), mtime=0), "application/json", {}),
        (zlib.compress(JSON.encode()), "application/json", {"content_encoding": "deflate"}),
        (zlib.compress(JSON.encode())[2:-4], "application/json", {"content_encoding": "deflate"}),
        (JSON.encode("latin-1"), "application/json; charset=ISO-8859-1", {}),
        (JSON.encode("utf-16"), "application/json; charset=utf-16", {}),
        (JSON.encode("utf-16"), "application/json", {}),
        (JSON.encode("utf-8-sig"), 'application/json; charset="utf-8"', {}),
        ((part("payload", JSON) + "--cut--\r\n").encode(), BOUNDED, {}),
        ((part("note", "x") + part("it", JSON, "application/json") + "--cut--\r\n").encode(), BOUNDED, {}),
        (("".join(part(*field) for field in DOCUMENT.items()) + "--cut--\r\n").encode(), BOUNDED, {}),
        (
            b"id=1&title=Gr%F6%DFe+%FCberschritten&severity=high",
            "application/x-www-form-urlencoded; charset=latin-1",
            {},
        ),
        ("<alert id='1'><title>Größe überschritten</title><severity>high</severity></alert>".encode(), "text/xml", {}),
        (
            "<?xml version='1.0' encoding='latin-1'?><a xmlns='urn:x'><id>1</id><title>Größe überschritten</title>"
            "<severity>high</severity></a>".encode(),
            "application/octet-stream",
            {},
        ),
    ],
)
def test_a_body_is_read_however_it_is_wrapped(body: bytes, kind: str, headers: dict[str, str]) -> None:
    (signal,) = read(body, kind, **headers).signals
    assert (signal.key, signal.title, signal.severity_hint) == ("1", "Größe überschritten", "high")


@pytest.mark.parametrize(
    ("body", "kind", "headers", "said"),
    [
        (gzip.compress(b"x" * (MOST + 1), mtime=0), "application/json", {}, "when unpacked"),
        (gzip.compress(JSON.encode(), mtime=0)[:-9], "application/json", {}, "end is missing"),
        (b"\x1f\x8b" + b"x" * 30, "application/json", {}, "cannot be unpacked"),
        (JSON.encode(), "application/json", {"content_encoding": "br"}, "not understood"),
        (JSON.encode(), "application/json; charset=klingon", {}, "not known"),
        (b"61", "application/json; charset=hex", {}, "not known"),
        (b"<!DOCTYPE a [<!ENTITY x 'y'>]><a>&x;</a>", "text/xml", {}, "document type"),
        ("<!DOCTYPE a><a/>".encode("utf-16"), "text/xml", {}, "document type"),
        (b"<a>" * 40 + b"</a>" * 40, "text/xml", {}, "deeper than"),
        (b"<a>" + b"<b/>" * 20_001 + b"</a>", "text/xml", {}, "more than"),
        (b"<a>" * 100_000 + b"</a>" * 100_000, "text/xml", {}, "deeper than"),
        (b"<a><b></a>", "text/xml", {}, "not XML"),
        (b"nothing", "multipart/form-data; boundary=cut", {}, "parts|empty"),
        (b"x", "multipart/form-data", {}, "boundary"),
        (
            gzip.compress(b'{"title":"x","a":[' + b'{"a":{"b":[1]}},' * 300_000 + b"1]}", mtime=0),
            "application/json",
            {},
            "more than 250000",
        ),
        (b"a" * 50_000 + b"-" + b"a" * 50_000, "application/json; charset=punycode", {}, "not known"),
        (b"--cut\r\n\r\n\r\n" * 400_000 + b"--cut--", BOUNDED, {}, "at most 200 parts"),
        (b"--cut\r\n" + b"a: b\r\n" * 100 + b"\r\n\r\n--cut--", BOUNDED, {}, "header"),
        (
            b'--cut\r\nContent-Disposition: form-data; name="' + b"a;" * 500_000 + b'"\r\n\r\nx\r\n--cut--',
            BOUNDED,
            {},
            "header",
        ),
        (b"a=b&" * 501, "application/x-www-form-urlencoded; charset=latin-1", {}, "at most 500"),
    ],
)
def test_what_cannot_be_unwrapped_is_refused_with_the_reason(
    body: bytes, kind: str, headers: dict[str, str], said: str
) -> None:
    with pytest.raises(Malformed, match=said):
        read(body, kind, **headers)


def test_parts_within_parts_are_text() -> None:
    kind = b"--cut%d\r\nContent-Type: multipart/mixed; boundary=cut%d\r\n\r\n"
    nested = b"".join(kind % (level, level + 1) for level in range(30_000))
    (signal,) = read(nested, "multipart/form-data; boundary=cut0").signals
    assert signal.status == "firing"


def test_event_grid_is_told_that_it_may_send() -> None:
    event = {"eventType": "Microsoft.EventGrid.SubscriptionValidationEvent", "data": {"validationCode": "c0de"}}
    parsed = read(json.dumps([event]).encode())
    assert (parsed.signals, parsed.reply) == ((), {"validationResponse": "c0de"})
