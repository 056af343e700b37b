"""Carries out the effects that rules of the engine yield for incidents that moved, at the end of the same transaction."""

from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from typing import Any

import structlog

from muster.base.unit import Unit
from muster.incidents.actions.facts import Situation, situation_of
from muster.incidents.actions.guard import existing, look
from muster.incidents.decision import Effect
from muster.incidents.incident import Incident
from muster.incidents.store import effects as store

log = structlog.get_logger("muster.incidents")


@dataclass(frozen=True, slots=True)
class EffectHandler:
    """Carries out one kind of effect: a port (`base/ports.py`). `name` is the kind's name in the database, and stays.

    It runs once for each incident and identity of the effect. If it fails, the move fails with it.
    """

    name: str
    kind: type[Effect]
    carry_out: Callable[[Unit, Situation, Any], Awaitable[None]]


def follow(unit: Unit, moved: Iterable[Incident]) -> None:
    """Have the effects of moves carried out before the transaction ends; free of cost where no feature handles any."""
    if unit.ports.of(EffectHandler):
        unit.at_end(_carry_out, (incident.id for incident in moved))


async def _carry_out(unit: Unit, ids: list[Any]) -> None:
    handlers = {handler.kind: handler for handler in unit.ports.of(EffectHandler)}
    for incident_id in dict.fromkeys(ids):
        situation = await situation_of(unit, await look(unit, await existing(unit.conn, incident_id)))
        for effect in situation.decision.effects:
            handler = handlers.get(type(effect))
            if handler is None:
                log.error("effect.unhandled", kind=type(effect).__name__, incident=situation.held.incident.ref)
            elif await store.claim(unit.conn, incident_id, handler.name, effect.identity, unit.now):
                await handler.carry_out(unit, situation, effect)
