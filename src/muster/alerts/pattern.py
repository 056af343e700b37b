r"""Regular expressions that people type into silences and filters, matched in bounded time.

Python's engine backtracks, so a pattern such as `(a+)+b` could stop the process for hours. Patterns that plainly cannot
do that run on it, because it is fast; all others run on the linear-time engine of the CEL library (Rust's `regex`, whose
syntax is that of RE2, which Alertmanager uses; `\w` and its like mean ASCII in both). What bounds a pattern is what it may
cost: a list of hundreds of hosts is long and cheap. Every pattern is checked by the linear-time engine when it is made, so
look-around and back-references are refused, as Alertmanager refuses them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from muster.kit.ascii_pattern import ascii_pattern
from muster.kit.cel_engine import cel

LONGEST_PATTERN = 16_384
LONGEST_LINEAR = 4096
"""Patterns that only the linear-time engine may run are compiled anew for each value: these may not be as long."""
_QUADRATIC_UP_TO = 512
_MOST_STEPS = 12 * _QUADRATIC_UP_TO**2
_LINEAR = cel.compile("value.matches(pattern)")
_ATOM = re.compile(
    r"""[A-Za-z0-9_ \-/:@,;=%&~!"'`<>] | \\[.\-\\/+*?()\[\]{}|^$] | \\[dw] | \. |
        \[\^?(?:[A-Za-z0-9_.](?:-[A-Za-z0-9])?)+-?\]""",
    re.VERBOSE,
)
_REPEAT = re.compile(r"[*+?]|\{\d{1,3}(?:,\d{0,3})?\}")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A checked pattern; `fast` is set where Python's engine is safe for it."""

    text: str
    fast: re.Pattern[str] | None

    def matches(self, value: str) -> bool:
        """Whether the whole of `value` matches, as `^(?:pattern)$` does in Alertmanager."""
        if self.fast is not None and len(value) <= _QUADRATIC_UP_TO:
            return self.fast.fullmatch(value) is not None
        return _linear(self.text, value)


@lru_cache(maxsize=4096)
def compile_pattern(text: str) -> Pattern:
    """Check and prepare a pattern.

    Raises:
        ValueError: with a sentence that says what is wrong with it.
    """
    if len(text) > LONGEST_PATTERN:
        raise ValueError(f"The regular expression is longer than {LONGEST_PATTERN} characters.")
    fast = _fast(text)
    if fast is None and len(text) > LONGEST_LINEAR:
        raise ValueError(
            f"The regular expression costs too much: longer than {LONGEST_LINEAR} characters it may only list texts, with at "
            "most two repetitions in each."
        )
    _linear(text, "")
    return Pattern(text, fast)


def _linear(text: str, value: str) -> bool:
    try:
        return bool(_LINEAR.execute({"value": value, "pattern": f"^(?:{ascii_pattern(text)})$"}))
    except (RuntimeError, ValueError) as refusal:
        raise ValueError(f"{text!r} is not a usable regular expression: {_reason(str(refusal))}.") from None


def _reason(message: str) -> str:
    if "size limit" in message:
        return "its repetitions are too large"
    found = re.search(r"error: ([^\n]+?)\.?(?: Check function|$)", message.splitlines()[-1])
    return found.group(1) if found else "it cannot be compiled"


def _fast(text: str) -> re.Pattern[str] | None:
    """The pattern for Python's engine, if matching it takes few steps.

    That is so where each of its alternatives has at most two repetitions and one group, which itself is not repeated: each
    takes at most as many steps as the value is long to the power of its repetitions, and alternatives add up.
    """
    position, repeatable, depth = 0, False, 0
    outer, inner, groups, steps = 0, 0, 0, 0
    while position < len(text):
        atom = _ATOM.match(text, position)
        repeat = _REPEAT.match(text, position)
        sign = text[position]
        if atom:
            position, repeatable = atom.end(), True
        elif repeat and repeatable:
            position, repeatable = repeat.end(), False
            outer, inner = (outer, inner + 1) if depth else (outer + 1, inner)
        elif sign in "(|)" and (text.startswith("(?:", position) or not text.startswith("(?", position)):
            if sign == "|":
                steps += _steps(outer + inner)
                outer, inner, groups = (outer, 0, groups) if depth else (0, 0, 0)
            else:
                depth, groups = (depth + 1, groups + 1) if sign == "(" else (depth - 1, groups)
            position, repeatable = position + (3 if text.startswith("(?:", position) else 1), False
        else:
            return None
        if outer + inner > 2 or groups > 1 or depth not in (0, 1):
            return None
    if steps + _steps(outer + inner) > _MOST_STEPS:
        return None
    try:
        return re.compile(text, re.ASCII)
    except re.error:
        return None


def _steps(repeats: int) -> int:
    return int(_QUADRATIC_UP_TO**repeats)
