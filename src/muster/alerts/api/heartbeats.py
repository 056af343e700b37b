"""Heartbeats as JSON: what must be heard of, how often, and which are missing."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Query, Response
from pydantic import BaseModel

from muster.alerts.actions import heartbeats as actions
from muster.alerts.actions.integrations import existing
from muster.alerts.heartbeat import Heartbeat
from muster.alerts.manifest import HeartbeatDraft
from muster.alerts.store import heartbeats as store
from muster.alerts.store import integrations
from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.kit.duration import format_duration

router = api_router("/heartbeats", "heartbeats")


class HeartbeatOut(BaseModel):
    """A heartbeat; `due_at` is when it counts as missing, `missing_since` when it began to."""

    id: UUID
    integration: str
    name: str
    title: str
    every: str
    grace: str
    severity: str
    labels: dict[str, str]
    declared: bool
    last_at: datetime | None
    due_at: datetime
    missing_since: datetime | None

    @classmethod
    def of(cls, heartbeat: Heartbeat, integration: str) -> "HeartbeatOut":
        """From the domain value."""
        return cls(
            id=heartbeat.id,
            integration=integration,
            name=heartbeat.name,
            title=heartbeat.title,
            every=format_duration(heartbeat.rhythm.every),
            grace=format_duration(heartbeat.rhythm.grace),
            severity=heartbeat.rhythm.severity,
            labels=heartbeat.labels,
            declared=heartbeat.declared,
            last_at=heartbeat.last_at,
            due_at=heartbeat.due_at,
            missing_since=heartbeat.missing_since,
        )


@router.get("")
@needs(Permission.INTEGRATION_READ)
async def list_heartbeats(
    unit: Uses, integration: Annotated[str, Query(max_length=63)] = "", missing: bool = False
) -> list[HeartbeatOut]:
    """List the heartbeats, missing ones first; of one integration, or only those that are missing."""
    rows = [await existing(unit, integration)] if integration else await integrations.every(unit.conn)
    names = {row.id: row.name for row in rows}
    heartbeats = await store.of_integrations(unit.conn, list(names))
    return [HeartbeatOut.of(row, names[row.integration_id]) for row in heartbeats if row.missing_since or not missing]


@router.put("/{integration}/{name}")
@needs(Permission.INTEGRATION_MANAGE)
async def declare_heartbeat(unit: Uses, integration: str, name: str, body: HeartbeatDraft) -> HeartbeatOut:
    """Declare a heartbeat or change what was declared; it is expected from now on."""
    heartbeat = await actions.declare(unit, integration, name, body.rhythm, body.title, body.labels)
    return HeartbeatOut.of(heartbeat, integration)


@router.delete("/{integration}/{name}", status_code=204)
@needs(Permission.INTEGRATION_MANAGE)
async def forget_heartbeat(
    unit: Uses, integration: str, name: str, reason: Annotated[str, Query(max_length=500)] = ""
) -> Response:
    """Expect a heartbeat no longer; its alert, where it has one, ends."""
    await actions.forget(unit, integration, name, reason)
    return Response(status_code=204)
