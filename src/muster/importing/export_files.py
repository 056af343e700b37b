"""The files of an export as documents: JSON, YAML or Terraform, one or many, also inside a .zip; bounded in size and number."""

import io
import json
import zipfile
import zlib
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from muster.importing import hcl
from muster.kit.errors import Fault, Invalid
from muster.kit.yamldoc import read_documents

LARGEST = 20_000_000
MOST_FILES = 2000
_READ = (".json", ".yaml", ".yml", ".tf")


@dataclass(frozen=True, slots=True)
class ExportDocument:
    """One document of one file. `hint` is the file's name without folders, which may say what an API answer was about."""

    file: str
    data: Any

    @property
    def hint(self) -> str:
        """The file's own name, in lower case."""
        return self.file.replace("\\", "/").rpartition("/")[2].lower()


@dataclass(frozen=True, slots=True)
class ExportObject:
    """One object of an export: its kind here, its fields in the API's spelling, the file, and the object that it is part of."""

    kind: str
    data: dict[str, Any]
    document: ExportDocument
    parent: str = ""


def unpack(files: Mapping[str, bytes]) -> dict[str, str]:
    """The texts of the files that can hold an export, those inside of .zip files with them; others are left out.

    Raises:
        Invalid: too many, too large, not a .zip, or not UTF-8.
    """
    found: dict[str, str] = {}
    faults: list[Fault] = []
    left = [LARGEST]
    for name, content in sorted(files.items()):
        if name.lower().endswith(".zip"):
            members = _members(name, content, left, faults)
        else:
            members = {name: content}
            left[0] -= len(content)
        for inner, body in members.items():
            if inner.lower().endswith(_READ):
                try:
                    found[inner] = body.decode("utf-8-sig")
                except UnicodeDecodeError:
                    faults.append(Fault(inner, "This file is not UTF-8.", "Export it as UTF-8, or leave it out."))
    if len(found) > MOST_FILES:
        faults.append(Fault("", f"There are {len(found)} files; at most {MOST_FILES} are read.", "Import in parts."))
    if left[0] < 0:
        fix = "Import in parts, or leave out alerts and incidents: they are not imported."
        faults.append(Fault("", f"The files have more than {LARGEST // 1_000_000} MB together.", fix))
    if not faults and not found:
        rule = "There is no file here that can be an export."
        faults.append(Fault("", rule, f"Name files that end in {', '.join(_READ)} or .zip."))
    if faults:
        raise Invalid("The export cannot be read.", faults=faults)
    return found


def _members(name: str, content: bytes, left: list[int], faults: list[Fault]) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            inside = [
                entry for entry in archive.infolist() if not entry.is_dir() and entry.filename.lower().endswith(_READ)
            ]
            for entry in inside[: MOST_FILES + 1]:
                if "__MACOSX" in entry.filename:
                    continue
                with archive.open(entry) as member:
                    body = member.read(max(0, left[0]) + 1)
                left[0] -= len(body)
                if left[0] < 0:
                    break
                found[f"{name}/{entry.filename}"] = body
    except (zipfile.BadZipFile, zlib.error, OSError, EOFError, NotImplementedError, RuntimeError, ValueError) as error:
        faults.append(Fault(name, f"This .zip cannot be opened: {error!s:.200}.", "Pack it again, without a password."))
    return found


def read_bundle(files: Mapping[str, str]) -> list[ExportDocument]:
    """Every document of the files, in the order of the files' names.

    Raises:
        Invalid: with every file that is not what its name says.
    """
    documents: list[ExportDocument] = []
    faults: list[Fault] = []
    if len(files) > MOST_FILES or sum(map(len, files.values())) > LARGEST:
        rule = f"At most {MOST_FILES} files of {LARGEST // 1_000_000} MB together are read."
        raise Invalid("The export cannot be read.", faults=[Fault("", rule, "Import in parts.")])
    for file, content in sorted(files.items()):
        if file.lower().endswith(".tf"):
            documents.append(ExportDocument(file, {"terraform": hcl.read(content)}))
        elif file.lower().endswith((".yaml", ".yml")):
            read = read_documents(content, file)
            faults += read.faults
            documents += [ExportDocument(file, document.data) for document in read.documents]
        else:
            try:
                documents.append(ExportDocument(file, json.loads(content)))
            except (ValueError, RecursionError) as error:
                where = f"line {error.lineno}" if isinstance(error, json.JSONDecodeError) else "too deep or too large"
                faults.append(Fault(file, f"This file is not JSON ({where}).", "Export it again, or leave it out."))
    if faults:
        raise Invalid("The export cannot be read.", faults=faults[:100])
    return documents
