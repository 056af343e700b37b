"""HTTP/1.1 as bytes: a request written, a response read (RFC 9112). Pure, strict, bounded in memory.

Hand-made because pages must leave at thousands a second beside everything else on one core; the general clients managed
a tenth of that. A property test holds it to h11's reading of the same bytes.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any

_LONGEST_HEAD = 32 * 1024
_LONGEST_LINE = 1024
_STATUS_LINE = re.compile(rb"HTTP/1\.([01]) ([1-9]\d\d)(?: [^\r\n]*)?")
_TOKEN = re.compile(rb"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_CHUNK_SIZE = re.compile(rb"[0-9a-fA-F]{1,15}")
_LENGTH = re.compile(rb"\d{1,18}")
_UNPRINTABLE = re.compile(r"[\x00-\x1f\x7f-\x9f\s]+")


class Garbled(Exception):
    """The bytes are no HTTP/1.1 response; the message says what is wrong with them."""


@dataclass(frozen=True, slots=True)
class Response:
    """An answer: header names in lower case (repeated ones joined by commas), the body up to the asked limit."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    truncated: bool = False

    def text(self, limit: int = 200) -> str:
        """The body's beginning on one line, fit to be quoted in a sentence."""
        whole = _UNPRINTABLE.sub(" ", self.body[: limit * 4].decode("utf-8", "replace")).strip()
        return whole if len(whole) <= limit else whole[: limit - 1] + "…"

    def json(self) -> Any:
        """The body as JSON; None when it is none or was cut."""
        try:
            return None if self.truncated else json.loads(self.body)
        except (ValueError, RecursionError):
            return None


def write_request(method: str, path: str, authority: str, headers: Mapping[str, str], body: bytes) -> bytes:
    """The bytes of a request.

    Raises:
        ValueError: for a header that would break out of its line.
    """
    lines = [f"{method} {path} HTTP/1.1", f"host: {authority}", f"content-length: {len(body)}"]
    for name, value in headers.items():
        if not _TOKEN.fullmatch(name.encode()) or not value.isprintable():
            raise ValueError(f"The header {name!r} holds a character that a header may not.")
        lines.append(f"{name}: {value}")
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


class _Part(Enum):
    HEAD = auto()
    SIZED = auto()
    CHUNK_SIZE = auto()
    CHUNK = auto()
    TRAILER = auto()
    UNTIL_CLOSE = auto()
    DONE = auto()


