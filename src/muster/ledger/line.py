"""The lines of an exported ledger and what they stand for; each has exactly one spelling."""

from datetime import datetime

import msgspec

from muster.kit.errors import Invalid
from muster.ledger.canon import instant
from muster.ledger.entry import Entry
from muster.ledger.key import key_text, parse_key
from muster.ledger.seal import Seal


class Heading(msgspec.Struct, frozen=True, tag="export", forbid_unknown_fields=True):
    """The first line."""

    format: int
    made_at: str
    public_key: str
    about: str


class SealLine(msgspec.Struct, frozen=True, tag="seal", forbid_unknown_fields=True):
    """One seal."""

    number: int
    at: str
    prev: str
    heads: str
    root: str
    public_key: str
    hash: str
    signature: str


class EntryLine(msgspec.Struct, frozen=True, tag="entry", forbid_unknown_fields=True):
    """One entry."""

    position: int
    stream: str
    seq: int
    at: str
    kind: str
    actor: str
    reason: str
    body: str
    prev: str
    hash: str


class End(msgspec.Struct, frozen=True, tag="end", forbid_unknown_fields=True):
    """The last line: SHA-256 of all bytes before it, signed."""

    seals: int
    entries: int
    digest: str
    public_key: str
    signature: str


Line = Heading | SealLine | EntryLine | End
_encoder = msgspec.json.Encoder()
_decoder = msgspec.json.Decoder(Line)


def write_line(line: Line) -> bytes:
    """The line's bytes, newline included."""
    return _encoder.encode(line) + b"\n"


def read_line(raw: bytes) -> Line:
    """The line in those bytes.

    Raises:
        ValueError: they are not exactly what `write_line` gives.
    """
    line: Line = _decoder.decode(raw)
    if write_line(line) != raw:
        raise ValueError("it is spelt differently")
    return line


def seal_line(seal: Seal) -> SealLine:
    """A seal as its line."""
    return SealLine(
        seal.number,
        instant(seal.at),
        seal.prev.hex(),
        seal.heads,
        seal.root.hex(),
        key_text(seal.public_key),
        seal.hash.hex(),
        seal.signature.hex(),
    )


def seal_of(line: SealLine) -> Seal:
    """The seal in a line.

    Raises:
        ValueError: a field is not spelt as `seal_line` spells it.
    """
    return Seal(
        line.number,
        read_instant(line.at),
        read_hex(line.prev),
        line.heads,
        read_hex(line.root),
        read_key(line.public_key),
        read_hex(line.hash),
        read_hex(line.signature),
    )


def entry_line(entry: Entry) -> EntryLine:
    """An entry as its line."""
    return EntryLine(
        entry.position,
        entry.stream,
        entry.seq,
        instant(entry.at),
        entry.kind,
        entry.actor,
        entry.reason,
        entry.body,
        entry.prev.hex(),
        entry.hash.hex(),
    )


def entry_of(line: EntryLine) -> Entry:
    """The entry in a line.

    Raises:
        ValueError: a field is not spelt as `entry_line` spells it.
    """
    at, prev, hash_ = read_instant(line.at), read_hex(line.prev), read_hex(line.hash)
    return Entry(
        line.position, line.stream, line.seq, at, line.kind, line.actor, line.reason, line.body, prev, hash_
    )  # fmt: skip


def read_hex(text: str) -> bytes:
    """Lower-case hexadecimal, and nothing else, as bytes."""
    raw = bytes.fromhex(text)
    if raw.hex() != text:
        raise ValueError("a hash is not in lower-case hexadecimal")
    return raw


def read_instant(text: str) -> datetime:
    """An instant as `canon.instant` spells it, and no other way."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None or instant(at) != text:
        raise ValueError("a time is not in UTC with six decimals")
    return at


def read_key(text: str) -> bytes:
    """A public key as `key_text` spells it, and no other way."""
    try:
        public = parse_key(text)
    except Invalid as error:
        raise ValueError("a public key cannot be read") from error
    if key_text(public) != text:
        raise ValueError("a public key is spelt differently")
    return public
