"""What people answer to their pages, by whatever channel: acknowledged or passed on as that person, and said back (R75)."""

from muster.base.access import Kind, Permission, Principal
from muster.base.unit import Unit
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.escalate import escalate
from muster.incidents.actions.guard import existing, look
from muster.incidents.actions.responders import answer_asked
from muster.incidents.incident import Incident, State
from muster.incidents.store import lists
from muster.kit.errors import Conflict, Denied, Missing, Problem
from muster.paging.answer import Verb
from muster.paging.happenings import AlertsCounted, AnswerGiven
from muster.paging.store import pages
from muster.people import store as people
from muster.people.person import Person

_SCOPES = frozenset({str(Permission.INCIDENT_ACKNOWLEDGE), str(Permission.PAGE_ESCALATE)})


async def on_answer_given(unit: Unit, happening: AnswerGiven) -> None:
    """Subscribed to paging: whoever was paged may take the incident or pass it on, as with the link in the page, and by the
    same rules of the plan. Every outcome is a sentence; a refusal changes nothing."""
    delivery = happening.delivery
    person = await people.person(unit.conn, delivery.person_id)
    if delivery.incident_id is None or person is None or not person.active:
        happening.said_back.append("Muster cannot do this: the person whom the page was sent to has left.")
        return
    before = unit.principal
    unit.principal = Principal(
        Kind.LINK, person.name, person.level, person.id, _SCOPES, f"{happening.channel} delivery {delivery.id}"
    )
    try:
        happening.said_back.append(await _do(unit, happening, person))
    except (Denied, Conflict, Missing) as problem:
        happening.said_back.append(_told(problem))
    finally:
        unit.principal = before


async def count_alerts(unit: Unit, happening: AlertsCounted) -> None:
    """Subscribed to paging: how many alerts stand behind incidents."""
    counted = await lists.alert_counts(unit.conn, happening.incident_ids)
    happening.counts.update({incident: each.all for incident, each in counted.items()})


async def _do(unit: Unit, happening: AnswerGiven, person: Person) -> str:
    assert happening.delivery.incident_id is not None
    # Locked before it is looked at: of two answers at once, the second sees what the first did.
    incident = await existing(unit.conn, happening.delivery.incident_id, hold=True)
    if not incident.open or incident.merged_into is not None:
        return f"{incident.ref} is over: it is {incident.state}."
    running = await pages.running(unit.conn, incident.id)
    if happening.verb is Verb.ESCALATE:
        if await answer_asked(
            unit, await look(unit, incident), coming=False, reason=f"Answered by {happening.channel}."
        ):
            return f"{incident.ref}: it is noted that you are not coming."
        if incident.state is not State.TRIGGERED and not running:
            return await _taken(unit, incident, person)
        await escalate(unit, incident.id, f"{person.name} passed it on by {happening.channel}.")
        return f"{incident.ref}: the next are being paged."
    if incident.state is State.TRIGGERED or running:
        after = await acknowledge(unit, incident.id)
        if after.state is State.ACKNOWLEDGED and after.acknowledged_by != person.id:
            return f"{incident.ref}: everybody sees that you are on it."
        return f"You have {incident.ref}: {incident.title:.80}."
    return await _taken(unit, incident, person)


async def _taken(unit: Unit, incident: Incident, person: Person) -> str:
    known = await people.persons_by_id(unit.conn, [incident.acknowledged_by] if incident.acknowledged_by else [])
    holder = next((each.name for each in known.values()), "Somebody")
    return f"You have {incident.ref}." if holder == person.name else f"{holder} has {incident.ref} already."


def _told(problem: Problem) -> str:
    return f"{problem.title} {problem.detail}".strip()
