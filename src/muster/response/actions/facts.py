"""Loads what the response contributes to the facts of an incident."""

from muster.base.unit import Unit
from muster.incidents.actions.facts import FactSource
from muster.incidents.actions.guard import Held
from muster.incidents.closure_check import ClosureCheck
from muster.incidents.store import words
from muster.response import store
from muster.response.facts import ClosureFacts


async def _closure_facts(unit: Unit, held: Held) -> ClosureFacts:
    notes = await words.named_notes(unit.conn, held.incident.id)
    attested = await store.attested(unit.conn, held.incident.id)
    kinds = {kind.name: kind for kind in unit.ports.of(ClosureCheck)}
    return ClosureFacts(kinds, attested, {name: by for name, (by, _) in notes.items()})


SOURCES = (FactSource(ClosureFacts, _closure_facts),)
