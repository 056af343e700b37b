"""Who would be paged, when, how and why: a run of a policy played through by the evaluator that pages, on what is known."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from muster.paging.known import PagingWorld
from muster.paging.notify import plan_for, quieted
from muster.paging.run import TakenStep, advance, rotated
from muster.paging.targets import Reachable, TargetPeople
from muster.people.contact import masked
from muster.plan.model.fields import Target
from muster.plan.steps import FrozenStep
from muster.plan.words import target_words


@dataclass(frozen=True, slots=True)
class Sent:
    """One message that a person would get: `after` the step, by which channel, and why so; `proven` once a code came back."""

    person: str
    channel: str
    address: str
    at: datetime
    after: timedelta
    why: str
    proven: bool


@dataclass(frozen=True, slots=True)
class Whom:
    """One target of a step: what it means in words, whom it reaches, why these, and why not others."""

    target: Target
    words: str
    people: tuple[str, ...]
    because: str
    unreached: tuple[str, ...]
    waiting: tuple[str, ...]
    shadows: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ForeseenStep:
    """One step, or `times` in a row that come to the same, `every` so long; `after` the page has begun.

    `skipped` says why it is passed over, where its condition does not hold at that time.
    """

    number: int
    at: datetime
    after: timedelta
    every: timedelta
    times: int
    policy: str
    why: str
    skipped: str
    whom: tuple[Whom, ...]
    sent: tuple[Sent, ...]

    @property
    def nobody(self) -> bool:
        """Whether it wakes nobody."""
        return not self.sent

    def same_as(self, other: "ForeseenStep") -> bool:
        """Whether it comes to what another one comes to, at another time."""
        told = [(each.person, each.channel, each.address, each.after, each.why) for each in self.sent]
        theirs = [(each.person, each.channel, each.address, each.after, each.why) for each in other.sent]
        plain = (self.policy, self.every, self.skipped, self.whom, told)
        return plain == (other.policy, other.every, other.skipped, other.whom, theirs)


@dataclass(frozen=True, slots=True)
class PolicyRun:
    """A policy played through: its steps as they would be taken if nobody answered, and until when paging goes on."""

    policy: str
    steps: tuple[ForeseenStep, ...]
    ends_at: datetime

    @property
    def nobody(self) -> bool:
        """Whether it wakes nobody at all."""
        return all(step.nobody for step in self.steps)


def play(
    known: PagingWorld,
    policy: str,
    steps: Sequence[FrozenStep],
    start: datetime,
    severity: str,
    facts: Mapping[str, Any],
    why: str,
    roles: Mapping[str, str] | None = None,
) -> tuple[PolicyRun, PagingWorld]:
    """Play a run from its beginning to where it is exhausted, with nobody answering; and what is known after it, in which
    turns have moved on."""
    found: list[ForeseenStep] = []
    at, done = start, 0
    while True:
        snapshot = quieted(known.at(at), severity, at)
        going = advance(steps, done, why, snapshot, roles or {}, at, facts)
        known = replace(known, turns=rotated(snapshot, going).turns)
        for taken in going.taken:
            made = _step(known, steps[taken.number - 1], taken, at, start, severity)
            if found and made.same_as(found[-1]) and not taken.turn:
                found[-1] = replace(found[-1], times=found[-1].times + 1)
            else:
                found.append(made)
        done += len(going.taken)
        if going.next_at is None:
            return PolicyRun(policy, tuple(found), at), known
        at, why = going.next_at, f"Nobody acknowledged step {done} in time."


def lasts(steps: Iterable[FrozenStep]) -> timedelta:
    """How long a run takes at most."""
    return sum((step.wait for step in steps), timedelta())


def warnings(runs: Iterable[PolicyRun]) -> tuple[str, ...]:
    """Where nobody would be reached, and who only through a contact that nobody has proved."""
    found: list[str] = []
    for run in runs:
        if run.nobody:
            found.append(f"The policy {run.policy} reaches nobody at that time.")
            continue
        for step in run.steps:
            if step.nobody and not step.skipped:
                whom = " ".join(dict.fromkeys(text for each in step.whom for text in (each.because, *each.unreached)))
                found.append(f"Step {step.number} of {run.policy} reaches nobody. {whom}".strip())
        sent = [each for step in run.steps for each in step.sent]
        for name in dict.fromkeys(each.person for each in sent):
            if not any(each.proven for each in sent if each.person == name):
                found.append(f"{name} has proved none of the contacts that would be used.")
    return tuple(dict.fromkeys(found))


def _step(
    known: PagingWorld, step: FrozenStep, taken: TakenStep, at: datetime, start: datetime, severity: str
) -> ForeseenStep:
    names = dict.fromkeys(name for meant in taken.meant for name in (*meant.people, *meant.deferred))
    persons = [known.persons[name] for name in names]
    return ForeseenStep(
        taken.number,
        at,
        at - start,
        step.wait,
        1,
        step.policy,
        taken.why,
        taken.skipped,
        tuple(_whom(known, meant) for meant in taken.meant),
        tuple(sent for person in persons for sent in _sent(person, severity, at)),
    )


def _whom(known: PagingWorld, meant: TargetPeople) -> Whom:
    words = target_words(known.plan, meant.target)
    return Whom(meant.target, words, meant.people, meant.reason, meant.sentences, meant.waiting, meant.shadows)


def _sent(person: Reachable, severity: str, at: datetime) -> list[Sent]:
    planned = plan_for(person, severity, at)
    return [
        Sent(
            person.name,
            each.address.channel,
            masked(each.address.channel, each.address.address),
            each.send_at or at,
            (each.send_at or at) - at,
            each.why,
            each.address.verified,
        )
        for each in planned
    ]
