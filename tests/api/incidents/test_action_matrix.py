"""Every action by everybody in every state: the API does what the engine says, and names the permission that is lacking."""

from itertools import product

import httpx2
import pytest
from tests.store.incidents.conftest import LEVELS, House

from muster.base.access import SYSTEM, Level
from muster.base.features import installed, ports_of
from muster.incidents.action import IncidentAction
from muster.incidents.actions.facts import situation_by_ref
from muster.incidents.incident import State

ACTIONS = [action for action in ports_of(installed()).of(IncidentAction) if action.decided]
PEOPLE = ("vera", "ana", "mona", "dora")
TYPED = {"into": "INC-1", "role": "on_call_engineer", "person": "otto", "reason": "Because.", "note": "So it was."}


def _body(action: IncidentAction) -> dict[str, str]:
    severity = "critical" if action.name == "severity.raise" else "low"
    return {field.name: severity if field.name == "severity" else TYPED[field.name] for field in action.fields}


async def _incident(house: House, state: State) -> str:
    """One that is in the state, as its row would be."""
    incident = await house.report()
    past = [step for step in State if list(State).index(step) <= list(State).index(state)][1:]
    columns = ", ".join(f"{step}_at = $2" for step in past) or "changed_at = $2"
    async with house.database.unit(SYSTEM) as unit:
        await unit.conn.execute(
            f"UPDATE incidents SET state = $3, {columns} WHERE id = $1", incident.id, unit.now, str(state)
        )
    return incident.ref


@pytest.mark.parametrize("state", State)
async def test_the_api_does_what_the_engine_says(house: House, client: httpx2.AsyncClient, state: State) -> None:
    await house.report(title="What others are merged into")
    for person, action in product(PEOPLE, ACTIONS):
        ref = await _incident(house, state)
        async with house.database.unit(house.person(person)) as unit:
            decision = (await situation_by_ref(unit, ref)).decision
        (allowance,) = [allowance for allowance in decision.permissions if allowance.verb == action.name]
        answer = await client.post(f"/incidents/{ref}/{action.slug}", json=_body(action), headers={"x-name": person})
        case = f"{person} {action.name} in {state}: {answer.status_code} {answer.text[:200]}, {allowance}"
        assert answer.status_code in ((200,) if allowance.allowed else (403, 409)), case
        if answer.status_code == 403:
            assert answer.json()["permission"] == action.permission, case
        if LEVELS[person] < Level.RESPONDER:
            assert answer.status_code == 403, case
