"""Changing the catalogue: what is in use stays, versions tell caches apart, and nobody overwrites what they have not seen."""

import asyncio
from datetime import timedelta

import pytest
from tests.conftest import MovableClock
from tests.store.catalog.conftest import PAYMENTS, SHOP, Apply

from muster.base.access import SYSTEM, Kind, Level, Principal
from muster.base.db.database import Database
from muster.base.unit import Unit
from muster.catalog import store
from muster.catalog.actions.guard import object_to_team
from muster.catalog.actions.workloads import create_workload, delete_workload, review_workload, update_workload
from muster.catalog.happenings import WorkloadDeleting
from muster.catalog.workload import Criticality, WorkloadDraft
from muster.kit.errors import Conflict, Denied, Invalid, Missing
from muster.people.actions.teams import delete_team
from muster.people.happenings import TeamDeleting

BLOG = WorkloadDraft(name="blog", owner="platform", criticality=Criticality.LOW)


async def test_a_workload_is_created_once(database: Database, apply: Apply) -> None:
    async with database.unit(SYSTEM) as unit:
        assert (await create_workload(unit, BLOG)).name == "blog"
    with pytest.raises(Conflict):
        async with database.unit(SYSTEM) as unit:
            await create_workload(unit, BLOG)


async def test_what_another_workload_depends_on_is_not_deleted(database: Database, apply: Apply) -> None:
    await apply(SHOP, PAYMENTS)
    with pytest.raises(Conflict) as refused:
        async with database.unit(SYSTEM) as unit:
            await delete_workload(unit, "payments")
    assert refused.value.detail == "shop/web depends on payments/adyen. shop/web depends on payments/stripe."
    async with database.unit(SYSTEM) as unit:
        await delete_workload(unit, "shop")
        await delete_workload(unit, "payments", "sold")
        assert (await store.catalogue(unit.conn)).workloads == ()
    with pytest.raises(Missing):
        async with database.unit(SYSTEM) as unit:
            await delete_workload(unit, "payments")


async def test_higher_features_may_object(database: Database, apply: Apply) -> None:
    async def object_to_it(unit: Unit, leaving: WorkloadDeleting) -> None:
        leaving.objections.append(f"INC-1 is about {leaving.workload.name}.")

    database.bus.subscribe(WorkloadDeleting, object_to_it)
    await apply(PAYMENTS)
    with pytest.raises(Conflict, match="in use"):
        async with database.unit(SYSTEM) as unit:
            await delete_workload(unit, "payments")


async def test_a_team_that_owns_something_is_not_deleted(database: Database, apply: Apply) -> None:
    database.bus.subscribe(TeamDeleting, object_to_team)
    await apply(SHOP, PAYMENTS)
    with pytest.raises(Conflict) as refused:
        async with database.unit(SYSTEM) as unit:
            await delete_team(unit, "search")
    assert refused.value.detail == "It owns shop/search: give that to another team first."


async def test_an_editor_does_not_overwrite_what_somebody_else_wrote(
    database: Database, apply: Apply, clock: MovableClock
) -> None:
    await apply(PAYMENTS)
    seen = clock.now()
    clock.move(timedelta(minutes=1))
    await apply(PAYMENTS + "title: Payments\n")
    with pytest.raises(Conflict, match="changed by somebody else"):
        async with database.unit(SYSTEM) as unit:
            await update_workload(unit, "payments", BLOG, seen=seen)


async def test_a_change_that_was_rolled_back_leaves_nothing_in_memory(database: Database, apply: Apply) -> None:
    await apply(PAYMENTS)

    async def change_mind() -> None:
        async with database.unit(SYSTEM) as unit:
            await create_workload(unit, BLOG)
            assert (await store.index(unit.conn)).locate({"app": "blog"}).workload == "blog"
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await change_mind()
    async with database.unit(SYSTEM) as unit:
        assert (await store.index(unit.conn)).locate({"app": "blog"}).workload == ""
        assert (await store.index(unit.conn)).locate({"app": "payments"}).workload == "payments"


async def test_a_review_confirms_the_entry(database: Database, apply: Apply, clock: MovableClock) -> None:
    await apply(PAYMENTS)
    clock.move(timedelta(days=200))
    async with database.unit(SYSTEM) as unit:
        workload = await review_workload(unit, "payments")
    assert workload.reviewed_at - workload.changed_at == timedelta(days=200)


async def test_a_viewer_may_not_change_the_catalogue(database: Database, apply: Apply) -> None:
    with pytest.raises(Denied):
        async with database.unit(Principal(Kind.PERSON, "vi", Level.VIEWER)) as unit:
            await create_workload(unit, BLOG)


async def test_two_at_once_cannot_close_a_circle_together(apply: Apply, database: Database) -> None:
    await apply("{kind: Workload, name: a, owner: platform, components: [{name: x}]}",
                "{kind: Workload, name: b, owner: platform, components: [{name: y}]}")  # fmt: skip
    outcomes = await asyncio.gather(
        apply("{kind: Workload, name: a, owner: platform, components: [{name: x, depends_on: [b/y]}]}"),
        apply("{kind: Workload, name: b, owner: platform, components: [{name: y, depends_on: [a/x]}]}"),
        return_exceptions=True,
    )
    (refused,) = (each for each in outcomes if isinstance(each, BaseException))
    assert isinstance(refused, Invalid)
    assert "in a circle: a/x → b/y → a/x" in refused.faults[0].rule
