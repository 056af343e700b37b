"""Creating, changing and deactivating persons."""

from muster.base.access import Level, Permission
from muster.base.unit import Unit
from muster.kit.errors import Conflict, Fault, Invalid
from muster.kit.ids import new_id
from muster.ledger.actions import record, record_all
from muster.ledger.event import Event
from muster.people.actions.guard import CHANGED, existing_person, keep_an_administrator
from muster.people.actions.telling import tell_owner
from muster.people.difference import difference
from muster.people.drafts import PersonDraft
from muster.people.events import PERSON_CHANGED, PERSON_CREATED, PERSON_DEACTIVATED, PERSON_REACTIVATED, TEAM_CHANGED
from muster.people.happenings import PersonDeactivating, PersonLeft
from muster.people.person import Person
from muster.people.rules import LEVELS
from muster.people.store import device_rows, factor_rows, link_rows, person_rows, session_rows, team_rows, token_rows


async def create_person(unit: Unit, draft: PersonDraft) -> Person:
    """Add a person; they cannot sign in before they have set a password through a link.

    Raises:
        Invalid: with every fault of the draft.
        Conflict: the name or the e-mail address is taken.
    """
    unit.allow(Permission.PERSON_MANAGE)
    if await person_rows.person_named(unit.conn, draft.name):
        raise Conflict(f"There is a person `{draft.name}` already.", "Choose another name.")
    return await add(unit, draft)


async def update_person(unit: Unit, name: str, draft: PersonDraft) -> Person:
    """Change a person to what the draft says; the name stays.

    Raises:
        Missing, Invalid; Conflict: the last administrator would be lost, or the e-mail address is taken.
    """
    unit.allow(Permission.PERSON_MANAGE)
    person = await existing_person(unit.conn, name, hold=True)
    await change(unit, person, draft.model_copy(update={"name": name}))
    return await existing_person(unit.conn, name)


async def update_profile(unit: Unit, full_name: str, time_zone: str) -> Person:
    """Change one's own full name and time zone."""
    unit.allow(Permission.SELF_MANAGE)
    person = await existing_person(unit.conn, unit.principal.name, hold=True)
    profile = {"full_name": full_name.strip(), "time_zone": time_zone.strip()}
    await change(unit, person, draft_of(person).model_copy(update=profile))
    return await existing_person(unit.conn, person.name)


async def deactivate_person(unit: Unit, name: str, reason: str = "", *, even_so: bool = False) -> Person:
    """Let a person go: sessions, tokens, password, second factors and team memberships end at once, history stays.

    `even_so` lets them go although schedules and the plan name them, as a directory does when somebody has left; every
    chain in which they stand is marked and those who watch over paging are told (R74).

    Raises:
        Missing; Conflict: they are needed where other features object, or are the last administrator.
    """
    unit.allow(Permission.PERSON_MANAGE)
    person = await existing_person(unit.conn, name, hold=True)
    if not person.active:
        return person
    await keep_an_administrator(unit.conn, person)
    leaving = PersonDeactivating(person)
    await unit.emit(leaving)
    if leaving.objections and not even_so:
        raise Conflict(f"{person.full_name} is still needed.", " ".join(leaving.objections))
    teams = await team_rows.teams_of(unit.conn, person.id)
    await team_rows.leave_all(unit.conn, person.id)
    data = {
        "name": name,
        "sessions_ended": await session_rows.end_all(unit.conn, person.id),
        "tokens_revoked": await token_rows.revoke_all(unit.conn, person.id, unit.now),
        "left": [team.name for team in teams],
        "still_in": leaving.objections,
    }
    await factor_rows.drop_all(unit.conn, person.id)
    await device_rows.forget(unit.conn, person.id)
    await person_rows.set_active(unit.conn, person.id, unit.now)
    await link_rows.forget_unused(unit.conn, "password", person.id)
    left = [Event(f"team:{team.id}", TEAM_CHANGED, {"name": team.name, "left": name}) for team in teams]
    await record_all(unit, [Event(f"person:{person.id}", PERSON_DEACTIVATED, data, reason), *left])
    if leaving.objections:
        await unit.emit(PersonLeft(person, tuple(leaving.objections)))
    unit.publish(CHANGED)
    return await existing_person(unit.conn, name)


async def reactivate_person(unit: Unit, name: str) -> Person:
    """Take a person back; they set a new password through a link."""
    unit.allow(Permission.PERSON_MANAGE)
    person = await existing_person(unit.conn, name, hold=True)
    if not person.active:
        await bring_back(unit, person)
    return await existing_person(unit.conn, name)


async def add(unit: Unit, draft: PersonDraft) -> Person:
    """Validate and write a new person and its event; the caller has checked the permission and that the name is free."""
    await _check(unit, draft, None)
    id = new_id(unit.now)
    level = LEVELS[draft.permission]
    await person_rows.insert(
        unit.conn,
        id,
        name=draft.name,
        full_name=draft.shown_name,
        email=draft.email,
        time_zone=draft.time_zone,
        level=level,
        now=unit.now,
    )
    await record(unit, Event(f"person:{id}", PERSON_CREATED, {"name": draft.name, **_fields(draft)}))
    unit.publish(CHANGED)
    return await existing_person(unit.conn, draft.name)


async def change(unit: Unit, person: Person, draft: PersonDraft) -> dict[str, dict[str, str]]:
    """Validate and write what differs, with its event; the caller has checked the permission. Returns the difference."""
    await _check(unit, draft, person)
    changed = difference(_fields(draft_of(person)), _fields(draft))
    if not changed:
        return {}
    level = LEVELS[draft.permission]
    if person.level is Level.ADMINISTRATOR and level is not Level.ADMINISTRATOR:
        await keep_an_administrator(unit.conn, person)
    await person_rows.update(
        unit.conn, person.id, full_name=draft.shown_name, email=draft.email, time_zone=draft.time_zone, level=level
    )
    await record(unit, Event(f"person:{person.id}", PERSON_CHANGED, {"name": person.name, "changed": changed}))
    if level is not person.level:
        said = f"It was {person.level.label} and is {level.label}, by {unit.principal.name}."
        await tell_owner(unit, person, "What you may do was changed", said)
    unit.publish(CHANGED)
    return changed


async def bring_back(unit: Unit, person: Person) -> None:
    """Make an inactive person active again; the caller has checked the permission.

    Raises:
        Conflict: they were erased.
    """
    if person.erased:
        raise Conflict(f"{person.name} was erased and cannot come back.", "Create them anew.")
    await person_rows.set_active(unit.conn, person.id, None)
    await record(unit, Event(f"person:{person.id}", PERSON_REACTIVATED, {"name": person.name}))
    unit.publish(CHANGED)


def draft_of(person: Person) -> PersonDraft:
    """The draft that would leave a person as they are."""
    return PersonDraft(
        name=person.name,
        email=person.email,
        full_name=person.full_name,
        time_zone=person.time_zone,
        permission=person.level.label,
    )


def _fields(draft: PersonDraft) -> dict[str, str]:
    return {**draft.model_dump(include={"email", "time_zone", "permission"}), "full_name": draft.shown_name}


async def _check(unit: Unit, draft: PersonDraft, person: Person | None) -> None:
    faults = draft.faults()
    holder = await person_rows.person_at(unit.conn, draft.email)
    if holder and (person is None or holder.id != person.id):
        faults.append(Fault("email", f"{holder.full_name} ({holder.name}) has this address.", "Use another one."))
    if faults:
        raise Invalid(f"The person `{draft.name:.80}` cannot be saved.", faults=faults)
