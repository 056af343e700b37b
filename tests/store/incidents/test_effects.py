"""Effects of rules: carried out in the transaction of the move, once, and free of cost where there are none."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

import pytest
from tests.store.incidents.conftest import House

from muster.base.features import installed, ports_of
from muster.base.ports import Ports
from muster.base.unit import Unit
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.effects import EffectHandler
from muster.incidents.actions.facts import Situation
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.reopen import reopen
from muster.incidents.actions.resolve import resolve
from muster.incidents.decision import Effect, Rule, Stage
from muster.incidents.facts import Facts
from muster.incidents.incident import State
from muster.plan.model.plan import Plan


@dataclass(frozen=True, slots=True)
class Tell(Effect):
    """Tells an audience that an incident is mitigated."""

    audience: str

    @property
    def identity(self) -> str:
        """Each audience is told once."""
        return self.audience


def _tell(plan: Plan, facts: Facts, now: datetime) -> Iterator[Tell]:
    if facts.incident.state in (State.MITIGATED, State.RESOLVED):
        yield from (Tell("desk"), Tell("board"))


RULE = Rule("tell", Stage.RESPONSE, _tell)


def wire(house: House, *values: object) -> None:
    """Provide values beside what is installed."""
    ports = ports_of(installed())
    house.database.bus.ports = Ports(
        load=lambda port: (*ports.of(port), *(value for value in values if type(value) is port))
    )


async def statements(house: House) -> list[str]:
    """What acknowledging and mitigating a new incident sends to the database."""
    incident = await house.report(severity="high")
    async with house.database.unit(house.person("ana")) as unit:
        sent: list[str] = []

        def keep(query: object) -> None:
            sent.append(str(getattr(query, "query", query)))

        unit.conn.add_query_logger(keep)
        await acknowledge(unit, incident.ref)
        await mitigate(unit, incident.ref)
        await unit.write_gathered()
        unit.conn.remove_query_logger(keep)
    return sent


async def test_each_effect_is_carried_out_once_in_the_transaction_of_the_move(house: House) -> None:
    told: list[tuple[str, State, str]] = []

    async def carry_out(unit: Unit, situation: Situation, effect: Tell) -> None:
        told.append((situation.held.incident.ref, situation.held.incident.state, effect.audience))

    wire(house, RULE, EffectHandler("tell", Tell, carry_out))
    incident = await house.report(severity="high")
    async with house.database.unit(house.person("ana")) as unit:
        await acknowledge(unit, incident.ref)
    assert told == []
    async with house.database.unit(house.person("ana")) as unit:
        await mitigate(unit, incident.ref)
        assert told == []
    assert told == [(incident.ref, State.MITIGATED, "desk"), (incident.ref, State.MITIGATED, "board")]
    for again in (resolve, reopen, acknowledge, mitigate):
        async with house.database.unit(house.person("mona")) as unit:
            await again(unit, incident.ref, "So it is.")
    assert len(told) == 2


async def test_an_effect_that_fails_takes_the_move_with_it_and_comes_again(house: House) -> None:
    told: list[str] = []

    async def carry_out(unit: Unit, situation: Situation, effect: Tell) -> None:
        told.append(effect.audience)
        if len(told) == 2:
            raise RuntimeError("The board cannot be told.")

    wire(house, RULE, EffectHandler("tell", Tell, carry_out))
    incident = await house.report(severity="high")
    async with house.database.unit(house.person("ana")) as unit:
        await acknowledge(unit, incident.ref)
    with pytest.raises(RuntimeError):
        async with house.database.unit(house.person("ana")) as unit:
            await mitigate(unit, incident.ref)
    assert (await house.incident(incident.ref)).state is State.ACKNOWLEDGED
    async with house.database.unit(house.person("ana")) as unit:
        await mitigate(unit, incident.ref)
    assert told == ["desk", "board", "desk", "board"]


async def test_a_move_costs_no_statement_more_where_nobody_handles_effects(house: House) -> None:
    before = await statements(house)
    wire(house, RULE)
    assert await statements(house) == before
    assert not [statement for statement in before if "incident_effects" in statement]
