"""Tells schedules who was paged and when, so that they can say how fairly interruptions fall (R34)."""

from muster.base.unit import Unit
from muster.oncall.fairness.load import Interruption
from muster.oncall.happenings import InterruptionsWanted
from muster.paging.store import deliveries


async def tell_interruptions(unit: Unit, wanted: InterruptionsWanted) -> None:
    """Subscribed to what schedules ask: a person's messages of one step of a page are one interruption."""
    rows = await deliveries.first_messages(unit.conn, wanted.people, wanted.start, wanted.end)
    wanted.found.extend(Interruption(row["person"], row["at"]) for row in rows)
