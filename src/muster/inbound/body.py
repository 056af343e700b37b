"""Bodies as senders wrap them, made plain: compressed, in another character set, in parts, or in XML.

What comes out is UTF-8, and JSON where it was in parts or in XML, so that every format reads it alike.
"""

import codecs
import zlib
from dataclasses import replace
from typing import Any
from urllib.parse import parse_qsl, urlencode

import msgspec

from muster.inbound.document import MOST_FIELDS
from muster.inbound.form_parts import document_of_parts
from muster.inbound.json_body import refused
from muster.inbound.port import Request
from muster.inbound.xml_body import document_of_xml
from muster.kit.charsets import text_of
from muster.kit.errors import Malformed

MOST = 20 * 1024 * 1024
"""So many bytes may come out of a compressed body."""
_GZIP, _ZLIB = b"\x1f\x8b", (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


def opened(request: Request) -> Request:
    """The request with a plain body; the same one where its body is plain already.

    Raises:
        Malformed: it cannot be unpacked, would be too large, or is in a character set that nobody knows.
    """
    body = _inflated(request)
    kind = request.content_type
    charset = _charset(request.header("content-type"))
    if kind.startswith("multipart/"):
        return _as(request, document_of_parts(request.header("content-type"), body))
    if kind == "application/x-www-form-urlencoded" and charset not in ("", "utf-8", "utf8"):
        return replace(request, body=_form(body, charset))
    text = _utf8(body, charset)
    if _is_xml(kind, text):
        return _as(request, document_of_xml(text.decode("utf-8", "replace")))
    return request if text is request.body else replace(request, body=text)


def _as(request: Request, document: Any) -> Request:
    others = {name: value for name, value in request.headers.items() if name.lower() != "content-type"}
    return replace(request, body=msgspec.json.encode(document), headers={**others, "content-type": "application/json"})


def _inflated(request: Request) -> bytes:
    """The body unpacked. How it is packed shows in its first bytes; what a header says of it may be gone by now."""
    body = request.body
    if body.startswith(_GZIP):
        return _unpack(body, 31)
    encoding = request.header("content-encoding").lower()
    if "deflate" in encoding:
        return _unpack(body, 15 if body[:2] in _ZLIB else -15)
    if body[:2] in _ZLIB:
        try:
            return _unpack(body, 15)
        except Malformed:
            return body
    if encoding not in ("", "identity", "gzip", "x-gzip"):
        rule = f"The encoding {encoding[:40]!r} is not understood."
        raise refused("content-encoding", rule, "Send gzip, deflate, or the plain body.")
    return body


def _unpack(body: bytes, bits: int) -> bytes:
    unpacker = zlib.decompressobj(bits)
    try:
        plain = unpacker.decompress(body, MOST)
    except zlib.error as error:
        raise refused("body", f"It cannot be unpacked: {str(error)[:80]}.", "Send it anew, or unpacked.") from None
    if unpacker.unconsumed_tail:
        raise refused("body", f"It is more than {MOST} bytes when unpacked.", "Send fewer alerts in one request.")
    if not unpacker.eof:
        raise refused("body", "It is packed, and its end is missing.", "Send it whole.")
    return plain


def _charset(content_type: str) -> str:
    for part in content_type.split(";")[1:]:
        name, _, value = part.partition("=")
        if name.strip().lower() == "charset":
            return value.strip().strip("\"'").lower()[:40]
    return ""


def _utf8(body: bytes, charset: str) -> bytes:
    marked = next((name for mark, name in _MARKS if body.startswith(mark)), "")
    if not marked and charset in ("", "utf-8", "utf8", "us-ascii", "ascii"):
        return body
    return _decoded(body, marked or charset).encode()


def _decoded(body: bytes, charset: str) -> str:
    try:
        return text_of(body, charset)
    except LookupError:
        rule = f"The character set {charset!r} is not known."
        raise refused("content-type", rule, "Send UTF-8.") from None


def _form(body: bytes, charset: str) -> bytes:
    _decoded(b"", charset)
    text = body.decode("ascii", "replace")
    try:
        fields = parse_qsl(text, keep_blank_values=True, encoding=charset, errors="replace", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise refused("", f"A form has at most {MOST_FIELDS} fields.", "Send JSON instead.") from None
    return urlencode(fields).encode()


def _is_xml(kind: str, body: bytes) -> bool:
    if kind.endswith(("/xml", "+xml")):
        return True
    return kind not in ("text/plain", "text/html") and body.lstrip()[:5] == b"<?xml"
