"""Taking reported changes in."""

from collections.abc import Sequence
from uuid import UUID

from muster.base.unit import Unit
from muster.changes import store
from muster.changes.change import Change


async def report(unit: Unit, integration_id: UUID, changes: Sequence[Change]) -> int:
    """Keep what an integration reports; a repeat is kept once. Intake has checked the integration's key."""
    new = await store.insert(unit.conn, integration_id, changes, unit.now)
    if new:
        unit.publish("changes")
    return new
