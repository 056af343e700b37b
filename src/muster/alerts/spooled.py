"""How a request lies in the spool: framed so that a damaged record costs itself and nothing behind it.

Each record begins with a mark, its length and two checksums, one of the content and one of all that. A reader that
meets damage goes on at the next mark whose record is whole. Records of version 0.1 (length, checksum, content) are read too.
"""

import struct
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime

import msgspec

MARK = b"\x89spool\r\n"
_HEAD = struct.Struct("<8sII")
_SEAL = struct.Struct("<I")
_WHOLE_HEAD = _HEAD.size + _SEAL.size
_OLD_HEAD = struct.Struct("<II")
_OLD_CONTENT = b"\x87\xa3key"
"""How every content of 0.1 begins: a map of seven, the first of which is the key."""
_STRIDE = 1 << 20

Read = Callable[[int, int], bytes]
"""Gives so many bytes from a position, fewer only at the end."""


class Spooled(msgspec.Struct, frozen=True):
    """A request whose integration is known by its key only."""

    key: str
    path: str
    method: str
    headers: dict[str, str]
    query: dict[str, str]
    body: bytes
    received_at: datetime


@dataclass(frozen=True, slots=True)
class Record:
    """A request that can be read, and where it lies."""

    start: int
    end: int
    content: Spooled


@dataclass(frozen=True, slots=True)
class Gap:
    """Bytes that cannot be read."""

    start: int
    end: int


def framed(request: Spooled) -> bytes:
    """The bytes of one record."""
    content = msgspec.msgpack.encode(request)
    head = _HEAD.pack(MARK, len(content), zlib.crc32(content))
    return head + _SEAL.pack(zlib.crc32(head)) + content


def pieces(read: Read, start: int, end: int) -> Iterator[Record | Gap]:
    """Everything between two positions, in order and without a hole: what can be read, and what cannot."""
    at, damaged = start, start
    while at < end:
        found = _framed_at(read, at, end) or _old_at(read, at, end)
        if found is None:
            at = _next_head(read, at + 1, end)
            continue
        following, content = found
        if content is not None:
            if damaged < at:
                yield Gap(damaged, at)
            yield Record(at, following, content)
            damaged = following
        # Where the bytes are right and say nothing, they count as damaged up to their end.
        at = following
    if damaged < end:
        yield Gap(damaged, end)


def _framed_at(read: Read, at: int, end: int) -> tuple[int, Spooled | None] | None:
    """The end and the content of the whole record here, None where there is none.

    A length alone is not trusted: a write that was cut short is followed by the next record before its own end.
    """
    head = read(at, _WHOLE_HEAD)
    if len(head) < _WHOLE_HEAD or not head.startswith(MARK):
        return None
    _, length, checksum = _HEAD.unpack_from(head)
    if _SEAL.pack(zlib.crc32(head[: _HEAD.size])) != head[_HEAD.size :]:
        return None
    return _content(read, at + _WHOLE_HEAD, length, checksum, end)


def _old_at(read: Read, at: int, end: int) -> tuple[int, Spooled | None] | None:
    head = read(at, _OLD_HEAD.size + len(_OLD_CONTENT))
    if not head.endswith(_OLD_CONTENT) or len(head) < _OLD_HEAD.size + len(_OLD_CONTENT):
        return None
    length, checksum = _OLD_HEAD.unpack_from(head)
    return _content(read, at + _OLD_HEAD.size, length, checksum, end)


def _content(read: Read, at: int, length: int, checksum: int, end: int) -> tuple[int, Spooled | None] | None:
    if at + length > end or zlib.crc32(content := read(at, length)) != checksum:
        return None
    try:
        return at + length, msgspec.msgpack.decode(content, type=Spooled)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return at + length, None


def _next_head(read: Read, at: int, end: int) -> int:
    """Where the next record may begin; `end` where none does."""
    overlap = _OLD_HEAD.size + len(_OLD_CONTENT)
    while at < end:
        window = read(at, min(_STRIDE, end - at) + overlap)
        found = [window.find(MARK), window.find(_OLD_CONTENT, _OLD_HEAD.size) - _OLD_HEAD.size]
        if places := [at + place for place in found if place >= 0 and at + place < end]:
            return min(places)
        at += _STRIDE
    return end
