"""The 7-bit alphabet of text messages (3GPP TS 23.038): what fits into it, and how to spell what does not."""

import unicodedata

_BASIC = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENDED = {
    0x0A: "\f",
    0x14: "^",
    0x28: "{",
    0x29: "}",
    0x2F: "\\",
    0x3C: "[",
    0x3D: "~",
    0x3E: "]",
    0x40: "|",
    0x65: "€",
}
ESCAPE = 0x1B
_CODES = {
    **{letter: (code,) for code, letter in enumerate(_BASIC) if code != ESCAPE},
    **{letter: (ESCAPE, code) for code, letter in _EXTENDED.items()},
}
_SPELLINGS = {
    "…": "...", "–": "-", "—": "-", "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "·": "-", "•": "-",
    "→": "->", "←": "<-", "≥": ">=", "≤": "<=", "×": "x", "°": " deg ", "µ": "u", "\u00a0": " ", "\u2009": " ", "\t": " ",
    "`": "'", "´": "'", "✓": "ok", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "ı": "i", "ð": "d", "þ": "th", "œ": "oe",
}  # fmt: skip


def fits(text: str) -> bool:
    """Whether every letter has a place in the alphabet."""
    return all(letter in _CODES for letter in text)


def septets(text: str) -> bytes:
    """The text's codes, one a byte, two for letters of the extension.

    Raises:
        ValueError: for a letter that has no place.
    """
    try:
        return bytes(code for letter in text for code in _CODES[letter])
    except KeyError as error:
        raise ValueError(f"{error.args[0]!r} is not in the alphabet of text messages.") from error


def letters(codes: bytes) -> str:
    """The text of codes, one a byte; unknown ones become a space."""
    text, escaped = [], False
    for code in codes:
        if escaped:
            text.append(_EXTENDED.get(code, " "))
            escaped = False
        elif code == ESCAPE:
            escaped = True
        else:
            text.append(_BASIC[code] if code < len(_BASIC) else " ")
    return "".join(text)


def spelled(text: str) -> str | None:
    """The text spelled with what the alphabet has: quotes made plain, accents left out where they must be.

    None when that would lose letters, as of another script: then the text needs the wide alphabet.
    """
    found = []
    for letter in text:
        plain = letter if letter in _CODES else _SPELLINGS.get(letter) or _without_accent(letter)
        if plain is None:
            if letter.isalnum():
                return None
            continue
        found.append(plain)
    return "".join(found)


def pack(codes: bytes, fill: int = 0) -> bytes:
    """Codes of seven bits as bytes of eight, after `fill` empty bits."""
    whole = 0
    for place, code in enumerate(codes):
        whole |= code << (7 * place + fill)
    return whole.to_bytes((7 * len(codes) + fill + 7) // 8, "little")


def unpack(packed: bytes, count: int, fill: int = 0) -> bytes:
    """The `count` codes that `pack` made into bytes."""
    whole = int.from_bytes(packed, "little") >> fill
    return bytes((whole >> (7 * place)) & 0x7F for place in range(count))


def _without_accent(letter: str) -> str | None:
    plain = "".join(
        character for character in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(character)
    )
    return plain if plain and fits(plain) else None
