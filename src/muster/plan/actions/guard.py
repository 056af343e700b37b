"""Objections of the plan in force against losing what it refers to; `app` subscribes them."""

from muster.base.unit import Unit
from muster.people.happenings import PersonDeactivating, TeamDeleting
from muster.plan import store
from muster.plan.check_kind import CheckKind
from muster.plan.mentions import mentions
from muster.plan.section import PlanSection


async def object_to_person(unit: Unit, leaving: PersonDeactivating) -> None:
    """A person whom the plan in force pages cannot leave before the plan is changed (R74)."""
    leaving.objections.extend(await _objections(unit, "person", leaving.person.name))


async def object_to_team(unit: Unit, leaving: TeamDeleting) -> None:
    """A team that the plan in force names cannot be deleted."""
    leaving.objections.extend(await _objections(unit, "team", leaving.team.name))


async def schedule_in_use(unit: Unit, name: str) -> list[str]:
    """Why a schedule cannot be deleted: the places of the plan in force that page it."""
    return await _objections(unit, "schedule", name)


async def _objections(unit: Unit, kind: str, name: str) -> list[str]:
    version = await store.in_force(unit.conn)
    if version is None:
        return []
    places = mentions(version.plan, kind, name, unit.ports.of(PlanSection), unit.ports.of(CheckKind))
    return [f"The plan {version.name} names it in {place}: publish a plan without it first." for place in places]
