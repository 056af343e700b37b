"""SMPP 3.4 as bytes (specification, chapters 3 to 5): the few operations that a client of text messages needs. Pure."""

import struct
from dataclasses import dataclass, field

GENERIC_NACK, BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE = 0x80000000, 0x09, 0x04, 0x05, 0x06, 0x15
RESPONSE = 0x80000000
VERSION = 0x34
INTERNATIONAL, UNKNOWN_TON, ALPHANUMERIC, NETWORK_SPECIFIC, ISDN, UNKNOWN_NPI = 1, 0, 5, 3, 1, 0
UDHI, RECEIPT_TYPES = 0x40, 0x3C
RECEIPTED_ID, MESSAGE_STATE, PAYLOAD = 0x001E, 0x0427, 0x0424
LONGEST_PDU = 64 * 1024
_HEAD = struct.Struct(">IIII")


class NotSmpp(Exception):
    """The bytes are no SMPP; the message says why."""


@dataclass(frozen=True, slots=True)
class Pdu:
    """One protocol data unit."""

    command: int
    status: int
    sequence: int
    body: bytes = b""

    def encode(self) -> bytes:
        """Its bytes."""
        return _HEAD.pack(16 + len(self.body), self.command, self.status, self.sequence) + self.body


@dataclass(frozen=True, slots=True)
class Delivered:
    """A deliver_sm: a text message from a phone, or a receipt (`esm_class` tells)."""

    source: str
    destination: str
    esm_class: int
    coding: int
    message: bytes
    options: dict[int, bytes] = field(default_factory=dict)

    @property
    def is_receipt(self) -> bool:
        """Whether it is a delivery receipt rather than somebody's words."""
        return bool(self.esm_class & RECEIPT_TYPES & 0x04) or RECEIPTED_ID in self.options

    @property
    def intermediate(self) -> bool:
        """Whether it tells what is between and nothing final."""
        return bool(self.esm_class & 0x20)


def length_of(head: bytes) -> int:
    """How long the unit is that begins with these four bytes.

    Raises:
        NotSmpp: when no unit is that long.
    """
    length = int.from_bytes(head[:4], "big")
    if not 16 <= length <= LONGEST_PDU:
        raise NotSmpp(f"a unit of {length} bytes")
    return length


def decode(data: bytes) -> Pdu:
    """A whole unit from its bytes."""
    _, command, status, sequence = _HEAD.unpack_from(data)
    return Pdu(command, status, sequence, data[16:])


def bind(system_id: str, password: str, system_type: str) -> bytes:
    """The body of bind_transceiver."""
    texts = _text(system_id, 15) + _text(password, 8 if len(password) <= 8 else 64) + _text(system_type, 12)
    return texts + bytes((VERSION, UNKNOWN_TON, UNKNOWN_NPI)) + _text("", 40)


def submit(source: str, to: str, message: bytes, *, coding: int, header: bool, receipt: bool, validity: str) -> bytes:
    """The body of submit_sm. `validity` is relative, such as `000000010000000R` for an hour."""
    fields = [
        _text("", 5),
        _address(source),
        _address(to),
        bytes((UDHI if header else 0, 0, 1)),
        _text("", 16),
        _text(validity, 16),
        bytes((1 if receipt else 0, 0, coding, 0, len(message))),
        message,
    ]
    return b"".join(fields)


def read_delivered(body: bytes) -> Delivered:
    """A deliver_sm from its body.

    Raises:
        NotSmpp: when it is cut or garbled.
    """
    reader = _Reader(body)
    reader.text()
    reader.take(2)
    source = reader.text()
    reader.take(2)
    destination = reader.text()
    esm_class = reader.take(3)[0]
    reader.text()
    reader.text()
    coding = reader.take(4)[2]
    message = reader.take(reader.take(1)[0])
    options: dict[int, bytes] = {}
    while reader.left >= 4:
        tag, length = struct.unpack(">HH", reader.take(4))
        options[tag] = reader.take(length)
    return Delivered(source, destination, esm_class, coding, message or options.get(PAYLOAD, b""), options)


def read_id(body: bytes) -> str:
    """The message's id in the body of submit_sm_resp; empty where there is none."""
    return body.split(b"\0", 1)[0].decode("ascii", "replace")


class _Reader:
    def __init__(self, data: bytes) -> None:
        self._data, self._at = data, 0

    @property
    def left(self) -> int:
        return len(self._data) - self._at

    def take(self, count: int) -> bytes:
        if self.left < count:
            raise NotSmpp("a unit that ends too early")
        self._at += count
        return self._data[self._at - count : self._at]

    def text(self) -> str:
        end = self._data.find(b"\0", self._at)
        if end < 0:
            raise NotSmpp("a text without an end")
        found = self._data[self._at : end].decode("latin-1")
        self._at = end + 1
        return found


def _text(text: str, longest: int) -> bytes:
    return text.encode("ascii", "replace")[:longest] + b"\0"


def _address(address: str) -> bytes:
    """Type, plan and digits of a number, a short code, or a name."""
    if address.startswith("+"):
        return bytes((INTERNATIONAL, ISDN)) + _text(address[1:], 20)
    if address.isdecimal():
        return bytes((NETWORK_SPECIFIC, UNKNOWN_NPI)) + _text(address, 20)
    return bytes((ALPHANUMERIC if address else UNKNOWN_TON, UNKNOWN_NPI)) + _text(address, 20)
