"""What commands print: tables and facts for people, JSON for machines (`--json`), and nothing that steers a terminal."""

import io
import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any, TextIO

from cyclopts import Parameter

from muster.kit.printable import printable, printable_json

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


class Guarded(io.TextIOBase):
    """A terminal that strangers' texts cannot steer; `under` is the real one, for what Muster styles itself."""

    def __init__(self, under: TextIO) -> None:
        self.under = under

    def write(self, text: str) -> int:
        """Write the text with whatever would steer the terminal written out."""
        self.under.write(printable(text))
        return len(text)

    def flush(self) -> None:
        """Pass it on."""
        self.under.flush()

    def isatty(self) -> bool:
        """Whether somebody looks at it."""
        return self.under.isatty()

    def fileno(self) -> int:
        """The descriptor of the real one."""
        return self.under.fileno()

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """That of the real one."""
        return self.under.encoding


def guard_terminal() -> None:
    """From now on nothing that is printed, by whatever command, can steer the terminal."""
    if not isinstance(sys.stdout, Guarded):
        sys.stdout = Guarded(sys.stdout)


def emit_json(data: Any) -> None:
    """Print data as JSON."""
    print(printable_json(json.dumps(data, indent=2, ensure_ascii=False, default=str)))


def emit_lines(data: Any, *lines: str, json: bool) -> None:
    """Print data as JSON, or what people want to know of it as lines."""
    if json:
        emit_json(data)
    else:
        print("\n".join(lines))


def emit_table(rows: Sequence[Mapping[str, Any]], columns: Mapping[str, str], *, json: bool, empty: str) -> None:
    """Print rows as a table with `columns` (key → heading); `empty` says what belongs here when there are none."""
    if json:
        emit_json(list(rows))
        return
    if not rows:
        print(empty)
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in columns.values():
        table.add_column(heading, overflow="fold")
    for row in rows:
        table.add_row(*(Text(printable(_cell(row.get(key)))) for key in columns))
    Console(file=sys.stdout.under if isinstance(sys.stdout, Guarded) else sys.stdout).print(table)


def emit_facts(data: Mapping[str, Any], *, json: bool) -> None:
    """Print one thing as lines of name and value."""
    if json:
        emit_json(data)
        return
    width = max((len(key) for key in data), default=0)
    for key, value in data.items():
        print(f"{key:<{width}}  {_cell(value)}")


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list | tuple):
        return ", ".join(_cell(item) for item in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
