"""Who is what in an incident: giving a role, taking it over, giving it up (R80-R83)."""

from uuid import UUID

from muster.base.access import Level
from muster.base.unit import Unit
from muster.incidents.action import ASSIGN
from muster.incidents.actions.guard import Held, authorise, hold, refused
from muster.incidents.authority import may_give, title_of
from muster.incidents.events import ROLE_ASSIGNED, ROLE_ENDED
from muster.incidents.incident import Incident, State
from muster.incidents.store import roles as rows
from muster.kit.errors import Conflict, Fault, Invalid
from muster.kit.ids import new_id
from muster.kit.nearest import did_you_mean
from muster.ledger.actions import record, record_all
from muster.ledger.event import Event
from muster.people import store as people
from muster.people.happenings import PersonDeactivating
from muster.people.person import Person


async def assign_role(unit: Unit, ref: str | UUID, role: str, person: str, reason: str = "") -> Incident:
    """Give a role of the incident to a person; whoever held it gives it up.

    Raises:
        Missing; Invalid: an unknown role or person, or one who may only look; Denied; Conflict: they hold it, or the
        incident was merged.
    """
    unit.allow(ASSIGN.permission)
    held = await hold(unit, ref)
    known_role(held, role)
    someone = await somebody(unit, person)
    authorise(held, ASSIGN)
    plan = held.version.plan
    if reasons := may_give(plan, role, held.actor):
        level = plan.authority.usual(careful=True)
        raise refused(f"You may not give this role: {held.incident.ref}.", held, level, reasons, ASSIGN.permission)
    if held.incident.merged_into is not None:
        raise Conflict(f"{held.incident.ref} was merged into another incident.", "Assign the role there.")
    if held.roles.get(role) == someone.name:
        raise Conflict(f"{someone.name} is {title_of(plan, role)} of {held.incident.ref} already.")
    await give(unit, held, role, someone.id, someone.name, reason)
    return held.incident


async def end_role(unit: Unit, ref: str | UUID, role: str, reason: str = "") -> None:
    """End whoever's time in a role; the holder may always, others by the plan's authority to assign.

    Raises:
        Missing; Invalid; Denied; Conflict: nobody holds it.
    """
    unit.allow(ASSIGN.permission)
    held = await hold(unit, ref)
    known_role(held, role)
    holder = held.roles.get(role)
    if holder is None:
        raise Conflict(f"Nobody is {title_of(held.version.plan, role)} of {held.incident.ref}.")
    if role not in held.actor.roles:
        authorise(held, ASSIGN)
    await rows.end(unit.conn, held.incident.id, role, unit.now)
    await record(unit, _ended(held.incident.stream, role, title_of(held.version.plan, role), holder, reason))
    unit.publish("incidents", held.incident.stream)


async def give(unit: Unit, held: Held, role: str, person_id: UUID, name: str, reason: str) -> None:
    """Write that a person has a role from now on; the caller has decided that they may."""
    incident, title = held.incident, title_of(held.version.plan, role)
    events = []
    if before := held.roles.get(role):
        await rows.end(unit.conn, incident.id, role, unit.now)
        events.append(_ended(incident.stream, role, title, before, f"{name} takes over."))
    await rows.assign(unit.conn, new_id(unit.now), incident.id, role, person_id, unit.now)
    events.append(Event(incident.stream, ROLE_ASSIGNED, {"role": role, "title": title, "person": name}, reason))
    await record_all(unit, events)
    unit.publish("incidents", incident.stream)


async def on_person_deactivating(unit: Unit, leaving: PersonDeactivating) -> None:
    """Whoever has a role in an incident that is not over cannot leave before somebody else has it; other roles end."""
    for row in await rows.of_person(unit.conn, leaving.person.id):
        ref = f"INC-{row['number']}"
        if State(row["state"]) is not State.RESOLVED:
            leaving.objections.append(f"They are {row['role']} of {ref}, which is open: assign somebody else first.")
            continue
        stream = f"incident:{row['incident_id']}"
        await rows.end(unit.conn, row["incident_id"], row["role"], unit.now)
        words = row["role"].replace("_", " ")
        await record(unit, _ended(stream, row["role"], words, leaving.person.name, "They have left."))
        unit.publish(stream)


def _ended(stream: str, role: str, title: str, person: str, reason: str) -> Event:
    return Event(stream, ROLE_ENDED, {"role": role, "title": title, "person": person}, reason)


def known_role(held: Held, role: str) -> None:
    """Refuse a role that the plan does not have.

    Raises:
        Invalid: with the roles that there are.
    """
    known = held.version.plan.every_role()
    if role not in known:
        fault = Fault("role", f"The plan has no role `{role:.64}`.", did_you_mean(role, known))
        raise Invalid("There is no such role.", faults=[fault])


async def somebody(unit: Unit, name: str) -> Person:
    """A person who may take a role.

    Raises:
        Invalid: there is none of that name, they have left, or may only look.
    """
    found = await people.person_named(unit.conn, name)
    if found is None:
        everybody = [person.name for person in await people.persons(unit.conn)]
        fault = Fault("person", f"There is no person `{name:.64}`.", did_you_mean(name, everybody))
    elif not found.active:
        fault = Fault("person", f"{found.full_name} has left.", "Choose somebody who is still here.")
    elif found.level < Level.RESPONDER:
        fault = Fault("person", f"{found.full_name} may only look.", "Make them a responder first, or choose another.")
    else:
        return found
    raise Invalid("The role cannot be given to them.", faults=[fault])
