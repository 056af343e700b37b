"""What alerts do to incidents, for a whole batch at once: open, join, make worse, end.

Runs inside the intake's transaction: when the sender gets its answer, the incident, its clock and its first deliveries are
durable together with the alert.
"""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from muster.alerts.alert import Alert
from muster.alerts.facts import facts_of
from muster.alerts.happenings import AlertChange, AlertsChanged, ChangeKind
from muster.alerts.store import integrations
from muster.base.unit import Unit
from muster.catalog import store as catalog
from muster.clocks import actions as clocks
from muster.incidents.actions import paging_of
from muster.incidents.actions.firing_again import fired_again
from muster.incidents.actions.guard import hold
from muster.incidents.actions.severity import change_severity
from muster.incidents.actions.transit import self_resolve, taken_at_source
from muster.incidents.deadline import acknowledge_clock
from muster.incidents.events import ALERT_ENDED, ALERT_FIRED_AGAIN, ALERT_JOINED, ALL_ALERTS_ENDED, NOBODY_TO_PAGE
from muster.incidents.incident import State, stream_of
from muster.incidents.opening import Joining, Opening, Triaged, opening_event, sort_out
from muster.incidents.store import incidents as store
from muster.incidents.store import joined
from muster.kit.ids import new_id
from muster.ledger.actions import record_all
from muster.ledger.event import Event
from muster.paging.actions.days_off import days_off
from muster.plan import store as plans
from muster.plan.triage import triage
from muster.plan.version import Version


async def on_alerts_changed(unit: Unit, happening: AlertsChanged) -> None:
    """Subscribed to what alerts tell; needs no permission, since it is Muster's own doing."""
    by_kind: dict[ChangeKind, list[AlertChange]] = {}
    for change in happening.changes:
        by_kind.setdefault(change.kind, []).append(change)
    if began := by_kind.get(ChangeKind.OPENED):
        await _began(unit, [change.alert for change in began])
    if updated := by_kind.get(ChangeKind.UPDATED):
        await _updated(unit, [change.alert for change in updated])
    if ended := by_kind.get(ChangeKind.RESOLVED):
        await _ended(unit, ended)
    if taken := by_kind.get(ChangeKind.ACKNOWLEDGED):
        await _taken(unit, taken)


async def _began(unit: Unit, alerts: Sequence[Alert]) -> None:
    version = await plans.in_force(unit.conn)
    if version is None:
        await record_all(unit, [Event("alerts", NOBODY_TO_PAGE, {"alert": alert.id, "title": alert.title},
                                      "No response plan is published.") for alert in alerts])  # fmt: skip
        return
    members = await _triaged(unit, version, alerts)
    await store.lock_openings(unit.conn)
    by_alert = await store.open_by_alert(unit.conn, [alert.id for alert in alerts])
    by_group = await store.open_by_group(unit.conn, [member.triage.grouped.key for member in members], unit.now)
    own = {alert_id: found[0] for alert_id, found in by_alert.items()}
    sorted_out = sort_out(version.plan, members, own, by_group, unit.now)
    if sorted_out.openings:
        await _open(unit, version, sorted_out.openings)
    if sorted_out.joinings:
        await _join(unit, sorted_out.joinings)


async def _updated(unit: Unit, alerts: Sequence[Alert]) -> None:
    """A sender changed its mind about severity: an incident may become worse by it, never milder by itself (R20)."""
    version = await plans.in_force(unit.conn)
    by_alert = await store.open_by_alert(unit.conn, [alert.id for alert in alerts])
    if version is None or not by_alert:
        return
    members = await _triaged(unit, version, [alert for alert in alerts if alert.id in by_alert])
    own = {alert_id: found[0] for alert_id, found in by_alert.items()}
    for joining in sort_out(version.plan, members, own, {}, unit.now).joinings:
        if joining.worse:
            await _worse(unit, joining)


async def _triaged(unit: Unit, version: Version, alerts: Sequence[Alert]) -> list[Triaged]:
    sources = await integrations.by_ids(unit.conn, list({alert.integration_id for alert in alerts}))
    index, holidays = await catalog.index(unit.conn), await days_off(unit, version.plan)
    members = []
    for alert in alerts:
        place = index.locate(alert.labels)
        source = sources[alert.integration_id]
        facts = facts_of(alert, source.format, source.name, place, unit.now)
        members.append(Triaged(alert, triage(version.plan, facts, holidays), place.workload, place.component))
    return members


