"""Conditions on labels in Alertmanager's notation (`severity=~"critical|high"`), used by silences, filters and `amtool`."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from muster.alerts.pattern import compile_pattern

LONGEST_NAME = 256
LONGEST_VALUE = 4096
_OPERATORS = {"=": (False, True), "!=": (False, False), "=~": (True, True), "!~": (True, False)}
# A bare name is all but what Alertmanager reserves: dots and every script are fine without quotes.
_NAME = r"[^\s{}!=~,\\\"'`]+"
_MATCHER = re.compile(rf'\s*({_NAME}|"(?:[^"\\]|\\.)*")\s*(=~|!=|!~|=)(.*)', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Matcher:
    """One condition: the label `name` is, or is not, `value`, taken literally or as a regular expression.

    A label that is absent counts as empty, and a regular expression must match the whole value, as in Alertmanager.

    Raises:
        ValueError: with a sentence, where the name is empty, something is too long, or the expression is unusable.
    """

    name: str
    value: str
    is_regex: bool = False
    is_equal: bool = True

    def __post_init__(self) -> None:
        if not self.name:
            raise ValueError("A matcher needs the name of a label.")
        if len(self.name) > LONGEST_NAME or (len(self.value) > LONGEST_VALUE and not self.is_regex):
            raise ValueError(
                f"A matcher's name has at most {LONGEST_NAME} characters and its value at most {LONGEST_VALUE}."
            )
        if self.is_regex:
            compile_pattern(self.value)

    def matches(self, labels: Mapping[str, str]) -> bool:
        """Whether the labels meet this condition."""
        actual = labels.get(self.name, "")
        found = compile_pattern(self.value).matches(actual) if self.is_regex else actual == self.value
        return found is self.is_equal

    def text(self) -> str:
        """The matcher as `parse` reads it."""
        return f"{_name_text(self.name)}{self.operator}{_quote(self.value)}"

    @property
    def operator(self) -> str:
        """`=`, `!=`, `=~` or `!~`."""
        return ("=~" if self.is_equal else "!~") if self.is_regex else ("=" if self.is_equal else "!=")


def parse(text: str) -> Matcher:
    """Read one matcher such as `alertname=~"Disk.*"`; quotes around the value are optional.

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    found = _MATCHER.fullmatch(text)
    if not found:
        raise ValueError(f'{text!r} is not a matcher: write name="value", with =, !=, =~ or !~ between them.')
    name, operator, value = found.group(1), found.group(2), found.group(3).strip()
    if name.startswith('"'):
        name = _unescape(name[1:-1], text)
    is_regex, is_equal = _OPERATORS[operator]
    return Matcher(name, _value(value, text), is_regex, is_equal)


def parse_all(text: str) -> tuple[Matcher, ...]:
    """Read a list of matchers, `{a="b",c!="d"}`, with or without the braces; all must hold.

    Raises:
        ValueError: with a sentence that says what is wrong.
    """
    inner = text.strip()
    if inner.startswith("{") != inner.endswith("}") or inner == "{":
        raise ValueError(f"{text!r} has a brace at one end only: write both or none.")
    inner = inner[1:-1] if inner.startswith("{") else inner
    return tuple(parse(part) for part in _split(inner) if part.strip())


def matches_all(matchers: Iterable[Matcher], labels: Mapping[str, str]) -> bool:
    """Whether the labels meet every matcher."""
    return all(matcher.matches(labels) for matcher in matchers)


def accepts_absence(matcher: Matcher) -> bool:
    """Whether the matcher also accepts labels that do not have its name, so that it does not narrow anything down."""
    return matcher.matches({})


def _value(written: str, whole: str) -> str:
    if not written.startswith('"'):
        return _unescape(written, whole)
    if len(written) < 2 or not written.endswith('"') or _ends_escaped(written[1:-1]):
        raise ValueError(f"{whole!r} opens a quotation and does not close it.")
    return _unescape(written[1:-1], whole)


def _ends_escaped(text: str) -> bool:
    return (len(text) - len(text.rstrip("\\"))) % 2 == 1


def _unescape(written: str, whole: str) -> str:
    """Undo `\\n`, `\\"` and `\\\\`; another escape stays as written, since regular expressions are full of them."""
    result: list[str] = []
    characters = iter(written)
    for character in characters:
        if character == '"':
            raise ValueError(f'{whole!r} has a quotation mark inside its value: write it as \\".')
        if character != "\\":
            result.append(character)
            continue
        following = next(characters, "")
        result.append({"n": "\n", '"': '"', "\\": "\\"}.get(following, f"\\{following}"))
    return "".join(result)


def _split(text: str) -> list[str]:
    parts, current, quoted, escaped = [], "", False, False
    for character in text:
        if character == "," and not quoted:
            parts.append(current)
            current = ""
            continue
        if character == '"' and not escaped:
            quoted = not quoted
        escaped = character == "\\" and not escaped
        current += character
    return [*parts, current]


def _quote(value: str) -> str:
    escaped = value.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')
    return f'"{escaped}"'


def _name_text(name: str) -> str:
    return name if re.fullmatch(r"[a-zA-Z_:][a-zA-Z0-9_:]*", name) else _quote(name)
