"""Many rows in one statement: every type arrives as it was given, and only what was asked for is overwritten."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import pytest

from muster.base.db.bulk import Columns, Table
from muster.base.db.database import Database
from muster.base.unit import Conn

NOON = datetime(2026, 1, 5, 12, tzinfo=UTC)
BOOKS = Table("books", id="integer", title="text", tags="text[]", data="jsonb", at="timestamptz")


@dataclass(frozen=True, slots=True)
class Book:
    """A row as an object."""

    id: int
    title: str
    tags: tuple[str, ...] = ()
    data: Any = None


@pytest.fixture
async def conn(database: Database) -> AsyncIterator[Conn]:
    async with database.read() as conn, conn.transaction():
        await conn.execute(
            """CREATE TEMPORARY TABLE books (id integer PRIMARY KEY, title text NOT NULL, tags text[] NOT NULL, data jsonb,
                                             at timestamptz NOT NULL) ON COMMIT DROP"""
        )
        yield conn


async def rows_of(conn: Conn) -> list[tuple[Any, ...]]:
    return [tuple(row) for row in await conn.fetch(f"SELECT {BOOKS.text} FROM books ORDER BY id")]


async def test_lists_and_json_arrive_as_they_were_given(conn: Conn) -> None:
    books = [Book(1, "Ems", ("a", "b"), [{"x": [1, 2]}]), Book(2, "Weser"), Book(3, "Elbe", (), {})]
    assert await BOOKS.insert(conn, books, at=NOON) == []
    assert await rows_of(conn) == [
        (1, "Ems", ["a", "b"], [{"x": [1, 2]}], NOON),
        (2, "Weser", [], None, NOON),
        (3, "Elbe", [], {}, NOON),
    ]


@pytest.mark.parametrize(
    "row",
    [
        Book(1, "Ems", ("a",), {"x": 1}),
        {"title": "Ems", "data": {"x": 1}, "tags": ["a"], "id": 1},
        (1, "Ems", ["a"], {"x": 1}),
    ],
)
async def test_a_row_is_an_object_a_mapping_or_a_tuple(conn: Conn, row: object) -> None:
    await BOOKS.insert(conn, [row], at=NOON)
    assert await rows_of(conn) == [(1, "Ems", ["a"], {"x": 1}, NOON)]


async def test_an_insert_says_which_rows_are_new(conn: Conn) -> None:
    await BOOKS.insert(conn, [Book(1, "Ems")], at=NOON)
    new = await BOOKS.insert(
        conn, [Book(1, "Oder"), Book(2, "Weser")], on_conflict="(id) DO NOTHING", returning="title", at=NOON
    )
    assert [row["title"] for row in new] == ["Weser"]


async def test_an_upsert_overwrites_all_but_what_it_keeps(conn: Conn) -> None:
    await BOOKS.insert(conn, [Book(1, "Ems", ("a",), 1)], at=NOON)
    later = NOON.replace(hour=13)
    await BOOKS.upsert(
        conn, [Book(1, "Oder", ("b",), 2), Book(2, "Weser")], keys=("id",), keep=("at", "data"), at=later
    )
    assert await rows_of(conn) == [(1, "Oder", ["b"], 1, NOON), (2, "Weser", [], None, later)]


async def test_an_update_touches_only_rows_that_satisfy_its_condition(conn: Conn) -> None:
    await BOOKS.insert(conn, [Book(1, "Ems"), Book(2, "Weser")], at=NOON)
    changed = await BOOKS.update(
        conn,
        [Book(1, "Oder", ("b",), {}), Book(2, "Elbe"), Book(3, "Havel")],
        keep=("tags",),
        where="books.title <> 'Weser'",
        returning="books.id",
        at=NOON,
    )
    assert [row["id"] for row in changed] == [1]
    assert await rows_of(conn) == [(1, "Oder", [], {}, NOON), (2, "Weser", [], None, NOON)]


async def test_no_rows_are_no_statement(conn: Conn) -> None:
    assert await BOOKS.insert(conn, [], at=NOON) == []
    assert await BOOKS.update(conn, [], at=NOON) == []
    await BOOKS.upsert(conn, [], keys=("id",), at=NOON)
    assert await rows_of(conn) == []


async def test_columns_are_a_source_for_statements_of_ones_own(conn: Conn) -> None:
    pairs = Columns(name="text", data="jsonb")
    sql = f"SELECT $1::text AS first, name, {pairs.value('pair', 'data')} AS data FROM {pairs.unnest('pair', first=2)}"
    assert [tuple(row) for row in await conn.fetch(sql, "x", *pairs.arrays([("a", [1]), ("b", None)]))] == [
        ("x", "a", [1]),
        ("x", "b", None),
    ]
    assert await conn.fetch(sql, "x", *pairs.arrays([])) == []
