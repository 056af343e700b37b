"""The steps that a page will really take: what paging freezes when it starts."""

from dataclasses import dataclass
from datetime import timedelta

from muster.plan.model.escalation import Step
from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan


@dataclass(frozen=True, slots=True)
class FrozenStep:
    """Notify `targets`; unless somebody acknowledges, go on after `wait`. `policy` is where the step stands."""

    targets: tuple[Target, ...]
    wait: timedelta
    policy: str


def frozen_steps(plan: Plan, policy: str) -> tuple[FrozenStep, ...]:
    """The steps of a policy one after the other: policies handed over to stand in their place, repeats are written out,
    and the plan's `paging.final` follows at the end.

    Raises:
        KeyError: the plan has no such policy (a valid plan refers to none).
    """
    steps = list(_steps(plan, policy))
    final = plan.paging.final
    if final is not None and steps:
        targets = final.notify or steps[-1].targets
        steps.extend([FrozenStep(targets, final.every, "paging.final")] * final.times)
    return tuple(steps)


def _steps(plan: Plan, policy: str) -> list[FrozenStep]:
    found: list[FrozenStep] = []
    for step in plan.escalation[policy]:
        handed = _handed(step)
        for _ in range(1 + step.repeat):
            found.extend(_steps(plan, handed) if handed else [FrozenStep(step.notify, step.wait, policy)])
    return found


def _handed(step: Step) -> str | None:
    return step.notify[0].name if step.notify[0].kind == "policy" else None


def role_holders(plan: Plan, role: str) -> tuple[Target, ...]:
    """Whom `role:NAME` means by the plan, before anybody is assigned in the incident; empty when it does not say."""
    found = plan.role(role)
    return found.held_by if found is not None else ()
