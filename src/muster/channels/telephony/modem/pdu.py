"""Text messages as modems take and give them in PDU mode (3GPP TS 23.040): in hexadecimal, digits swapped. Pure."""

from dataclasses import dataclass

from muster.channels.telephony import gsm7
from muster.channels.telephony.segments import SmsPart

_SUBMIT, _REPORT_WANTED, _RELATIVE_VALIDITY, _HAS_HEADER = 0x01, 0x20, 0x10, 0x40
_HOUR = 0x0B
_INTERNATIONAL, _UNKNOWN, _NAME = 0x91, 0x81, 0xD0


class NotAPdu(Exception):
    """The bytes are no message; the text says why."""


@dataclass(frozen=True, slots=True)
class Arrived:
    """A message from a phone; `part` is (reference, number of parts, number) where it is one of several."""

    sender: str
    text: str
    part: tuple[int, int, int] | None = None


@dataclass(frozen=True, slots=True)
class Status:
    """A status report on the message with this reference: `final` unless the network goes on trying."""

    reference: int
    code: int

    @property
    def final(self) -> bool:
        """Whether nothing more will come."""
        return not 0x20 <= self.code <= 0x3F

    @property
    def delivered(self) -> bool:
        """Whether the phone has it."""
        return self.code <= 0x1F


def encode(to: str, part: SmsPart) -> tuple[str, int]:
    """One part as the hexadecimal that a modem takes, and the length that AT+CMGS wants to know."""
    first = _SUBMIT | _REPORT_WANTED | _RELATIVE_VALIDITY | (_HAS_HEADER if part.header else 0)
    if part.wide:
        data = part.header + part.codes
        length, coding = len(data), 0x08
    else:
        before = (len(part.header) * 8 + 6) // 7
        fill = before * 7 - len(part.header) * 8
        data = part.header + gsm7.pack(part.codes, fill)
        length, coding = before + len(part.codes), 0x00
    unit = bytes((first, 0)) + _address(to) + bytes((0, coding, _HOUR, length)) + data
    return (b"\0" + unit).hex().upper(), len(unit)


def decode(text: str) -> Arrived | Status:
    """What a modem gives: a message or a status report.

    Raises:
        NotAPdu: when it is neither.
    """
    try:
        raw = bytes.fromhex(text.strip())
        unit = raw[1 + raw[0] :]
        kind = unit[0] & 0x03
        if kind == 2:
            digits = (unit[2] + 1) // 2
            return Status(unit[1], unit[4 + digits + 14])
        if kind != 0:
            raise NotAPdu(f"a message of the kind {kind}")
        return _arrived(unit)
    except (ValueError, IndexError) as error:
        raise NotAPdu("it is cut or garbled") from error


def _arrived(unit: bytes) -> Arrived:
    size = (unit[1] + 1) // 2
    sender = _read_address(unit[1], unit[2], unit[3 : 3 + size])
    rest = unit[3 + size :]
    coding, length, data = rest[1], rest[9], rest[10:]
    header = data[: data[0] + 1] if unit[0] & _HAS_HEADER else b""
    if _is_wide(coding):
        words = data[len(header) : length].decode("utf-16-be", "replace")
    elif _is_octets(coding):
        words = data[len(header) : length].decode("latin-1")
    else:
        before = (len(header) * 8 + 6) // 7
        words = gsm7.letters(gsm7.unpack(data[len(header) :], length - before, before * 7 - len(header) * 8))
    return Arrived(sender, words, _part(header))


def _part(header: bytes) -> tuple[int, int, int] | None:
    at = 1
    while at + 1 < len(header):
        kind, size = header[at], header[at + 1]
        value = header[at + 2 : at + 2 + size]
        if kind in (0, 8) and len(value) >= 3:
            return int.from_bytes(value[:-2], "big"), value[-2], value[-1]
        at += 2 + size
    return None


def _address(number: str) -> bytes:
    digits = number.lstrip("+")
    kind = _INTERNATIONAL if number.startswith("+") else _UNKNOWN
    padded = digits + "F" * (len(digits) % 2)
    swapped = "".join(padded[at + 1] + padded[at] for at in range(0, len(padded), 2))
    return bytes((len(digits), kind)) + bytes.fromhex(swapped)


def _read_address(count: int, kind: int, data: bytes) -> str:
    if kind & 0x70 == _NAME & 0x70:
        return gsm7.letters(gsm7.unpack(data, count * 4 // 7))
    swapped = data.hex().upper()
    digits = "".join(swapped[at + 1] + swapped[at] for at in range(0, len(swapped), 2))[:count]
    return f"+{digits}" if kind & 0x70 == _INTERNATIONAL & 0x70 else digits


def _is_wide(coding: int) -> bool:
    return coding & 0xCC == 0x08 or coding & 0xF0 == 0xE0


def _is_octets(coding: int) -> bool:
    return coding & 0xCC == 0x04 or coding & 0xF4 == 0xF4
