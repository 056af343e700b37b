"""What open incidents and running pages need is not deleted under them; a published plan is looked at at once."""

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from tests.conftest import MovableClock
from tests.store.incidents.conftest import PLAN, House

from muster.alerts.actions import integrations
from muster.base.access import SYSTEM
from muster.catalog.happenings import WorkloadDeleting
from muster.incidents.actions.acknowledge import acknowledge
from muster.incidents.actions.mitigate import mitigate
from muster.incidents.actions.resolve import resolve
from muster.kit.errors import Conflict
from muster.oncall.happenings import ScheduleDeleting
from muster.plan.actions.publish import publish


async def _objections(house: House, happening: Any) -> list[str]:
    async with house.database.unit(SYSTEM) as unit:
        await unit.emit(happening)
    return list(happening.objections)


async def test_an_integration_that_open_incidents_rest_on_stays(house: House, clock: MovableClock) -> None:
    alert = await house.began("DiskFull")
    async with house.database.unit(house.person("bo")) as unit:
        await acknowledge(unit, "1")
    await house.ended(alert)
    with pytest.raises(Conflict, match=r"INC-1 is open and has alerts of it: resolve it first\."):
        async with house.database.unit(house.person("dora")) as unit:
            await integrations.delete(unit, "prometheus")
    async with house.database.unit(house.person("bo")) as unit:
        await mitigate(unit, "1")
        await resolve(unit, "1", "It is well again.")
    async with house.database.unit(house.person("dora")) as unit:
        await integrations.delete(unit, "prometheus")


async def test_a_workload_that_is_disrupted_stays(house: House) -> None:
    incident = await house.report()
    async with house.database.unit(SYSTEM) as unit:
        await unit.conn.execute("UPDATE incidents SET workload = 'shop' WHERE id = $1", incident.id)
    shop: Any = SimpleNamespace(name="shop")
    blog: Any = SimpleNamespace(name="blog")
    assert await _objections(house, WorkloadDeleting(shop)) == ["INC-1 is open and is about it: resolve it first."]
    assert await _objections(house, WorkloadDeleting(blog)) == []


async def test_a_schedule_that_is_being_paged_by_stays_even_if_a_newer_plan_does_without_it(house: House) -> None:
    await house.report()
    async with house.database.unit(SYSTEM) as unit:
        await unit.conn.execute(
            """UPDATE pages SET steps = '[{"targets": ["schedule:primary"], "wait": 300, "policy": "first"}]'::jsonb"""
        )
    primary: Any = SimpleNamespace(name="primary")
    other: Any = SimpleNamespace(name="prim")
    told = await _objections(house, ScheduleDeleting(primary))
    assert told == ["INC-1 is being paged by it: acknowledge it first."]
    assert await _objections(house, ScheduleDeleting(other)) == []


async def test_the_chains_of_a_plan_that_comes_into_force_are_looked_at_at_once(
    house: House, clock: MovableClock
) -> None:
    clock.move(timedelta(minutes=1))
    async with house.database.unit(SYSTEM) as unit:
        await publish(unit, PLAN.replace("wait: 5m}", "wait: 6m}"))
        due = await unit.conn.fetch("SELECT key FROM work WHERE kind = 'chains.check' AND run_at = $1", unit.now)
    assert len([row for row in due if row["key"].startswith("plan:")]) == 1
