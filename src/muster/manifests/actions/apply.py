"""Reads manifests, brings them about in the order of their kinds, and gives all that is wrong with them at once."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from muster.base.aside import aside
from muster.base.manifests import Applied, ManifestKind, in_order
from muster.base.services import Services
from muster.base.unit import Unit
from muster.kit.errors import Fault, Invalid, Problem
from muster.kit.nearest import did_you_mean
from muster.kit.yamldoc import Document, Path, read_documents

MANIFESTS = 4
"""How many times the size of one document a file of manifests may have."""


@dataclass(frozen=True, slots=True)
class ManifestFile:
    """One file of manifests; `file` is how its sender calls it."""

    file: str
    text: str


async def apply(unit: Unit, sources: Sequence[ManifestFile], services: Services) -> list[Applied]:
    """Bring about everything that the manifests declare, in the caller's transaction.

    Raises:
        Invalid: with every fault of every document; the caller's transaction must then be rolled back.
    """
    kinds = in_order(unit.ports.of(ManifestKind))
    documents, faults = await aside(_read, sources, [kind.name for kind in kinds])
    applied: list[Applied] = []
    for kind in kinds:
        own = [document for document in documents if document.data["kind"] == kind.name]
        for batch in [own] if kind.together and own else [[document] for document in own]:
            try:
                # A savepoint: what fails leaves no half of itself behind, so that the rest can still be checked.
                async with unit.conn.transaction():
                    applied += await kind.apply(unit, batch, services)
            except Problem as problem:
                faults += _placed(problem, batch[0])
    if faults:
        count = f"{len(faults)} fault{'s' if len(faults) != 1 else ''}; nothing was applied."
        raise Invalid("The manifests cannot be applied.", count, faults)
    return applied


def _read(sources: Sequence[ManifestFile], names: Sequence[str]) -> tuple[list[Document], list[Fault]]:
    documents: list[Document] = []
    faults: list[Fault] = []
    seen: dict[tuple[str, str], Document] = {}
    for source in sources:
        found = read_documents(source.text, source.file, times=MANIFESTS)
        faults += found.faults
        for document in found.documents:
            if fault := _unusable(document, seen, names):
                faults.append(fault)
            else:
                documents.append(document)
    if not documents and not faults:
        faults.append(Fault("", "There is no manifest here.", f"Write documents of the kinds {', '.join(names)}."))
    return documents, faults


def _unusable(document: Document, seen: dict[tuple[str, str], Document], names: Sequence[str]) -> Fault | None:
    if not isinstance(document.data, dict):
        return document.fault((), "A manifest is a mapping.", "Begin with `kind: Person` and its fields.")
    kind = document.data.get("kind")
    if kind is None:
        return document.fault((), "The manifest does not say its kind.", f"Add `kind:`, one of {', '.join(names)}.")
    if kind not in names:
        return document.fault(("kind",), f"`{kind!s:.40}` is not a kind of manifest.", did_you_mean(str(kind), names))
    key = (kind, str(document.data.get("name")))
    if first := seen.get(key):
        where = f"line {first.mark(())[0]}" + (f" of {first.file}" if first.file != document.file else "")
        return document.fault(
            ("name",), f"{kind} {key[1]} is declared twice; it already stands at {where}.", "Keep one."
        )
    seen[key] = document
    return None


def _placed(problem: Problem, document: Document) -> list[Fault]:
    """The problem's faults with their place in the document."""
    if not problem.faults:
        return [document.fault((), problem.title, problem.detail)]
    return [fault if fault.line else _at(fault, document) for fault in problem.faults]


def _at(fault: Fault, document: Document) -> Fault:
    path: Path = tuple(int(part) if part.isdecimal() else part for part in fault.field.split(".") if part)
    line, column = document.mark(path)
    return replace(fault, file=document.file, line=line, column=column)
