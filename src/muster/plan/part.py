"""What a section of the plan looks like to people: sentences and tables, which a page or a terminal lays out."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a head; a cell may hold `code` in backticks."""

    title: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Part:
    """One section of the plan; `anchor` names it in links and is its key in the YAML."""

    anchor: str
    title: str
    sentences: tuple[str, ...]
    tables: tuple[Table, ...]
