"""Asking for a swap or for cover, and the answers; the one who accepts writes the overrides (R72)."""

from collections.abc import Sequence
from dataclasses import replace
from uuid import UUID

from muster.base.access import Kind, Permission, Principal, refusal
from muster.base.unit import Unit
from muster.base.work import Job, cancel, enqueue
from muster.kit.errors import Conflict, Denied, Fault, Invalid, Missing
from muster.kit.ids import new_id
from muster.kit.interval import Interval
from muster.kit.nearest import did_you_mean
from muster.ledger.event_kind import EventKind
from muster.oncall.actions import overrides
from muster.oncall.actions.findings import roster_of
from muster.oncall.actions.lookup import existing_schedule, manages, record_change
from muster.oncall.actions.shift_notices import notify
from muster.oncall.events import (
    SHIFT_REQUEST_ACCEPTED,
    SHIFT_REQUEST_DECLINED,
    SHIFT_REQUEST_EXPIRED,
    SHIFT_REQUEST_UNDONE,
    SHIFT_REQUEST_WITHDRAWN,
    SHIFT_REQUESTED,
)
from muster.oncall.schedules.override import OverrideDraft
from muster.oncall.schedules.version import StoredSchedule
from muster.oncall.shifts.notices import outcome_text, request_text
from muster.oncall.shifts.requests import (
    AskedPerson,
    RequestDraft,
    RequestKind,
    RequestState,
    ShiftRequest,
    expiry,
    may_accept,
    may_undo,
    not_theirs,
)
from muster.oncall.store import override_rows, request_rows
from muster.people import store as people
from muster.people.person import Person

EXPIRY = "oncall.request"
"""The job kind that ends a request nobody answered; the key is the request's id."""


async def ask_swap(unit: Unit, schedule: str, draft: RequestDraft) -> ShiftRequest:
    """Ask others to take a time of one's own, in return for one of theirs or for nothing.

    Cover may be asked of everybody of the schedule: the first who accepts has it. Of a shift that runs already the rest is
    asked.

    Raises:
        Missing: no such schedule; Denied: no person stands behind the actor; Invalid: with every fault of times and
        person; Conflict: there is an open request for this time.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored = await existing_schedule(unit.conn, schedule, hold=True)
    me = await _me(unit)
    mine, theirs, other, note = (max(draft.mine[0], unit.now), draft.mine[1]), draft.theirs, draft.other, draft.note
    faults = [*_time_faults(unit, mine, "start", "end"), *_times_of_swap(unit, mine, theirs, other)]
    if len(note) > 500:
        faults.append(Fault("note", f"The note has {len(note)} characters; at most 500 fit.", "Shorten it."))
    asked = await _asked(unit, stored, me, other, faults)
    if faults:
        raise Invalid("This cannot be asked.", faults=faults)
    if why := await _unsound(unit, stored, me.name, mine, asked[0].name if theirs else "", theirs):
        raise Invalid("This cannot be asked.", faults=[Fault("start", why, "Ask for times that can be given.")])
    if await request_rows.overlapping(unit.conn, stored.id, me.id, *mine):
        raise Conflict(
            "You have asked for this time already.", "Withdraw the open request first, or wait for its answer."
        )
    request = ShiftRequest(
        id=new_id(unit.now),
        schedule=schedule,
        asker=me.name,
        mine=mine,
        theirs=theirs,
        asked=tuple(AskedPerson(person.name) for person in asked),
        note=note.strip(),
        state=RequestState.OPEN,
        asked_at=unit.now,
        expires_at=expiry(mine, theirs, unit.now),
    )
    await request_rows.insert(unit.conn, stored.id, me.id, [person.id for person in asked], request)
    await enqueue(unit, [Job(EXPIRY, str(request.id), run_at=request.expires_at)])
    await _note(unit, stored, SHIFT_REQUESTED, request, request.note)
    await notify(unit, [person.name for person in asked], lambda zone: request_text(request, zone))
    return request


async def accept(unit: Unit, id: UUID) -> ShiftRequest:
    """Agree to a request: the overrides are written now, for whoever accepts first.

    Raises:
        Missing; Denied: one was not asked; Conflict: it has ended, or the times can no longer be given.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored, request = await _held(unit, id)
    _still_open(request, unit)
    me = await _me(unit)
    if why := may_accept(request, me.name):
        raise Denied("You may not accept this.", why, permission=str(Permission.SCHEDULE_OVERRIDE))
    asker = (await people.persons_named(unit.conn, [request.asker])).get(request.asker)
    if asker is None or not asker.active:
        raise Conflict("This request has nobody behind it any more.", f"{request.asker} has left.")
    mine = (max(request.mine[0], unit.now), request.mine[1])
    if why := await _unsound(unit, stored, request.asker, mine, me.name if request.theirs else "", request.theirs):
        raise Conflict("This can no longer be agreed.", why)
    why = f"{request.kind.title()} with {request.asker}{f': {request.note}' if request.note else ''}"[:500]
    written = [await overrides.write_override(unit, stored, me.id, OverrideDraft(me.name, *mine, why))]
    if request.theirs:
        why = f"Swap with {me.name}{f': {request.note}' if request.note else ''}"[:500]
        written.append(
            await overrides.write_override(unit, stored, asker.id, OverrideDraft(asker.name, *request.theirs, why))
        )
    await request_rows.accepted(unit.conn, id, me.id, [override.id for override in written], me.name, unit.now)
    await cancel(unit, EXPIRY, [str(id)])
    done = await existing_request(unit, id)
    await _note(unit, stored, SHIFT_REQUEST_ACCEPTED, done, "")
    taken = f"{me.name} takes the shift of {request.asker}"
    hearers = [request.asker, *(name for name in request.waiting if name != me.name)]
    await notify(unit, hearers, lambda zone: outcome_text(done, taken, zone))
    return done


