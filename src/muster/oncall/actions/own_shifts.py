"""The shifts of one person by all schedules, the notices that they chose, and the notes that they leave (R72)."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Conn, Unit
from muster.kit.errors import Conflict, Denied, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.oncall import store
from muster.oncall.actions.lookup import existing_schedule, record_change
from muster.oncall.coverage.roster import Roster
from muster.oncall.events import HAND_OFF_NOTE_PUT_ASIDE, HAND_OFF_NOTE_WRITTEN, SHIFT_NOTICES_CHOSEN
from muster.oncall.shifts.handoff_note import LONGEST, HandOffNote
from muster.oncall.shifts.notices import LONGEST_BEFORE, NoticeChoices
from muster.oncall.shifts.shift import Shift, shifts_by
from muster.oncall.store import choice_rows, note_rows
from muster.people import store as people
from muster.people.person import Person

LOOK_BACK = timedelta(days=35)
"""How far back the beginning of a shift that runs is looked for."""

CHOSEN = "people"


async def me_of(unit: Unit) -> Person:
    """The person who acts.

    Raises:
        Denied: none does.
    """
    person = await people.person(unit.conn, unit.principal.person_id) if unit.principal.person_id else None
    if person is None:
        raise Denied("You have no shifts.", "Only persons are on call.", permission=str(Permission.SCHEDULE_READ))
    return person


async def shifts_of_people(conn: Conn, persons: Iterable[Person], start: datetime, end: datetime) -> list[Shift]:
    """The shifts of some persons that hold at some instant of `[start, end)`, by start; a running one from its start."""
    persons = list(persons)
    names = {person.name for person in persons}
    rosters = await rosters_with(conn, persons, start - LOOK_BACK, end)
    return [
        shift for shift in shifts_by(rosters, start - LOOK_BACK, end) if shift.person in names and shift.end > start
    ]


async def rosters_with(conn: Conn, persons: Iterable[Person], start: datetime, end: datetime) -> dict[str, Roster]:
    """The schedules by which any of these persons may be on call inside `[start, end)`."""
    names: set[str] = set()
    for person in persons:
        names |= await store.schedules_of_person(conn, person.id, start, end)
    names |= {stored.name for stored in await store.schedules(conn, limit=10_000) if stored.schedule.calendars}
    return await store.rosters(conn, sorted(names), start, end)


async def choices_of(unit: Unit) -> NoticeChoices:
    """What the person who acts wants to hear."""
    me = await me_of(unit)
    return (await choice_rows.choices_of(unit.conn, [me.name])).get(me.name, choice_rows.USUAL)


async def choose(unit: Unit, choices: NoticeChoices) -> NoticeChoices:
    """Say what one wants to hear about one's own shifts.

    Raises:
        Denied; Invalid: no such time before.
    """
    unit.allow(Permission.SELF_MANAGE)
    me = await me_of(unit)
    if choices.before is not None and not timedelta(0) < choices.before <= LONGEST_BEFORE:
        rule = f"A notice comes at most {LONGEST_BEFORE.days} days before."
        raise Invalid("This cannot be chosen.", faults=[Fault("before", rule, "Write a duration such as 24h, or off.")])
    await choice_rows.choose(unit.conn, me.id, choices)
    data = {
        "person": me.name,
        "before": None if choices.before is None else choices.before.total_seconds(),
        "at_start": choices.at_start,
        "at_end": choices.at_end,
        "changes": choices.changes,
    }
    await record(unit, Event(f"person:{me.id}", SHIFT_NOTICES_CHOSEN, data))
    unit.publish(CHOSEN)
    return choices


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
    note = HandOffNote(new_id(unit.now), schedule, me.name, text, unit.now)
    await note_rows.insert(unit.conn, stored.id, me.id, note)
    data = {"schedule": schedule, "note": str(note.id), "text": text}
    await record_change(unit, stored, HAND_OFF_NOTE_WRITTEN, data)
    return note


async def put_aside(unit: Unit, schedule: str, id: UUID) -> HandOffNote:
    """Say that a note has served its purpose; it stays in the records.

    Raises:
        Missing; Conflict: it was put aside already.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored = await existing_schedule(unit.conn, schedule)
    note = await note_rows.note(unit.conn, id, hold=True)
    if note is None or note.schedule != schedule:
        raise Missing(f"There is no such note on {schedule}.", f"`muster handoff list {schedule}` names them.")
    if note.done_at is not None:
        raise Conflict("This note was put aside already.", f"{note.done_by} did so.")
    await note_rows.done(unit.conn, id, unit.principal.name, unit.now)
    data = {"schedule": schedule, "note": str(id), "author": note.author}
    await record_change(unit, stored, HAND_OFF_NOTE_PUT_ASIDE, data)
    return await note_rows.note(unit.conn, id) or note
