"""Regular expressions that people type into silences and filters, matched in bounded time.

Python's engine backtracks, so a pattern such as `(a+)+b` could stop the process for hours. Patterns that plainly cannot
do that run on it, because it is fast; all others run on the linear-time engine of the CEL library (Rust's `regex`, whose
syntax is that of RE2, which Alertmanager uses). Every pattern is checked by the linear-time engine when it is made, so
look-around and back-references are refused, as Alertmanager refuses them.
"""

import re
from dataclasses import dataclass
from functools import lru_cache

from muster.kit.cel_engine import cel

LONGEST_PATTERN = 1000
_QUADRATIC_UP_TO = 512
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
    _linear(text, "")
    return Pattern(text, _fast(text))


def _linear(text: str, value: str) -> bool:
    try:
        return bool(_LINEAR.execute({"value": value, "pattern": f"^(?:{text})$"}))
    except (RuntimeError, ValueError) as refusal:
        raise ValueError(f"{text!r} is not a usable regular expression: {_reason(str(refusal))}.") from None


def _reason(message: str) -> str:
    if "size limit" in message:
        return "its repetitions are too large"
    found = re.search(r"error: ([^\n]+?)\.?(?: Check function|$)", message.splitlines()[-1])
    return found.group(1) if found else "it cannot be compiled"


def _fast(text: str) -> re.Pattern[str] | None:
    """The pattern for Python's engine, if matching it takes at most quadratic time.

    That holds with at most two repetitions and one group, which itself is not repeated.
    """
    position, repeats, groups, repeatable = 0, 0, 0, False
    while position < len(text):
        atom = _ATOM.match(text, position)
        repeat = _REPEAT.match(text, position)
        if atom:
            position, repeatable = atom.end(), True
        elif repeat and repeatable:
            position, repeatable, repeats = repeat.end(), False, repeats + 1
        elif text[position] in "(|)" and not text.startswith("(?", position):
            groups += text[position] == "("
            position, repeatable = position + 1, False
        else:
            return None
    if repeats > 2 or groups > 1:
        return None
    try:
        return re.compile(text, re.ASCII)
    except re.error:
        return None
