"""Adding, changing, refreshing and deleting calendars of holidays and shifts."""

import functools
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from muster.base.access import Permission
from muster.base.aside import aside
from muster.base.unit import Conn, Unit
from muster.base.work import Job, cancel, enqueue
from muster.kit.errors import Conflict, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.oncall.actions.lookup import CHANGED
from muster.oncall.calendars.calendar import Calendar, CalendarKind, StoredCalendar
from muster.oncall.calendars.content import CalendarReading, read_calendar, renewed
from muster.oncall.calendars.draft import CalendarDraft, host_of
from muster.oncall.calendars.ical.names import PersonNames
from muster.oncall.events import CALENDAR_CHANGED, CALENDAR_CREATED, CALENDAR_DELETED, CALENDAR_FAILED, CALENDAR_READ
from muster.oncall.store import calendar_rows as rows
from muster.people import store as people

REFRESH = "calendar.refresh"
EVERY = timedelta(hours=1)
"""How often an address is asked, and how often persons are matched anew."""


@dataclass(frozen=True, slots=True)
class FetchResult:
    """What came of asking an address: a file (None where it has not changed), or why there is none."""

    file: rows.CalendarFile | None = None
    failure: str = ""


async def create_calendar(unit: Unit, draft: CalendarDraft) -> StoredCalendar:
    """Add a calendar; a text is read at once, an address in the background.

    Raises:
        Conflict: there is one of this name; Invalid: the text is no calendar.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    return await add(unit, draft)


async def change_calendar(unit: Unit, name: str, draft: CalendarDraft) -> StoredCalendar:
    """Give a calendar another title, address or text. Nothing happens without a difference.

    Raises:
        Missing; Invalid: its name or kind would change, or the text is no calendar.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_calendar(unit.conn, name, hold=True)
    await change(unit, stored, draft)
    return await existing_calendar(unit.conn, name)


