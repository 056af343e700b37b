"""The steps that a page will really take: what paging freezes when it starts."""

from dataclasses import dataclass
from datetime import timedelta

from muster.kit.rules import Condition
from muster.plan.model.escalation import Mode, Step
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan

FINAL = "paging.final"
BY_HAND = "by hand"
"""Where a step stands that no plan wrote; no policy can have this name."""


@dataclass(frozen=True, slots=True)
class FrozenStep:
    """Notify `targets`; unless somebody acknowledges, go on after `wait`. `policy` is where the step stands.

    It is taken where each of `conditions` holds when it is reached. With `round_robin` one of its people is paged, whoever
    waits longest by the `turn` that all runs of this step of this policy share.
    """

    targets: tuple[Target, ...]
    wait: timedelta
    policy: str
    conditions: tuple[Condition, ...] = ()
    mode: Mode = "all"
    turn: str = ""


def frozen_steps(plan: Plan, policy: str) -> tuple[FrozenStep, ...]:
    """The steps of a policy one after the other: policies handed over to stand in their place, under the condition of the
    step that hands over, repeats are written out, and the rounds of the plan's `paging.final` follow at the end.

    Raises:
        KeyError: the plan has no such policy (a valid plan refers to none).
    """
    steps = list(_steps(plan, policy, ()))
    if steps:
        last = steps[-1].targets
        for final in plan.paging.final:
            steps.extend([FrozenStep(final.notify or last, final.every, FINAL)] * final.times)
    return tuple(steps)


def _steps(plan: Plan, policy: str, above: tuple[Condition, ...]) -> list[FrozenStep]:
    steps: list[FrozenStep] = []
    for number, step in enumerate(plan.escalation[policy], 1):
        handed = _handed(step)
        conditions = (*above, step.condition) if step.condition else above
        turn = f"{plan.name}/{policy}/{number}" if step.mode == "round_robin" else ""
        own = FrozenStep(step.notify, step.wait, policy, conditions, step.mode, turn)
        for _ in range(1 + step.repeat):
            steps.extend(_steps(plan, handed, conditions) if handed else [own])
    return steps


def _handed(step: Step) -> str | None:
    return step.notify[0].name if step.notify[0].kind == "policy" else None


def role_holders(plan: Plan, role: str) -> tuple[Target, ...]:
    """Whom `role:NAME` means by the plan, before anybody is assigned in the incident; empty when it does not say."""
    holder = plan.role(role)
    return holder.held_by if holder is not None else ()
