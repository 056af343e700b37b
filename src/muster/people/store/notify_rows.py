"""Rows of how persons want to be paged."""

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn
from muster.people.notify import NOTHING_SAID, Notify


async def notify_of(conn: Conn, person_ids: Iterable[UUID]) -> dict[UUID, Notify]:
    """What persons have said; every person asked for has an entry."""
    ids = list(person_ids)
    found = dict.fromkeys(ids, NOTHING_SAID)
    for row in await conn.fetch("SELECT person_id, rules FROM person_notify WHERE person_id = ANY($1)", ids):
        found[row["person_id"]] = Notify.model_validate(row["rules"])
    return found


async def keep(conn: Conn, person_id: UUID, notify: Notify, now: datetime) -> None:
    """Write what a person has said in place of what they said before."""
    await conn.execute(
        """INSERT INTO person_notify (person_id, rules, changed_at) VALUES ($1, $2, $3)
           ON CONFLICT (person_id) DO UPDATE SET rules = $2, changed_at = $3""",
        person_id,
        notify.as_json(),
        now,
    )
