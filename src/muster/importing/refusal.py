"""What Muster refuses of an import is taken out of it and told as a loss, so that one thing never stops the rest."""

from collections.abc import Mapping, Sequence
from typing import Any

from muster.importing.import_draft import ImportDraft
from muster.importing.report import ImportNote
from muster.kit.errors import Fault
from muster.kit.yamldoc import read_documents

_NEEDED: Mapping[str, frozenset[str]] = {
    "Person": frozenset({"name", "email", "kind"}),
    "Team": frozenset({"name", "members", "kind"}),
    "Calendar": frozenset({"name", "entries", "text", "url", "kind"}),
    "Schedule": frozenset({"name", "time_zone", "layers", "kind"}),
    "Workload": frozenset({"name", "owner", "kind"}),
    "Integration": frozenset({"name", "format", "kind"}),
}
"""Fields without which a manifest says nothing: where they are refused as a whole, it is left out."""
_PLAN = "plan.yaml"
_OPTIONAL = ("contacts", "notify")
"""What a person is tried without before they are left out."""


def without(made: ImportDraft, faults: Sequence[Fault]) -> bool:
    """Take what the faults name out of the import, and tell it; False where nothing could be taken out.

    A fault of an item in a list takes the item, one of a field the field, one of what a manifest needs the manifest.
    """
    taken = False
    doomed: dict[tuple[str, int], dict[tuple[str | int, ...], Fault]] = {}
    begins = _begins(made)
    for fault in faults:
        if fault.file == _PLAN:
            taken |= _from_plan(made, fault)
        elif place := _place(begins, fault):
            file, index = place
            doomed.setdefault(place, {}).setdefault(_part(made.documents[file][index], fault.field), fault)
    for (file, index), parts in sorted(doomed.items(), reverse=True):
        _take(made, file, index, parts)
        taken = True
    return taken


def _begins(made: ImportDraft) -> dict[str, list[int]]:
    """The lines in which the documents of each file begin."""
    return {
        file: [document.mark(())[0] for document in read_documents(text, file, times=1000).documents]
        for file, text in made.manifests.items()
        if file in made.documents
    }


def _place(begins: Mapping[str, Sequence[int]], fault: Fault) -> tuple[str, int] | None:
    """The file of the document that a fault is in, and its number there."""
    lines = begins.get(fault.file or "", ())
    begun = [number for number, line in enumerate(lines) if line <= (fault.line or 0)]
    return (str(fault.file), begun[-1]) if begun else None


def _part(document: Mapping[str, Any], field: str) -> tuple[str | int, ...]:
    """The smallest part that can be left out: an item of a list, a field, or nothing for the whole document."""
    path = field.split(".") if field else []
    needed = _NEEDED.get(str(document["kind"]), frozenset())
    if not path or path[0] not in document:
        return ()
    value = document[path[0]]
    if isinstance(value, list) and len(path) > 1 and path[1].isdecimal() and int(path[1]) < len(value):
        # The last item of a list that must not be empty is the whole document.
        return () if len(value) == 1 and path[0] == "layers" else (path[0], int(path[1]))
    return () if path[0] in needed else (path[0],)


def _take(made: ImportDraft, file: str, index: int, parts: Mapping[tuple[str | int, ...], Fault]) -> None:
    document = made.documents[file][index]
    what = f"{document['kind']} {document['name']}"
    items = {key: fault for key, fault in parts.items() if key}
    layers = [key for key in items if key[0] == "layers"]
    if () in parts or (layers and len(layers) == len(document["layers"])):
        fault = parts.get((), next(iter(parts.values())))
        if optional := [name for name in _OPTIONAL if name in document and document["kind"] == "Person"]:
            for name in optional:
                del document[name]
            tell_loss(made, what, f"{what} comes without {' and '.join(optional)}: {_sentence(fault)}")
            return
        del made.documents[file][index]
        tell_loss(made, what, f"{what} is left out: {_sentence(fault)}", gone=True)
        return
    # From the last to the first, so that the numbers of items stay right.
    for key in sorted(items, key=lambda part: (str(part[0]), int(part[1]) if len(part) > 1 else 0), reverse=True):
        name = str(key[0])
        if len(key) == 1:
            del document[name]
        else:
            del document[name][int(key[1])]
        shown = name.replace("_", " ")
        tell_loss(made, what, f"{what}: {f'item {int(key[1]) + 1} of {shown}' if len(key) > 1 else shown} is left out: "
              f"{_sentence(items[key])}")  # fmt: skip


def _from_plan(made: ImportDraft, fault: Fault) -> bool:
    """Take out the policy that a fault is in, with its routes; half of them where it is in none, such as too many."""
    policies = made.wanted.policies
    named = next((name for name in policies if f"{fault.field}.".startswith(f"escalation.{name}.")), None)
    gone = [named] if named is not None else list(policies)[len(policies) // 2 :]
    if not gone and not made.wanted.routes:
        return False
    for name in gone:
        del policies[name]
        tell_loss(made, f"Plan policy {name}", f"Plan policy {name} is left out: {_sentence(fault)}", gone=True)
    made.wanted.routes = [route for route in made.wanted.routes if policies and route["to"] in policies]
    return True


def _sentence(fault: Fault) -> str:
    return f"{fault.rule} {fault.fix}".strip()


def tell_loss(made: ImportDraft, what: str, sentence: str, *, gone: bool = False) -> None:
    """Say it at the object of the export that became this; of what is nobody's at the end of the report."""
    note: ImportNote | None = next((candidate for candidate in made.export.report.notes if what in candidate.to), None)
    if note is None:
        made.remarks.append(sentence)
        return
    note.lose(sentence)
    if gone:
        note.to.remove(what)