async def _open(unit: Unit, version: Version, openings: Sequence[Opening]) -> None:
    rows = [_row(unit, opening) for opening in openings]
    made = await store.insert(unit.conn, version.id, unit.now, rows)
    pairs = [
        (incident.id, member.alert.id)
        for incident, opening in zip(made, openings, strict=True)
        for member in opening.members
    ]
    await store.join(unit.conn, pairs, unit.now)
    await store.add_severities(
        unit.conn, [(each.id, unit.now, each.severity, each.severity_reason, "muster") for each in made]
    )
    events = [
        opening_event(incident, opening.worst.triage, version, [member.alert for member in opening.members])
        for incident, opening in zip(made, openings, strict=True)
    ]
    await record_all(unit, events)
    await clocks.start(unit, [acknowledge_clock(incident, version.plan, unit.now) for incident in made])
    await paging_of.start_for(
        unit, version, [(each, opening.worst.alert) for each, opening in zip(made, openings, strict=True)]
    )
    unit.publish("incidents")


async def _join(unit: Unit, joinings: Sequence[Joining]) -> None:
    await store.join(unit.conn, [(joining.incident.id, joining.member.alert.id) for joining in joinings], unit.now)
    until = {joining.incident.id: unit.now + joining.member.triage.grouped.window for joining in joinings}
    await store.prolong(unit.conn, list(until.items()), unit.now)
    events = [
        Event(
            joining.incident.stream,
            ALERT_FIRED_AGAIN if joining.again else ALERT_JOINED,
            {
                "alert": joining.member.alert.id,
                "title": joining.member.alert.title,
                "why": joining.member.triage.grouped.reason.sentence,
            },
        )
        for joining in joinings
    ]
    await record_all(unit, events)
    for each in joinings:
        if each.worse:
            await _worse(unit, each)
    await fired_again(unit, joinings)
    unit.publish("incidents", *(joining.incident.stream for joining in joinings))


async def _worse(unit: Unit, joining: Joining) -> None:
    triaged = joining.member.triage
    reason = f"{joining.member.alert.title} joined: {triaged.severity_reasons[-1].sentence}"
    held = await hold(unit, joining.incident.id)
    await change_severity(unit, held, triaged.severity, reason, raised=True)


async def _ended(unit: Unit, changes: Sequence[AlertChange]) -> None:
    # A resolved incident, too: its checklist may wait for exactly this.
    by_alert = await store.open_by_alert(unit.conn, [change.alert.id for change in changes], resolved=True)
    events = [
        Event(
            incident.stream, ALERT_ENDED, {"alert": change.alert.id, "title": change.alert.title, "why": change.reason}
        )
        for change in changes
        for incident in by_alert.get(change.alert.id, ())
    ]
    incidents = {incident.id: incident for found in by_alert.values() for incident in found}
    if not incidents:
        return
    still = await joined.still_fire(unit.conn, list(incidents))
    over = [incident for incident in incidents.values() if incident.id not in still]
    events += [Event(incident.stream, ALL_ALERTS_ENDED) for incident in over]
    await record_all(unit, events)
    unit.publish("incidents", *(stream_of(incident_id) for incident_id in incidents))
    if alone := [incident.id for incident in over if incident.state is State.TRIGGERED]:
        await self_resolve(unit, alone)


async def _taken(unit: Unit, changes: Sequence[AlertChange]) -> None:
    by_alert = await store.open_by_alert(unit.conn, [change.alert.id for change in changes])
    ids: list[UUID] = [
        incident.id for found in by_alert.values() for incident in found if incident.state is State.TRIGGERED
    ]
    if ids:
        await taken_at_source(unit, ids)


def _row(unit: Unit, opening: Opening) -> dict[str, Any]:
    first, worst = opening.first, opening.worst.triage
    return {
        "id": new_id(unit.now),
        "title": first.alert.title,
        "summary": first.alert.description,
        "severity": worst.severity,
        "severity_reason": worst.severity_reasons[-1].sentence,
        "category": worst.category,
        "policies": list(opening.policies),
        "group_key": opening.group_key,
        "joins_until": opening.joins_until,
        "workload": first.workload,
        "component": first.component,
        "source": "alert",
    }