async def decline(unit: Unit, id: UUID, reason: str = "") -> ShiftRequest:
    """Say no; the request ends once everybody who was asked has.

    Raises:
        Missing; Denied: one was not asked; Conflict: it has ended, or one has declined already.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored, request = await _held(unit, id)
    _still_open(request, unit)
    me = await _me(unit)
    if why := may_accept(request, me.name):
        raise Denied("You may not decline this.", why, permission=str(Permission.SCHEDULE_OVERRIDE))
    reason = _short(reason)
    await request_rows.declined(unit.conn, id, me.id, reason, unit.now)
    last = request.waiting == (me.name,)
    if last:
        await _end(unit, request, RequestState.DECLINED, reason)
    done = await existing_request(unit, id)
    await _note(unit, stored, SHIFT_REQUEST_DECLINED, replace(done, asked=(AskedPerson(me.name),)), reason)
    if last:
        outcome = (
            f"{me.name} declines{f': {reason}' if reason else ''}" if len(request.asked) == 1 else "nobody can take it"
        )
        await notify(unit, [request.asker], lambda zone: outcome_text(done, outcome, zone))
    return done


async def withdraw(unit: Unit, id: UUID, reason: str = "") -> ShiftRequest:
    """Take an open request back.

    Raises:
        Missing; Denied: it is another's, and one does not manage schedules; Conflict: it has ended.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored, request = await _held(unit, id)
    _still_open(request, unit)
    if unit.principal.name != request.asker and not manages(unit):
        why = f"Only {request.asker}, who asked, or a manager of schedules can withdraw this."
        raise Denied("You may not withdraw this.", why, permission=str(Permission.SCHEDULE_MANAGE))
    await _end(unit, request, RequestState.WITHDRAWN, _short(reason))
    done = await existing_request(unit, id)
    await _note(unit, stored, SHIFT_REQUEST_WITHDRAWN, done, reason)
    outcome = f"{unit.principal.name} withdrew the request"
    hearers = [*request.waiting, request.asker] if unit.principal.name != request.asker else request.waiting
    await notify(unit, hearers, lambda zone: outcome_text(done, outcome, zone))
    return done


