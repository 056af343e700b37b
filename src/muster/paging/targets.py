"""Whom a step means at this moment, and why, or why nobody: pure, so that page, dry run and explanation agree."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

from muster.paging.unreached import Unreached, UnreachedCause
from muster.people.notify import NOTHING_SAID, Notify
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
    """A person with their addresses in the order in which they are tried, and what they said of how to be paged."""

    id: UUID
    name: str
    time_zone: str
    active: bool
    addresses: tuple[Address, ...]
    notify: Notify = NOTHING_SAID


@dataclass(frozen=True, slots=True)
class OnCall:
    """Who is on call by a schedule now, and the schedule's own reason."""

    people: tuple[str, ...]
    reason: str
    shadows: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known at one moment. A schedule or team that does not exist has no entry.

    `moment` is what conditions see of it (`now`, `hours`), `clock` the same for people. `turns` names, for each step that
    pages in turn, who was paged by it, the latest last. `quiet` names those whom a page of the severity at hand must not
    wake yet (see `notify.quieted`).
    """

    schedules: Mapping[str, OnCall] = field(default_factory=dict)
    teams: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    persons: Mapping[str, Reachable] = field(default_factory=dict)
    roles: Mapping[str, tuple[Target, ...]] = field(default_factory=dict)
    moment: Mapping[str, Any] = field(default_factory=dict)
    clock: str = ""
    turns: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    quiet: Mapping[str, Unreached] = field(default_factory=dict)

    def after_turn(self, turn: str, name: str) -> "Snapshot":
        """The same after somebody has had their turn."""
        others = tuple(each for each in self.turns.get(turn, ()) if each != name)
        return replace(self, turns={**self.turns, turn: (*others, name)})


@dataclass(frozen=True, slots=True)
class TargetPeople:
    """What one target came to: the people, each with the sentence that tells them why, and what to say if nobody.

    `waiting` are those whose turn it was not, `shadows` those who learn beside the people, `deferred` those of the
    `unreached` whose messages wait until their quiet hours end.
    """

    target: Target
    people: tuple[str, ...]
    reason: str
    unreached: tuple[Unreached, ...] = ()
    waiting: tuple[str, ...] = ()
    shadows: tuple[str, ...] = ()
    deferred: tuple[str, ...] = ()

    @property
    def sentences(self) -> tuple[str, ...]:
        """Why some of its people are not paged, a sentence each."""
        return tuple(absent.sentence() for absent in self.unreached)


def resolve(targets: Sequence[Target], snapshot: Snapshot, roles: Mapping[str, str]) -> list[TargetPeople]:
    """Whom targets mean. `roles` names who holds a role of the incident; else the plan's holders are meant."""
    found: list[TargetPeople] = []
    seen: set[str] = set()
    for target in targets:
        for meant in _of(target, snapshot, roles):
            fresh = tuple(name for name in meant.people if name not in seen)
            seen.update(fresh)
            found.append(_reached(meant, fresh, snapshot))
    return found


def in_turn(found: Sequence[TargetPeople], before: Sequence[str]) -> tuple[TargetPeople, ...]:
    """Of the people whom the targets of a step mean, the one who waits longest; `before` had their turns, the latest last.

    Who never had a turn comes first, in the order of the targets. Targets without anybody stay, to say why.
    """
    pool = [name for meant in found for name in meant.people]
    if not pool:
        return tuple(found)
    chosen = min(pool, key=lambda name: before.index(name) if name in before else -1)
    others = tuple(name for name in pool if name != chosen)
    last = next((name for name in reversed(before) if name in pool), "")
    why = f"It is {chosen}'s turn" + (f"; {last} had the last one." if last and last != chosen else ".")
    kept = []
    for meant in found:
        if chosen in meant.people:
            kept.append(replace(meant, people=(chosen,), reason=f"{meant.reason} {why}", waiting=others, deferred=()))
        elif meant.unreached or not meant.people:
            kept.append(replace(meant, people=(), deferred=()))
    return tuple(kept)


def _of(target: Target, snapshot: Snapshot, roles: Mapping[str, str]) -> list[TargetPeople]:
    name = target.name
    if target.kind == "person":
        return [TargetPeople(target, (name,), f"The plan names {name}.")]
    if target.kind == "schedule":
        on_call = snapshot.schedules.get(name)
        if on_call is None:
            return [TargetPeople(target, (), f"There is no schedule {name} any more.")]
        who = (
            f"On call by {name}: {on_call.reason}"
            if on_call.people
            else f"Nobody is on call by {name}. {on_call.reason}"
        )
        return [TargetPeople(target, on_call.people, who, shadows=on_call.shadows)]
    if target.kind == "team":
        members = snapshot.teams.get(name)
        if members is None:
            return [TargetPeople(target, (), f"There is no team {name} any more.")]
        return [
            TargetPeople(
                target, members, f"Member of the team {name}." if members else f"The team {name} has no members."
            )
        ]
    if holder := roles.get(name):
        return [TargetPeople(target, (holder,), f"Has the role {name} in this incident.")]
    held_by = [role for role in snapshot.roles.get(name, ()) if role.kind != "role"]
    if not held_by:
        return [TargetPeople(target, (), f"Nobody has the role {name}.")]
    return [meant for each in held_by for meant in _of(each, snapshot, roles)]


def _reached(meant: TargetPeople, people: tuple[str, ...], snapshot: Snapshot) -> TargetPeople:
    absences = {name: absent for name in people if (absent := _absence(name, snapshot))}
    return replace(
        meant,
        people=tuple(name for name in people if name not in absences),
        unreached=tuple(absences.values()),
        deferred=tuple(name for name, absent in absences.items() if absent.cause is UnreachedCause.QUIET),
    )


def _absence(name: str, snapshot: Snapshot) -> Unreached | None:
    person = snapshot.persons.get(name)
    if person is None:
        return Unreached(name, UnreachedCause.UNKNOWN)
    if not person.active:
        return Unreached(name, UnreachedCause.LEFT)
    if not person.addresses:
        return Unreached(name, UnreachedCause.NO_CONTACT)
    return snapshot.quiet.get(name)
