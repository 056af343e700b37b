"""Where a plan refers to somebody or something, so that nothing that it needs is deleted (R74)."""

from muster.kit.yamldoc import Path
from muster.plan.diff import plain
from muster.plan.model.plan import Plan
from muster.plan.model.reference import references


def mentions(plan: Plan, kind: str, name: str) -> tuple[str, ...]:
    """Each place of the plan that refers to this person, team, schedule or role, in words."""
    found = (reference for reference in references(Plan, plain(plan)) if reference.kind in ("target", "holder"))
    return tuple(dict.fromkeys(_place(reference.path) for reference in found if reference.name == f"{kind}:{name}"))


def _place(path: Path) -> str:
    match path:
        case ("escalation", policy, int(step), *_):
            return f"step {step + 1} of the policy {policy}"
        case ("roles", role, *_):
            return f"the role {role}"
        case ("authority", "holders", level, *_):
            return f"the level of authority {level}"
        case ("paging", "final", *_):
            return "the final pages"
        case ("owner",):
            return "the plan's owner"
    return f"`{'.'.join(str(part) for part in path if isinstance(part, str))}`"
