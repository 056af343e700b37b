"""Many rows in one statement: columns are declared once, with their PostgreSQL types, and the SQL follows from them.

The rows of one call are alike: objects or mappings that have the columns by name, or tuples in the order of the columns.
JSON and arrays travel as JSON text, since `unnest` would take a list inside of a `jsonb[]` or `text[]` for one more dimension.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache
from operator import attrgetter, itemgetter
from typing import Any

import msgspec
from asyncpg import Record

from muster.base.unit import Conn


def json_texts(values: Iterable[object]) -> list[str | None]:
    """Each value as JSON text; None stays None."""
    return [None if value is None else msgspec.json.encode(value).decode() for value in values]


class Columns:
    """Columns with their types, for statements that are written by hand: `FROM {MOVED.unnest("moved")} WHERE …`."""

    def __init__(self, /, **types: str) -> None:
        self.types = types
        self.names = tuple(types)
        self.text = ", ".join(types)
        self._encoded = frozenset(name for name, type in types.items() if _is_encoded(type))

    def unnest(self, alias: str, first: int = 1, names: Sequence[str] = ()) -> str:
        """The rows as a source to select from; their parameters are those from `$first` on, one a column."""
        chosen = names or self.names
        arrays = ", ".join(
            f"${number}::{'text' if name in self._encoded else self.types[name]}[]"
            for number, name in enumerate(chosen, start=first)
        )
        return f"unnest({arrays}) AS {alias} ({', '.join(chosen)})"

    def value(self, alias: str, name: str) -> str:
        """A column of that source in its own type."""
        text = f"{alias}.{name}"
        if name not in self._encoded:
            return text
        type = self.types[name]
        return f"array(SELECT jsonb_array_elements_text({text}::jsonb))" if type.endswith("[]") else f"{text}::{type}"

    def arrays(self, rows: Sequence[object], names: Sequence[str] = ()) -> list[Sequence[Any]]:
        """The parameters of `unnest`."""
        chosen = names or self.names
        columns: list[Sequence[Any]]
        if not rows:
            columns = [[] for _ in chosen]
        elif isinstance(rows[0], tuple):
            columns = list(zip(*rows, strict=True))
        else:
            get: Any = itemgetter if isinstance(rows[0], Mapping) else attrgetter
            columns = [list(map(get(name), rows)) for name in chosen]
        return [
            json_texts(values) if name in self._encoded else values
            for name, values in zip(chosen, columns, strict=True)
        ]


class Table(Columns):
    """The columns of a table that are written many rows at a time.

    Columns that are named in the call (`at=now`) have one value for all rows, which then need not have it.
    """

    def __init__(self, table: str, /, **types: str) -> None:
        super().__init__(**types)
        self.table = table

    async def insert(
        self, conn: Conn, rows: Sequence[object], *, on_conflict: str = "", returning: str = "", **shared: Any
    ) -> list[Record]:
        """Add rows; `on_conflict` is what follows ON CONFLICT. Returns what `returning` names."""
        if not rows:
            return []
        names = self._own(shared)
        sql = _insert(self, names, tuple(shared), on_conflict, returning)
        written: list[Record] = await conn.fetch(sql, *self.arrays(rows, names), *shared.values())
        return written

    async def upsert(
        self, conn: Conn, rows: Sequence[object], *, keys: Sequence[str], keep: Sequence[str] = (), **shared: Any
    ) -> None:
        """Add rows, or overwrite those that have the same `keys`, all but the columns to `keep`."""
        await self.insert(conn, rows, on_conflict=_overwrite(self, tuple(keys), tuple(keep)), **shared)

    async def update(
        self,
        conn: Conn,
        rows: Sequence[object],
        *,
        key: str = "id",
        keep: Sequence[str] = (),
        where: str = "true",
        returning: str = "",
        **shared: Any,
    ) -> list[Record]:
        """Overwrite the rows that have the `key` and satisfy `where`, all but the columns to `keep`.

        In `where` and `returning` the table goes by its own name, and the rows are called `new`.
        """
        if not rows:
            return []
        names = self._own(shared)
        sql = _update(self, names, tuple(shared), key, tuple(keep), where, returning)
        written: list[Record] = await conn.fetch(sql, *self.arrays(rows, names), *shared.values())
        return written

    def _own(self, shared: Mapping[str, Any]) -> Sequence[str]:
        return tuple(name for name in self.names if name not in shared) if shared else self.names


def _is_encoded(type: str) -> bool:
    return type in {"json", "jsonb"} or type.endswith("[]")


def _values(table: Table, names: Sequence[str], shared: Sequence[str]) -> dict[str, str]:
    own = {name: table.value("new", name) for name in names}
    return own | {name: f"${number}::{table.types[name]}" for number, name in enumerate(shared, start=len(names) + 1)}


@lru_cache(maxsize=512)
def _insert(table: Table, names: Sequence[str], shared: Sequence[str], on_conflict: str, returning: str) -> str:
    values = _values(table, names, shared)
    return (
        f"INSERT INTO {table.table} ({', '.join(values)}) SELECT {', '.join(values.values())} "
        f"FROM {table.unnest('new', names=names)}"
        f"{on_conflict and f' ON CONFLICT {on_conflict}'}{returning and f' RETURNING {returning}'}"
    )


@lru_cache(maxsize=512)
def _overwrite(table: Table, keys: Sequence[str], keep: Sequence[str]) -> str:
    sets = ", ".join(f"{name} = excluded.{name}" for name in table.names if name not in keys and name not in keep)
    return f"({', '.join(keys)}) DO UPDATE SET {sets}"


@lru_cache(maxsize=512)
def _update(
    table: Table, names: Sequence[str], shared: Sequence[str], key: str, keep: Sequence[str], where: str, returning: str
) -> str:
    values = _values(table, names, shared)
    sets = ", ".join(f"{name} = {value}" for name, value in values.items() if name != key and name not in keep)
    return (
        f"UPDATE {table.table} SET {sets} FROM {table.unnest('new', names=names)} "
        f"WHERE {table.table}.{key} = new.{key} AND {where}{returning and f' RETURNING {returning}'}"
    )
