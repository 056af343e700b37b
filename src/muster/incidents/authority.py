"""Who may do something in an incident, as a sentence, and which authority a role carries. Pure; `plan.permit` decides."""

from collections.abc import Mapping

from muster.plan.model.plan import Plan
from muster.plan.permit import Actor, holds
from muster.plan.words import article, listed, spaced


def who_holds(plan: Plan, level: str, roles: Mapping[str, str]) -> str:
    """Everybody who holds a level or one above, in words; `roles` names who holds a role of the incident now."""
    levels = plan.authority.levels
    above = levels[levels.index(level) :] if level in levels else ()
    holders = dict.fromkeys(holder for each in above for holder in plan.authority.holders_of(each))
    if not holders and level in plan.every_role():
        return _holder(plan, "role", level, roles)
    parts = (holder.partition(":") for holder in holders)
    words = [_holder(plan, kind, name, roles) for kind, _, name in parts]
    return listed(words, "or") or "nobody"


def who_may(plan: Plan, level: str, roles: Mapping[str, str]) -> str:
    """`An incident manager: a manager, or the Incident Response Manager (ana).`"""
    noun = article(spaced(level))
    return f"{noun[0].upper()}{noun[1:]}: {who_holds(plan, level, roles)}."


def carried_by(plan: Plan, role: str) -> tuple[str, ...]:
    """The levels of authority that come with a role."""
    return tuple(level for level in plan.authority.levels if f"role:{role}" in plan.authority.holders_of(level))


def may_give(plan: Plan, role: str, actor: Actor) -> tuple[str, ...]:
    """Why `actor` may not give a role; empty when they may.

    Unless the plan says itself who assigns roles, nobody gives an authority that they do not hold: else whoever may not
    close would take the role that may (R192).
    """
    if plan.authority.rule("assign") is not None:
        return ()
    lacking = [level for level in carried_by(plan, role) if not holds(plan, actor, (level,))]
    if not lacking:
        return ()
    return (
        f"The role {title_of(plan, role)} carries the authority of {article(spaced(lacking[-1]))}, which {actor.person} "
        f"does not hold: it must be given by somebody who does. (A plan may say otherwise with `authority.assign`.)",
    )


def title_of(plan: Plan, role: str) -> str:
    """What people call a role."""
    found = plan.role(role)
    return (found.title if found else "") or spaced(role)


def place_of(action: str) -> str:
    """Where in the plan the authority over an action stands."""
    return f"authority.{action}"


def _holder(plan: Plan, kind: str, name: str, roles: Mapping[str, str]) -> str:
    if kind == "permission":
        return f"whoever signs in as {name}"
    if kind == "role":
        return f"the {title_of(plan, name)} ({roles.get(name) or 'nobody yet'})"
    return f"the team {name}" if kind == "team" else name
