"""Taking all incidents of a gathered message with one tap, as the person whom it was sent to (R75, R76)."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from muster.base.access import Permission
from muster.base.unit import Conn, Unit
from muster.incidents.incident import Incident, State
from muster.incidents.store import lists
from muster.kit.errors import Denied
from muster.kit.signing import Rejection, verify
from muster.paging.actions.message_answers import act
from muster.paging.answer import Answer, Verb
from muster.paging.happenings import ContactUsed
from muster.paging.store import answers
from muster.people import store as people
from muster.people.person import Person

PURPOSE = "acknowledge-all"


@dataclass(frozen=True, slots=True)
class TappedAll:
    """Whom a link is for and the incidents that it is about, in the order of their numbers."""

    person: Person
    bundle_id: UUID
    channel: str
    incidents: tuple[Incident, ...]

    @property
    def waiting(self) -> int:
        """How many of them nobody has yet."""
        return sum(incident.state is State.TRIGGERED for incident in self.incidents)


async def look_at_all(conn: Conn, key: bytes, token: str, now: datetime) -> TappedAll:
    """What a link is about; changes nothing.

    Raises:
        Denied: the link is incomplete, forged or expired, or its person has left.
    """
    read = verify(key, PURPOSE, token, now)
    if isinstance(read, Rejection):
        raise Denied("This link does not count.", str(read), permission=str(Permission.INCIDENT_ACKNOWLEDGE))
    try:
        person_id, bundle_id = (UUID(part) for part in read.subject.split("/"))
    except ValueError:
        raise Denied("This link does not count.", str(Rejection.MALFORMED)) from None
    person = await people.person(conn, person_id)
    if person is None or not person.active:
        why = "The person whom it was sent to has left."
        raise Denied("This link does not count any more.", why, permission=str(Permission.INCIDENT_ACKNOWLEDGE))
    members = await answers.of_message(conn, bundle_id, every=True)
    found = await lists.by_ids(conn, sorted({member.incident_id for member in members if member.incident_id}))
    channel = members[0].channel if members else ""
    return TappedAll(person, bundle_id, channel, tuple(found))


async def acknowledge_all(unit: Unit, key: bytes, token: str) -> tuple[TappedAll, str]:
    """Take those that nobody has, as far as the plan lets this person; returns how it stands and what came of it, in words.

    Raises:
        Denied: as `look_at_all`; refusals of single incidents stand in the words.
    """
    tapped = await look_at_all(unit.conn, key, token, unit.now)
    members = await answers.of_message(unit.conn, tapped.bundle_id)
    own = [member for member in members if member.person_id == tapped.person.id]
    for contact_id in {each.contact_id for each in own[:1] if each.contact_id}:
        await unit.emit(ContactUsed(contact_id))
    said = await act(unit, tapped.channel, Answer(Verb.ACKNOWLEDGE, everything=True), own) if own else ""
    return await look_at_all(unit.conn, key, token, unit.now), said
