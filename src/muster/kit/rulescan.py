"""What a rule's text contains, found without running it: the bounds that the CEL engine itself does not have.

The engine holds the interpreter lock and has no cost limit, so whatever could make a rule slow or deep is refused here,
when the rule is saved: long text, deep nesting, many or nested loops over lists, big literals, costly patterns.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from math import prod

from muster.kit.errors import Broken
from muster.kit.nearest import did_you_mean

LONGEST = 1000
DEEPEST = 12
MOST_LOOPS = 4
DEEPEST_LOOPS = 2
MOST_ITEMS = 100
MOST_CHOICES = 12
LONGEST_PATTERN = 200
MOST_REPETITION = 20

# Without `map`, nothing in a rule can grow: a condition needs no new lists.
LOOPS = frozenset({"all", "exists", "exists_one", "filter"})
FUNCTIONS = frozenset(
    {"has", "size", "contains", "startsWith", "endsWith", "matches", "int", "double", "string", "duration", "timestamp"}
    | {"getHours", "getMinutes", "getDayOfWeek", "getDayOfMonth", "getMonth", "getFullYear"}
)
_WORDS = {"and": "&&", "or": "||", "not": "!", "is": "==", "True": "true", "False": "false", "None": "null"}
_LITERALS = frozenset({"true", "false", "null"})
_CLOSES = {")": "(", "]": "[", "}": "{"}

_TOKEN = re.compile(
    r"""(?P<space>\s+|//[^\n]*)
      |(?P<string>[rR](?:"[^"\n]*"|'[^'\n]*')|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*')
      |(?P<number>\d[\w.]*)
      |(?P<name>[A-Za-z_]\w*)
      |(?P<sign>&&|\|\||[=!<>]=|[-+*/%<>!?:.,()\[\]{}])""",
    re.VERBOSE | re.ASCII,
)
_REPETITION = re.compile(r"\{(\d+)(?:,(\d*))?\}")


@dataclass(frozen=True, slots=True)
class Token:
    """One word of a rule; `at` counts characters from 0."""

    kind: str
    text: str
    at: int

    @property
    def end(self) -> int:
        """The place just after it."""
        return self.at + len(self.text)


@dataclass(frozen=True, slots=True)
class Use:
    """A variable that the rule reads, with the key read from it where that is written out (`labels.severity`)."""

    name: str
    key: str | None
    at: int


@dataclass(slots=True)
class _Open:
    """A bracket not yet closed; `bound` is the loop's variable, `literal` tells a list or map from an index or a call."""

    sign: str
    bound: str | None = None
    literal: bool = False


@dataclass(slots=True)
class _Scan:
    """The walk over the tokens, collecting uses and counting what is bounded."""

    tokens: list[Token]
    uses: list[Use] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)
    loops: int = 0
    items: int = 0
    choices: int = 0


def scan(text: str) -> tuple[Use, ...]:
    """The variables that a rule reads, after checking that it stays within the bounds.

    Raises:
        Broken: with a sentence naming the bound, the unknown function or the character that does not belong.
    """
    if len(text) > LONGEST:
        raise Broken(
            f"the rule is {len(text)} characters long; at most {LONGEST} are allowed.", "Split it into several."
        )
    walk = _Scan(tokens_of(text))
    for index in range(len(walk.tokens)):
        _step(walk, index)
    if walk.stack:
        raise Broken(f"a `{walk.stack[-1].sign}` is never closed.")
    if walk.choices > MOST_CHOICES:
        raise Broken(f"the rule chooses with `?` {walk.choices} times; at most {MOST_CHOICES} are allowed.")
    return tuple(walk.uses)


def check_names(uses: tuple[Use, ...], vocabulary: Mapping[str, object]) -> None:
    """Refuse the first name that the vocabulary does not have.

    The vocabulary maps each variable to a sample of its value: a mapping with keys has just these fields, an empty one any.

    Raises:
        Broken: with the nearest name.
    """
    for use in uses:
        if use.name not in vocabulary:
            raise Broken(f"`{use.name}` is not something a rule can look at.", did_you_mean(use.name, vocabulary))
        sample = vocabulary[use.name]
        if use.key is None or sample is None or sample == {}:
            continue
        if not isinstance(sample, Mapping):
            raise Broken(f"`{use.name}` is a single value: it has no `{use.key}`.")
        if use.key not in sample:
            raise Broken(f"`{use.name}` has no `{use.key}`.", did_you_mean(use.key, list(sample)))


def tokens_of(text: str) -> list[Token]:
    """The words of a rule.

    Raises:
        Broken: with a sentence that shows what does not belong.
    """
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        match = _TOKEN.match(text, at)
        if match is None:
            raise Broken(_stray(text, at))
        kind = str(match.lastgroup)
        # The engine reads `'''` and prefixes such as `rb` as other kinds of text, in which code could hide from this scan.
        if kind == "string" and tokens and tokens[-1].kind in ("string", "name") and tokens[-1].end == at:
            raise Broken(
                f"the text at character {at + 1} must stand alone: triple quotes and prefixes are not for rules."
            )
        if kind != "space":
            tokens.append(Token(kind, match.group(), at))
        at = match.end()
    if not tokens:
        raise Broken("the rule is empty.", "Write `true` for a rule that always matches.")
    return tokens


def _stray(text: str, at: int) -> str:
    place, sign = f"at character {at + 1}", text[at]
    if sign == "=":
        return f"`=` {place} does not compare: write `==`."
    if sign in "&|":
        return f"`{sign}` {place} is not an operator: write `{sign * 2}`."
    if sign in "\"'":
        return f"the text that begins {place} has no closing {sign}."
    return f"`{sign}` {place} does not belong in a rule."


def _step(walk: _Scan, index: int) -> None:
    token = walk.tokens[index]
    before = walk.tokens[index - 1] if index else None
    if token.kind == "name":
        _name(walk, index, token, before)
    elif token.text in "([{" and token.kind == "sign":
        _open(walk, token, before)
    elif token.text in _CLOSES and token.kind == "sign":
        if not walk.stack or walk.stack[-1].sign != _CLOSES[token.text]:
            raise Broken(f"`{token.text}` at character {token.at + 1} closes nothing.")
        walk.stack.pop()
    elif token.text == "," and token.kind == "sign":
        _count_item(walk)
    elif token.text == "?" and token.kind == "sign":
        walk.choices += 1
    elif token.text == "." and not _ends_value(before):
        raise Broken(f"`.` at character {token.at + 1} follows nothing.")


def _open(walk: _Scan, token: Token, before: Token | None) -> None:
    after_value = _ends_value(before)
    opened = _Open(token.text, literal=token.text != "(" and not after_value)
    if token.text == "{" and after_value:
        raise Broken(f"`{{` at character {token.at + 1} follows a value: a rule cannot build objects.")
    walk.stack.append(opened)
    if len(walk.stack) > DEEPEST:
        raise Broken(f"brackets are nested more than {DEEPEST} deep.", "Split the rule into several.")
    if opened.literal:
        _count_item(walk)


def _ends_value(token: Token | None) -> bool:
    if token is None:
        return False
    return (token.kind in ("name", "string") and token.text != "in") or token.text in _CLOSES


def _count_item(walk: _Scan) -> None:
    if walk.stack and walk.stack[-1].literal:
        walk.items += 1
        if walk.items > MOST_ITEMS:
            raise Broken(
                f"more than {MOST_ITEMS} items are listed.", "Use `matches` with a pattern, or a label that says it."
            )


def _name(walk: _Scan, index: int, token: Token, before: Token | None) -> None:
    if token.text == "in" or token.text in _LITERALS:
        return
    after_dot = before is not None and before.text == "."
    if _text_at(walk, index + 1) == "(":
        _call(walk, index, token, after_dot)
    elif not after_dot and not any(opened.bound == token.text for opened in walk.stack):
        if token.text in _WORDS:
            raise Broken(f"`{token.text}` is not a word of rules: write `{_WORDS[token.text]}`.")
        walk.uses.append(Use(token.text, _key_after(walk, index), token.at))


def _call(walk: _Scan, index: int, token: Token, after_dot: bool) -> None:
    if token.text in LOOPS and after_dot:
        _loop(walk, index, token)
        return
    if token.text in _WORDS:
        raise Broken(f"`{token.text}` is not a word of rules: write `{_WORDS[token.text]}`.")
    if token.text not in FUNCTIONS:
        raise Broken(f"`{token.text}` is not a function of rules.", did_you_mean(token.text, sorted(FUNCTIONS | LOOPS)))
    if token.text == "matches":
        _pattern(walk, index, after_dot)


def _loop(walk: _Scan, index: int, token: Token) -> None:
    bound = _text_at(walk, index + 2)
    if _text_at(walk, index + 3) != "," or walk.tokens[index + 2].kind != "name":
        raise Broken(f'`{token.text}` needs a name and a condition, such as `labels.{token.text}(key, key != "x")`.')
    walk.loops += 1
    if walk.loops > MOST_LOOPS:
        raise Broken(f"the rule goes through lists more than {MOST_LOOPS} times.", "Split it into several.")
    if sum(opened.bound is not None for opened in walk.stack) >= DEEPEST_LOOPS:
        raise Broken(f"loops are nested more than {DEEPEST_LOOPS} deep.")
    # The loop's own bracket is the next token: it is opened here with its variable, and its plain opening then merges.
    walk.tokens[index + 1] = Token("loop", "(", walk.tokens[index + 1].at)
    walk.stack.append(_Open("(", bound=bound))
    if len(walk.stack) > DEEPEST:
        raise Broken(f"brackets are nested more than {DEEPEST} deep.", "Split the rule into several.")


def _pattern(walk: _Scan, index: int, after_dot: bool) -> None:
    if any(opened.bound is not None for opened in walk.stack):
        raise Broken("`matches` cannot stand inside a loop.", "Use `startsWith`, `endsWith` or `contains` there.")
    pattern = walk.tokens[index + 2] if index + 2 < len(walk.tokens) else None
    if not after_dot or pattern is None or pattern.kind != "string" or _text_at(walk, index + 3) != ")":
        raise Broken('`matches` takes a pattern written out as text, such as `title.matches("^disk .* full$")`.')
    if len(pattern.text) > LONGEST_PATTERN:
        raise Broken(f"the pattern of `matches` is longer than {LONGEST_PATTERN} characters.")
    times = prod(max(1, int(low), int(high or 0)) for low, high in _REPETITION.findall(pattern.text))
    if times > MOST_REPETITION:
        raise Broken(f"the pattern of `matches` repeats more than {MOST_REPETITION} times with {{…}}.")


def _key_after(walk: _Scan, index: int) -> str | None:
    sign, key = _text_at(walk, index + 1), walk.tokens[index + 2] if index + 2 < len(walk.tokens) else None
    if key is None:
        return None
    if sign == "." and key.kind == "name" and _text_at(walk, index + 3) != "(":
        return key.text
    if sign == "[" and key.kind == "string" and _text_at(walk, index + 3) == "]":
        return key.text.lstrip("rR")[1:-1] if "\\" not in key.text else None
    return None


def _text_at(walk: _Scan, index: int) -> str:
    return walk.tokens[index].text if index < len(walk.tokens) else ""
