"""Handing an incident over: somebody is asked to take a role and must accept; until then it stays where it is (R82)."""

from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.incidents.action import ASSIGN
from muster.incidents.actions.asking import ask, reachable, still_open
from muster.incidents.actions.guard import Held, authorise, hold, refused
from muster.incidents.actions.roles import give, known_role, somebody
from muster.incidents.authority import may_give, title_of
from muster.incidents.belongings import ENGINEER
from muster.incidents.events import (
    HAND_OVER_ACCEPTED,
    HAND_OVER_ASKED,
    HAND_OVER_DECLINED,
    HAND_OVER_TIMED_OUT,
    HAND_OVER_WITHDRAWN,
)
from muster.incidents.hand_over import HandOver, HandOverState
from muster.incidents.incident import Incident, State
from muster.incidents.store import hand_overs
from muster.kit.errors import Conflict
from muster.kit.ids import new_id
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.paging.actions.notices import notify
from muster.paging.page import Page, Purpose
from muster.plan.model.fields import Target
from muster.plan.steps import BY_HAND, FrozenStep

TOLD = "You asked for it to be handed over."


async def hand_over(unit: Unit, ref: str | UUID, person: str, role: str = "", note: str = "") -> Incident:
    """Ask somebody to take a role over, the On-Call Engineer's unless another is named; pages them until they answer.

    It may be handed over by whoever has it, and by whom the plan lets assign roles. They have the plan's
    `paging.hand_over_within` to accept.

    Raises:
        Missing; Invalid: an unknown role or person, or one whom no page reaches; Denied: by the plan; Conflict: they have it
        already, somebody is asked already, or nobody has taken the incident yet.
    """
    unit.allow(Permission.INCIDENT_ASK)
    held = await hold(unit, ref)
    role = role or ENGINEER
    known_role(held, role)
    someone = await somebody(unit, person)
    still_open(held)
    incident, plan, holder = held.incident, held.version.plan, held.roles.get(role)
    title = title_of(plan, role)
    if incident.state is State.TRIGGERED:
        raise Conflict(f"Nobody has {incident.ref} yet.", "Take it first, or page others with `escalate`.")
    if holder == someone.name:
        raise Conflict(f"{someone.name} is {title} of {incident.ref} already.")
    if holder is not None and holder != unit.principal.name:
        authorise(held, ASSIGN)
    if reasons := may_give(plan, role, held.actor):
        level = plan.authority.usual(careful=True)
        raise refused(f"You may not give this role: {incident.ref}.", held, level, reasons, ASSIGN.permission)
    for other in await hand_overs.of_incident(unit.conn, incident.id):
        if other.state is HandOverState.ASKED and other.role == role:
            said = f"{other.to_person} is asked already, until {other.due_at:%H:%M} UTC."
            raise Conflict(said, "Wait for the answer, or withdraw it.")
    target = Target("person", someone.name)
    await reachable(unit, held, [target], "person")
    within = plan.paging.hand_over_within
    why = f"{unit.principal.name} asks you to take {incident.ref} over as its {title}."
    # Twice, half the time apart: one page may be slept through.
    steps = (FrozenStep((target,), within / 2, BY_HAND),) * 2
    (page,) = await ask(unit, held, Purpose.HAND_OVER, [steps], why, note)
    asked = HandOver(
        new_id(unit.now),
        incident.id,
        role,
        holder,
        someone.name,
        unit.principal.name,
        note,
        page.id,
        unit.now,
        unit.now + within,
        HandOverState.ASKED,
        None,
        "",
    )
    giver = await somebody(unit, holder) if holder else None
    await hand_overs.insert(unit.conn, asked, giver.id if giver else None, someone.id)
    await record(unit, Event(incident.stream, HAND_OVER_ASKED, _data(asked, title), note))
    unit.publish("incidents", incident.stream)
    return incident


async def accept(unit: Unit, held: Held, page: Page, person_id: UUID, name: str) -> None:
    """Whoever was asked takes the role."""
    asked = await hand_overs.of_page(unit.conn, page.id)
    if asked is None or not await hand_overs.end(unit.conn, asked.id, HandOverState.ACCEPTED, "", unit.now):
        return
    title = title_of(held.version.plan, asked.role)
    await record(unit, Event(held.incident.stream, HAND_OVER_ACCEPTED, _data(asked, title)))
    await give(unit, held, asked.role, person_id, name, f"Handed over by {asked.asked_by}.")
    others = {asked.asked_by, asked.from_person or ""} - {name, ""}
    await notify(unit, others, f"{name} has {held.incident.ref} now", f"{name} accepted: {held.incident.title}", TOLD)


async def end(unit: Unit, page: Page, state: HandOverState, reason: str) -> None:
    """It was declined, withdrawn or not answered in time: the role stays where it is, and the asker is told."""
    asked = await hand_overs.of_page(unit.conn, page.id)
    if asked is None or not await hand_overs.end(unit.conn, asked.id, state, reason, unit.now):
        return
    kind = {HandOverState.DECLINED: HAND_OVER_DECLINED, HandOverState.TIMED_OUT: HAND_OVER_TIMED_OUT}
    data = _data(asked, asked.role.replace("_", " "))
    await record(unit, Event(page.stream, kind.get(state, HAND_OVER_WITHDRAWN), data, reason))
    if state is not HandOverState.WITHDRAWN:
        stays = f"It stays with {asked.from_person}." if asked.from_person else "Nobody has the role."
        title = f"{asked.to_person} did not take {page.ref} over"
        await notify(
            unit, {asked.asked_by, asked.from_person or ""} - {""}, title, f"{reason} {stays} {page.title}", TOLD
        )


def _data(asked: HandOver, title: str) -> dict[str, str | None]:
    return {
        "role": asked.role,
        "title": title,
        "from": asked.from_person,
        "person": asked.to_person,
        "page": str(asked.page_id),
        "until": asked.due_at.isoformat(),
    }
