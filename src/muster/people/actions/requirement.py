"""Who must have a second factor, as the organisation says; and who of them has none."""

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.kit.errors import Invalid
from muster.ledger.actions import record
from muster.ledger.event import Event
from muster.people.actions.guard import CHANGED
from muster.people.events import SECOND_FACTOR_REQUIRED
from muster.people.factor import REQUIRED_FOR, Requirement, requirement_faults
from muster.people.person import Person
from muster.people.store import factor_rows, organisation_row, person_rows


async def require_second_factor(unit: Unit, who: str, grace: int) -> Requirement:
    """Say who must have a second factor, and how many days there are to set one up; the days begin anew when more must.

    Raises:
        Invalid: with every fault.
    """
    unit.allow(Permission.SETTINGS_MANAGE)
    if faults := requirement_faults(who, grace):
        raise Invalid("The requirement cannot be saved.", faults=faults)
    before = await organisation_row.requirement(unit.conn)
    if (before.who, before.grace) == (who, grace):
        return before
    since = before.since if before.who == who else unit.now
    wanted = Requirement(who, grace, since if REQUIRED_FOR[who] is not None else None)
    await organisation_row.require(unit.conn, wanted)
    data = {
        "required_for": who,
        "grace_days": grace,
        "before": {"required_for": before.who, "grace_days": before.grace},
    }
    await record(unit, Event("organisation", SECOND_FACTOR_REQUIRED, data))
    unit.publish(CHANGED)
    return wanted


async def lacking(unit: Unit, wanted: Requirement) -> list[Person]:
    """Who must have a second factor and has none, by name."""
    unit.allow(Permission.SETTINGS_READ)
    least = REQUIRED_FOR[wanted.who]
    if least is None:
        return []
    without = await factor_rows.persons_without(unit.conn)
    people = await person_rows.persons_by_id(unit.conn, without)
    return sorted(
        (person for person in people.values() if person.active and person.level >= least),
        key=lambda person: person.name,
    )
