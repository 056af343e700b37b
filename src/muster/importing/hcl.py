"""Enough of Terraform's language to read the resources of an export: blocks, texts, numbers, lists and references.

Nothing is evaluated but products of numbers (`60 * 60 * 24`). What is not understood is left out, never an error: the
sample that vendors print has a placeholder where a token belongs, and tokens are of no interest here.
"""

import re
from typing import Any

DEEPEST = 40
_TOKEN = re.compile(
    r"""(?P<space>[ \t\r]+|\#[^\n]*|//[^\n]*|/\*.*?\*/)|(?P<text>"(?:[^"\\\n]|\\.)*")|(?P<number>\d+(?:\.\d+)?)"""
    r"""|(?P<word>[A-Za-z_][A-Za-z0-9_.\-]*)|(?P<line>\n)|(?P<sign>.)""",
    re.DOTALL,
)
_Token = tuple[str, str]


def read(source: str) -> list[dict[str, Any]]:
    """The blocks of a file: `{"block": "resource", "labels": [...], "body": {...}}`; nested blocks are lists under their name.

    A reference such as `grafana_oncall_schedule.primary.id` is the text `grafana_oncall_schedule.primary`.
    """
    tokens = [
        (str(found.lastgroup), found[0]) for found in _TOKEN.finditer(source) if found.lastgroup not in (None, "space")
    ]
    reader = _Reader(tokens)
    blocks: list[dict[str, Any]] = []
    while reader.at < len(tokens):
        before = reader.at
        if block := reader.block():
            blocks.append(block)
        reader.at = max(reader.at, before + 1)
    return blocks


class _Reader:
    def __init__(self, tokens: list[_Token]) -> None:
        self.tokens, self.at, self.depth = tokens, 0, 0

    def peek(self) -> _Token:
        return self.tokens[self.at] if self.at < len(self.tokens) else ("end", "")

    def take(self) -> _Token:
        token = self.peek()
        self.at += 1
        return token

    def lines(self) -> None:
        while self.peek()[0] == "line":
            self.at += 1

    def block(self) -> dict[str, Any] | None:
        """`resource "type" "name" {…}`; None where none begins here."""
        kind, word = self.take()
        if kind != "word":
            return None
        labels: list[str] = []
        while self.peek()[0] == "text":
            labels.append(_plain(self.take()[1]))
        if self.peek()[1] != "{":
            return None
        self.at += 1
        return {"block": word, "labels": labels, "body": self.body()}

    def body(self) -> dict[str, Any]:
        """What stands up to the closing brace."""
        found: dict[str, Any] = {}
        self.depth += 1
        while True:
            self.lines()
            kind, token = self.peek()
            if kind == "end" or token == "}" or self.depth > DEEPEST:
                self.at += 1
                self.depth -= 1
                return found
            self.entry(found)

    def entry(self, found: dict[str, Any]) -> None:
        start = self.at
        kind, token = self.take()
        if kind in ("word", "text") and self.peek()[1] in ("=", ":"):
            self.at += 1
            found[_plain(token)] = self.value()
        elif kind == "word":
            self.at = start
            if inner := self.block():
                found.setdefault(inner["block"], [])
                if isinstance(found[inner["block"]], list):
                    found[inner["block"]].append(inner["body"])
        if self.peek()[1] == ",":
            self.at += 1

    def value(self) -> Any:
        """One value; a product of numbers is worked out, anything else that follows on the line is skipped."""
        first = self.single()
        while self.peek()[1] == "*":
            self.at += 1
            other = self.single()
            numbers = isinstance(first, int | float) and isinstance(other, int | float)
            first = first * other if numbers and abs(first) < 1e12 and abs(other) < 1e12 else None
        while self.peek()[0] not in ("line", "end") and self.peek()[1] not in ("}", "]", ","):
            self.at += 1
        return first

    def single(self) -> Any:
        kind, token = self.take()
        if kind == "text":
            return _plain(token)
        if kind == "number":
            return float(token) if "." in token else int(token[:15])
        if kind == "word":
            return {"true": True, "false": False, "null": None}.get(token, _reference(token))
        if token == "{":
            return self.body()
        return self.array() if token == "[" else None

    def array(self) -> list[Any]:
        found: list[Any] = []
        self.depth += 1
        while True:
            self.lines()
            kind, token = self.peek()
            if kind == "end" or token == "]" or self.depth > DEEPEST:
                self.at += 1
                self.depth -= 1
                return found
            before = self.at
            if token == ",":
                self.at += 1
                continue
            found.append(self.value())
            self.at = max(self.at, before + 1)


def _plain(token: str) -> str:
    return token[1:-1].replace('\\"', '"').replace("\\\\", "\\") if token.startswith('"') else token


def _reference(word: str) -> str:
    return word.removeprefix("data.").removesuffix(".id")
