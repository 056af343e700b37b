"""What the ledger is told of deliveries, and in which stream."""

from typing import Any

from muster.ledger.event import Event
from muster.ledger.event_kind import EventKind
from muster.paging.channel import MessageKind
from muster.paging.delivery import Delivery
from muster.people.contact import masked


def stream_of(delivery: Delivery) -> str:
    """The stream of a delivery: its incident's, or for tests and notices its person's."""
    if delivery.kind is MessageKind.PAGE:
        return f"incident:{delivery.incident_id}"
    return f"person:{delivery.person_id}"


def event_of(delivery: Delivery, kind: EventKind, reason: str, **more: Any) -> Event:
    """An event about a delivery; what is empty in `more` is left out."""
    data = {
        "delivery": delivery.id,
        "person": delivery.person,
        "channel": delivery.channel,
        "address": masked(delivery.channel, delivery.address),
        "kind": delivery.kind,
        "route": delivery.route,
        "bundle": delivery.bundle_id,
        **more,
    }
    return Event(
        stream_of(delivery), kind, {key: value for key, value in data.items() if value not in ("", None)}, reason
    )
