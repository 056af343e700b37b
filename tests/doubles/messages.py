"""Ordinary messages for tests of channels."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from muster.kit.link import Link
from muster.paging.channel import Message, MessageKind
from muster.paging.wording import MessageFacts, compose

ACKNOWLEDGE = "https://muster.example/a/signed-token"
INCIDENT = "https://muster.example/incidents/INC-142"


def a_message(**changes: Any) -> Message:
    """A page for INC-142, with changes."""
    created = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
    facts: dict[str, Any] = {
        "delivery_id": UUID(int=7),
        "idempotency_key": "delivery-7-1",
        "kind": MessageKind.PAGE,
        "severity": "critical",
        "incident_ref": "INC-142",
        "title": "Checkout <errors> & more",
        "happening": "12 % of payments fail <b>now</b>.",
        "why": "You are on call for Checkout.",
        "url": INCIDENT,
        "created_at": created,
        "acknowledge_url": ACKNOWLEDGE,
        "acknowledge_by": created + timedelta(minutes=5),
        "guides": (Link("Runbook", "https://wiki.example/checkout"),),
        "context": {"workload": "checkout", "alerts": 3},
    }
    return compose(MessageFacts(**{**facts, **changes}))
