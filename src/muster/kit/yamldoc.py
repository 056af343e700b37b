"""YAML documents as plain data that remembers where each part stands, so that a refusal can point at it.

Bounded in size, depth and (through aliases) expansion; no tags, no merge keys, no duplicate keys. Shared by whatever
takes a manifest: the plan, `muster apply`.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from muster.kit.errors import Fault
from muster.kit.yamlscalar import resolve

Path = tuple[str | int, ...]
Place = tuple[int, int]

LARGEST = 1_000_000
DEEPEST = 32
MOST_NODES = 100_000

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_TEXT_TAGS = frozenset({"!", "tag:yaml.org,2002:str"})


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its plain data, its own source text and the place of every part of it."""

    data: Any
    text: str
    file: str | None
    marks: dict[Path, tuple[Place, Place]] = field(repr=False)
    aliases: dict[Path, Path] = field(repr=False, default_factory=dict)

    def present(self, path: Path) -> Path:
        """The part of `path` that exists here; steps that do not (made up by a validator, or missing) are left out.

        Through an alias it leads to where the value is written.
        """
        target: Path = ()
        for step in path:
            there = (*self.aliases.get(target, target), step)
            if there in self.marks:
                target = there
            elif there in self.aliases:
                target = self.aliases[there]
        return target

    def mark(self, path: Path, *, key: bool = False) -> Place:
        """Line and column, from 1, of the value at `path` (of its key with `key`), or of the nearest part around it."""
        return self.marks[self.present(path)][0 if key else 1]

    def fault(self, path: Path, rule: str, fix: str = "", *, key: bool = False) -> Fault:
        """A fault that points at `path`; its field is `path` as written."""
        line, column = self.mark(path, key=key)
        return Fault(".".join(map(str, path)), rule, fix, self.file, line, column)


@dataclass(frozen=True, slots=True)
class Documents:
    """All documents of one text, and what is wrong with its form."""

    documents: tuple[Document, ...]
    faults: tuple[Fault, ...]


def read_documents(text: str, file: str | None = None, *, times: float = 1) -> Documents:
    """Read every document of `text`, within `times` the usual bounds; empty ones are left out.

    Never raises for what the text contains: faults (syntax, duplicate keys, tags, bounds) are returned beside the
    documents that could be read.
    """
    text = text.removeprefix("\ufeff")
    stray = yaml.reader.Reader.NON_PRINTABLE.search(text)
    if stray is not None:
        return Documents((), (_unprintable(text, stray.start(), file),))
    if len(text) > LARGEST * times:
        rule = f"The document has {len(text)} characters; at most {LARGEST * times:.0f} are read."
        return Documents((), (Fault("", rule, "Split it into several files.", file),))
    build = _Build(file, int(MOST_NODES * times))
    try:
        for event in _events(text):
            build.take(event)
    except yaml.MarkedYAMLError as error:
        build.faults.append(_syntax(error, text, file))
    except _Excess as excess:
        build.faults.append(excess.fault)
    lines = _BREAK.split(text)
    documents = [
        Document(part.root, _slice(lines, part), file, part.marks, part.aliases)
        for part in build.built
        if part.root is not None
    ]
    return Documents(tuple(documents), tuple(build.faults))


def _slice(lines: list[str], part: "_Part") -> str:
    """A document's own lines; what stands behind its `---` on the same line is its first."""
    line, column = part.start
    head = [lines[line][column:]] if lines[line][column:].strip() or not column else []
    return "\n".join([*head, *lines[line + 1 : part.end]])


class _Excess(Exception):
    def __init__(self, fault: Fault) -> None:
        self.fault = fault


@dataclass(slots=True)
class _Frame:
    """A mapping or list being filled; `key` is the mapping's pending key."""

    data: Any
    path: Path
    anchor: str | None
    first_node: int
    key: str | None = None
    key_place: Place = (1, 1)


@dataclass(slots=True)
class _Part:
    """One document while it is built: where it starts (line and column from 0) and before which line it ends."""

    start: Place
    end: int | None = None
    root: Any = None
    marks: dict[Path, tuple[Place, Place]] = field(default_factory=dict)
    aliases: dict[Path, Path] = field(default_factory=dict)
    anchors: dict[str, tuple[Any, Path, int]] = field(default_factory=dict)


def _events(text: str) -> Iterator[Any]:
    yield from yaml.parse(text, Loader=_LOADER)


def _place(mark: Any) -> Place:
    return mark.line + 1, mark.column + 1


