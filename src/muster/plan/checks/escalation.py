"""Escalation that ends up with a human: no empty policy, no circle, nobody paged by nothing."""

from muster.kit.duration import format_duration, parse_duration
from muster.plan.draft import Draft
from muster.plan.model.escalation import MOST_POLICIES, MOST_REPEATS, MOST_STEPS

MOST_EXPANDED = 200


def check_escalation(draft: Draft) -> None:
    """Note policies that are empty, circular, too long, or that can never reach a person."""
    for policy, steps in draft.policies.items():
        path = ("escalation", policy)
        if steps is None or steps == []:
            fix = f"Add a step, such as `- {{notify: [team:{policy}], wait: 5m}}`."
            draft.refuse(path, f"The escalation policy `{policy}` has no steps: it would page nobody.", fix, key=True)
        elif isinstance(steps, list) and len(steps) > MOST_STEPS:
            draft.refuse(
                path, f"The policy `{policy}` has {len(steps)} steps; at most {MOST_STEPS} are allowed.", "Split it."
            )
        _steps(draft, policy)
    if len(draft.policies) > MOST_POLICIES:
        return
    circles = _circles(draft)
    sizes = _sizes(draft, circles)
    for policy in draft.policies:
        if policy not in circles and draft.policies[policy]:
            _reaches(draft, policy)
            if sizes[policy] > MOST_EXPANDED:
                count = f"{sizes[policy]} steps; at most {MOST_EXPANDED} are allowed."
                rule = f"With what it repeats and hands over to, `{policy}` has {count}"
                draft.refuse(("escalation", policy), rule, "Shorten the chain.", key=True)


def _steps(draft: Draft, policy: str) -> None:
    steps = list(draft.steps(policy))
    for number, step in steps:
        path = ("escalation", policy, number, "notify")
        if step.get("notify") == []:
            draft.refuse(path, "This step notifies nobody.", "Name somebody, such as `team:platform`.")
        seen: set[str] = set()
        for where, kind, name in draft.targets(path, step.get("notify")):
            if f"{kind}:{name}" in seen:
                draft.refuse(where, f"`{kind}:{name}` is named twice in one step.", "Remove one.")
            seen.add(f"{kind}:{name}")
        if any(target.startswith("policy:") for target in seen) and len(seen) > 1:
            draft.refuse(
                path, "A policy stands alone in a step: its steps take this one's place.", "Give it a step of its own."
            )
        if any(target.startswith("policy:") for target in seen) and step.get("mode") == "round_robin":
            rule = "A step that hands over to a policy has no people of its own to take turns."
            draft.refuse(("escalation", policy, number, "mode"), rule, "Write `mode` in that policy's steps.")
    if steps and all(step.get("if") not in (None, True, "true") for _, step in steps) and not list(draft.finals()):
        rule = f"Every step of `{policy}` has a condition: at a moment when none holds, it pages nobody."
        fix = "Add a step without `if`, or `paging: {final: {notify: [...], every: 15m}}`."
        draft.warn(("escalation", policy), rule, fix, key=True)
    if (
        steps
        and "wait" in steps[-1][1]
        and steps[-1][1].get("repeat") in (None, 0)
        and not draft.mapping("paging").get("final")
    ):
        _last_wait(draft, policy, *steps[-1])


def _last_wait(draft: Draft, policy: str, number: int, step: dict[str, object]) -> None:
    try:
        wait = format_duration(parse_duration(str(step["wait"])))
    except ValueError:
        return
    rule = f"After the last step of `{policy}`, {wait} later, paging stops even if nobody has acknowledged."
    draft.warn(("escalation", policy, number, "wait"), rule, "Add `paging: {final: {every: 15m}}` to page on.")


def _next(draft: Draft, policy: str) -> list[str]:
    return [
        name
        for number, step in draft.steps(policy)
        for _, kind, name in draft.targets(("escalation", policy, number, "notify"), step.get("notify"))
        if kind == "policy"
    ]


def _circles(draft: Draft) -> set[str]:
    """Policies that lead back to themselves, or to one that does; each circle is noted once, where it closes."""
    state: dict[str, str] = {}
    circular: set[str] = set()

    def visit(policy: str, way: list[str]) -> None:
        state[policy] = "open"
        for number, step in draft.steps(policy):
            for where, kind, name in draft.targets(("escalation", policy, number, "notify"), step.get("notify")):
                if kind != "policy" or name not in draft.policies:
                    continue
                if state.get(name) == "open":
                    circle = [*way[way.index(name) :], name]
                    rule = f"The escalation goes in a circle: {' → '.join(circle)}."
                    draft.refuse(where, rule, "End one of them with a person, team or schedule.")
                    circular.update(way)
                elif name not in state:
                    visit(name, [*way, name])
                if name in circular:
                    circular.update(way)
        state[policy] = "done"

    for policy in draft.policies:
        if policy not in state:
            visit(policy, [policy])
    return circular


def _sizes(draft: Draft, circles: set[str]) -> dict[str, int]:
    """How many steps each policy has with those that it hands over to."""
    sizes: dict[str, int] = {}

    def inner(policy: str, number: int, step: dict[str, object]) -> int:
        targets = draft.targets(("escalation", policy, number, "notify"), step.get("notify"))
        handed = [name for _, kind, name in targets if kind == "policy"]
        return sum(size(name) for name in handed if name in draft.policies and name not in circles) if handed else 1

    def size(policy: str) -> int:
        if policy not in sizes:
            sizes[policy] = sum(_times(step) * inner(policy, number, step) for number, step in draft.steps(policy))
        return sizes[policy]

    return {policy: size(policy) for policy in draft.policies if policy not in circles}


def _times(step: dict[str, object]) -> int:
    repeat = step.get("repeat")
    return 1 + (min(max(repeat, 0), MOST_REPEATS) if isinstance(repeat, int) else 0)


def _reaches(draft: Draft, policy: str) -> None:
    if any(name not in draft.policies for name in _next(draft, policy)):
        return
    roles = []
    for number, step in draft.steps(policy):
        for _, kind, name in draft.targets(("escalation", policy, number, "notify"), step.get("notify")):
            if kind != "role" or draft.mapping("roles", name).get("held_by"):
                return
            roles.append(name)
    if roles:
        names = ", ".join(sorted(set(roles)))
        rule = f"The policy `{policy}` notifies only roles that nobody holds ({names}): it would page nobody."
        fix = f"Say who holds them, such as `roles: {{{roles[0]}: {{held_by: [team:platform]}}}}`, or notify somebody else too."
        draft.refuse(("escalation", policy), rule, fix, key=True)
