"""No fact is read out of a sentence: what a program wants to know of a reason is a field of it (house rule R1).

Reading is: asking how a sentence begins or ends, what it contains or equals, taking it apart, or searching it. Rendering is not:
joining, cutting to a length, making the first letter large. Words from outside (a sender's payload, a person's answer, another
program's message) are input and may be read; who reads them is listed with the reason. The list only gets shorter.
"""

import ast
import re
from collections.abc import Iterator

from tests.architecture.house import ROOT, SOURCE, modules

SENTENCES = {
    "cause", "detail", "ended_reason", "explanation", "hold_reason", "message", "note", "reason", "sentence",
    "severity_reason", "what", "why", "words",
}  # fmt: skip
"""Names under which sentences stand, as a variable, an attribute or a key. `words` may also be a list of them."""
OF_FAULTS = {"rule", "fix"}
"""The two sentences of a fault, as attributes."""
READING = {
    "startswith", "endswith", "partition", "rpartition", "split", "rsplit", "removeprefix", "removesuffix", "find", "index",
}  # fmt: skip
SEARCHING = {"search", "match", "fullmatch", "findall", "finditer", "split", "sub"}
LIST = {"words"}
ALLOWED = {
    "alerts/pattern.py": "the engine of regular expressions tells what is wrong by its message alone",
    "kit/rules.py": "the engine of rules tells what is wrong by its message alone",
    "desk/pages/palette.py": "what a person types",
    "paging/answer_words.py": "the words that a person may answer",
    "privacy/actions/erase.py": "a reason that a person types must not name the person who is erased",
    "catalog/pages/workload.py": "`what` says whether a workload stops or is degraded",
    "oncall/schedules/form.py": "`what` is a part of a form: a layer, a turn, a window",
    "paging/words.py": "not yet mended: the title and text of a message stand in its job as one note",
}
"""Files that may read, each with its reason."""
SENDERS = "inbound"
"""The feature that reads what senders write."""
TEMPLATES = sorted(SOURCE.rglob("*.html"))
_IN_TEMPLATE = re.compile(
    rf"\b({'|'.join(sorted(SENTENCES))})"
    rf"(?:\.({'|'.join(sorted(READING))})\(|\s*==\s*[\"']\w)|[\"']\s+(?:not )?in [\w.]*\b({'|'.join(sorted(SENTENCES))})\b"
)


def name_of(node: ast.expr) -> str:
    """The name under which a sentence is held, through calls that keep it a sentence; empty for anything else."""
    if isinstance(node, ast.Name):
        return node.id if node.id in SENTENCES else ""
    if isinstance(node, ast.Attribute):
        return node.attr if node.attr in SENTENCES | OF_FAULTS else ""
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        return str(node.slice.value) if node.slice.value in SENTENCES else ""
    if isinstance(node, ast.Call):
        return _through(node)
    return ""


def _through(call: ast.Call) -> str:
    if isinstance(call.func, ast.Name) and call.func.id == "str" and call.args:
        error = isinstance(call.args[0], ast.Name) and call.args[0].id in {"error", "problem", "broken"}
        return "str(error)" if error else name_of(call.args[0])
    if isinstance(call.func, ast.Attribute) and call.func.attr in {"lower", "strip", "casefold", "rstrip"}:
        return name_of(call.func.value)
    if isinstance(call.func, ast.Attribute) and call.func.attr == "get" and call.args:
        key = call.args[0]
        return str(key.value) if isinstance(key, ast.Constant) and key.value in SENTENCES else ""
    return ""


def readings(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Where a sentence is read, as (line, source)."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            method, owner = node.func.attr, node.func.value
            reads = method in READING and name_of(owner)
            searches = method in SEARCHING and any(name_of(argument) for argument in node.args)
            if reads or searches:
                yield node.lineno, ast.unparse(node)
        elif (isinstance(node, ast.Compare) and _compares(node)) or (
            isinstance(node, ast.Subscript) and _takes_apart(node)
        ):
            yield node.lineno, ast.unparse(node)


def _compares(node: ast.Compare) -> bool:
    operator, other = node.ops[0], node.comparators[0]
    if isinstance(operator, ast.In | ast.NotIn):
        return name_of(other) not in {"", *LIST}
    text = isinstance(other, ast.Constant) and isinstance(other.value, str) and other.value
    return isinstance(operator, ast.Eq | ast.NotEq) and bool(text and name_of(node.left))


def _takes_apart(node: ast.Subscript) -> bool:
    """A slice that is more than cutting to a length, or than the first letter and the rest."""
    if name_of(node.value) in {"", *LIST} or not isinstance(node.slice, ast.Slice):
        return False
    lower, upper = node.slice.lower, node.slice.upper
    shortens = lower is None and isinstance(upper, ast.Constant | ast.Name)
    rest = upper is None and isinstance(lower, ast.Constant) and lower.value == 1
    return not (shortens or rest)


def test_no_fact_is_read_out_of_a_sentence() -> None:
    found = [
        f"{module}:{line} {source:.120}"
        for module in modules()
        if module.feature != SENDERS and module.path.relative_to(SOURCE).as_posix() not in ALLOWED
        for line, source in readings(module.tree)
    ]
    assert not found, "\n".join(found)


def test_no_template_reads_one() -> None:
    found = [
        f"{path.relative_to(ROOT)}:{number} {reading[0]}"
        for path in TEMPLATES
        for number, text in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)
        if (reading := _IN_TEMPLATE.search(text))
    ]
    assert not found, "\n".join(found)


def test_each_exception_is_needed() -> None:
    read = {
        module.path.relative_to(SOURCE).as_posix()
        for module in modules()
        if next(readings(module.tree), None) is not None
    }
    assert not ALLOWED.keys() - read


def test_what_counts_as_reading() -> None:
    reading = (
        'reason.startswith("ana")',
        'page.why.partition(" asks ")',
        '"category" in sentence',
        "finding.sentence[len(name):]",
        "re.search(name, link.sentence)",
        'str(error).partition(". ")',
        'entry.what.removeprefix("Note")',
        'data["reason"] == "left"',
    )
    rendering = (
        "reason[:500]",
        "why[:1].upper() + why[1:]",
        'f"{reason} {fix}"',
        "reason.strip()",
        "not note",
        'why == ""',
    )
    assert all(list(readings(ast.parse(source))) for source in reading)
    assert not any(list(readings(ast.parse(source))) for source in rendering)
