"""References from the plan to persons, teams, schedules, roles and calendars that must exist."""

from muster.kit.nearest import did_you_mean
from muster.kit.yamldoc import Path
from muster.plan.draft import Draft
from muster.plan.model.fields import TARGET_KINDS
from muster.plan.world import World


def check_outside(draft: Draft, world: World) -> None:
    """Note every target, holder and calendar that the world does not have, and targets that no page could reach."""
    for reference in draft.references:
        kind, _, name = reference.name.partition(":")
        if reference.kind == "target" and kind in TARGET_KINDS:
            _target(draft, world, reference.path, kind, name.strip())
        elif reference.kind == "holder" and kind in ("team", "person"):
            _exists(draft, world.known(kind), reference.path, kind, name)
        elif reference.kind == "calendar":
            _exists(draft, world.calendars, reference.path, "calendar", reference.name)


def _target(draft: Draft, world: World, path: Path, kind: str, name: str) -> None:
    if kind == "policy" or (kind == "role" and name in draft.roles):
        return
    exists = _exists(draft, world.known(kind), path, kind, name)
    if not exists or path[0] == "owner":
        return
    if kind == "person" and name in world.unreachable:
        rule = f"`{name}` has no verified contact: a page would not reach them."
        draft.warn(path, rule, "Add and verify a contact.")
    elif kind == "team" and name in world.empty_teams:
        rule = f"The team `{name}` has no members: paging it reaches nobody."
        draft.refuse(path, rule, "Add members to the team.")


def _exists(draft: Draft, names: frozenset[str] | None, path: Path, kind: str, name: str) -> bool:
    if names is None or name in names:
        return True
    fix = did_you_mean(name, sorted(names)) or f"Create the {kind} first."
    draft.refuse(path, f"There is no {kind} `{name}`.", fix)
    return False
