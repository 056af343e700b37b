"""What schedules answer when other features ask, inside their transactions; `app` subscribes these."""

from datetime import timedelta

from muster.base.unit import Unit
from muster.oncall import store
from muster.oncall.coverage import Cause, at
from muster.people.happenings import PersonDeactivating
from muster.plan.happenings import CoverageWanted, NamesWanted, OnCallThen

_FOR_EVER = timedelta(days=36525)
_INSTANT = timedelta(microseconds=1)


async def object_to_leaving(unit: Unit, leaving: PersonDeactivating) -> None:
    """Say where a person who is about to leave still takes turns: a schedule must not silently page nobody (R73)."""
    person = leaving.person
    if standing := await store.schedules_with(unit.conn, person.id):
        names = ", ".join(each.name for each in standing)
        leaving.objections.append(f"They take turns in {names}: put somebody else there first.")
    overrides = await store.overrides_of_person(unit.conn, person.id, unit.now, unit.now + _FOR_EVER)
    if overrides:
        names = ", ".join(sorted({each.schedule for each in overrides}))
        leaving.objections.append(f"An override puts them on call in {names}: remove it first.")


async def name_schedules(unit: Unit, wanted: NamesWanted) -> None:
    """Tell a plan that is being checked which schedules there are."""
    wanted.schedules.append(await store.names_of_all(unit.conn))


async def tell_coverage(unit: Unit, wanted: CoverageWanted) -> None:
    """Tell a plan that is being tried out who is on call at each of the instants that it asks for."""
    if not wanted.asked:
        return
    names = sorted({name for name, _ in wanted.asked})
    instants = [instant for _, instant in wanted.asked]
    rosters = await store.rosters(unit.conn, names, min(instants), max(instants) + _INSTANT)
    for name, instant in wanted.asked:
        covered = at(rosters[name], instant) if name in rosters else None
        if covered is not None and covered.reason.cause is not Cause.NO_SCHEDULE:
            wanted.found[name, instant] = OnCallThen(covered.people, covered.reason.sentence())
