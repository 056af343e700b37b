"""What a scalar of a YAML document means: the plain kinds of JSON and nothing else.

YAML 1.1 reads `on` as true, `09:00` as 540 and `2026-01-05` as a date. Here these stay the text that was written.
"""

import re
from math import isfinite

_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_TRUTHS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})")
_FLOAT = re.compile(r"[-+]?(?:0|[1-9]\d{0,17})?(?:\.\d{1,18})(?:[eE][-+]?\d{1,3})?|[-+]?[1-9]\d{0,17}[eE][-+]?\d{1,3}")

Scalar = str | int | float | bool | None


def resolve(text: str) -> Scalar:
    """The value of an unquoted scalar; whatever is not plainly null, a truth value or a decimal number is text."""
    if text in _NULLS:
        return None
    if text in _TRUTHS:
        return _TRUTHS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text) and isfinite(number := float(text)):
        return number
    return text
