"""A text cut into the parts that a phone joins again (3GPP TS 23.040, 9.2.3.24.1). Pure."""

from dataclasses import dataclass

from muster.channels.telephony import gsm7

SINGLE, JOINED = 160, 153
WIDE_SINGLE, WIDE_JOINED = 70, 67
MOST_PARTS = 255


@dataclass(frozen=True, slots=True)
class SmsPart:
    """One part: `header` is the user data header, empty where there is one part only; `codes` holds one 7-bit code a byte,
    or UTF-16 (big-endian) where `wide`."""

    header: bytes
    codes: bytes
    wide: bool


def count(text: str) -> int:
    """How many parts a text takes."""
    return len(_pieces(text, not gsm7.fits(text)))


def split(text: str, reference: int, *, wide: bool = False) -> list[SmsPart]:
    """The parts of a text; `reference` (0 to 255) tells the parts of one text from those of another.

    `wide` asks for the wide alphabet also where the narrow one would do.

    Raises:
        ValueError: for a text of more than MOST_PARTS parts.
    """
    wide = wide or not gsm7.fits(text)
    pieces = _pieces(text, wide)
    if len(pieces) > MOST_PARTS:
        raise ValueError("The text is too long for a text message.")
    parts = []
    for number, piece in enumerate(pieces, start=1):
        header = b"" if len(pieces) == 1 else bytes((5, 0, 3, reference % 256, len(pieces), number))
        parts.append(SmsPart(header, piece.encode("utf-16-be", "replace") if wide else gsm7.septets(piece), wide))
    return parts


def _pieces(text: str, wide: bool) -> list[str]:
    single, joined = (WIDE_SINGLE, WIDE_JOINED) if wide else (SINGLE, JOINED)
    sizes = [_size(letter, wide) for letter in text]
    if sum(sizes) <= single:
        return [text]
    pieces, begin, used = [], 0, 0
    for place, size in enumerate(sizes):
        if used + size > joined:
            pieces.append(text[begin:place])
            begin, used = place, 0
        used += size
    return [*pieces, text[begin:]]


def _size(letter: str, wide: bool) -> int:
    return (2 if ord(letter) > 0xFFFF else 1) if wide else len(gsm7.septets(letter))
