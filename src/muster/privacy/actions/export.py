"""Gathering what Muster holds of a person, from every table that refers to them, also those of features to come."""

import re
from typing import Any

from asyncpg import Record

from muster.base.access import Permission
from muster.base.unit import Conn, Unit
from muster.kit.masking import HIDDEN
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions.guard import allow_for, existing_person
from muster.people.person import Person
from muster.privacy.events import PERSON_DATA_EXPORTED
from muster.privacy.places import REFERENCES

MOST = 10_000
"""So many rows of a table at most, the newest of the ledger."""
_SECRET = re.compile(r"hash|secret|sealed|credential|public_key|provider_id")


async def export_person(unit: Unit, name: str) -> dict[str, Any]:
    """Everything that is kept of a person, without secrets: of oneself, or of anybody for those who manage persons.

    Raises:
        Missing, Denied.
    """
    person = await existing_person(unit.conn, name)
    allow_for(unit, person, Permission.PERSON_MANAGE)
    found = await _gathered(unit.conn, person)
    counts = {place: len(rows) for place, rows in found.items()}
    await record(unit, Event(f"person:{person.id}", PERSON_DATA_EXPORTED, {"name": person.name, "rows": counts}))
    return {"person": person.name, "at": unit.now, "most_rows_of_each": MOST, "data": found}


async def _gathered(conn: Conn, person: Person) -> dict[str, list[dict[str, Any]]]:
    found = {
        "persons": _plain(await conn.fetch("SELECT to_jsonb(persons) AS row FROM persons WHERE id = $1", person.id))
    }
    columns: dict[str, list[str]] = {}
    for reference in await conn.fetch(REFERENCES):
        columns.setdefault(reference["table"], []).append(reference["column"])
    for table, names in columns.items():
        wanted = " OR ".join(f'"{column}" = $1' for column in names)
        rows = await conn.fetch(
            f'SELECT to_jsonb(kept) AS row FROM "{table}" AS kept WHERE {wanted} LIMIT {MOST}', person.id
        )
        found[table] = _plain(rows)
    entries = await conn.fetch(
        f"""SELECT jsonb_build_object('position', position, 'at', at, 'stream', stream, 'kind', kind, 'reason', reason,
                   'actor', actor, 'data', data) AS row
            FROM ledger WHERE stream = $1 OR actor ->> 'person' = $2 ORDER BY position DESC LIMIT {MOST}""",
        f"person:{person.id}",
        str(person.id),
    )
    found["ledger"] = [dict(entry["row"]) for entry in entries]
    return {place: rows for place, rows in found.items() if rows}


def _plain(rows: list[Record]) -> list[dict[str, Any]]:
    return [
        {name: HIDDEN if value is not None and _SECRET.search(name) else value for name, value in row["row"].items()}
        for row in rows
    ]
