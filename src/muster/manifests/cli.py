"""`muster apply`: declare the organisation in files, see what would change, bring it about."""

import sys
from pathlib import Path
from typing import Annotated, Any

import cyclopts

from muster.base.cli.client import Client
from muster.base.cli.output import Json, emit_json
from muster.kit.errors import Fault, Invalid

SUFFIXES = (".yaml", ".yml")


Files = Annotated[list[Path], cyclopts.Parameter(name=["-f", "--file"], allow_leading_hyphen=True)]


def apply(*, file: Files, dry_run: bool = False, json: Json = False) -> None:
    """Bring Muster to what manifests declare. All or nothing; applying the same again changes nothing.

    Parameters
    ----------
    file
        A file of YAML documents, a directory of such files, or - for standard input; may be repeated.
    dry_run
        Show what would change and change nothing.
    """
    sources = [source for path in file for source in _sources(path)]
    done = Client().post("/apply", {"sources": sources, "dry_run": dry_run})
    if json:
        emit_json(done)
        return
    for manifest in done["applied"]:
        print(f"{manifest['kind']} {manifest['name']}: {manifest['outcome']}")
        for change in manifest["changes"]:
            print(f"    {change}")
    if dry_run:
        print("Nothing was changed: this was a dry run.")


def _sources(path: Path) -> list[dict[str, Any]]:
    if str(path) == "-":
        return [{"file": "standard input", "text": sys.stdin.read()}]
    try:
        files = sorted(file for file in path.iterdir() if file.suffix in SUFFIXES) if path.is_dir() else [path]
        if not files:
            raise Invalid("There is nothing to apply.", faults=[Fault(str(path), "The directory holds no .yaml file.")])
        return [{"file": str(file), "text": file.read_text(encoding="utf-8")} for file in files]
    except OSError as error:
        raise Invalid("A manifest cannot be read.", faults=[Fault(str(path), f"{error.strerror}.")]) from error
    except UnicodeDecodeError as error:
        raise Invalid("A manifest cannot be read.", faults=[Fault(str(path), "It is not UTF-8.")]) from error
