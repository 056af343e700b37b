"""Writing about an incident: notes, links, its title, workload and record (R8, R9, R191)."""

from dataclasses import dataclass, fields
from typing import Any, get_args
from urllib.parse import urlsplit
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.actions.guard import existing
from muster.incidents.actions.place import located
from muster.incidents.belongings import Attached, Note
from muster.incidents.events import INCIDENT_EDITED, LINK_ADDED, NOTE_ADDED
from muster.incidents.incident import Incident, State
from muster.incidents.store import incidents as store
from muster.incidents.store import words
from muster.kit.errors import Conflict, Fault, Invalid
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.plan.model.closure import RecordField

RECORD: tuple[str, ...] = tuple(name for name in get_args(RecordField) if name != "summary")
"""The fields of the closing record beside the summary (R191)."""


@dataclass(frozen=True, slots=True)
class Edit:
    """What is to change; None leaves it."""

    title: str | None = None
    summary: str | None = None
    workload: str | None = None
    trigger: str | None = None
    impact: str | None = None
    containment: str | None = None
    triage: str | None = None
    mitigation: str | None = None
    resolution: str | None = None


async def note(unit: Unit, ref: str | UUID, text: str, name: str = "") -> Note:
    """Write a note, also about a closed incident; with a `name` it may be what the closure checklist asks for.

    Raises:
        Missing; Invalid: it is empty.
    """
    unit.allow(Permission.INCIDENT_EDIT)
    if not text.strip():
        raise Invalid("The note is empty.", faults=[Fault("text", "A note needs words.", "Write what happened.")])
    incident = await existing(unit.conn, ref, hold=True)
    written = Note(new_id(unit.now), unit.now, unit.principal.name, name, text.strip())
    await words.add_note(unit.conn, incident.id, written)
    named = {"name": name} if name else {}
    await record(unit, Event(incident.stream, NOTE_ADDED, {"note": written.id, "text": written.text, **named}))
    unit.publish(incident.stream)
    return written


async def link(unit: Unit, ref: str | UUID, url: str, label: str = "") -> Attached:
    """Attach a link: a call, a chat, a dashboard, a document.

    Raises:
        Missing; Invalid: it is no address of the web; Conflict: it is attached already.
    """
    unit.allow(Permission.INCIDENT_EDIT)
    if fault := _unusable(url):
        raise Invalid("The link cannot be attached.", faults=[fault])
    incident = await existing(unit.conn, ref, hold=True)
    attached = Attached(new_id(unit.now), unit.now, unit.principal.name, label.strip() or url, url)
    if not await words.add_link(unit.conn, incident.id, attached):
        raise Conflict(f"{incident.ref} has this link already.")
    await record(unit, Event(incident.stream, LINK_ADDED, {"label": attached.label, "url": url}))
    unit.publish(incident.stream)
    return attached


async def edit(unit: Unit, ref: str | UUID, wanted: Edit) -> Incident:
    """Change title, summary, workload or fields of the record; what says the same already is left alone.

    Raises:
        Missing; Invalid: an empty title, or a workload that the catalogue does not know; Conflict: it is closed.
    """
    unit.allow(Permission.INCIDENT_EDIT)
    incident = await existing(unit.conn, ref, hold=True)
    if incident.state is State.CLOSED:
        raise Conflict(f"{incident.ref} is closed: its record stands.", "Add a note, or reopen it.")
    if wanted.title is not None and not wanted.title.strip():
        raise Invalid(
            "The title is empty.", faults=[Fault("title", "An incident needs a title.", "Say what is wrong.")]
        )
    given = {field.name: getattr(wanted, field.name) for field in fields(wanted)}
    asked = {name: value.strip() for name, value in given.items() if value is not None}
    changed = {name: value for name, value in asked.items() if value != _now(incident, name)}
    if not changed:
        return incident
    columns: dict[str, Any] = {name: changed[name] for name in ("title", "summary") if name in changed}
    if "workload" in changed:
        place = await located(unit, changed["workload"])
        columns |= {"workload": place.workload, "component": place.component}
    if record_of := {name: value for name, value in changed.items() if name in RECORD}:
        columns["record"] = {**incident.record, **record_of}
    told = {name: {"from": _now(incident, name), "to": value} for name, value in changed.items()}
    after = await store.update(unit.conn, incident.id, unit.now, **columns)
    await record(unit, Event(incident.stream, INCIDENT_EDITED, {"changed": told}))
    unit.publish("incidents", incident.stream)
    return after


def _now(incident: Incident, name: str) -> str:
    return str(incident.record.get(name, "") if name in RECORD else getattr(incident, name))


def _unusable(url: str) -> Fault | None:
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and url.isprintable() and " " not in url
    except ValueError:
        good = False
    return None if good else Fault("url", "A link is an http or https address.", "Write it whole, with https://.")
