"""Loads what the engine looks at and asks it: for page, API and gate alike."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

import asyncpg
import structlog

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.clocks import store as clocks
from muster.incidents.action import IncidentAction
from muster.incidents.actions.guard import Held, existing, look
from muster.incidents.decision import Decision, Rule, decide
from muster.incidents.facts import MOST_NAMED, Facts
from muster.incidents.store import joined
from muster.paging.actions.days_off import days_off
from muster.paging.page import Page, PageState, Purpose
from muster.paging.store import pages

log = structlog.get_logger("muster.incidents")


@dataclass(frozen=True, slots=True)
class FactSource:
    """Loads one kind of facts that a feature contributes; a port (`base/ports.py`).

    A source that fails leaves its facts unknown, and what is unknown allows nothing. Only a failing database fails the whole.
    """

    kind: type
    load: Callable[[Unit, Held], Awaitable[object]]


@dataclass(frozen=True, slots=True)
class Situation:
    """An incident, what is known of it, and what follows from that for the asker."""

    held: Held
    facts: Facts
    decision: Decision


async def facts_of(unit: Unit, held: Held, runs: Sequence[Page] | None = None) -> Facts:
    """What is true of an incident now, seen by the principal; a handful of queries. Its pages may be given where they are
    loaded already."""
    conn, incident = unit.conn, held.incident
    firing = await joined.firing(conn, incident.id, MOST_NAMED)
    every = await pages.of_incident(conn, incident.id) if runs is None else runs
    states = {page.state for page in every if page.purpose is Purpose.INCIDENT}
    paging = PageState.RUNNING in states
    reasons = {permission: refusal(unit.principal, permission) for permission in Permission}
    return Facts(
        incident=incident,
        actor=held.actor,
        did=held.did,
        roles=held.roles,
        clocks=tuple((await clocks.running(conn, [incident.stream])).get(incident.stream, ())),
        firing=firing.titles,
        firing_besides=firing.many - len(firing.titles),
        labels=await joined.first_labels(conn, incident.id),
        denied={permission: reason for permission, reason in reasons.items() if reason},
        paging=paging,
        days_off=await days_off(unit, held.version.plan),
        unanswered=not paging and PageState.EXHAUSTED in states,
        criticality=held.question.criticality,
        extent=held.question.extent,
        contributed=await _contributed(unit, held),
    )


async def situation_of(unit: Unit, held: Held, runs: Sequence[Page] | None = None) -> Situation:
    """What the pinned plan requires of an incident at hand, for the principal."""
    facts = await facts_of(unit, held, runs)
    actions, rules = unit.ports.of(IncidentAction), unit.ports.of(Rule)
    return Situation(held, facts, decide(held.version.plan, facts, unit.now, actions, rules))


async def situation_by_ref(unit: Unit, ref: str) -> Situation:
    """The same of an incident by its reference.

    Raises:
        Missing: there is no such incident.
    """
    unit.allow(Permission.INCIDENT_READ)
    return await situation_of(unit, await look(unit, await existing(unit.conn, ref)))


async def _contributed(unit: Unit, held: Held) -> dict[type, object]:
    contributed: dict[type, object] = {}
    for source in unit.ports.of(FactSource):
        try:
            contributed[source.kind] = await source.load(unit, held)
        except (asyncpg.PostgresError, asyncpg.InterfaceError):
            raise
        except Exception:
            log.exception("facts.unknown", kind=source.kind.__name__, incident=held.incident.ref)
    return contributed
