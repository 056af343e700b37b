"""Rows of what people wrote about incidents: notes, links, and why severities changed."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.incidents.belongings import Attached, Note, SeverityChange


async def add_note(conn: Conn, incident_id: UUID, note: Note) -> None:
    """Keep a note."""
    await conn.execute(
        "INSERT INTO incident_notes (id, incident_id, at, by_name, name, text) VALUES ($1, $2, $3, $4, $5, $6)",
        note.id,
        incident_id,
        note.at,
        note.by_name,
        note.name,
        note.text,
    )


async def notes(conn: Conn, incident_id: UUID) -> list[Note]:
    """An incident's notes, oldest first."""
    rows = await conn.fetch(
        "SELECT id, at, by_name, name, text FROM incident_notes WHERE incident_id = $1 ORDER BY at, id", incident_id
    )
    return [Note(*row) for row in rows]


async def named_notes(conn: Conn, incident_id: UUID) -> dict[str, tuple[str, datetime]]:
    """The names of the notes that were written for the checklist: who wrote the newest, and when."""
    rows = await conn.fetch(
        "SELECT name, by_name, at FROM incident_notes WHERE incident_id = $1 AND name <> '' ORDER BY at", incident_id
    )
    return {row["name"]: (row["by_name"], row["at"]) for row in rows}


async def add_link(conn: Conn, incident_id: UUID, link: Attached) -> bool:
    """Attach a link; false if its address is attached already."""
    done = await conn.execute(
        """INSERT INTO incident_links (id, incident_id, at, by_name, label, url) VALUES ($1, $2, $3, $4, $5, $6)
           ON CONFLICT (incident_id, url) DO NOTHING""",
        link.id,
        incident_id,
        link.at,
        link.by_name,
        link.label,
        link.url,
    )
    return bool(int(done.split()[-1]))


async def links(conn: Conn, incident_id: UUID) -> list[Attached]:
    """An incident's links, oldest first."""
    rows = await conn.fetch(
        "SELECT id, at, by_name, label, url FROM incident_links WHERE incident_id = $1 ORDER BY at, id", incident_id
    )
    return [Attached(*row) for row in rows]


async def severities(conn: Conn, incident_id: UUID) -> Sequence[SeverityChange]:
    """How the severity changed, oldest first (R20)."""
    rows = await conn.fetch(
        "SELECT at, severity, reason, by_name FROM incident_severities WHERE incident_id = $1 ORDER BY at", incident_id
    )
    return [SeverityChange(*row) for row in rows]
