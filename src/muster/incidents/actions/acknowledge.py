"""Taking an incident: signed in, by API, or with one tap on the link in a page (R6, R75)."""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from muster.base.access import Kind, Permission, Principal
from muster.base.unit import Conn, Unit
from muster.incidents import lifecycle
from muster.incidents.action import ACKNOWLEDGE
from muster.incidents.actions.guard import Held, authorise, existing, hold
from muster.incidents.actions.paging_again import watch_mitigation
from muster.incidents.actions.responders import answer_asked
from muster.incidents.actions.roles import give
from muster.incidents.actions.transit import transit
from muster.incidents.belongings import ENGINEER
from muster.incidents.incident import Incident, State
from muster.kit.errors import Conflict, Denied
from muster.kit.signing import Rejection, verify
from muster.paging.actions.stop import stop
from muster.paging.happenings import ContactUsed
from muster.paging.page import Purpose
from muster.paging.store import deliveries as messages
from muster.paging.store import page_answers, pages
from muster.people import store as people
from muster.people.person import Person

PURPOSE = "acknowledge"


@dataclass(frozen=True, slots=True)
class Tapped:
    """Whom a one-tap link is for and what it is about. `holder` has had it `since`, if anybody has."""

    incident: Incident
    person: Person
    delivery_id: UUID
    holder: str | None
    since: datetime | None

    @property
    def sentence(self) -> str:
        """How it stands, for the person who tapped."""
        incident = self.incident
        if incident.merged_into is not None:
            return f"{incident.ref} was merged into another incident."
        if incident.state in (State.RESOLVED, State.CLOSED):
            return f"{incident.ref} is over: it is {incident.state}."
        if self.since is None:
            return f"Nobody has {incident.ref} yet."
        if self.holder == self.person.name:
            return f"You have {incident.ref}."
        return f"{self.holder or 'Somebody'} has {incident.ref} already."


async def acknowledge(unit: Unit, ref: str | int | UUID, note: str = "") -> Incident:
    """Take an incident: pages and the clock stop; whoever is first is its On-Call Engineer unless somebody is (R82).

    Where it is acknowledged and paged again, for having grown graver or been forgotten, this answers that page; where its
    people ask the actor for something, it is their answer: they come.

    Raises:
        Missing; Denied: by the plan; Conflict: somebody has it already, and who.
    """
    unit.allow(ACKNOWLEDGE.permission)
    held = await hold(unit, ref)
    # Whoever the plan wakes may say that they have it, unless the plan itself says who acknowledges.
    if unit.principal.kind is not Kind.LINK or held.version.plan.authority.rule("acknowledge"):
        authorise(held, ACKNOWLEDGE)
    asked = await answer_asked(unit, held, coming=True)
    if await _answered(unit, held) or (asked and held.incident.state is not State.TRIGGERED):
        return held.incident
    incident = held.incident
    if incident.state is State.ACKNOWLEDGED and incident.acknowledged_at:
        who = held.did["acknowledger"] or "the system that sent the alert"
        raise Conflict(
            f"{incident.ref} is acknowledged already.",
            f"{who} has it since {incident.acknowledged_at:%Y-%m-%d %H:%M} UTC.",
        )
    if unit.principal.person_id:
        await page_answers.note_taken(unit.conn, [incident.id], unit.principal.person_id, unit.now)
    after = replace(held, incident=await transit(unit, incident, lifecycle.ACKNOWLEDGE, reason=note))
    if ENGINEER not in held.roles and unit.principal.person_id:
        await give(unit, after, ENGINEER, unit.principal.person_id, unit.principal.name, "First to acknowledge.")
    return after.incident


async def look_at_link(conn: Conn, key: bytes, token: str, now: datetime) -> Tapped:
    """What a one-tap link is about; changes nothing.

    Raises:
        Denied: the link is incomplete, forged or expired, or its person has left.
        Missing: the incident is not there.
    """
    read = verify(key, PURPOSE, token, now)
    if isinstance(read, Rejection):
        raise Denied("This link does not count.", str(read), permission=str(Permission.INCIDENT_ACKNOWLEDGE))
    try:
        incident_id, person_id, delivery_id = (UUID(part) for part in read.subject.split("/"))
    except ValueError:
        raise Denied("This link does not count.", str(Rejection.MALFORMED)) from None
    person = await people.person(conn, person_id)
    if person is None or not person.active:
        raise Denied(
            "This link does not count any more.",
            "The person whom it was sent to has left.",
            permission=str(Permission.INCIDENT_ACKNOWLEDGE),
        )
    incident = await existing(conn, incident_id)
    known = await people.persons_by_id(conn, [incident.acknowledged_by] if incident.acknowledged_by else [])
    holder = next((each.name for each in known.values()), None)
    return Tapped(incident, person, delivery_id, holder, incident.acknowledged_at)


async def acknowledge_by_link(unit: Unit, key: bytes, token: str) -> Tapped:
    """Acknowledge as the person whom the link was sent to, without sign-in; kind to who comes second.

    The unit acts as that person through the link from here on. An incident that somebody has already, or that is over,
    is not an error: the answer's `sentence` says so. `key` is the links' signing key.

    Raises:
        Denied: as `look_at_link`, or by the plan; Missing.
    """
    tapped = await look_at_link(unit.conn, key, token, unit.now)
    person = tapped.person
    unit.principal = Principal(
        Kind.LINK,
        person.name,
        person.level,
        person.id,
        frozenset({str(Permission.INCIDENT_ACKNOWLEDGE)}),
        f"delivery {tapped.delivery_id}",
    )
    # Locked before it is looked at again: of two taps at once, the second sees what the first did.
    incident = await existing(unit.conn, tapped.incident.id, hold=True)
    if incident.state is State.TRIGGERED or (incident.open and await pages.running(unit.conn, incident.id)):
        await acknowledge(unit, incident.id)
    sent = (await messages.by_ids(unit.conn, [tapped.delivery_id])).get(tapped.delivery_id)
    if sent is not None and sent.contact_id is not None:
        await unit.emit(ContactUsed(sent.contact_id))
    return await look_at_link(unit.conn, key, token, unit.now)


async def _answered(unit: Unit, held: Held) -> bool:
    incident = held.incident
    if incident.state not in (State.ACKNOWLEDGED, State.MITIGATED) or not any(
        page.purpose is Purpose.INCIDENT for page in await pages.running(unit.conn, incident.id)
    ):
        return False
    if unit.principal.person_id:
        await page_answers.note_taken(unit.conn, [incident.id], unit.principal.person_id, unit.now)
    await stop(unit, [incident.id], f"{unit.principal.name} answered.", [Purpose.INCIDENT])
    if incident.state is State.ACKNOWLEDGED:
        await watch_mitigation(unit, held)
    unit.publish("incidents", incident.stream)
    return True
