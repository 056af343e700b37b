"""What commands print: tables and facts for people, JSON for machines (`--json`)."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from cyclopts import Parameter

Json = Annotated[bool, Parameter(name="--json", negative="", help="Print JSON.")]


def emit_json(data: Any) -> None:
    """Print data as JSON."""
    json.dump(data, sys.stdout, indent=2, ensure_ascii=False, default=str)
    print()


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
        table.add_row(*(Text(_cell(row.get(key))) for key in columns))
    Console().print(table)


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
        return ", ".join(_cell(each) for each in value)
    if isinstance(value, dict):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
