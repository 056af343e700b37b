"""Writing a note to whoever follows, and putting it aside (R72)."""

from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.oncall.actions.lookup import CHANGED, existing_schedule
from muster.oncall.actions.own_shifts import me_of
from muster.oncall.events import HAND_OFF_NOTE_PUT_ASIDE, HAND_OFF_NOTE_WRITTEN
from muster.oncall.shifts.handoff_note import LONGEST, HandOffNote
from muster.oncall.store import note_rows


async def write_note(unit: Unit, schedule: str, text: str) -> HandOffNote:
    """Leave a note in Markdown for whoever is on call next.

    Raises:
        Missing: no such schedule; Denied: no person writes; Invalid: it is empty or too long.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored = await existing_schedule(unit.conn, schedule)
    me = await me_of(unit)
    text = text.strip()
    if not text:
        fault = Fault("text", "The note is empty.", "Write what whoever follows should know.")
        raise Invalid("This note cannot be left.", faults=[fault])
    if len(text) > LONGEST:
        rule = f"The note has {len(text)} characters; at most {LONGEST} fit."
        raise Invalid("This note cannot be left.", faults=[Fault("text", rule, "Shorten it, or link to the rest.")])
    made = HandOffNote(new_id(unit.now), schedule, me.name, text, unit.now)
    await note_rows.insert(unit.conn, stored.id, me.id, made)
    data = {"schedule": schedule, "note": str(made.id), "text": text}
    await record(unit, Event(f"schedule:{stored.id}", HAND_OFF_NOTE_WRITTEN, data))
    unit.publish(CHANGED)
    return made


async def put_aside(unit: Unit, schedule: str, id: UUID) -> HandOffNote:
    """Say that a note has served its purpose; it stays in the records.

    Raises:
        Missing; Conflict: it was put aside already.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored = await existing_schedule(unit.conn, schedule)
    found = await note_rows.note(unit.conn, id, hold=True)
    if found is None or found.schedule != schedule:
        raise Missing(f"There is no such note on {schedule}.", f"`muster handoff list {schedule}` names them.")
    if found.done_at is not None:
        raise Conflict("This note was put aside already.", f"{found.done_by} did so.")
    await note_rows.done(unit.conn, id, unit.principal.name, unit.now)
    data = {"schedule": schedule, "note": str(id), "author": found.author}
    await record(unit, Event(f"schedule:{stored.id}", HAND_OFF_NOTE_PUT_ASIDE, data))
    unit.publish(CHANGED)
    return await note_rows.note(unit.conn, id) or found
