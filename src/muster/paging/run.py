"""The escalation itself: which step is taken now, which is skipped, whom it reaches, when the next one follows. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from muster.kit.rules import prepare
from muster.paging.page import Page
from muster.paging.spec import PageSpec
from muster.paging.targets import Snapshot, TargetPeople, in_turn, resolve
from muster.plan.steps import BY_HAND, FrozenStep
from muster.plan.words import rule_words

EXHAUSTED = "Every step has run and nobody has acknowledged."
_FROZEN = ("workload", "category", "component", "criticality")


@dataclass(frozen=True, slots=True)
class TakenStep:
    """A step that is taken now; `number` counts from 1. `skipped` says why it was passed over instead."""

    number: int
    why: str
    meant: tuple[TargetPeople, ...]
    skipped: str = ""
    turn: str = ""

    @property
    def reaches(self) -> bool:
        """Somebody is paged by it."""
        return any(each.people for each in self.meant)

    @property
    def chosen(self) -> str:
        """Whose turn it was, where the step pages one of several."""
        return next((each.people[0] for each in self.meant if self.turn and each.people), "")


@dataclass(frozen=True, slots=True)
class Advance:
    """What happens now. `next_at` is when to look again; None when the run is exhausted."""

    taken: tuple[TakenStep, ...]
    next_at: datetime | None


def advance(
    steps: Sequence[FrozenStep],
    done: int,
    why: str,
    snapshot: Snapshot,
    roles: Mapping[str, str],
    now: datetime,
    facts: Mapping[str, Any] | None = None,
) -> Advance:
    """Take the step after the `done` ones. A step that reaches nobody, or whose condition does not hold at this moment, does
    not wait: the next is taken at once.

    Conditions look at `facts`, frozen with the page, and at the snapshot's moment. After the last step its own wait still
    passes before the run counts as exhausted; a last step that reaches nobody exhausts it at once, unless messages wait
    for the end of quiet hours: then that, and the last step's wait, still pass.
    """
    taken: list[TakenStep] = []
    for number in range(done + 1, len(steps) + 1):
        step = steps[number - 1]
        skipped, doubt = _decided(step, facts or {}, snapshot)
        if skipped:
            taken.append(TakenStep(number, why, (), skipped))
            why = f"Step {number} was skipped."
            continue
        meant = tuple(resolve(step.targets, snapshot, roles))
        if step.policy == BY_HAND:
            meant = tuple(
                replace(each, reason="Asked by name.") if each.target.kind == "person" else each for each in meant
            )
        if step.mode == "round_robin":
            meant = in_turn(meant, snapshot.turns.get(step.turn, ()))
        taken.append(TakenStep(number, f"{why} {doubt}".strip(), meant, turn=step.turn))
        if taken[-1].reaches:
            return Advance(tuple(taken), now + step.wait)
        why = f"Step {number} reaches nobody{' yet' if any(each.deferred for each in meant) else ''}."
    waits = [absent.until for step in taken for meant in step.meant for absent in meant.unreached]
    last = max((until for until in waits if until), default=None)
    return Advance(tuple(taken), last + steps[-1].wait if last else None)


def rotated(snapshot: Snapshot, going: Advance) -> Snapshot:
    """The snapshot for the next run of a batch: who was just paged in turn comes last."""
    for taken in going.taken:
        if taken.chosen:
            snapshot = snapshot.after_turn(taken.turn, taken.chosen)
    return snapshot


def frozen_facts(page: Page | PageSpec) -> dict[str, Any]:
    """What the conditions of a page's steps look at besides the moment: as it was when the page began."""
    said = {name: page.facts.get(name) or "" for name in _FROZEN}
    return {"labels": page.facts.get("labels") or {}, "title": page.title, "severity": page.severity, **said}


def _decided(step: FrozenStep, facts: Mapping[str, Any], snapshot: Snapshot) -> tuple[str, str]:
    """Why the step is skipped, else what could not be decided and therefore counts as holding."""
    if not step.conditions:
        return "", ""
    prepared = prepare({**facts, **snapshot.moment})
    doubts = []
    for rule in step.conditions:
        outcome = rule.evaluate(prepared)
        if outcome.error:
            doubts.append(f"`{rule.text}` could not be decided ({outcome.error}), so it counts as holding.")
        elif not outcome.matched:
            return f"It is taken only when {rule_words(rule)}, which did not hold ({snapshot.clock}).", ""
    return "", " ".join(doubts)