async def undo(unit: Unit, id: UUID, reason: str = "") -> ShiftRequest:
    """End what an accepted request changed, from now on; what was until now stays.

    Raises:
        Missing; Denied: it needs the other or a manager; Conflict: it was not accepted, or all of it is past.
    """
    unit.allow(Permission.SCHEDULE_OVERRIDE)
    stored, request = await _held(unit, id)
    if request.state is not RequestState.ACCEPTED:
        raise Conflict("There is nothing to undo.", f"This request is {request.state}.")
    if not manages(unit) and (why := may_undo(request, unit.principal.name, unit.now)):
        raise Denied("You may not undo this alone.", why, permission=str(Permission.SCHEDULE_MANAGE))
    standing = [await override_rows.override(unit.conn, id, hold=True) for id in request.overrides]
    ahead = [override for override in standing if override and override.removed_at is None and override.end > unit.now]
    if not ahead:
        raise Conflict(
            "There is nothing left to undo.", "Who was on call is never rewritten, and these times are past."
        )
    for override in ahead:
        await overrides.end_override(unit, stored, override, _short(reason))
    await request_rows.ended(unit.conn, id, RequestState.UNDONE, unit.principal.name, _short(reason), unit.now)
    done = await existing_request(unit, id)
    await _note(unit, stored, SHIFT_REQUEST_UNDONE, done, reason)
    outcome = f"{unit.principal.name} undid the {request.kind}"
    hearers = {request.asker, request.accepted_by} - {unit.principal.name}
    await notify(unit, hearers, lambda zone: outcome_text(done, outcome, zone))
    return done


async def expire(unit: Unit, id: UUID) -> None:
    """End a request that nobody answered in time; nothing happens to one that has ended."""
    request = await request_rows.request(unit.conn, id, hold=True)
    if request is None or request.state is not RequestState.OPEN:
        return
    await _end(unit, request, RequestState.EXPIRED, "Nobody accepted it in time.")
    stored = await _perhaps_schedule(unit, request.schedule)
    done = await existing_request(unit, id)
    if stored is not None:
        await _note(unit, stored, SHIFT_REQUEST_EXPIRED, done, done.reason)
    await notify(
        unit,
        [request.asker],
        lambda zone: outcome_text(done, "nobody accepted in time: the shift is still yours", zone),
    )


async def _perhaps_schedule(unit: Unit, name: str) -> StoredSchedule | None:
    try:
        return await existing_schedule(unit.conn, name)
    except Missing:
        return None


async def _held(unit: Unit, id: UUID) -> tuple[StoredSchedule, ShiftRequest]:
    """The request with its schedule, both held; the schedule first, as everywhere, so that nobody waits in a circle."""
    request = await existing_request(unit, id)
    stored = await existing_schedule(unit.conn, request.schedule, hold=True)
    locked = await request_rows.request(unit.conn, id, hold=True)
    return stored, locked or request


async def existing_request(unit: Unit, id: UUID) -> ShiftRequest:
    """The request of that id.

    Raises:
        Missing: there is none.
    """
    request = await request_rows.request(unit.conn, id)
    if request is None:
        raise Missing("There is no such request.", "`muster swap list` names them.")
    return request


def _still_open(request: ShiftRequest, unit: Unit) -> None:
    if request.state is RequestState.ACCEPTED:
        raise Conflict("This was taken already.", f"{request.accepted_by} accepted it.")
    if request.state is not RequestState.OPEN:
        raise Conflict(
            f"This request is {request.state}.", f"{request.ended_by or 'Muster'} ended it. {request.reason}".strip()
        )
    if unit.now >= request.expires_at:
        raise Conflict("This request has expired.", "The time that it is about has begun.")


