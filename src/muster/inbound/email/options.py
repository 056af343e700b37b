"""An integration's own rules for mail: where title and key stand, what says that it is over, which words are how grave. Pure."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from muster.alerts.pattern import compile_pattern
from muster.alerts.signal import SeverityHint
from muster.inbound.options import unknown_options
from muster.kit.errors import Fault

LONGEST_REGEX = 1000
LONGEST_LINE = 250
"""So much of a line is looked at for a title or a key: patterns may take this to the power of three steps."""
MOST_LINES = 200
MOST_RULES = 50
_NAMES = ("title", "key", "recovery", "severity")
_GRADES = ("critical", "high", "medium", "low")
_TITLE = 'Write {"regex": "Alarm: (.+)"}.'
_KEY = 'Write {"regex": "Ticket ([0-9]+)"} or {"header": "X-Alert-Id"}.'
_RECOVERY = (
    'Write {"subject": "^Cleared"}, {"body": "State: normal"} or {"header": {"X-State": "ok"}}; all of them must hold.'
)
_SEVERITY = 'Write {"URGENT": "critical"}.'


def mail_option_faults(options: Mapping[str, Any]) -> tuple[Fault, ...]:
    """Everything wrong with the rules."""
    faults = [*unknown_options(options, _NAMES)]
    for name, allowed, fix in (("title", ("regex",), _TITLE), ("key", ("regex", "header"), _KEY)):
        if name in options:
            faults += _place_faults(name, options[name], allowed, fix)
    if "recovery" in options:
        faults += _recovery_faults(options["recovery"])
    if "severity" in options:
        faults += _severity_faults(options["severity"])
    return tuple(faults)


def extracted(regex: str, text: str) -> str:
    """What a pattern finds in the lines of a text, its group where it has one; empty where it finds nothing."""
    fast = _extractor(regex)
    lines = [line[:LONGEST_LINE] for line in text.splitlines()[:MOST_LINES]] if fast else []
    # Only a line that matches is searched by the engine that backtracks, so that a stranger's text costs one such search.
    if not says(regex, "\n".join(lines)):
        return ""
    for line in lines:
        found = fast.search(line) if says(regex, line) else None
        if found:
            return str(found.group(1) or "" if fast.groups else found.group()).strip()
    return ""


def says(regex: str, text: str) -> bool:
    """Whether a pattern matches anywhere in a text; `^` and `$` are a line's ends."""
    try:
        return compile_pattern(_anywhere(regex)).matches(text)
    except ValueError:
        return False


def graded(rules: Any, text: str) -> SeverityHint:
    """The severity of the first rule whose pattern is found; empty where none is."""
    entries = rules.items() if isinstance(rules, Mapping) else ()
    return next((grade for regex, grade in entries if grade in _GRADES and says(str(regex), text)), "")


@lru_cache(maxsize=256)
def _extractor(regex: str) -> Any:
    try:
        return compile_pattern(regex).fast
    except ValueError:
        return None


def _anywhere(regex: str) -> str:
    return f"(?s:.*)(?m:{regex})(?s:.*)"


def _place_faults(name: str, value: Any, allowed: tuple[str, ...], fix: str) -> list[Fault]:
    if not isinstance(value, Mapping) or len(value) != 1 or next(iter(value)) not in allowed:
        return [Fault(name, f"It is an object with {' or '.join(allowed)}.", fix)]
    kind, text = next(iter(value.items()))
    if not isinstance(text, str) or not text.strip():
        return [Fault(f"{name}.{kind}", "It is a text.", fix)]
    if kind == "header":
        return []
    wrong = _regex_faults(f"{name}.{kind}", text)
    if not wrong and compile_pattern(text).fast is None:
        rule = (
            "The regular expression costs too much here: it may have two repetitions and one group, "
            r"no `^` or `$`, and of escapes only `\d` and `\w`."
        )
        return [Fault(f"{name}.{kind}", rule, fix)]
    return wrong


def _recovery_faults(value: Any) -> list[Fault]:
    names = ("subject", "body", "header")
    if not isinstance(value, Mapping) or not value or any(name not in names for name in value):
        return [Fault("recovery", "It is an object with subject, body or header.", _RECOVERY)]
    faults = []
    for name, text in value.items():
        if name == "header":
            fine = (
                isinstance(text, Mapping)
                and bool(text)
                and all(isinstance(word, str) and word for word in text.values())
            )
            faults += [] if fine else [Fault("recovery.header", "It maps headers' names to values.", _RECOVERY)]
        elif not isinstance(text, str) or not text.strip():
            faults.append(Fault(f"recovery.{name}", "It is a regular expression.", _RECOVERY))
        else:
            faults += _regex_faults(f"recovery.{name}", text)
    return faults


def _severity_faults(value: Any) -> list[Fault]:
    if (
        not isinstance(value, Mapping)
        or len(value) > MOST_RULES
        or any(grade not in _GRADES for grade in value.values())
    ):
        rule = f"It maps at most {MOST_RULES} regular expressions to {', '.join(_GRADES)}."
        return [Fault("severity", rule, _SEVERITY)]
    return [fault for regex in value for fault in _regex_faults("severity", str(regex))]


def _regex_faults(field: str, regex: str) -> list[Fault]:
    if len(regex) > LONGEST_REGEX:
        return [Fault(field, f"It is longer than {LONGEST_REGEX} characters.", "Write a shorter one.")]
    try:
        compile_pattern(regex)
        compile_pattern(_anywhere(regex))
        empty = compile_pattern(regex).matches("")
    except ValueError as refusal:
        return [Fault(field, str(refusal), "Correct it.")]
    return [Fault(field, "It matches an empty text, and so every mail.", "Write what must be there.")] if empty else []
