"""References from the plan to persons, teams, schedules and roles that must exist."""

from muster.kit.nearest import did_you_mean
from muster.plan.draft import Draft, texts
from muster.plan.world import World


def check_outside(draft: Draft, world: World) -> None:
    """Note every target and holder that the world does not have, and those that no page could reach."""
    for path, kind, name in draft.all_targets():
        if kind == "policy" or (kind == "role" and name in draft.roles):
            continue
        known = world.known(kind)
        if known is None:
            continue
        if name not in known:
            draft.refuse(
                path, f"There is no {kind} `{name}`.", did_you_mean(name, sorted(known)) or f"Create the {kind} first."
            )
        elif kind == "person" and name in world.unreachable and path[0] != "owner":
            draft.warn(
                path, f"`{name}` has no verified contact: a page would not reach them.", "Add and verify a contact."
            )
        elif kind == "team" and name in world.empty_teams and path[0] != "owner":
            draft.refuse(
                path, f"The team `{name}` has no members: paging it reaches nobody.", "Add members to the team."
            )
    for name in draft.mapping("hours"):
        calendar = draft.mapping("hours", name).get("holidays")
        if world.calendars is not None and isinstance(calendar, str) and calendar not in world.calendars:
            fix = did_you_mean(calendar, sorted(world.calendars)) or "Create the calendar first."
            draft.refuse(("hours", name, "holidays"), f"There is no calendar `{calendar}`.", fix)
    for level, value in draft.mapping("authority", "holders").items():
        for path, text in texts(("authority", "holders", level), value):
            kind, _, name = text.partition(":")
            known = world.known(kind)
            if kind in ("team", "person") and known is not None and name not in known:
                draft.refuse(path, f"There is no {kind} `{name}`.", did_you_mean(name, sorted(known)))
