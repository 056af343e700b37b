"""Texts of strangers on a terminal: whatever would steer it, or turn the order of letters around, is shown and not done."""

_KEPT = {"\n", "\t"}
_TURNING = (0x061C, 0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A))
_STEERING = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029, 0xFEFF, *_TURNING)
_SHOWN = {
    number: f"\\x{number:02x}" if number < 0x100 else f"\\u{number:04x}"
    for number in _STEERING
    if chr(number) not in _KEPT
}
_IN_JSON = {number: f"\\u{number:04x}" for number in _STEERING if number >= 0x7F}


def printable(text: str) -> str:
    """The text with control characters and direction marks written out, such as `\\x1b`; lines and tabs stay."""
    return text.translate(_SHOWN)


def printable_json(text: str) -> str:
    """JSON with the same characters as escapes, which means the same; those below 32 are escaped in JSON anyway."""
    return text.translate(_IN_JSON)
