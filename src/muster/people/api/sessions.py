"""Sessions of browsers as JSON."""

from datetime import datetime
from uuid import UUID

from fastapi import Query, Request, Response
from pydantic import BaseModel

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.people.actions import sessions
from muster.people.api.parts import session_cookie
from muster.people.session import Session
from muster.people.store import session_rows
from muster.people.token import digest

router = api_router("/sessions", "sessions")


class SessionOut(BaseModel):
    """One signed-in browser; `current` is the one that asks, which `device` names by browser and system."""

    id: UUID
    device: str
    address: str
    created_at: datetime
    last_seen_at: datetime
    expires_at: datetime
    current: bool

    @classmethod
    def of(cls, session: Session, current: UUID | None) -> "SessionOut":
        """From the domain value."""
        return cls(
            id=session.id,
            device=session.device,
            address=session.address,
            created_at=session.created_at,
            last_seen_at=session.last_seen_at,
            expires_at=session.expires_at,
            current=session.id == current,
        )


class EndedSessions(BaseModel):
    """How many sessions ended."""

    sessions_ended: int


class Sessions(BaseModel):
    """All living sessions of a person, the latest seen first."""

    items: list[SessionOut]


@router.get("")
@needs(Permission.SELF_MANAGE)
async def list_sessions(
    unit: Uses, request: Request, person: str = Query("", max_length=100, description="Whose; empty: one's own.")
) -> Sessions:
    """List the living sessions of a person."""
    found = await sessions.sessions_of(unit, person or unit.principal.name)
    here = await session_rows.by_token(unit.conn, digest(session_cookie(request)))
    current = here[0].id if here else None
    return Sessions(items=[SessionOut.of(session, current) for session in found])


@router.post("/end-others")
@needs(Permission.SELF_MANAGE)
async def end_other_sessions(unit: Uses, request: Request) -> EndedSessions:
    """End one's own sessions but that of the cookie that asks."""
    return EndedSessions(sessions_ended=await sessions.end_others(unit, session_cookie(request)))


@router.delete("/{id}", status_code=204)
@needs(Permission.SELF_MANAGE)
async def revoke_session(unit: Uses, id: UUID) -> Response:
    """End a session at once."""
    await sessions.revoke_session(unit, id)
    return Response(status_code=204)
