"""Messages in chats are changed when the incident is taken or over, so that nobody acts on what another has in hand."""

from datetime import datetime
from uuid import UUID

from muster.base.unit import Conn, Unit
from muster.base.work import Job, enqueue
from muster.channels.registry import entries
from muster.incidents.actions.guard import existing
from muster.incidents.happenings import IncidentMoved
from muster.incidents.incident import Incident
from muster.incidents.lifecycle import ACKNOWLEDGE, CLOSE, RESOLVE
from muster.paging.channel import Message, MessageKind
from muster.paging.delivery import Delivery
from muster.paging.store import deliveries, pages
from muster.paging.wording import clock_time, subject
from muster.people import store as people

RENEW = "chat.renew"
_ENDS = (ACKNOWLEDGE, RESOLVE, CLOSE)
_MOST = 200


async def on_incident_moved(unit: Unit, moved: IncidentMoved) -> None:
    """Subscribed: have the incident's messages in chats say how it stands now."""
    if moved.transition not in _ENDS:
        return
    renewing = {kind for kind, entry in entries().items() if entry.renews}
    sent = await deliveries.of_incident(unit.conn, moved.after.id)
    renewable = [
        past for past in sent if past.channel in renewing and past.provider_id and past.kind is MessageKind.PAGE
    ]
    await enqueue(
        unit,
        [Job(RENEW, f"{past.id}/{moved.after.state}", {"delivery": str(past.id)}) for past in renewable[:_MOST]],
    )


async def renewed(conn: Conn, delivery_id: UUID, url: str, now: datetime) -> tuple[Delivery, Message] | None:
    """What a delivery's message is to say now; None when it is gone, or stands for several incidents."""
    delivery = (await deliveries.by_ids(conn, [delivery_id])).get(delivery_id)
    if delivery is None or delivery.incident_id is None or delivery.bundle_id is not None:
        return None
    incident = await existing(conn, delivery.incident_id)
    known = await people.persons_by_id(conn, {delivery.person_id, *filter(None, [incident.acknowledged_by])})
    taker = known.get(incident.acknowledged_by) if incident.acknowledged_by else None
    zone = known[delivery.person_id].time_zone
    page = (await pages.by_ids(conn, [delivery.page_id])).get(delivery.page_id) if delivery.page_id else None
    drill = page is not None and page.drill
    sentence = _stands(incident, (taker.full_name or taker.name) if taker else "", zone, now)
    return delivery, Message(
        delivery_id=delivery.id,
        idempotency_key=f"{delivery.id}-renewed",
        kind=MessageKind.NOTICE,
        severity=incident.severity,
        incident_ref=incident.ref,
        title=incident.title,
        subject=subject(MessageKind.PAGE, incident.severity, incident.ref, incident.title, drill=drill),
        body="\n\n".join(part for part in (sentence, incident.summary) if part),
        url=f"{url}/incidents/{incident.ref}",
        created_at=now,
        drill=drill,
    )


def _stands(incident: Incident, taker: str, zone: str, now: datetime) -> str:
    parts = []
    if incident.acknowledged_at:
        by = f" by {taker}" if taker else ""
        parts.append(f"Acknowledged{by} at {clock_time(incident.acknowledged_at, zone, now)}.")
    if incident.resolved_at:
        parts.append(f"Resolved at {clock_time(incident.resolved_at, zone, now)}.")
    return " ".join(parts) or f"{incident.ref} is {incident.state}."
