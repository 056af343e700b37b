"""Where in a document a fault stands (pure)."""

from dataclasses import replace

from muster.kit.errors import Fault
from muster.kit.yamldoc import Document, Path


def placed(fault: Fault, document: Document) -> Fault:
    """The fault with file, line and column of its field, or of the nearest part around it."""
    path: Path = tuple(int(part) if part.isdecimal() else part for part in fault.field.split(".") if part)
    line, column = document.mark(path)
    return replace(fault, file=document.file, line=line, column=column)
