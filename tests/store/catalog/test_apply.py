"""Declared workloads: brought about together, left alone when nothing differs, refused with the place of each fault."""

import pytest
from tests.store.catalog.conftest import PAYMENTS, SHOP, Apply

from muster.base.db.database import Database
from muster.catalog import store
from muster.catalog.manifest import WorkloadManifest
from muster.catalog.place import Place
from muster.catalog.workload import Ref
from muster.catalog.writing import manifest_text
from muster.kit.errors import Invalid
from muster.kit.yamldoc import read_documents


async def events(database: Database, kind: str) -> int:
    """How many events of a kind there are."""
    async with database.read() as conn:
        count: int = await conn.fetchval("SELECT count(*) FROM ledger_events WHERE kind = $1", kind)
        return count


async def test_workloads_may_refer_to_each_other_in_any_order(apply: Apply, database: Database) -> None:
    applied = await apply(SHOP, PAYMENTS)
    assert [(each.name, each.outcome) for each in applied] == [("shop", "created"), ("payments", "created")]
    async with database.read() as conn:
        shop = (await store.catalogue(conn)).by_name["shop"]
        place = (await store.index(conn)).locate({"site": "store", "app": "finder"})
    web = shop.component("web")
    assert web is not None
    assert web.needs == ((Ref("shop", "search"),), (Ref("payments", "adyen"), Ref("payments", "stripe")))
    assert place == Place("shop", "search", "standard")
    assert await events(database, "WorkloadCreated") == 2


async def test_applying_again_changes_nothing(apply: Apply, database: Database) -> None:
    await apply(SHOP, PAYMENTS)
    async with database.read() as conn:
        before = await store.catalogue(conn)
    assert [each.outcome for each in await apply(PAYMENTS, SHOP)] == ["unchanged", "unchanged"]
    async with database.read() as conn:
        assert await store.catalogue(conn) is before
    assert await events(database, "WorkloadChanged") == 0


async def test_what_differs_is_told_field_by_field(apply: Apply, database: Database) -> None:
    await apply(SHOP, PAYMENTS)
    changed = SHOP.replace("canary", "rolling").replace("[search, [payments/stripe, payments/adyen]]", "[search]")
    applied = await apply(changed.replace('docs: "https://docs.example/shop", ', ""))
    assert applied[0].changes == [
        "deployment: canary → rolling",
        "web.depends_on: [search, payments/adyen or payments/stripe] → [search]",
        "links.docs: https://docs.example/shop → none",
    ]
    assert await events(database, "WorkloadChanged") == 1


async def test_the_manifest_that_is_written_reads_back_the_same(apply: Apply, database: Database) -> None:
    await apply(SHOP, PAYMENTS)
    async with database.read() as conn:
        catalogue = await store.catalogue(conn)
    texts = [manifest_text(each) for each in catalogue.workloads]
    assert "depends_on: [search, [payments/adyen, payments/stripe]]" in texts[1]
    assert [each.outcome for each in await apply(*texts)] == ["unchanged", "unchanged"]


FAULTY = """
kind: Workload
name: shop
owner: platfrom
criticality: critical
components:
  - {name: web, depends_on: [serch, blog/web, web]}
  - {name: search, links: {docs: "javascript:alert(1)"}, colour: red}
"""
UNKNOWN = """
kind: Workload
name: shop
owner: platfrom
components:
  - name: web
    depends_on:
      - serch
      - blog/web
      - [web, search]
      - search
  - {name: search, owner: nobody}
"""


async def test_every_fault_of_a_document_is_told_with_its_place(apply: Apply) -> None:
    with pytest.raises(Invalid) as refused:
        await apply(FAULTY)
    told = {(fault.line, fault.column): fault.rule for fault in refused.value.faults}
    assert told == {
        (5, 14): "`critical` is not one of the choices.",
        (8, 34): "`javascript:alert(1)` is not a web address.",
        (8, 58): "`colour` is not a known field here.",
    }


async def test_unknown_names_are_refused_with_the_near_ones(apply: Apply) -> None:
    with pytest.raises(Invalid) as refused:
        await apply(UNKNOWN)
    assert [(fault.line, fault.rule, fault.fix) for fault in refused.value.faults] == [
        (4, "There is no team `platfrom`.", "Did you mean `platform`?"),
        (12, "There is no team `nobody`.", "Known: `platform`, `search`."),
        (8, "There is no component `serch`.", "Did you mean `search`?"),
        (9, "There is no workload `blog`.", "Known: `shop`."),
        (10, "`web` depends on itself.", "Remove that."),
        (11, "`search` is listed twice.", "Keep one."),
    ]


async def test_a_circle_is_refused_and_named(apply: Apply, database: Database) -> None:
    await apply(SHOP, PAYMENTS)
    with pytest.raises(Invalid) as refused:
        await apply(PAYMENTS.replace("{name: adyen}", "{name: adyen, depends_on: [shop/web]}"))
    (fault,) = refused.value.faults
    assert fault.rule == "These depend on each other in a circle: payments/adyen → shop/web → payments/adyen."
    assert (fault.line, fault.field) == (5, "components.1.depends_on.0")
    async with database.read() as conn:
        assert (await store.catalogue(conn)).parts[Ref("payments", "adyen")][1].needs == ()


async def test_what_others_depend_on_stays(apply: Apply) -> None:
    await apply(SHOP, PAYMENTS)
    with pytest.raises(Invalid) as refused:
        await apply(PAYMENTS.replace(", {name: adyen}", ""))
    assert refused.value.faults[0].rule == "`adyen` is gone, but shop/web depends on it."


async def test_nobody_is_blamed_for_another_documents_faults(apply: Apply) -> None:
    with pytest.raises(Invalid) as refused:
        await apply(SHOP, PAYMENTS.replace("vendor", "vendr"))
    assert [fault.rule for fault in refused.value.faults] == ["`vendr` is not a known field here."]


def test_the_smallest_workload_of_the_contract_is_read() -> None:
    text = "kind: Workload\nname: shop\nowner: platform\ncriticality: business_critical\ncomponents:\n"
    text += "  - {name: web, depends_on: [search]}\n  - {name: search}\n"
    draft = WorkloadManifest.model_validate(read_documents(text).documents[0].data).draft()
    assert draft.components[0].needs == ((Ref("shop", "search"),),)
