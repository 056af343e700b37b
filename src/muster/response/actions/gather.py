"""Loads what the engine looks at, for page, API and gate alike."""

from collections.abc import Sequence

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.clocks import store as clocks
from muster.incidents.actions.guard import Held, existing, look
from muster.incidents.store import joined, words
from muster.paging.actions.days_off import days_off
from muster.paging.page import Page, PageState, Purpose
from muster.paging.store import pages
from muster.response import store
from muster.response.closure import MOST_NAMED
from muster.response.decide import Decision, decide
from muster.response.facts import Facts

_PERMISSIONS = {
    "acknowledge": Permission.INCIDENT_ACKNOWLEDGE,
    "mitigate": Permission.INCIDENT_MITIGATE,
    "resolve": Permission.INCIDENT_RESOLVE,
    "false_alarm": Permission.INCIDENT_RESOLVE,
    "close": Permission.INCIDENT_CLOSE,
    "reopen": Permission.INCIDENT_REOPEN,
    "merge": Permission.INCIDENT_MERGE,
    "assign": Permission.INCIDENT_ROLES,
    "severity.raise": Permission.INCIDENT_SEVERITY,
    "severity.lower": Permission.INCIDENT_SEVERITY,
    "check": Permission.INCIDENT_CHECK,
    "edit": Permission.INCIDENT_EDIT,
}


async def facts_of(unit: Unit, held: Held, pages_of: Sequence[Page] | None = None) -> Facts:
    """What is true of an incident now, seen by the principal; a handful of queries. Its pages may be given where they are
    loaded already."""
    conn, incident = unit.conn, held.incident
    firing = await joined.firing(conn, incident.id, MOST_NAMED)
    every = await pages.of_incident(conn, incident.id) if pages_of is None else pages_of
    runs = [page for page in every if page.purpose is Purpose.INCIDENT]
    paging = any(run.state is PageState.RUNNING for run in runs)
    reasons = {deed: refusal(unit.principal, permission) for deed, permission in _PERMISSIONS.items()}
    return Facts(
        incident=incident,
        actor=held.actor,
        did=held.did,
        roles=held.roles,
        clocks=tuple((await clocks.running(conn, [incident.stream])).get(incident.stream, ())),
        firing=firing.titles,
        firing_besides=firing.many - len(firing.titles),
        labels=await joined.first_labels(conn, incident.id),
        attested=await store.attested(conn, incident.id),
        notes={name: by for name, (by, _) in (await words.named_notes(conn, incident.id)).items()},
        denied={deed: reason for deed, reason in reasons.items() if reason},
        paging=paging,
        days_off=await days_off(unit, held.version.plan),
        unanswered=not paging and any(run.state is PageState.EXHAUSTED for run in runs),
    )


async def decision_for(unit: Unit, ref: str) -> tuple[Held, Decision]:
    """What the pinned plan requires of an incident now, for the principal.

    Raises:
        Missing: there is no such incident.
    """
    unit.allow(Permission.INCIDENT_READ)
    return await decided(unit, ref)


async def decided(unit: Unit, ref: str) -> tuple[Held, Decision]:
    """The same, as the answer to a deed that had its own permission."""
    held = await look(unit, await existing(unit.conn, ref))
    return held, decide(held.version.plan, await facts_of(unit, held), unit.now)
