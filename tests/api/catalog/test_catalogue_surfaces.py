"""The catalogue through a running Muster: the same words in API, command line and files."""

import csv
import io
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from tests.running import Running

TEAMS = """
{kind: Person, name: ana, full_name: Ana Silva, email: ana@contoso.example, permission: responder}
---
{kind: Team, name: platform, members: [ana]}
---
{kind: Team, name: search, members: [ana]}
---
"""
SHOP = """
kind: Workload
name: shop
owner: platform
criticality: business_critical
components:
  - {name: web, depends_on: [search, [payments/stripe, payments/adyen]]}
  - {name: search, owner: search, labels: {service: shop-find}}
"""
PAYMENTS = """
kind: Workload
name: payments
owner: platform
components: [{name: stripe, vendor: Stripe}, {name: adyen}]
"""


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def muster() -> AsyncIterator[Running]:
    """A Muster with two workloads, applied from one file in which the first refers to the second."""
    async with Running() as running:
        await running.init()
        await running.apply(TEAMS + SHOP + "---" + PAYMENTS)
        yield running


async def api(muster: Running, path: str, method: str = "GET", body: Any = None, status: int = 200) -> Any:
    """What a route answers."""
    answer = await muster.api(method, f"/api/v1{path}", body)
    assert answer.status_code == status, answer.text
    return answer.json() if answer.content else None


async def test_applying_again_changes_nothing(muster: Running) -> None:
    said = await muster.apply(SHOP + "---" + PAYMENTS)
    assert said.splitlines() == ["Workload shop: unchanged", "Workload payments: unchanged"]


async def test_faults_of_all_documents_come_at_once(muster: Running) -> None:
    wrong = SHOP.replace("[search,", "[serch,") + "---" + PAYMENTS.replace("platform", "nobody")
    said = await muster.apply(wrong, code=1)
    assert "standard input:7:30: components.0.depends_on.0: There is no component `serch`. Did you mean" in said
    assert "standard input:12:8: owner: There is no team `nobody`." in said


async def test_a_workload_is_shown_with_what_its_components_inherit(muster: Running) -> None:
    shop = await api(muster, "/workloads/shop")
    web, search = shop["components"]
    assert web["depends_on"] == ["search", ["payments/adyen", "payments/stripe"]]
    assert (web["owner"], web["criticality"], web["inherits"]) == (
        "platform",
        "business_critical",
        ["owner", "criticality", "deployment"],
    )
    assert (search["owner"], search["inherits"]) == ("search", ["criticality", "deployment"])
    assert (shop["stale"], shop["url"]) == (False, "/catalogue/workloads/shop")
    shown = await muster.cli("workload", "show", "shop")
    assert "search, payments/adyen or payments/stripe" in shown


async def test_lists_are_paged_and_filtered(muster: Running) -> None:
    first = await api(muster, "/workloads?limit=1")
    assert [each["name"] for each in first["items"]] == ["payments"]
    second = await api(muster, f"/workloads?limit=1&after={first['next']}")
    assert ([each["name"] for each in second["items"]], second["next"]) == (["shop"], None)
    assert [each["name"] for each in (await api(muster, "/workloads?owner=search"))["items"]] == ["shop"]
    found = await api(muster, "/components?q=stripe")
    assert [(each["workload"], each["name"]) for each in found["items"]] == [("payments", "stripe")]
    assert len(await muster.json("workload", "list", "payments")) == 1


async def test_a_failure_is_followed(muster: Running) -> None:
    blast = await api(muster, "/workloads/shop/blast-radius?component=search")
    (hit,) = blast["stopped"]
    assert (hit["component"], hit["hops"], hit["via"]) == ("shop/web", 1, "shop/search")
    assert blast["owners"] == ["platform"]
    assert "loses an alternative" in await muster.cli("workload", "blast-radius", "payments/stripe")
    assert "Nothing else stops" in await muster.cli("workload", "blast-radius", "shop/web")
    points = (await api(muster, "/catalog/graph"))["single_points"]
    assert points == [{"component": "shop/search", "stops": ["shop/web"], "reach": 1}]
    unknown = await api(muster, "/workloads/shop/blast-radius?component=serch", status=404)
    assert unknown["detail"] == "Did you mean `search`?"


async def test_an_alert_is_located_as_the_intake_would(muster: Running) -> None:
    place = await muster.json("workload", "locate", "service=shop-find")
    assert place == {"workload": "shop", "component": "search", "criticality": "business_critical"}
    assert "No workload or component" in await muster.cli("workload", "locate", "service=other")


async def test_a_workload_is_created_replaced_confirmed_and_deleted(muster: Running) -> None:
    blog = {"name": "blog", "owner": "platform", "criticality": "low", "components": [{"name": "site"}]}
    assert (await api(muster, "/workloads", "POST", blog, 201))["criticality"] == "low"
    await api(muster, "/workloads", "POST", blog, 409)
    changed = await api(muster, "/workloads/blog", "PUT", {**blog, "components": [], "title": "The blog"})
    assert (changed["title"], changed["components"]) == ("The blog", [])
    renamed = await api(muster, "/workloads/blog", "PUT", {**blog, "name": "news"}, 422)
    assert renamed["faults"][0]["fix"] == "Write `blog`."
    refused = await api(muster, "/workloads/blog", "PUT", {**blog, "links": {"docs": "javascript:1"}}, 422)
    assert refused["faults"] == [
        {
            "field": "links.docs",
            "rule": "`javascript:1` is not a web address.",
            "fix": "Begin it with https://.",
        }
    ]
    assert "title: The blog" in await muster.cli("workload", "manifest", "blog")
    await muster.cli("workload", "review", "blog")
    await muster.cli("workload", "delete", "blog", "--reason", "sold & gone")
    gone = await api(muster, "/workloads/blog", status=404)
    assert gone["title"] == "There is no workload `blog`."
    entries = await muster.json("ledger", "list", "sold")
    assert [(each["kind"], each["reason"]) for each in entries] == [("WorkloadDeleted", "sold & gone")]


async def test_what_is_in_use_stays(muster: Running) -> None:
    refused = await api(muster, "/workloads/payments", "DELETE", status=409)
    assert refused["detail"] == "shop/web depends on payments/adyen. shop/web depends on payments/stripe."
    refused = await api(muster, "/teams/search", "DELETE", status=409)
    assert refused["detail"] == "It owns shop/search: give that to another team first."


async def test_the_list_is_exported(muster: Running) -> None:
    answer = await muster.api("GET", "/catalogue.csv")
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert [(row["workload"], row["component"]) for row in rows[2:]] == [
        ("payments", "adyen"),
        ("shop", ""),
        ("shop", "web"),
        ("shop", "search"),
    ]
    assert rows[4]["depends_on"] == "shop/search; payments/adyen or payments/stripe"
    assert len((await muster.api("GET", "/catalogue.json?q=stripe")).json()) == 1


@pytest.mark.parametrize("path", ["/workloads", "/components", "/catalog/graph", "/workloads/shop/manifest"])
async def test_nobody_reads_without_signing_in(muster: Running, path: str) -> None:
    assert (await muster.api("GET", f"/api/v1{path}", token="")).status_code == 401
