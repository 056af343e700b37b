"""Every action by everybody in every state: the API does what the engine says, and names the permission that is lacking."""

from itertools import product

import httpx2
import pytest
from tests.store.incidents.conftest import LEVELS, PLAN, House

from muster.base.access import SYSTEM, Level
from muster.base.features import installed, ports_of
from muster.incidents.action import IncidentAction
from muster.incidents.actions.facts import situation_by_ref
from muster.incidents.incident import State
from muster.plan.actions.publish import publish

ACTIONS = [action for action in ports_of(installed()).of(IncidentAction) if action.decided]
PEOPLE = ("vera", "ana", "mona", "dora")
TYPED = {"into": "INC-1", "role": "on_call_engineer", "person": "otto", "reason": "Because.", "note": "So it was."}


def _body(action: IncidentAction) -> dict[str, str]:
    severity = "critical" if action.name == "severity.raise" else "low"
    return {field.name: severity if field.name == "severity" else TYPED[field.name] for field in action.fields}


async def _incident(house: House, state: State, severity: str = "") -> str:
    """One that is in the state, as its row would be."""
    incident = await house.report(severity=severity)
    past = [step for step in State if list(State).index(step) <= list(State).index(state)][1:]
    columns = ", ".join(f"{step}_at = $2" for step in past) or "changed_at = $2"
    async with house.database.unit(SYSTEM) as unit:
        await unit.conn.execute(
            f"UPDATE incidents SET state = $3, {columns} WHERE id = $1", incident.id, unit.now, str(state)
        )
    return incident.ref


async def _agree(house: House, client: httpx2.AsyncClient, person: str, action: IncidentAction, ref: str) -> int:
    """The status of the API's answer, which does what the engine says of the same incident."""
    async with house.database.unit(house.person(person)) as unit:
        situation = await situation_by_ref(unit, ref)
    (allowance,) = [allowance for allowance in situation.decision.permissions if allowance.verb == action.name]
    answer = await client.post(f"/incidents/{ref}/{action.slug}", json=_body(action), headers={"x-name": person})
    incident = situation.held.incident
    case = f"{person} {action.name} {incident.severity} {incident.state}: {answer.status_code} {answer.text[:200]}, {allowance}"
    assert answer.status_code in ((200,) if allowance.allowed else (403, 409)), case
    if answer.status_code == 403:
        assert answer.json()["permission"] == action.permission, case
    if LEVELS[person] < Level.RESPONDER:
        assert answer.status_code == 403, case
    return int(answer.status_code)


@pytest.mark.parametrize("state", State)
async def test_the_api_does_what_the_engine_says(house: House, client: httpx2.AsyncClient, state: State) -> None:
    await house.report(title="What others are merged into")
    for person, action in product(PEOPLE, ACTIONS):
        ref = await _incident(house, state)
        await _agree(house, client, person, action, ref)


STATES = {"acknowledge": State.TRIGGERED, "mitigate": State.ACKNOWLEDGED, "resolve": State.MITIGATED}
GRAVE = dict.fromkeys(STATES, "director")
MILDER = {"acknowledge": "responder", "mitigate": "incident_manager", "resolve": "director"}


@pytest.mark.parametrize("severity", ["critical", "high", "low"])
async def test_authority_by_severity_holds_at_the_api(house: House, client: httpx2.AsyncClient, severity: str) -> None:
    """At critical only a director may lead it on, at high each step needs more than the one before, at low any responder."""
    levels = [f"{name}: {{critical: {GRAVE[name]}, high: {MILDER[name]}, low: responder}}" for name in STATES]
    async with house.database.unit(house.person("dora")) as unit:
        await publish(unit, PLAN.replace("authority:\n", "authority:\n" + "".join(f"  {level}\n" for level in levels)))
    needed = {"critical": GRAVE, "high": MILDER, "low": dict.fromkeys(STATES, "responder")}[severity]
    least = {"responder": Level.RESPONDER, "incident_manager": Level.MANAGER, "director": Level.ADMINISTRATOR}
    for person, action in product(PEOPLE, [action for action in ACTIONS if action.name in STATES]):
        status = await _agree(house, client, person, action, await _incident(house, STATES[action.name], severity))
        assert (status == 200) == (LEVELS[person] >= least[needed[action.name]]), f"{person} {action.name} {severity}"
