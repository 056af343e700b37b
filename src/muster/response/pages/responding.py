"""Who is in an incident, as its page shows it; and whom one could ask."""

from collections.abc import Sequence
from typing import Any

from muster.base.unit import Unit
from muster.incidents.actions.around import responders_of
from muster.incidents.actions.guard import Held
from muster.incidents.authority import title_of
from muster.incidents.incident import State
from muster.oncall import store as oncall
from muster.paging.history import PageHistory
from muster.paging.page import ASKED
from muster.people import store as people

WORDS = {"responding": "responding", "asked": "asked", "silent": "no answer", "declined": "declined"}


async def responding(unit: Unit, held: Held, runs: Sequence[PageHistory]) -> dict[str, Any]:
    """The section `responders`, what the viewer is `asked`, and whom they could ask (`askable`, `roles_held`)."""
    incident = held.incident
    found = await responders_of(unit, incident, runs)
    known = await people.persons_named(unit.conn, {each.person for each in found})
    asking = {run.page.id for run in runs if run.page.purpose in ASKED}
    rows = [
        {
            "person": known[each.person].full_name or each.person if each.person in known else each.person,
            "name": each.person,
            "me": each.person == unit.principal.name,
            "state": WORDS[each.standing],
            "since": each.since,
            "what": each.what,
            "withdraw": str(each.page_id) if each.page_id in asking else "",
        }
        for each in found
    ]
    mine = unit.principal.person_id
    asked = [run.page for run in runs if run.asks(unit.principal.name)] if mine and incident.open else []
    titles = {name: title_of(held.version.plan, name) for name, who in held.roles.items() if who == unit.principal.name}
    return {
        "responders": rows,
        "asked": [{"why": page.why, "hand_over": page.purpose == "hand_over"} for page in asked],
        "askable": await _askable(unit, held) if incident.open else [],
        "my_roles": list(titles.items()),
        "may_take": incident.open and held.roles.get("on_call_engineer") != unit.principal.name and bool(mine),
        "has_owner": incident.state is not State.TRIGGERED,
    }


async def _askable(unit: Unit, held: Held) -> list[tuple[str, str]]:
    teams = [(f"team:{each.name}", f"Team {each.name}") for each in await people.teams(unit.conn)]
    schedules = [(f"schedule:{name}", f"On call: {name}") for name in sorted(await oncall.names_of_all(unit.conn))]
    policies = [(f"policy:{name}", f"Policy {name}") for name in held.version.plan.escalation]
    persons = [(f"person:{each.name}", each.full_name or each.name) for each in await people.persons(unit.conn)]
    return [*teams, *schedules, *policies, *persons]
