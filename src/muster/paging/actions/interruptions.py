"""Tells schedules who was paged and when, so that they can say how fairly interruptions fall (R34)."""

from muster.base.unit import Unit
from muster.oncall.fairness.load import Interruption
from muster.oncall.happenings import InterruptionsWanted

_FIRST_MESSAGES = """
SELECT persons.name AS person, min(deliveries.created_at) AS at
FROM deliveries JOIN persons ON persons.id = person_id
WHERE deliveries.kind = 'page' AND deliveries.state IN ('handed_over', 'delivered') AND persons.name = ANY($1)
    AND deliveries.created_at >= $2 AND deliveries.created_at < $3
GROUP BY persons.name, page_id, step"""


async def tell_interruptions(unit: Unit, wanted: InterruptionsWanted) -> None:
    """Subscribed to what schedules ask: a person's messages of one step of a page are one interruption."""
    rows = await unit.conn.fetch(_FIRST_MESSAGES, list(wanted.people), wanted.start, wanted.end)
    wanted.found.extend(Interruption(row["person"], row["at"]) for row in rows)
