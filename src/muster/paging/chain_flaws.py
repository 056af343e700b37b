"""Whether every policy would wake somebody at every moment to come: each flaw with the moment at which it begins. Pure.

The same evaluator that pages is asked for every stretch of unchanging coverage, so that a gap is known before somebody needs
the one who is not there (R73, R74).
"""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from itertools import groupby

from muster.kit.localtime import to_local
from muster.oncall.coverage.roster import Span
from muster.oncall.coverage.spans import spans
from muster.paging.known import PagingWorld
from muster.paging.targets import OnCall, Snapshot, resolve
from muster.plan.model.fields import Target
from muster.plan.steps import FINAL, FrozenStep

_Coverage = Mapping[str, OnCall]


class Weakness(StrEnum):
    """What is wrong with a chain, the gravest first."""

    NOBODY = "nobody"
    CONDITIONAL = "conditional"
    UNPROVEN = "unproven"
    FIRST_STEP = "first_step"
    DEPARTED = "departed"


GRAVE = (Weakness.NOBODY, Weakness.CONDITIONAL, Weakness.UNPROVEN)
"""What leaves a chain without anybody who is sure to wake; the rest is bridged by later steps."""


@dataclass(frozen=True, slots=True)
class Flaw:
    """One weakness of a policy; `start` and `end` are its first stretch, `times` how many there are of it.

    `about` names whom or what it rests on, so that two flaws of one kind can be told apart.
    """

    policy: str
    weakness: Weakness
    sentence: str
    start: datetime
    end: datetime
    times: int
    about: str = ""

    @property
    def key(self) -> str:
        """What stays the same while the flaw does."""
        return f"{self.policy}/{self.weakness}/{self.about}"


def flaws(
    known: PagingWorld,
    policies: Mapping[str, Sequence[FrozenStep]],
    proven: Collection[str],
    start: datetime,
    end: datetime,
) -> tuple[Flaw, ...]:
    """What is wrong with these policies inside `[start, end)`, the gravest first.

    Args:
        known: everything that their steps may mean through that time.
        proven: the persons of whom at least one contact has a proof that is not too old.
    """
    found: list[Flaw] = []
    for policy, steps in policies.items():
        judged = list(_judged(known, steps, proven, start, end))
        for key in dict.fromkeys(key for _, _, told in judged for key in told):
            found.append(_flaw(known, policy, key, judged))
    order = list(Weakness)
    return tuple(sorted(found, key=lambda each: (order.index(each.weakness), each.start, each.policy, each.about)))


_Key = tuple[Weakness, str]
_Judged = tuple[datetime, datetime, Mapping[_Key, str]]


def _judged(
    known: PagingWorld, steps: Sequence[FrozenStep], proven: Collection[str], start: datetime, end: datetime
) -> Iterator[_Judged]:
    """Stretches of one coverage with what is wrong in each."""
    base = known.at(start)
    covered = {
        name: spans(known.rosters[name], start, end) for name in _schedules(known, steps) if name in known.rosters
    }
    edges = sorted({start, *(span.start for each in covered.values() for span in each)})
    walks = {name: _walk(each) for name, each in covered.items()}
    cache: dict[tuple[tuple[str, tuple[str, ...]], ...], Mapping[_Key, str]] = {}
    for begins, ends in zip(edges, [*edges[1:], end], strict=True):
        now: _Coverage = {name: walk(begins) for name, walk in walks.items()}
        state = tuple((name, each.people) for name, each in now.items())
        if state not in cache:
            cache[state] = _weaknesses(steps, replace(base, schedules=now), proven)
        yield begins, ends, cache[state]


def _weaknesses(steps: Sequence[FrozenStep], snapshot: Snapshot, proven: Collection[str]) -> Mapping[_Key, str]:
    told: dict[_Key, str] = {}
    always: set[str] = set()
    sometimes: set[str] = set()
    why = ""
    for number, step in enumerate(steps, 1):
        meant = resolve(step.targets, snapshot, {})
        people = {name for each in meant for name in each.people}
        (sometimes if step.conditions else always).update(people)
        nobody = " ".join(dict.fromkeys(word for each in meant for word in (each.reason, *each.sentences)))
        if not people and number == 1:
            why = nobody
            told[Weakness.FIRST_STEP, ""] = nobody
        for absent in (absent for each in meant for absent in each.unreached if step.policy != FINAL):
            told.setdefault((Weakness.DEPARTED, absent.person), absent.sentence())
    if not always | sometimes:
        return {(Weakness.NOBODY, ""): why, **{key: text for key, text in told.items() if key[0] is Weakness.DEPARTED}}
    if not always:
        told[Weakness.CONDITIONAL, ""] = "Everybody whom it would reach stands in a step with a condition."
    elif not (always | sometimes) & set(proven):
        told[Weakness.UNPROVEN, ""] = f"{_and(sorted(always | sometimes))} proved no contact, or too long ago."
    return told


def _flaw(known: PagingWorld, policy: str, key: _Key, judged: Sequence[_Judged]) -> Flaw:
    stretches = []
    for has, group in groupby(judged, key=lambda each: key in each[2]):
        if has:
            members = list(group)
            stretches.append((members[0][0], members[-1][1], members[0][2][key]))
    first, last, because = stretches[0]
    zone = known.plan.time_zone
    for_ever = first == judged[0][0] and last == judged[-1][1]
    when = "as it stands" if for_ever else f"from {_local(first, zone)} to {_local(last, zone)} ({zone})"
    more = f", and {len(stretches) - 1} more times until {_local(stretches[-1][1], zone)}" if len(stretches) > 1 else ""
    sentence = f"{_SAYS[key[0]].format(policy=policy)} {when}{more}. {because}".strip()
    return Flaw(policy, key[0], sentence, first, last, len(stretches), key[1])


_SAYS = {
    Weakness.NOBODY: "The policy {policy} wakes nobody",
    Weakness.CONDITIONAL: "The policy {policy} wakes somebody only under a condition,",
    Weakness.UNPROVEN: "The policy {policy} rests on contacts that nobody has proved,",
    Weakness.FIRST_STEP: "The first step of the policy {policy} wakes nobody",
    Weakness.DEPARTED: "The policy {policy} names somebody who cannot be reached,",
}


def _schedules(known: PagingWorld, steps: Sequence[FrozenStep]) -> list[str]:
    targets: list[Target] = [target for step in steps for target in step.targets]
    targets += [holder for target in targets if target.kind == "role" for holder in known.roles.get(target.name, ())]
    return list(dict.fromkeys(target.name for target in targets if target.kind == "schedule"))


def _walk(covered: Sequence[Span]) -> Callable[[datetime], OnCall]:
    """The coverage at instants that are asked for in rising order."""
    rest = list(reversed(covered))

    def at(instant: datetime) -> OnCall:
        while len(rest) > 1 and rest[-1].end <= instant:
            rest.pop()
        return OnCall(rest[-1].people, rest[-1].coverage.reason.sentence())

    return at


def _local(instant: datetime, zone: str) -> str:
    return f"{to_local(instant, zone):%a %d %b %H:%M}"


def _and(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