class ResponseReader:
    """Reads one response from pieces of any size; `done` when `response` is whole or was cut at `limit` bytes of body."""

    __slots__ = (
        "_bodyless",
        "_buffer",
        "_headers",
        "_kept",
        "_left",
        "_limit",
        "_part",
        "_size",
        "_status",
        "keep_alive",
    )

    def __init__(self, method: str, limit: int) -> None:
        self._limit, self._bodyless = limit, method == "HEAD"
        self._buffer = bytearray()
        self._kept: list[bytes] = []
        self._size = self._left = self._status = 0
        self._headers: dict[str, str] = {}
        self._part = _Part.HEAD
        self.keep_alive = False

    @property
    def done(self) -> bool:
        """Whether the response is complete."""
        return self._part is _Part.DONE

    @property
    def response(self) -> Response:
        """The response; only when done."""
        body = b"".join(self._kept)
        return Response(self._status, self._headers, body[: self._limit], self._size > self._limit)

    @property
    def partial(self) -> Response | None:
        """What has been read so far, if that is at least the head."""
        if self._status < 200 or self._part is _Part.HEAD:
            return None
        return Response(self._status, self._headers, b"".join(self._kept)[: self._limit], truncated=True)

    def feed(self, data: bytes) -> None:
        """Take the next bytes from the connection.

        Raises:
            Garbled: when they are no HTTP.
        """
        self._buffer += data
        while self._part is not _Part.DONE and self._size <= self._limit and self._step():
            pass
        if self._size > self._limit:
            self._part, self.keep_alive = _Part.DONE, False
        if self._part is _Part.DONE and self._buffer:
            self.keep_alive = False

    def close(self) -> None:
        """Take note that the other side ended the connection.

        Raises:
            Garbled: when the response was not whole.
        """
        if self._part is _Part.UNTIL_CLOSE:
            self._part = _Part.DONE
        elif self._part is not _Part.DONE:
            raise Garbled("the connection ended in the middle of the answer")

    def _step(self) -> bool:
        """Do what the buffer allows; True when more may be possible at once."""
        match self._part:
            case _Part.HEAD:
                return self._read_head()
            case _Part.SIZED:
                self._take(self._left)
                if not self._left:
                    self._part = _Part.DONE
                return False
            case _Part.CHUNK_SIZE:
                return self._read_chunk_size()
            case _Part.CHUNK:
                return self._read_chunk()
            case _Part.TRAILER:
                return self._read_trailer()
            case _Part.UNTIL_CLOSE:
                self._take(len(self._buffer))
                return False
            case _Part.DONE:
                return False

    def _take(self, count: int) -> None:
        piece = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._kept.append(piece)
        self._size += len(piece)
        self._left -= len(piece)

    def _line(self, longest: int) -> bytes | None:
        end = self._buffer.find(b"\r\n", 0, longest + 2)
        if end < 0:
            if len(self._buffer) > longest:
                raise Garbled("a line of the answer is too long")
            return None
        line = bytes(self._buffer[:end])
        del self._buffer[: end + 2]
        return line

    def _read_head(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n", 0, _LONGEST_HEAD)
        if end < 0:
            if len(self._buffer) >= _LONGEST_HEAD:
                raise Garbled("the answer's headers are too long")
            if len(self._buffer) >= 5 and not self._buffer.startswith(b"HTTP/"):
                raise Garbled("the answer is not HTTP")
            return False
        first, *lines = bytes(self._buffer[:end]).split(b"\r\n")
        del self._buffer[: end + 4]
        status = _STATUS_LINE.fullmatch(first)
        if status is None:
            raise Garbled("the answer is not HTTP/1.1")
        self._status, self._headers = int(status[2]), _read_headers(lines)
        if self._status < 200:
            if self._status == 101:
                raise Garbled("the answer switches protocols unasked")
            return True
        connection = self._headers.get("connection", "").lower()
        self.keep_alive = status[1] == b"1" and "close" not in connection
        self._choose_body()
        return True

    def _choose_body(self) -> None:
        coding = self._headers.get("transfer-encoding")
        length = self._headers.get("content-length")
        if self._bodyless or self._status in (204, 304):
            self._part = _Part.DONE
        elif coding is not None:
            if coding.lower() != "chunked":
                raise Garbled("the answer has a transfer coding that was not asked for")
            self._part = _Part.CHUNK_SIZE
        elif length is not None:
            lengths = {value.strip() for value in length.split(",")}
            if len(lengths) != 1 or not _LENGTH.fullmatch(only := lengths.pop().encode()):
                raise Garbled("the answer's length is not a number")
            self._left = int(only)
            self._part = _Part.SIZED if self._left else _Part.DONE
        else:
            self._part, self.keep_alive = _Part.UNTIL_CLOSE, False

    def _read_chunk_size(self) -> bool:
        line = self._line(_LONGEST_LINE)
        if line is None:
            return False
        size = line.partition(b";")[0].rstrip(b" \t")
        if not _CHUNK_SIZE.fullmatch(size):
            raise Garbled("the answer's chunks are not chunks")
        self._left = int(size, 16)
        self._part = _Part.CHUNK if self._left else _Part.TRAILER
        return True

    def _read_chunk(self) -> bool:
        if self._left:
            self._take(self._left)
        if self._left or len(self._buffer) < 2:
            return False
        if self._buffer[:2] != b"\r\n":
            raise Garbled("the answer's chunks are not chunks")
        del self._buffer[:2]
        self._part = _Part.CHUNK_SIZE
        return True

    def _read_trailer(self) -> bool:
        line = self._line(_LONGEST_LINE)
        if line is None:
            return False
        if not line:
            self._part = _Part.DONE
        return True


def _read_headers(lines: list[bytes]) -> dict[str, str]:
    headers: dict[str, str] = {}
    for line in lines:
        name, colon, value = line.partition(b":")
        if not colon or not _TOKEN.fullmatch(name) or b"\r" in value or b"\n" in value or b"\0" in value:
            raise Garbled("a header of the answer is not a header")
        key, text = name.decode().lower(), value.strip(b" \t").decode("latin-1")
        headers[key] = f"{headers[key]}, {text}" if key in headers else text
    return headers
