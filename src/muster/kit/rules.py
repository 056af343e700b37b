"""Conditions that people write into a plan: bounded CEL, compiled once, evaluated in microseconds.

Whatever goes wrong while evaluating is a `Match` with its error, never an exception: the caller decides whether
that fails open (routing) or closed (authority).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from muster.kit.cel_engine import cel
from muster.kit.errors import Broken
from muster.kit.rule_dialect import COUNT, for_engine
from muster.kit.rulescan import Use, check_names, scan, tokens_of

PreparedFacts = cel.Context
"""What rules look at, converted once for many rules; made by `prepare`."""

_PARSE_PLACE = re.compile(r"<input>:(\d+):(\d+): (?:Syntax error: )?(.*)")


@dataclass(frozen=True, slots=True)
class Match:
    """Whether a rule matched; `error` says in a sentence why it could not be decided (then `matched` is False)."""

    matched: bool
    error: str | None = None


@dataclass(frozen=True, slots=True)
class Condition:
    """One compiled condition; equal when its text is."""

    text: str
    _program: cel.Program = field(compare=False, repr=False)

    @classmethod
    def compile(cls, text: str, vocabulary: Mapping[str, Any] | None = None) -> "Condition":
        """Compile a rule, checking its bounds and, given a vocabulary, its names and the kinds of its values.

        `vocabulary` maps each variable that rules may read to a sample: a mapping with keys has just these fields, an
        empty mapping any (of text), None anything at all.

        Raises:
            Broken: with what is wrong and what to write instead.
        """
        return _compiled(text) if vocabulary is None else _checked(text, vocabulary)

    @property
    def names(self) -> frozenset[str]:
        """The variables that the rule reads (and its loops' own); evaluating it needs no others."""
        return frozenset(self._program.variables())

    @property
    def always(self) -> bool:
        """Whether the rule is the literal `true`, the catch-all."""
        return self.text.strip() == "true"

    def evaluate(self, facts: Mapping[str, Any] | PreparedFacts) -> Match:
        """Decide the rule; `facts` is best prepared once when several rules look at the same ones."""
        try:
            value = self._program.execute(facts if isinstance(facts, cel.Context) else prepare(facts))
        except (KeyboardInterrupt, SystemExit):
            raise
        # A panic of the engine derives from BaseException: it must not take the pager down with it.
        except BaseException as error:
            return Match(False, _why(error))
        if isinstance(value, bool):
            return Match(value)
        return Match(False, f"the rule gives {value!r:.60}, which is neither true nor false")


def prepare(facts: Mapping[str, Any]) -> PreparedFacts:
    """Convert facts for the engine; costs tens of microseconds, saved on every rule after the first."""
    context = cel.Context(variables=dict(facts))
    context.add_function(COUNT, len)
    return context


@lru_cache(maxsize=4096)
def _compiled(text: str) -> Condition:
    scan(text)
    try:
        cel.compile(text)
        return Condition(text, cel.compile(for_engine(text, tokens_of(text))))
    except ValueError as error:
        raise Broken(_parse_sentence(str(error))) from None


def _checked(text: str, vocabulary: Mapping[str, Any]) -> Condition:
    uses = scan(text)
    check_names(uses, vocabulary)
    rule = _compiled(text)
    if all(vocabulary[use.name] is not None for use in uses):
        _try(rule, _sample(uses, vocabulary))
    return rule


def _try(rule: Condition, sample: Mapping[str, Any]) -> None:
    """Run once on a sample: finds patterns that are not patterns and kinds of value that never fit, at save time."""
    try:
        value = rule._program.execute(prepare(sample))
    except TypeError:
        fix = "Labels and annotations are text: write int(labels.x) > 3 or labels.x == '3'."
        raise Broken(f"{_MIXED}.", fix) from None
    except RuntimeError as error:
        match = re.search(r"not a valid regex:\n(.*?error: [^\n.]*|[^\n]*)", str(error), re.DOTALL)
        if match:
            raise Broken(f"the pattern of `matches` is not valid: {match.group(1).splitlines()[-1]}.") from None
    except (LookupError, ArithmeticError, ValueError):
        return
    else:
        if not isinstance(value, bool):
            raise Broken("the rule gives a value, not true or false.", f"Compare it: `{rule.text.strip()[:40]} == …`.")


def _sample(uses: tuple[Use, ...], vocabulary: Mapping[str, Any]) -> dict[str, Any]:
    sample = dict(vocabulary)
    for use in uses:
        if use.key is not None and vocabulary[use.name] == {}:
            sample[use.name] = {**sample[use.name], use.key: "1"}
    return sample


def _parse_sentence(text: str) -> str:
    match = _PARSE_PLACE.search(text)
    if match is None:
        return "the rule does not read as an expression."
    line, column, what = int(match.group(1)), int(match.group(2)), match.group(3)
    place = f"at character {column + 1}" + (f" of line {line}" if line > 1 else "")
    if "<EOF>" in what:
        return "the rule ends too early: something is missing at its end."
    stray = re.search(r"(?:input|at:|unsupported syntax) ?:? ?('[^']*')", what)
    if "reserved identifier" in what:
        return f"`{what.rsplit(' ', 1)[-1]}` {place} is a reserved word."
    return f"the rule does not read as an expression {place}{': ' + stray.group(1) + ' does not fit there' if stray else ''}."


_MIXED = "the rule compares or combines values of different kinds"


def _why(error: BaseException) -> str:
    if isinstance(error, KeyError):
        return f"`{error.args[0] if error.args else '?'}` is missing from what the rule looks at"
    if isinstance(error, IndexError):
        return "the rule reads past the end of a list"
    if isinstance(error, TypeError):
        return _MIXED
    if isinstance(error, ArithmeticError):
        return "the rule's arithmetic has no result"
    return f"the rule failed: {str(error).splitlines()[0][:120] if str(error) else type(error).__name__}"
