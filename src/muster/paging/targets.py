"""Whom a step means at this moment, and why, or why nobody: pure, so that page, dry run and explanation agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from muster.plan.model.fields import Target


@dataclass(frozen=True, slots=True)
class Address:
    """One way to reach a person; `contact_id` is None for the e-mail address of their account."""

    contact_id: UUID | None
    channel: str
    address: str
    verified: bool


@dataclass(frozen=True, slots=True)
class Reachable:
    """A person with their addresses in the order in which they are tried."""

    id: UUID
    name: str
    time_zone: str
    active: bool
    addresses: tuple[Address, ...]


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call by a schedule now, and the schedule's own reason."""

    people: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known at one moment. A schedule or team that does not exist has no entry."""

    schedules: Mapping[str, OnCall] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    persons: Mapping[str, Reachable] = field(default_factory=dict)
    roles: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Meant:
    """What one target came to: the people, each with the sentence that tells them why, and what to say if nobody."""

    target: Target
    people: tuple[str, ...]
    reason: str
    unreached: tuple[str, ...] = ()

    def as_json(self) -> dict[str, Any]:
        """As a step keeps it."""
        return {
            "target": str(self.target),
            "people": list(self.people),
            "reason": self.reason,
            "unreached": list(self.unreached),
        }


def resolve(targets: Sequence[Target], snapshot: Snapshot, roles: Mapping[str, str]) -> list[Meant]:
    """Whom targets mean. `roles` names who holds a role of the incident; else the plan's holders are meant."""
    found: list[Meant] = []
    seen: set[str] = set()
    for target in targets:
        for meant in _of(target, snapshot, roles):
            fresh = tuple(name for name in meant.people if name not in seen)
            seen.update(fresh)
            found.append(_reached(meant, fresh, snapshot))
    return found


def _of(target: Target, snapshot: Snapshot, roles: Mapping[str, str]) -> list[Meant]:
    name = target.name
    if target.kind == "person":
        return [Meant(target, (name,), f"The plan names {name}.")]
    if target.kind == "schedule":
        on_call = snapshot.schedules.get(name)
        if on_call is None:
            return [Meant(target, (), f"There is no schedule {name} any more.")]
        who = (
            f"On call by {name}: {on_call.reason}"
            if on_call.people
            else f"Nobody is on call by {name}. {on_call.reason}"
        )
        return [Meant(target, on_call.people, who)]
    if target.kind == "team":
        members = snapshot.teams.get(name)
        if members is None:
            return [Meant(target, (), f"There is no team {name} any more.")]
        return [
            Meant(target, members, f"Member of the team {name}." if members else f"The team {name} has no members.")
        ]
    if holder := roles.get(name):
        return [Meant(target, (holder,), f"Has the role {name} in this incident.")]
    held_by = [each for each in snapshot.roles.get(name, ()) if each.kind != "role"]
    if not held_by:
        return [Meant(target, (), f"Nobody has the role {name}.")]
    return [meant for each in held_by for meant in _of(each, snapshot, roles)]


def _reached(meant: Meant, people: tuple[str, ...], snapshot: Snapshot) -> Meant:
    good, bad = [], []
    for name in people:
        person = snapshot.persons.get(name)
        if person is None:
            bad.append(f"{name} is not known any more.")
        elif not person.active:
            bad.append(f"{name} has left.")
        elif not person.addresses:
            bad.append(f"{name} has no contact.")
        else:
            good.append(name)
    return Meant(meant.target, tuple(good), meant.reason, tuple(bad))
