"""Phone numbers as vendors take them: E.164, a plus sign and 7 to 15 digits. Pure."""

import re

from muster.kit.errors import Fault

_NUMBER = re.compile(r"\+[1-9]\d{6,14}")
_DECORATION = re.compile(r"[\s().\-/]+")
_SENDER = re.compile(r"\+?\d{3,15}|[A-Za-z0-9 ]{1,11}")


def read_number(text: str, field: str = "address") -> str | Fault:
    """A number without spaces and brackets, or what is wrong with it."""
    plain = _DECORATION.sub("", text)
    if plain.startswith("00"):
        plain = f"+{plain[2:]}"
    if not _NUMBER.fullmatch(plain):
        rule = "A phone number has a plus sign, the country's code and the rest, with 7 to 15 digits in all."
        return Fault(field, rule, "Write it like +4915112345678.")
    return plain


def international(number: str) -> str:
    """A number as a network gives it, with its plus sign; short codes and names stay as they are."""
    plain = number.strip()
    return f"+{plain}" if plain.isdecimal() and len(plain) >= 8 and not plain.startswith("0") else plain


def read_sender(text: str, field: str) -> Fault | None:
    """What is wrong with a sender: a number, a short code, or up to 11 letters and digits."""
    if _SENDER.fullmatch(text):
        return None
    return Fault(
        field, f"{text!r} is no sender.", "Use a number like +4915112345678, a short code, or up to 11 letters."
    )