async def _me(unit: Unit) -> Person:
    person = await people.person(unit.conn, unit.principal.person_id) if unit.principal.person_id else None
    if person is None:
        why = "Only a person asks and answers, for their own shifts. A manager of schedules can override instead."
        raise Denied("Nobody stands behind this request.", why, permission=str(Permission.SCHEDULE_OVERRIDE))
    return person


def _time_faults(unit: Unit, time: Interval, start: str, end: str) -> list[Fault]:
    return [Fault(end if fault.field == "end" else start, fault.rule, fault.fix)
            for fault in overrides.time_faults(unit.now, *time)]  # fmt: skip


def _times_of_swap(unit: Unit, mine: Interval, theirs: Interval | None, other: str | None) -> list[Fault]:
    if theirs is None:
        return []
    faults = _time_faults(unit, theirs, "their_start", "their_end")
    if not faults and theirs[0] < unit.now:
        faults.append(Fault("their_start", "This shift runs already.", "Swap for one that has not begun."))
    if not faults and theirs[0] < mine[1] and mine[0] < theirs[1]:
        faults.append(Fault("their_start", "The two times overlap.", "Swap for another time."))
    if other is None:
        faults.append(Fault("other", "A swap names one person.", "Name whose shift you would take."))
    return faults


async def _asked(
    unit: Unit, stored: StoredSchedule, me: Person, other: str | None, faults: list[Fault]
) -> Sequence[Person]:
    """Whom the request goes to, the asker left out; with a fault where that is nobody."""
    if other is None:
        persons = await people.persons_named(unit.conn, stored.schedule.people)
        others = [person for _, person in sorted(persons.items()) if person.active and person.id != me.id]
        asked = [person for person in others if not _unable(person)]
        if not asked:
            faults.append(Fault("other", f"Nobody else stands in {stored.name}.", "Name whom to ask."))
        return asked
    person = await people.person_named(unit.conn, other)
    if person is None:
        names = [person.name for person in await people.persons(unit.conn)]
        faults.append(Fault("other", f"There is no person `{other:.80}`.", did_you_mean(other, names)))
    elif not person.active:
        faults.append(Fault("other", f"{person.full_name} ({other}) has left.", "Ask somebody who is here."))
    elif person.id == me.id:
        faults.append(Fault("other", "You cannot ask yourself.", "Name whom to ask."))
    elif why := _unable(person):
        faults.append(Fault("other", why, "Ask somebody who can answer."))
    return [person] if person else []


def _unable(person: Person) -> str:
    """Why a person could not accept if they wanted to: their level."""
    return refusal(Principal(Kind.PERSON, person.name, person.level, person.id), Permission.SCHEDULE_OVERRIDE)


async def _unsound(
    unit: Unit, stored: StoredSchedule, asker: str, mine: Interval, other: str, theirs: Interval | None
) -> str:
    """Why the times cannot be given as they stand now; empty when they can."""
    if why := not_theirs(await roster_of(unit.conn, stored.name, *mine), asker, mine):
        return why
    if theirs is None:
        return ""
    return not_theirs(await roster_of(unit.conn, stored.name, *theirs), other, theirs)


async def _end(unit: Unit, request: ShiftRequest, state: RequestState, reason: str) -> None:
    await request_rows.ended(unit.conn, request.id, state, unit.principal.name, reason, unit.now)
    await cancel(unit, EXPIRY, [str(request.id)])


async def _note(unit: Unit, stored: StoredSchedule, kind: EventKind, request: ShiftRequest, reason: str) -> None:
    data = {
        "schedule": request.schedule,
        "request": str(request.id),
        "kind": request.kind,
        "asker": request.asker,
        "asked": [person.person for person in request.asked],
        "start": request.mine[0],
        "end": request.mine[1],
    }
    if request.kind is RequestKind.SWAP and request.theirs:
        data |= {"their_start": request.theirs[0], "their_end": request.theirs[1]}
    if request.accepted_by:
        data["accepted_by"] = request.accepted_by
    await record_change(unit, stored, kind, data, reason)


def _short(reason: str) -> str:
    return reason.strip()[:500]
