"""Where a plan refers to somebody or something, so that nothing that it needs is deleted (R74)."""

from collections.abc import Iterator

from muster.plan.model.fields import Target
from muster.plan.model.plan import Plan


def mentions(plan: Plan, kind: str, name: str) -> tuple[str, ...]:
    """Each place of the plan that refers to this person, team, schedule or role, in words."""
    wanted = f"{kind}:{name}"
    return tuple(dict.fromkeys(place for place, target in _targets(plan) if str(target) == wanted))


def _targets(plan: Plan) -> Iterator[tuple[str, Target | str]]:
    for policy, steps in plan.escalation.items():
        for number, step in enumerate(steps):
            yield from ((f"step {number + 1} of the policy {policy}", target) for target in step.notify)
    for final in plan.paging.final:
        yield from (("the final pages", target) for target in final.notify)
    for name, role in plan.roles.items():
        yield from ((f"the role {name}", target) for target in role.held_by)
    for level, holders in plan.authority.holders.items():
        yield from ((f"the level of authority {level}", holder) for holder in holders)
    if plan.owner is not None:
        yield "the plan's owner", plan.owner
