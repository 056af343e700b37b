"""People asking people: take, hand over, add responders, call for help, and the answers (R69, R82)."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import Request
from pydantic import BaseModel, Field

from muster.base.access import Permission
from muster.base.web.edge import Uses, api_router
from muster.base.web.needs import needs
from muster.incidents.actions.around import responders_of
from muster.incidents.actions.guard import existing
from muster.incidents.actions.hand_over import hand_over
from muster.incidents.actions.responders import add_responders, ask_for_help, respond, withdraw
from muster.incidents.actions.take import take
from muster.incidents.api.parts import Body, IncidentOut, Name, Ref, Words, one
from muster.incidents.responders import Closeness

router = api_router("/incidents", "incidents")

Target = Annotated[str, Field(min_length=1, max_length=100)]


class NoteIn(Body):
    """A word on it."""

    note: Words = ""


class HandOverIn(Body):
    """Who is asked to take over, and what; the On-Call Engineer's role if none is named."""

    person: Name
    role: Annotated[str, Field(max_length=64)] = ""
    note: Words = ""


class RespondersIn(Body):
    """Whom to ask: `person:ana`, `team:web`, `schedule:primary`, `role:NAME`, `policy:NAME`; a bare name is a person."""

    targets: Annotated[list[Target], Field(min_length=1, max_length=20)]
    note: Words = ""


class HelpIn(Body):
    """What is needed, and of whom; without a target the next step of what was paged is asked."""

    words: Words = ""
    target: Annotated[str, Field(max_length=100)] = ""


class RespondIn(Body):
    """Whether one comes (or takes over)."""

    coming: bool
    reason: Words = ""


class ResponderOut(BaseModel):
    """Somebody in the incident; `page` still asks them, where one does."""

    person: str
    standing: Closeness
    since: datetime
    what: str
    page: UUID | None


@router.get("/{ref}/responders")
@needs(Permission.INCIDENT_READ)
async def show_responders(unit: Uses, ref: Ref) -> list[ResponderOut]:
    """Show who responds, who was asked, who declined and who has not answered."""
    found = await responders_of(unit, await existing(unit.conn, ref))
    return [ResponderOut(person=each.person, standing=each.standing, since=each.since, what=each.what,
                         page=each.page_id) for each in found]  # fmt: skip


@router.post("/{ref}/take")
@needs(Permission.INCIDENT_ACKNOWLEDGE)
async def take_incident(unit: Uses, request: Request, ref: Ref, body: NoteIn | None = None) -> IncidentOut:
    """Take it: become its On-Call Engineer, from nobody or from whoever has it."""
    return await one(unit.conn, request, await take(unit, ref, body.note if body else ""))


@router.post("/{ref}/hand-over")
@needs(Permission.INCIDENT_ASK)
async def hand_incident_over(unit: Uses, request: Request, ref: Ref, body: HandOverIn) -> IncidentOut:
    """Ask somebody to take it over; until they accept it stays with whom it is."""
    return await one(unit.conn, request, await hand_over(unit, ref, body.person, body.role, body.note))


@router.post("/{ref}/responders")
@needs(Permission.INCIDENT_ASK)
async def add_incident_responders(unit: Uses, request: Request, ref: Ref, body: RespondersIn) -> IncidentOut:
    """Page further people until they answer."""
    return await one(unit.conn, request, await add_responders(unit, ref, body.targets, body.note))


@router.post("/{ref}/help")
@needs(Permission.INCIDENT_ASK)
async def ask_for_incident_help(unit: Uses, request: Request, ref: Ref, body: HelpIn | None = None) -> IncidentOut:
    """Call for help: the next step of what was paged, or somebody named."""
    asked = body or HelpIn()
    return await one(unit.conn, request, await ask_for_help(unit, ref, asked.words, asked.target))


@router.post("/{ref}/respond")
@needs(Permission.INCIDENT_ACKNOWLEDGE)
async def respond_to_incident(unit: Uses, request: Request, ref: Ref, body: RespondIn) -> IncidentOut:
    """Answer what you are asked for: come or take over, or decline."""
    return await one(unit.conn, request, await respond(unit, ref, coming=body.coming, reason=body.reason))


@router.post("/{ref}/asked/{page_id}/withdraw")
@needs(Permission.INCIDENT_ASK)
async def withdraw_asking(unit: Uses, request: Request, ref: Ref, page_id: UUID) -> IncidentOut:
    """Take back what people are being asked for by a page."""
    return await one(unit.conn, request, await withdraw(unit, ref, page_id))
