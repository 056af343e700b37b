"""The built-in inbox as a phone would show it: the newest page on top, with its button."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from fastapi import Request, Response

from muster.base.access import Permission, refusal
from muster.base.unit import Unit
from muster.base.web.edge import Uses, page_router
from muster.base.web.forms import Asked
from muster.base.web.needs import needs
from muster.base.web.render import render
from muster.base.web.typed import template
from muster.channels import store
from muster.channels.store import InboxMessage
from muster.incidents.incident import Incident, parse_ref
from muster.incidents.store import incidents
from muster.paging.channel import MessageKind
from muster.people import store as people

KIND = "inbox"
SHOWN = 50
EVERYBODY = "*"

router = page_router()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of a message; the heading may be empty."""

    heading: str
    text: str


@dataclass(frozen=True, slots=True)
class MessageRow:
    """A message; `severity` is empty where it is no page, `acknowledge` where there is nothing to acknowledge."""

    id: UUID
    box: str
    at: datetime
    severity: str
    subject: str
    ref: str
    paragraphs: Sequence[Paragraph]
    url: str
    state: str
    acknowledge: str


@template("channels/inbox.html")
@dataclass(frozen=True, slots=True)
class InboxView:
    """The newest messages first; `boxes` are the viewer's, `box` is the one asked for, `all_too`: they may look at every box."""

    messages: Sequence[MessageRow]
    boxes: Sequence[str]
    box: str
    all_too: bool
    topics: Sequence[str] = ("inbox", "incidents")


@router.get("/inbox")
@needs(Permission.SELF_MANAGE)
async def inbox_page(unit: Uses, request: Request, box: Asked = "") -> Response:
    """Show the viewer's boxes; an administrator may look at any, for drills and demonstrations."""
    mine = await _boxes(unit)
    all_too = not refusal(unit.principal, Permission.SETTINGS_MANAGE)
    boxes: list[str | None] = [*mine]
    if all_too and box:
        boxes = [None if box == EVERYBODY else box]
    found = [message for box in boxes for message in await store.newest(unit.conn, box, SHOWN)]
    found = sorted(found, key=lambda message: message.received_at, reverse=True)[:SHOWN]
    about = await _incidents(unit, found)
    rows = [_row(message, about.get(message.message.get("incident_ref", ""))) for message in found]
    return render(request, InboxView(rows, mine, box if all_too else "", all_too))


async def _boxes(unit: Unit) -> list[str]:
    if unit.principal.person_id is None:
        return []
    own: UUID = unit.principal.person_id
    contacts = (await people.contacts_of(unit.conn, [own]))[own]
    return [contact.address for contact in contacts if contact.kind == KIND]


async def _incidents(unit: Unit, messages: list[InboxMessage]) -> dict[str, Incident]:
    refs = {ref for message in messages if (ref := message.message.get("incident_ref"))}
    found = {ref: await incidents.find(unit.conn, number) for ref in refs if (number := parse_ref(ref)) is not None}
    return {ref: incident for ref, incident in found.items() if incident}


def _paragraph(part: str) -> Paragraph:
    first, _, rest = part.partition("\n")
    return Paragraph(first, rest) if rest else Paragraph("", first)


def _row(kept: InboxMessage, incident: Incident | None) -> MessageRow:
    message = kept.message
    # Only the path: the page may be open under another name of this host than the one that links carry.
    link = urlsplit(message.get("acknowledge_url") or "").path
    return MessageRow(
        id=kept.id,
        box=kept.box,
        at=kept.received_at,
        severity=message["severity"] if message["kind"] == MessageKind.PAGE else "",
        subject=message["subject"],
        ref=message["incident_ref"],
        paragraphs=[_paragraph(part) for part in message["body"].split("\n\n")],
        url=f"/incidents/{message['incident_ref']}" if message["incident_ref"] else "",
        state=str(incident.state) if incident else "",
        acknowledge=link if incident and str(incident.state) == "triggered" else "",
    )
