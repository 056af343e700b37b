"""Where a plan refers to somebody or something, so that nothing that it needs is deleted (R74)."""

from muster.kit.yamldoc import Path
from muster.plan.check_kind import CheckKind, references_in_checks
from muster.plan.diff import plain
from muster.plan.model.plan import Plan
from muster.plan.model.reference import references
from muster.plan.section import PlanSection, references_in


def mentions(
    plan: Plan, kind: str, name: str, sections: tuple[PlanSection, ...] = (), checks: tuple[CheckKind, ...] = ()
) -> tuple[str, ...]:
    """Each place of the plan that refers to this person, team, schedule or role, in words; `sections` and `checks` are
    features'."""
    data = plain(plan)
    brought = (*references_in(sections, plan.kept), *references_in_checks(checks, data["closure"]))
    places = [
        _place(reference.path)
        for reference in (*references(Plan, data), *brought)
        if reference.kind in ("target", "holder") and reference.name == f"{kind}:{name}"
    ]
    return tuple(dict.fromkeys(places))


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