class _Build:
    """Turns the parser's events into data and marks without recursion, so that depth cannot exhaust the stack."""

    def __init__(self, file: str | None, most: int) -> None:
        self.file, self.most = file, most
        self.faults: list[Fault] = []
        self.built: list[_Part] = []
        self.nodes = 0
        self.stack: list[_Frame] = []
        self.part = _Part((0, 0))

    def take(self, event: Any) -> None:
        """One step of the parser."""
        begin, end = event.start_mark, event.end_mark
        if isinstance(event, yaml.DocumentStartEvent):
            if self.built and self.built[-1].end is None:
                self.built[-1].end = begin.line
            self.part = _Part((end.line, end.column) if event.explicit else (0, 0))
        elif isinstance(event, yaml.DocumentEndEvent):
            self.part.end = begin.line if event.explicit else None
            self.built.append(self.part)
        elif isinstance(event, yaml.ScalarEvent):
            self._scalar(event)
        elif isinstance(event, yaml.AliasEvent):
            self._alias(event)
        elif isinstance(event, yaml.MappingStartEvent | yaml.SequenceStartEvent):
            self._collection(event)
        elif isinstance(event, yaml.MappingEndEvent | yaml.SequenceEndEvent):
            frame = self.stack.pop()
            if frame.anchor:
                self.part.anchors[frame.anchor] = (frame.data, frame.path, self.nodes - frame.first_node)

    def _scalar(self, event: Any) -> None:
        self._count(event, 1)
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.data, dict) and frame.key is None:
            self._key(frame, event)
            return
        plain = not event.style and event.tag is None
        if event.tag is not None and event.tag not in _TEXT_TAGS:
            self._refuse(event, f"The tag `{event.tag}` is not supported.", "Write the plain value.")
        value = resolve(event.value) if plain else event.value
        path = self._put(value, event)
        if event.anchor:
            self.part.anchors[event.anchor] = (value, path, 1)

    def _key(self, frame: _Frame, event: Any) -> None:
        frame.key, frame.key_place = event.value, _place(event.start_mark)
        path = (*frame.path, frame.key)
        if frame.key == "<<" and not event.style:
            self._refuse(event, "Merge keys (`<<`) are not supported.", "Write the fields out.")
        elif frame.key in frame.data:
            first = self.part.marks[path][0][0]
            rule = f"`{frame.key}` is written twice; it already stands on line {first}."
            self._refuse(event, rule, "Keep one of them.", path)

    def _collection(self, event: Any) -> None:
        self._count(event, 1)
        self._no_key(event)
        if event.tag is not None and not event.implicit:
            self._refuse(event, f"The tag `{event.tag}` is not supported.", "Write the plain value.")
        if len(self.stack) >= DEEPEST:
            raise _Excess(self._fault(event, f"The document is nested more than {DEEPEST} deep.", "Flatten it."))
        data: Any = {} if isinstance(event, yaml.MappingStartEvent) else []
        path = self._put(data, event)
        if event.anchor:
            self.part.anchors.pop(event.anchor, None)
        self.stack.append(_Frame(data, path, event.anchor, self.nodes))

    def _alias(self, event: Any) -> None:
        self._no_key(event)
        anchor = self.part.anchors.get(event.anchor)
        if anchor is None:
            self._refuse(
                event, f"`*{event.anchor}` refers to nothing written before it.", f"Mark that with `&{event.anchor}`."
            )
            self._put(None, event)
            return
        value, source, size = anchor
        self._count(event, size)
        path = self._put(value, event)
        self.part.aliases[path] = self.part.aliases.get(source, source)

    def _no_key(self, event: Any) -> None:
        frame = self.stack[-1] if self.stack else None
        if frame is not None and isinstance(frame.data, dict) and frame.key is None:
            raise _Excess(
                self._fault(event, "A key must be plain text, not a list, a mapping or an alias.", "Quote it.")
            )

    def _put(self, value: Any, event: Any) -> Path:
        place = _place(event.start_mark)
        if not self.stack:
            self.part.root, self.part.marks[()] = value, (place, place)
            return ()
        frame = self.stack[-1]
        if isinstance(frame.data, dict):
            path = (*frame.path, str(frame.key))
            frame.data[str(frame.key)] = value
            self.part.marks[path] = (frame.key_place, place)
            frame.key = None
        else:
            path = (*frame.path, len(frame.data))
            frame.data.append(value)
            self.part.marks[path] = (place, place)
        return path

    def _count(self, event: Any, more: int) -> None:
        self.nodes += more
        if self.nodes > self.most:
            raise _Excess(self._fault(event, f"The document holds more than {self.most} values.", "Split it."))

    def _fault(self, event: Any, rule: str, fix: str, path: Path = ()) -> Fault:
        line, column = _place(event.start_mark)
        return Fault(".".join(map(str, path)), rule, fix, self.file, line, column)

    def _refuse(self, event: Any, rule: str, fix: str, path: Path = ()) -> None:
        self.faults.append(self._fault(event, rule, fix, path))


_HINTS = {
    "mapping values are not allowed": "Quote a text that contains `: `, or check the indentation of this line.",
    "cannot start any token": "Indent with spaces, not tabs, and quote a text that begins with @, ` or %.",
    "could not find expected ':'": "Write `key: value`, with a space after the colon.",
    "did not find expected key": "Check the indentation: keys of one mapping begin in the same column.",
    "did not find expected '-' indicator": "Check the indentation: items of one list begin in the same column.",
    "did not find expected ',' or": "Close the bracket, or put a comma between the items.",
    "unexpected end of stream": "Close the quote.",
    "expected node content": "A value or a closing bracket is missing before this.",
    "unknown escape": "Use single quotes for a text with backslashes.",
}


def _syntax(error: yaml.MarkedYAMLError, text: str, file: str | None) -> Fault:
    mark, opened = error.problem_mark or error.context_mark, error.context_mark
    problem = str(error.problem or error.context or "it does not parse")
    fix = next((hint for sign, hint in _HINTS.items() if sign in problem), "Check the indentation and the quotes here.")
    if mark and opened and opened.line < mark.line and mark.line >= text.rstrip().count("\n") + 1:
        mark, problem = opened, "what begins here is never closed"
    line, column = _place(mark) if mark else (1, 1)
    return Fault("", f"This is not valid YAML: {problem}.", fix, file, line, column)


def _unprintable(text: str, at: int, file: str | None) -> Fault:
    line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
    return Fault("", f"The character {text[at]!r} cannot stand in YAML.", "Remove it.", file, line, column)
