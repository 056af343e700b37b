"""Trying the plan out on an alert: what would be decided, and who would be paged when."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from muster.base.access import Permission
from muster.base.unit import Unit
from muster.catalog import store as catalog
from muster.people import store as people
from muster.plan.facts import Facts
from muster.plan.foreseen import ForeseenStep, Slot, Someone, Whom, slots
from muster.plan.happenings import CoverageWanted, OnCallThen
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan
from muster.plan.simulate import Simulation, simulate
from muster.plan.steps import role_holders
from muster.plan.words import target_words


@dataclass(frozen=True, slots=True)
class Foreseen:
    """The decisions, and for each policy that would be paged its steps with the people behind them."""

    simulation: Simulation
    pages: dict[str, tuple[ForeseenStep, ...]]


async def as_received(unit: Unit, plan: Plan, facts: Facts) -> Facts:
    """The facts with what intake would find in the labels: the sender's severity and category, workload and component."""
    place = (await catalog.index(unit.conn)).locate(facts.labels)
    said = facts.labels.get("severity", "").lower()
    return replace(
        facts,
        severity=facts.severity or (said if said in plan.severities else ""),
        category=facts.category or facts.labels.get("category", ""),
        workload=facts.workload or place.workload,
        component=facts.component or place.component,
        criticality=facts.criticality or place.criticality,
    )


async def foresee(unit: Unit, plan: Plan, facts: Facts) -> Foreseen:
    """Decide as for a real alert at `facts.now`, and look up who would be paged; nothing is written, nobody is paged."""
    unit.allow(Permission.PLAN_READ)
    done = simulate(plan, await as_received(unit, plan, facts))
    planned = {policy: slots(steps, facts.now) for policy, steps in done.pages.items()}
    resolver = await _look_up(unit, plan, [slot for each in planned.values() for slot in each])
    pages = {
        policy: tuple(
            ForeseenStep(slot, tuple(resolver.whom(target, slot.at) for target in slot.targets)) for slot in each
        )
        for policy, each in planned.items()
    }
    return Foreseen(done, pages)


@dataclass(frozen=True, slots=True)
class _Resolver:
    plan: Plan
    covered: Mapping[tuple[str, datetime], OnCallThen]
    teams: Mapping[str, tuple[str, ...]]
    someone: Mapping[str, Someone]

    def whom(self, target: Target, at: datetime) -> Whom:
        words = target_words(self.plan, target)
        if target.kind == "role":
            parts = [self.whom(holder, at) for holder in _holders(self.plan, target.name)]
            named = tuple(dict.fromkeys(one for part in parts for one in part.people))
            reasons = " ".join(dict.fromkeys(part.because for part in parts if part.because))
            because = reasons or "The plan names them for this role until it is assigned."
            return Whom(words, named, because if parts else "The plan names nobody for this role until it is assigned.")
        names, because = self._names(target, at)
        return Whom(words, tuple(self.someone[name] for name in names if name in self.someone), because)

    def _names(self, target: Target, at: datetime) -> tuple[tuple[str, ...], str]:
        if target.kind == "schedule":
            then = self.covered.get((target.name, at))
            if then is None:
                return (), f"The schedule {target.name} does not exist at that time."
            return then.people, then.reason
        if target.kind == "team":
            members = self.teams.get(target.name)
            if members is None:
                return (), f"There is no team {target.name}."
            return members, f"Every member of {target.name} is paged." if members else f"{target.name} has no members."
        return (target.name,), "" if target.name in self.someone else f"{target.name} is not here any more."


async def _look_up(unit: Unit, plan: Plan, found: Iterable[Slot]) -> _Resolver:
    asked = [(target, slot.at) for slot in found for target in _spelt_out(plan, slot.targets)]
    schedules = {(target.name, at) for target, at in asked if target.kind == "schedule"}
    wanted = CoverageWanted(tuple(sorted(schedules)))
    await unit.emit(wanted)
    teams = await people.members_of(unit.conn, {target.name for target, _ in asked if target.kind == "team"})
    names = {target.name for target, _ in asked if target.kind == "person"}
    names.update(name for each in wanted.found.values() for name in each.people)
    names.update(person.name for members in teams.values() for person in members)
    persons = [one for one in (await people.persons_named(unit.conn, names)).values() if one.active]
    contacts = await people.contacts_of(unit.conn, [person.id for person in persons])
    someone = {
        person.name: Someone(person.name, person.full_name, any(each.verified for each in contacts[person.id]))
        for person in persons
    }
    members = {team: tuple(person.name for person in each) for team, each in teams.items()}
    return _Resolver(plan, wanted.found, members, someone)


def _spelt_out(plan: Plan, targets: Iterable[Target]) -> Iterable[Target]:
    for target in targets:
        if target.kind == "role":
            yield from _holders(plan, target.name)
        else:
            yield target


def _holders(plan: Plan, role: str) -> tuple[Target, ...]:
    """Whom the plan names for a role; a role that is held by another role reaches nobody until it is assigned."""
    return tuple(one for one in role_holders(plan, role) if one.kind in ("schedule", "team", "person"))
