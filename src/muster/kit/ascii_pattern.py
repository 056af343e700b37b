r"""One meaning of `\w`, `\d`, `\s` and `\b` wherever a pattern is written: that of RE2, which knows ASCII only.

The linear-time engine takes them for Unicode; Prometheus, Alertmanager and Python's engine as we run it do not.
"""

_MEMBERS = {"w": "0-9A-Za-z_", "d": "0-9", "s": r"\t\n\f\r\x20"}
_EDGES = {"b": r"(?-u:\b)", "B": r"(?-u:\B)"}


def ascii_pattern(text: str) -> str:
    r"""The pattern for the linear-time engine, with `\w` and its like written out."""
    if "\\" not in text:
        return text
    parts: list[str] = []
    inside, at = 0, 0
    while at < len(text):
        sign = text[at]
        if sign == "\\" and at + 1 < len(text):
            parts.append(_escape(text[at + 1], inside > 0))
            at += 2
            continue
        if sign == "[":
            inside += 1
            if text[at + 1 : at + 2] == "^":
                sign, at = "[^", at + 1
            if text[at + 1 : at + 2] == "]":
                sign, at = f"{sign}\\]", at + 1
        elif sign == "]" and inside:
            inside -= 1
        parts.append(sign)
        at += 1
    return "".join(parts)


def _escape(letter: str, inside: bool) -> str:
    lower = letter.lower()
    if lower in _MEMBERS:
        members = _MEMBERS[lower]
        if letter != lower:
            return f"[^{members}]"
        return members if inside else f"[{members}]"
    if letter in _EDGES and not inside:
        return _EDGES[letter]
    return f"\\{letter}"
