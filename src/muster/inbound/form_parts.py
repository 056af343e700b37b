"""A form in parts as a JSON document, bounded while it is read: so many parts, small headers, no parts within parts.

The reader of mails in the standard library is no reader for strangers: headers of half a megabyte keep it busy for minutes.
"""

from dataclasses import dataclass, field
from typing import Any

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header

from muster.inbound.json_body import load_json, refused
from muster.kit.errors import Malformed

MOST_PARTS = 200
_LONGEST = 100_000
_HOLDING_JSON = ("payload", "json", "data", "body", "alert", "event")
_HOW = "Send multipart/form-data as it is defined."


@dataclass(slots=True)
class _Reader:
    """What a parser calls while it reads; `parts` holds the headers and the content of each."""

    parts: list[tuple[dict[bytes, bytes], bytearray]] = field(default_factory=list)
    _name: bytearray = field(default_factory=bytearray)
    _value: bytearray = field(default_factory=bytearray)

    def on_part_begin(self) -> None:
        if len(self.parts) >= MOST_PARTS:
            raise refused("", f"A form has at most {MOST_PARTS} parts.", "Send JSON instead.")
        self.parts.append(({}, bytearray()))

    def on_header_field(self, data: bytes, start: int, end: int) -> None:
        self._name += data[start:end]

    def on_header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def on_header_end(self) -> None:
        self.parts[-1][0][bytes(self._name).lower()] = bytes(self._value)
        self._name, self._value = bytearray(), bytearray()

    def on_part_data(self, data: bytes, start: int, end: int) -> None:
        self.parts[-1][1].extend(data[start:end])


def document_of_parts(content_type: str, body: bytes) -> Any:
    """The fields of a form in parts; JSON in a part of its own, or in a field that is called so, is the document.

    Raises:
        Malformed: it is no such form, or has more or longer parts than is allowed.
    """
    boundary = parse_options_header(content_type[:1000])[1].get(b"boundary", b"")
    if not boundary or b"--" + boundary not in body:
        raise refused("content-type", "No parts are where the boundary says.", _HOW)
    reader = _Reader()
    try:
        MultipartParser(
            boundary,
            {
                "on_part_begin": reader.on_part_begin,
                "on_header_field": reader.on_header_field,
                "on_header_value": reader.on_header_value,
                "on_header_end": reader.on_header_end,
                "on_part_data": reader.on_part_data,
            },
        ).write(body)
    except FormParserError as error:
        raise refused("body", f"Its parts cannot be told apart: {str(error)[:120]}.", _HOW) from None
    fields: dict[str, Any] = {}
    for number, (headers, content) in enumerate(reader.parts):
        options = parse_options_header(headers.get(b"content-disposition", b""))[1]
        name = options.get(b"name", b"").decode("utf-8", "replace") or f"part{number}"
        kind = parse_options_header(headers.get(b"content-type", b""))[0]
        document = _json(bytes(content)) if kind == b"application/json" or name in _HOLDING_JSON else None
        if document is not None:
            return document
        fields[name[:200]] = bytes(content[:_LONGEST]).decode("utf-8", "replace").strip()
    return fields


def _json(content: bytes) -> Any:
    if not content.lstrip().startswith((b"{", b"[")):
        return None
    try:
        return load_json(content)
    except Malformed:
        return None
