"""From bytes to JSON without surprises: bounded depth and size, and what is wrong told with line and column."""

import json
import re
from typing import Any

import msgspec

from muster.kit.errors import Fault, Malformed

MAX_DEPTH = 32
MAX_VALUES = 250_000
_NO_TEXT = 2 * MAX_VALUES
"""Nobody's texts hold so many commas."""
_TEXT = re.compile(rb'"(?:[^"\\]++|\\.)*+"', re.DOTALL)
_DECODER = msgspec.json.Decoder()


def load_json(body: bytes, what: str = "The body") -> Any:
    """Decode JSON; bytes that are not UTF-8 and lone surrogates are tolerated, since a pager should not lose an alert to them.

    Raises:
        Malformed: when it is no JSON, or nested or numerous beyond the limits.
    """
    if not body.strip():
        raise refused("", f"{what} is empty.", "Send a JSON document.")
    # A decoder that has begun cannot be asked to stop. Texts hold commas too, so only many are counted without them.
    commas = body.count(b",")
    if commas > _NO_TEXT or (commas > MAX_VALUES and _TEXT.sub(b'"', body).count(b",") > MAX_VALUES):
        raise _too_many()
    try:
        document = _DECODER.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        document = _tolerant(body, what)
    except RecursionError:
        raise _too_deep() from None
    check_bounds(document)
    return document


def refused(field: str, rule: str, fix: str = "", line: int | None = None, column: int | None = None) -> Malformed:
    """The refusal for one fault."""
    return Malformed("The payload cannot be read.", "", [Fault(field, rule, fix, line=line, column=column)])


def check_bounds(document: Any) -> None:
    """See that a decoded document is neither nested nor numerous beyond the limits.

    Raises:
        Malformed: when it is.
    """
    level, depth, seen = [document], 0, 0
    while level:
        if depth > MAX_DEPTH:
            raise _too_deep()
        below: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                below.extend(value.values())
            elif isinstance(value, list):
                below.extend(value)
        seen += len(below)
        if seen > MAX_VALUES:
            raise _too_many()
        level, depth = below, depth + 1


def _tolerant(body: bytes, what: str) -> Any:
    text = body.decode("utf-8-sig", "replace")
    try:
        return json.loads(text, parse_constant=str, parse_int=_integer)
    except json.JSONDecodeError as error:
        rule = f"{what} is not JSON: {error.msg[:1].lower()}{error.msg[1:]}."
        raise refused("", rule, "Correct it at this place.", error.lineno, error.colno) from None
    except RecursionError:
        raise _too_deep() from None


def _integer(digits: str) -> int | str:
    return int(digits) if len(digits) < 40 else digits


def _too_many() -> Malformed:
    return refused("", f"It has more than {MAX_VALUES} values.", "Send fewer alerts in one request.")


def _too_deep() -> Malformed:
    return refused("", f"It is nested deeper than {MAX_DEPTH} levels.", "Send a flatter document.")