async def delete_calendar(unit: Unit, name: str, reason: str = "") -> None:
    """Delete a calendar that no schedule names; what it said of the past stays.

    Raises:
        Missing; Conflict: schedules name it.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_calendar(unit.conn, name, hold=True)
    if users := await rows.users_of(unit.conn, stored.id, unit.now):
        raise Conflict(f"The calendar {name} is in use.", f"Take it out of {', '.join(users)} first.")
    await rows.set_deleted(unit.conn, stored.id, unit.now)
    await cancel(unit, REFRESH, [str(stored.id)])
    await record(unit, Event(f"calendar:{stored.id}", CALENDAR_DELETED, {"name": name}, reason))
    unit.publish(CHANGED)


async def refresh_calendar(unit: Unit, name: str) -> StoredCalendar:
    """Read a calendar anew as soon as possible.

    Raises:
        Missing.
    """
    unit.allow(Permission.SCHEDULE_MANAGE)
    stored = await existing_calendar(unit.conn, name)
    await _read_soon(unit, stored.id)
    return stored


async def existing_calendar(conn: Conn, name: str, *, hold: bool = False) -> StoredCalendar:
    """The calendar of that name.

    Raises:
        Missing: there is none.
    """
    stored = await rows.calendar_named(conn, name, hold=hold)
    if stored is None:
        raise Missing(f"There is no calendar `{name:.80}`.", "`muster calendar list` names them all.")
    return stored


async def kept_text(conn: Conn, stored: StoredCalendar) -> str:
    """The file of a calendar as it was last read well."""
    return (await rows.fetched(conn, stored.id)).text or ""


async def add(unit: Unit, draft: CalendarDraft) -> StoredCalendar:
    """Write a new calendar and its event; the caller has checked the permission."""
    fresh, by = new_id(unit.now), unit.principal.name
    id = await rows.claim_calendar(unit.conn, fresh, draft.name, draft.entries, draft.url, unit.now, by)
    if id is None:
        raise Conflict(f"There is a calendar `{draft.name}` already.", "Choose another name, or change that one.")
    if id != fresh:
        await rows.add_content(unit.conn, id, Calendar(draft.name, draft.entries), unit.now)
    await rows.set_source(unit.conn, id, draft.title, draft.url, organizers=draft.organizers)
    data = {"name": draft.name, "entries": str(draft.entries), "title": draft.title, "from": host_of(draft.url)}
    await record(unit, Event(f"calendar:{id}", CALENDAR_CREATED, data))
    await _source(unit, id, draft)
    unit.publish(CHANGED)
    return await existing_calendar(unit.conn, draft.name)


async def change(unit: Unit, stored: StoredCalendar, draft: CalendarDraft) -> list[str]:
    """Write what differs and its event; the caller has checked the permission. Returns what differs."""
    faults = []
    if draft.name != stored.name:
        rule = "A calendar keeps its name: schedules refer to it."
        faults.append(Fault("name", rule, f"Write name: {stored.name}."))
    if draft.entries is not stored.kind:
        fix = "Add another calendar, and delete this one."
        faults.append(Fault("entries", f"A calendar of {stored.kind} stays one.", fix))
    if faults:
        raise Invalid("This calendar cannot be changed so.", faults=faults)
    changes = await _changes(unit.conn, stored, draft)
    if not changes:
        return []
    await rows.set_source(unit.conn, stored.id, draft.title, draft.url, organizers=draft.organizers)
    await record(unit, Event(f"calendar:{stored.id}", CALENDAR_CHANGED, {"name": stored.name, "changes": changes}))
    await _source(unit, stored.id, draft)
    unit.publish(CHANGED)
    return changes


async def known_persons(conn: Conn) -> list[PersonNames]:
    """Everybody whom a calendar of shifts may name."""
    return [
        PersonNames(person.name, person.full_name, person.email)
        for person in await people.persons(conn)
        if person.active
    ]


async def read_text(conn: Conn, stored: StoredCalendar, text: str, now: datetime) -> CalendarReading:
    """What a text says, read aside so that a large one holds up nobody.

    Raises:
        Invalid: it is no calendar.
    """
    persons = await known_persons(conn) if stored.kind is CalendarKind.SHIFTS else []
    read = functools.partial(read_calendar, organizers=stored.organizers)
    return await aside(read, stored.name, stored.kind, text, persons, now)


async def take(unit: Unit, stored: StoredCalendar, file: rows.CalendarFile, reading: CalendarReading) -> bool:
    """Keep what was read; schedules follow from now on. Returns whether it says something else than before."""
    await rows.set_read(unit.conn, stored.id, file, reading.notes, unit.now)
    before = (await rows.contents_now(unit.conn, [stored.name], unit.now))[stored.name]
    content = renewed(before if before.known_until else None, reading.calendar, unit.now)
    if content is not None:
        number = await rows.add_content(unit.conn, stored.id, content, unit.now)
        unmatched = sum(not shift.people for shift in content.shifts)
        data = {"name": stored.name, "version": number, "entries": len(content.days) + len(content.shifts)}
        await record(unit, Event(f"calendar:{stored.id}", CALENDAR_READ, {**data, "unmatched": unmatched}))
    if content is not None or stored.trouble or reading.notes != stored.notes:
        unit.publish(CHANGED)
    return content is not None


async def fail(unit: Unit, stored: StoredCalendar, failure: str) -> None:
    """Note why a calendar could not be read; what it said before stays, and its users can see the failure."""
    await rows.set_failed(unit.conn, stored.id, failure[:500], unit.now)
    if stored.failed_since is None:
        data = {"name": stored.name, "from": host_of(stored.made_from)}
        await record(unit, Event(f"calendar:{stored.id}", CALENDAR_FAILED, data, failure[:500]))
    unit.publish(CHANGED)


async def _source(unit: Unit, id: UUID, draft: CalendarDraft) -> None:
    """Read a given text at once; let an address be read in the background."""
    if draft.text:
        stored = await existing_calendar(unit.conn, draft.name)
        reading = await read_text(unit.conn, stored, draft.text, unit.now)
        await take(unit, stored, rows.CalendarFile(draft.text, None, None), reading)
        await cancel(unit, REFRESH, [str(id)])
        await enqueue(unit, [Job(REFRESH, str(id), run_at=unit.now + EVERY)])
    else:
        await _read_soon(unit, id)


async def _read_soon(unit: Unit, id: UUID) -> None:
    await cancel(unit, REFRESH, [str(id)])
    await enqueue(unit, [Job(REFRESH, str(id))])


async def _changes(conn: Conn, stored: StoredCalendar, draft: CalendarDraft) -> list[str]:
    changes = []
    if draft.title != stored.title:
        changes.append(f"title: {stored.title or 'none'} → {draft.title or 'none'}")
    if draft.url != stored.made_from:
        changes.append(f"url: {host_of(stored.made_from) or 'none'} → {host_of(draft.url) or 'none'}")
    if draft.text and draft.text != (await rows.fetched(conn, stored.id)).text:
        changes.append("text: other entries")
    if draft.organizers != stored.organizers:
        changes.append(f"organizers: {str(stored.organizers).lower()} → {str(draft.organizers).lower()}")
    return changes
