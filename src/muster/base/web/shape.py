"""What a body may hold, counted before it is parsed: a parser that has begun cannot be asked to stop (pure)."""

import re

from muster.kit.errors import Fault, Invalid

MOST_FIELDS = 2_000
MOST_KEYS, MOST_VALUES = 5_000, 20_000
DOCUMENT = 2
"""How much more a route may take that takes documents."""
MOST_ESCAPES = 300_000
LONGEST_QUERY = 16 * 1024
"""Bytes that the query of an address may have."""
DEEPEST = 64

_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_FLAT = re.compile(rb"[^][{}]+")


def check_shape(body: bytes, content_type: str, *, document: bool = False) -> None:
    """Refuse a body that would take long to parse.

    Raises:
        Invalid: it holds too many fields or values, or is nested too deep; the fault names the limit.
    """
    times = DOCUMENT if document else 1
    if content_type.startswith("application/x-www-form-urlencoded"):
        _at_most(body.count(b"&") + 1, MOST_FIELDS, "fields")
        _at_most(body.count(b"%"), MOST_ESCAPES, "escaped characters")
    elif not content_type.startswith("multipart/") and body:
        # Quotes within a text are escaped, so this never counts more texts than there are.
        _at_most((body.count(b'"') - body.count(b'\\"')) // 2, (MOST_KEYS + MOST_VALUES) * times, "texts")
        bare = _TEXT.sub(b'"', body)
        _at_most(bare.count(b":"), MOST_KEYS * times, "fields")
        _at_most(bare.count(b","), MOST_VALUES * times, "values")
        _at_most(bare.count(b"[") + bare.count(b"{"), MOST_VALUES * times, "objects and lists")
        _at_most(_depth(bare), DEEPEST, "levels")


def _at_most(count: int, most: int, what: str) -> None:
    if count > most:
        fault = Fault("body", f"It holds {count:,} {what}; at most {most:,} are read.", "Send it in several requests.")
        raise Invalid("The body holds too much.", faults=[fault])


def _depth(bare: bytes) -> int:
    deepest = depth = 0
    for byte in _FLAT.sub(b"", bare):
        depth += 1 if byte in b"[{" else -1
        deepest = max(deepest, depth)
    return deepest
