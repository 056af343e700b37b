"""The self-audit: everything that should drive a page has a job that will; where one is missing, it is put back and told.

A silent stop is the worst that a pager can do, and no reasoning about the queue excludes a hand in the database, a restored
backup or a fault of ours. So every minute a few indexed queries look, whatever else happened.
"""

from datetime import timedelta
from uuid import UUID

import structlog

from muster.base.unit import Unit
from muster.base.work import Job, enqueue
from muster.base.work.queue import revive
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.start import DELIVERY, STEP, sending
from muster.paging.actions.storm_gate import BUNDLE
from muster.paging.events import PAGING_REPAIRED
from muster.paging.store import audits, deliveries, pages

AUDIT = "page.audit"
AUDIT_EVERY = timedelta(minutes=1)
CLOCK = "clock"

log = structlog.get_logger("muster.paging.audit")


async def audit(unit: Unit) -> int:
    """Look, repair, and keep what was found; returns how many repairs were made."""
    repaired = await _pages(unit) + await _deliveries(unit) + await _bundles(unit) + await _clocks(unit)
    await audits.keep(unit.conn, unit.now, repaired)
    if repaired:
        log.error("paging.repaired", count=repaired)
    return repaired


async def _pages(unit: Unit) -> int:
    found = await audits.pages_without_alarm(unit.conn)
    known = await pages.by_ids(unit.conn, found)
    events = []
    for page in known.values():
        due = page.next_at or unit.now
        await revive(unit, STEP, [str(page.id)])
        await enqueue(unit, [Job(STEP, str(page.id), run_at=max(due, unit.now))])
        events.append(_event(page.stream, "page", page.id, "No alarm stood for its next step; it was set again."))
    await record_all(unit, events)
    return len(events)


async def _deliveries(unit: Unit) -> int:
    found = await audits.deliveries_without_job(unit.conn, unit.now)
    known = await deliveries.by_ids(unit.conn, found)
    events = []
    for each in known.values():
        await revive(unit, DELIVERY, [str(each.id)])
        await enqueue(unit, [sending(each)])
        stream = f"incident:{each.incident_id}" if each.incident_id else f"person:{each.person_id}"
        events.append(_event(stream, "message", each.id, f"Nothing was about to send it to {each.person}; now it is."))
    await record_all(unit, events)
    return len(events)


async def _bundles(unit: Unit) -> int:
    events = []
    for bundle_id, person_id in await audits.bundles_without_job(unit.conn, unit.now):
        await revive(unit, BUNDLE, [str(bundle_id)])
        await enqueue(unit, [Job(BUNDLE, str(bundle_id))])
        said = "Nothing was about to send this gathered message; now it is."
        events.append(_event(f"person:{person_id}", "bundle", bundle_id, said))
    await record_all(unit, events)
    return len(events)


async def _clocks(unit: Unit) -> int:
    events = []
    for clock_id, subject, due_at in await audits.clocks_without_alarm(unit.conn):
        await revive(unit, CLOCK, [str(clock_id)])
        await enqueue(unit, [Job(CLOCK, str(clock_id), run_at=max(due_at, unit.now))])
        events.append(_event(subject, "clock", clock_id, "No alarm stood for its deadline; it was set again."))
    await record_all(unit, events)
    return len(events)


def _event(stream: str, what: str, id: UUID, reason: str) -> Event:
    return Event(stream, PAGING_REPAIRED, {"what": what, "id": id}, reason)
