"""Loads what was recorded, to explain who was paged, who was not, and why an alert opened no incident."""

from collections.abc import Sequence
from uuid import UUID

from muster.alerts.store import alerts
from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.actions.guard import existing
from muster.incidents.events import ALERT_FIRED_AGAIN, ALERT_JOINED, INCIDENT_OPENED, NOBODY_TO_PAGE
from muster.incidents.explaining import Explanation, ExplanationLink, decided, explain_alert, explain_incident
from muster.incidents.incident import Incident
from muster.incidents.store import lists
from muster.kit.errors import Missing
from muster.ledger import store as ledger
from muster.paging.history import PageHistory
from muster.paging.store import deliveries, pages
from muster.paging.store import history as histories
from muster.people import store as people
from muster.plan import store as plans

_MOST = 50


async def explain(
    unit: Unit,
    ref: str | UUID,
    person: str = "",
    page_id: UUID | None = None,
    zone: str = "",
    runs: Sequence[PageHistory] | None = None,
) -> Explanation:
    """Why the people of an incident were paged, or why one of them was, or was not; of one page, or of all, which may be
    given where they are loaded already. Times are told in `zone`, else in the asker's own.

    Raises:
        Missing: there is no such incident or person.
    """
    unit.allow(Permission.PAGE_READ)
    incident = await existing(unit.conn, ref)
    if person and await people.person_named(unit.conn, person) is None:
        raise Missing(f"There is no person {person:.64}.", "`muster person list` shows them all.")
    version = await plans.pinned(unit.conn, incident.plan_version_id)
    first = await ledger.newest(
        unit.conn, ledger.StoredEntryFilter(stream=incident.stream, kind=INCIDENT_OPENED.name), 1
    )
    every = await histories.of_incident(unit.conn, incident.id) if runs is None else runs
    runs = [run for run in every if page_id in (None, run.page.id)]
    over = "" if incident.open else f"It is {incident.state}."
    chain = decided(version.plan, first[0] if first else None)
    return explain_incident(incident.ref, chain, runs, zone or await _zone(unit, version.plan.time_zone), person, over)


async def explain_page(unit: Unit, page_id: UUID, person: str = "") -> Explanation:
    """The same for one page by its id.

    Raises:
        Missing: there is no such page.
    """
    unit.allow(Permission.PAGE_READ)
    found = (await pages.by_ids(unit.conn, [page_id])).get(page_id)
    if found is None:
        sent = (await deliveries.by_ids(unit.conn, [page_id])).get(page_id)
        found = (await pages.by_ids(unit.conn, [sent.page_id])).get(sent.page_id) if sent and sent.page_id else None
    if found is None:
        raise Missing("There is no such page.", "Name an incident (INC-142), or the id of a page or a message.")
    return await explain(unit, found.incident_id, person, found.id)


async def explain_held_alert(unit: Unit, alert_id: UUID) -> Explanation:
    """Why an alert opened no incident, or which it belongs to.

    Raises:
        Missing: there is no such alert.
    """
    unit.allow(Permission.ALERT_READ)
    found = await alerts.by_ids(unit.conn, [alert_id])
    if not found:
        raise Missing("There is no such alert.", "`muster alert list` shows their ids.")
    alert = found[0]
    chain = [
        ExplanationLink("alert", f"{row['status'].capitalize()}. {row['reason'] or ''}".strip(), when=row["at"])
        for row in reversed(await alerts.transitions(unit.conn, alert_id, _MOST))
    ]
    joined = []
    for incident in reversed(await lists.listing(unit.conn, lists.IncidentFilter(alert=alert_id), _MOST)):
        joined.append(await _joined(unit, incident, alert_id, alert.title))
        chain += (await explain(unit, incident.id)).chain if incident.open else ()
    noted = ""
    for entry in await ledger.newest(
        unit.conn, ledger.StoredEntryFilter(stream="alerts", kind=NOBODY_TO_PAGE.name), _MOST
    ):
        if isinstance(entry.data, dict) and entry.data.get("alert") == str(alert_id):
            noted = entry.reason
            break
    return explain_alert(alert.title, str(alert.hold), alert.hold_reason, joined, chain, noted)


async def _joined(unit: Unit, incident: Incident, alert_id: UUID, title: str) -> str:
    kinds = (ALERT_JOINED.name, ALERT_FIRED_AGAIN.name)
    for entry in await ledger.newest(unit.conn, ledger.StoredEntryFilter(stream=incident.stream, kinds=kinds), _MOST):
        data = entry.data
        if isinstance(data, dict) and data.get("alert") == str(alert_id):
            return f"{title} joined {incident.ref} instead of opening one of its own. {data.get('why', '')}".strip()
    return f"{title} opened {incident.ref}, which is {incident.state}."


async def _zone(unit: Unit, usual: str) -> str:
    person = await people.person(unit.conn, unit.principal.person_id) if unit.principal.person_id else None
    return person.time_zone if person else usual
