"""The catalogue's objection against losing what it refers to; `app` wires it."""

from muster.base.unit import Unit
from muster.catalog.store import writing as rows
from muster.people.happenings import TeamDeleting

SHOWN = 5


async def object_to_team(unit: Unit, leaving: TeamDeleting) -> None:
    """A team that answers for a workload or component cannot be deleted before somebody else does."""
    owned = await rows.owned_by(unit.conn, leaving.team.id)
    if owned:
        more = f" and {len(owned) - SHOWN} more" if len(owned) > SHOWN else ""
        leaving.objections.append(f"It owns {', '.join(owned[:SHOWN])}{more}: give that to another team first.")
