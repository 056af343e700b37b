"""Loads what the response contributes to the facts of an incident."""

from muster.base.unit import Unit
from muster.incidents.actions.facts import FactSource
from muster.incidents.actions.guard import Held
from muster.incidents.store import words
from muster.response import store
from muster.response.facts import ClosureFacts


async def _closure_facts(unit: Unit, held: Held) -> ClosureFacts:
    notes = await words.named_notes(unit.conn, held.incident.id)
    attested = await store.attested(unit.conn, held.incident.id)
    return ClosureFacts(attested, {name: by for name, (by, _) in notes.items()})


SOURCES = (FactSource(ClosureFacts, _closure_facts),)
