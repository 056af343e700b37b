r"""A rule's text as the CEL engine must see it to mean what the specification says.

The engine counts the bytes of a text in `size`, where CEL counts code points, and takes `\w` in `matches` for Unicode, where
RE2 means ASCII. Both are put right in the text that it compiles; what people wrote stays as they wrote it.
"""

import re
from collections.abc import Sequence

from muster.kit.ascii_pattern import ascii_pattern
from muster.kit.rulescan import Token

COUNT = "_len"
"""The name by which the engine knows our own `size`; it is as long, so that places in messages stay right."""
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_FIRST_PRIVATE = 0xE000


def for_engine(text: str, tokens: Sequence[Token]) -> str:
    """The rule in the engine's dialect."""
    parts, at = [], 0
    for index, token in enumerate(tokens):
        written = _token(tokens, index)
        if written != token.text:
            parts += [text[at : token.at], written]
            at = token.end
    return "".join([*parts, text[at:]])


def _token(tokens: Sequence[Token], index: int) -> str:
    token = tokens[index]
    if token.kind == "name" and token.text == "size" and _is(tokens, index + 1, "("):
        return COUNT
    if token.kind == "string" and _is(tokens, index - 1, "(") and _is(tokens, index - 2, "matches"):
        return _pattern(token.text)
    return token.text


def _is(tokens: Sequence[Token], index: int, text: str) -> bool:
    return 0 <= index < len(tokens) and tokens[index].text == text


def _pattern(literal: str) -> str:
    """A pattern written as a text of CEL; in one that is not raw, a backslash is two and other escapes are one sign each."""
    if literal[0] in "rR":
        return f"{literal[:2]}{ascii_pattern(literal[2:-1])}{literal[-1]}"
    escapes: list[str] = []

    def opened(match: re.Match[str]) -> str:
        if match.group(1) == "\\":
            return "\\"
        escapes.append(match.group())
        return chr(_FIRST_PRIVATE + len(escapes) - 1)

    body = ascii_pattern(_ESCAPED.sub(opened, literal[1:-1])).replace("\\", "\\\\")
    for number, escape in enumerate(escapes):
        body = body.replace(chr(_FIRST_PRIVATE + number), escape)
    return f"{literal[0]}{body}{literal[-1]}"
